"""Alembic inside the application: the tables that the models describe, in the database that the settings name."""

from alembic import context
from flask import current_app

from districtops.kit.db import Base

extension = current_app.extensions["migrate"]


def run() -> None:
    """Migrate in one transaction: a migration that is interrupted leaves the old tables."""
    with extension.db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **extension.configure_args)
        with context.begin_transaction():
            context.run_migrations()


run()
