"""The WSGI entry point: ``flask --app app …`` and any WSGI server find ``app`` here."""

from districtops import create_app

app = create_app()
