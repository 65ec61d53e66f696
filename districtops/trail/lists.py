"""The record of changes as a list: a page, a CSV and an XLSX of the same entries."""

from typing import Any

from flask import g, url_for

from districtops.guard.history import Telling, label_of
from districtops.kit.columns import Column, Kind
from districtops.kit.listing import Listing
from districtops.kit.text import _l
from districtops.models import ChangeRecord
from districtops.trail.forms import ACT_NAMES, TrailFilter


def tell(rows: list[Any]) -> None:
    """Ask for the names that the rows of a page need, all at once, before the first of them is shown."""
    g.telling = Telling(rows)


def _telling() -> Telling:
    """Of the page, or, for a file that is written row by row, of the whole office."""
    if "telling" not in g:
        g.telling = Telling()
    found: Telling = g.telling
    return found


trail = Listing(
    name="trail",
    title=_l("Record of changes"),
    purpose=_l("What was entered, changed, removed, seen and taken away: by whom, when, and from where."),
    source=lambda statement: statement.select_from(ChangeRecord),
    row_id=ChangeRecord.id,
    own_table=True,
    form=TrailFilter,
    link=lambda row: url_for("trail.show", change_id=row.id),
    default_sort="-seq",
    empty_text=_l("Nothing was entered or changed yet. The first entry appears here with the first act."),
    extra=(
        ("actor_id", ChangeRecord.actor_id),
        ("act", ChangeRecord.act),
        ("table_name", ChangeRecord.table_name),
        ("program_id", ChangeRecord.program_id),
        ("changes", ChangeRecord.changes),
        ("mac", ChangeRecord.mac),
    ),
    columns=(
        Column(key="id", label=_l("Id"), kind=Kind.YEAR, expression=ChangeRecord.id, on_page=False),
        # Ids rise as the numbers do, and every index of the record ends with them.
        Column(
            key="seq",
            label=_l("Number"),
            kind=Kind.YEAR,
            expression=ChangeRecord.seq,
            sort=ChangeRecord.id,
            primary=True,
            main=True,
        ),
        Column(key="at", label=_l("When"), kind=Kind.MOMENT, expression=ChangeRecord.at, main=True),
        Column(key="who", label=_l("Who"), derive=lambda row: _telling().who(row), main=True),
        Column(key="address", label=_l("Address"), expression=ChangeRecord.address),
        Column(
            key="act_name",
            label=_l("Act"),
            derive=lambda row: str(ACT_NAMES.get(row.act, row.act)),
            on_page=False,
        ),
        Column(key="what", label=_l("What"), derive=lambda row: _telling().sentence(row), main=True),
        Column(key="kind", label=_l("Kind of record"), derive=lambda row: label_of(row.table_name), on_page=False),
        Column(key="about", label=_l("Record"), derive=lambda row: _telling().about(row), main=True),
        Column(
            key="row_id",
            label=_l("Number of the record"),
            kind=Kind.YEAR,
            expression=ChangeRecord.row_id,
            on_page=False,
        ),
        Column(key="request_id", label=_l("Request"), expression=ChangeRecord.request_id, on_page=False),
        Column(key="digest", label=_l("Digest"), derive=lambda row: row.mac[:12], on_page=False),
    ),
)
