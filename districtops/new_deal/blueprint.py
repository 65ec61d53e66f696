"""The blueprint that all pages of the New Deal share, and the page of an act on one project."""

from typing import Any

from flask import Blueprint, render_template

from districtops.new_deal.models import Project

blueprint = Blueprint("new_deal", __name__, url_prefix="/new-deal")


def act_page(name: str, form: Any, project: Project, **more: Any) -> str:
    """The page where somebody does one thing to a project: its form, and what it needs beside it."""
    return render_template(f"new_deal/{name}.html", form=form, project=project, program=project.program, **more)
