"""Alembic inside the application: the tables that the models describe, in the database that the settings name."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from districtops.kit.db import Base

extension = current_app.extensions["migrate"]


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the plain type of a column, so that it still runs when our own types have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Migrate in one transaction: a migration that is interrupted leaves the old tables."""
    with extension.db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_item=render, **extension.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()


run()
