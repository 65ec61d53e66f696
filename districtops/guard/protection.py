"""What the database itself guards, so that no statement of ours gets around it.

Applied after every migration to all tables that are mapped, so that a new table cannot be forgotten:

- rows of an append-only class can be neither changed nor removed (triggers);
- on PostgreSQL a row of a district is seen and written only by a transaction that was let into the district (row-level
  security, forced, so that it binds the owner of the tables too), and the application's role may do no more than it
  needs.
"""

from sqlalchemy import Connection, inspect

from districtops.guard.tenancy import EVERY, FENCE
from districtops.kit.db import Base, is_sqlite
from districtops.models import DistrictScoped, search

SETTING = f"(SELECT nullif(current_setting('{FENCE}', true), ''))"
WITHIN = (
    f"{SETTING} = '{EVERY}' OR "
    f"district_id = ANY ((SELECT string_to_array(nullif({SETTING}, '{EVERY}'), ','))::integer[])"
)


def protect(connection: Connection, role: str | None = None) -> None:
    """Put all guards in place, anew; tables that the database does not have yet are passed over.

    ``role`` is the PostgreSQL role that the application uses, where it is not the owner of the tables.
    """
    there = set(inspect(connection).get_table_names())
    classes = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ in there]
    guarded = [cls.__tablename__ for cls in classes if getattr(cls, "__append_only__", False)]
    statements = [statement for table in guarded for statement in _append_only(table, is_sqlite(connection))]
    if not is_sqlite(connection):
        statements[:0] = [REFUSAL]
        for table in (cls.__tablename__ for cls in classes if DistrictScoped in cls.__mro__):
            statements += _row_security(table)
        if role is not None:
            statements += _grants(role, {cls.__tablename__ for cls in classes} | ({search.INDEX} & there), set(guarded))
    for statement in statements:
        connection.exec_driver_sql(statement)


REFUSAL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are only added',
ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _append_only(table: str, sqlite: bool) -> list[str]:
    if not sqlite:
        act = f'BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        return [f'DROP TRIGGER IF EXISTS append_only ON "{table}"', f"CREATE TRIGGER append_only {act}"]
    statements = []
    for act in ("update", "delete"):
        refusal = f"SELECT RAISE(ABORT, 'rows of {table} are only added')"
        statements.append(f'DROP TRIGGER IF EXISTS "{table}_{act}"')
        statements.append(f'CREATE TRIGGER "{table}_{act}" BEFORE {act} ON "{table}" BEGIN {refusal}; END')
    return statements


def _row_security(table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS districts ON "{table}"',
        f'CREATE POLICY districts ON "{table}" USING ({WITHIN}) WITH CHECK ({WITHIN})',
    ]


def _grants(role: str, tables: set[str], guarded: set[str]) -> list[str]:
    name = '"' + role.replace('"', '""') + '"'
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        *(
            f'GRANT INSERT{"" if table in guarded else ", UPDATE, DELETE"} ON "{table}" TO {name}'
            for table in sorted(tables)
        ),
    ]
