"""Alembic inside the application: the tables that the models describe, in the database that the settings name."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.types import TypeDecorator

from districtops.guard.protection import protect
from districtops.guard.tenancy import EVERY, FENCE
from districtops.kit.db import Base, is_sqlite
from districtops.models.search import INDEX

extension = current_app.extensions["migrate"]


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the plain type of a column, so that it still runs when our own types have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a comparison looks at this: the search index is no table of a class, and SQLite keeps it in several."""
    return kind != "table" or not str(name).startswith(INDEX)


def run() -> None:
    """Migrate in one transaction: a migration that is interrupted leaves the old tables.

    Where the settings name an owner's database address, its role makes the tables and the application's role may only
    use them.
    """
    owner = current_app.config["OWNER_DATABASE_URI"]
    engine = create_engine(owner) if owner else extension.db.engine
    role = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).username if owner else None
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render,
            include_name=ours,
            # SQLite's too: every transaction is begun by kit.db, not by the driver, which would commit before a table.
            transactional_ddl=True,
            **extension.configure_args,
        )
        with context.begin_transaction():
            if not is_sqlite(connection):
                # A migration moves the rows of all districts.
                connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": FENCE, "value": EVERY})
            context.run_migrations()
            protect(connection, role)
    if owner:
        engine.dispose()


run()
