"""the record of changes becomes a chain; forms that were sent are remembered"""

import datetime as dt
import hashlib
import hmac
import json

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SIGNED = (
    *("chain", "seq", "at", "actor_id", "address", "request_id", "act", "table_name", "row_id", "program_id"),
    *("changes", "key_id", "prev"),
)


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_form")),
        sa.UniqueConstraint("digest", name=op.f("uq_sent_form_digest")),
    )
    op.create_index("ix_sent_form_at", "sent_form", ["at"])

    with op.batch_alter_table("change_record") as table:
        table.add_column(sa.Column("chain", sa.Integer()))
        table.add_column(sa.Column("seq", sa.Integer()))
        table.add_column(sa.Column("address", sa.String(length=45), nullable=True))
        table.add_column(sa.Column("key_id", sa.String(length=16)))
        table.add_column(sa.Column("prev", sa.String(length=64)))
        table.add_column(sa.Column("mac", sa.String(length=64)))
        table.drop_index("ix_change_record_row")
    chain_what_stands()
    with op.batch_alter_table("change_record") as table:
        for name, kind in (
            ("chain", sa.Integer()),
            ("seq", sa.Integer()),
            ("key_id", sa.String(length=16)),
            ("prev", sa.String(length=64)),
            ("mac", sa.String(length=64)),
        ):
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_unique_constraint(op.f("uq_change_record_chain_seq"), ["chain", "seq"])
        table.create_unique_constraint(op.f("uq_change_record_chain_prev"), ["chain", "prev"])
        table.create_index("ix_change_record_row", ["district_id", "table_name", "row_id", "id"])
        for name in ("actor_id", "act", "at"):
            table.create_index(f"ix_change_record_{name.removesuffix('_id')}", ["district_id", name, "id"])


def chain_what_stands() -> None:
    """Entries from before there was a chain are chained in their order, as they stand today."""
    connection = op.get_bind()
    columns = ("id", "district_id", "at", "actor_id", "request_id", "act", "table_name", "row_id", "program_id")
    record = sa.table(
        "change_record",
        *(sa.column(name) for name in (*columns, "chain", "seq", "address", "key_id", "prev", "mac") if name != "at"),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("changes", sa.JSON()),
    )
    key = current_app.config["AUDIT_KEYS"][-1]
    name_of_key = hashlib.sha256(b"districtops audit " + key.encode()).hexdigest()[:16]
    ends: dict[int, tuple[int, str]] = {}
    for row in connection.execute(sa.select(record).order_by(record.c.id)).all():
        entry = dict(row._mapping)
        seq, prev = ends.get(entry["district_id"] or 0, (0, ""))
        entry.update(chain=entry["district_id"] or 0, seq=seq + 1, prev=prev, key_id=name_of_key, address=None)
        moment = entry["at"] if entry["at"].tzinfo else entry["at"].replace(tzinfo=dt.UTC)
        signed = {name: entry[name] for name in SIGNED}
        signed["at"] = moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
        text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        entry["mac"] = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
        ends[entry["chain"]] = (entry["seq"], entry["mac"])
        new = {name: entry[name] for name in ("chain", "seq", "key_id", "prev", "mac")}
        connection.execute(record.update().where(record.c.id == entry["id"]).values(**new))


def downgrade() -> None:
    with op.batch_alter_table("change_record") as table:
        table.drop_constraint(op.f("uq_change_record_chain_seq"), type_="unique")
        table.drop_constraint(op.f("uq_change_record_chain_prev"), type_="unique")
        for name in ("at", "act", "actor", "row"):
            table.drop_index(f"ix_change_record_{name}")
        for name in ("mac", "prev", "key_id", "address", "seq", "chain"):
            table.drop_column(name)
        table.create_index("ix_change_record_row", ["district_id", "table_name", "row_id"])
    op.drop_index("ix_sent_form_at", "sent_form")
    op.drop_table("sent_form")
