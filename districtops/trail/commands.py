"""Commands for whoever keeps watch over the record of changes: verify it, and write down where it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy import select

from districtops.guard import chain
from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db, writing
from districtops.models import District

group = AppGroup("audit", help="Verify the record of changes, and write down where it ends.")


@contextmanager
def _reading() -> Iterator[None]:
    """Read without holding up those who write: a long verification must not take SQLite's writer's place."""
    token = writing.set(False)
    enter(NOBODY)
    try:
        yield
    finally:
        db.session.remove()
        writing.reset(token)


@group.command()
@click.option("--anchor", type=click.File(encoding="utf-8"), help="A file that `audit head --to` wrote.")
@click.option("--from", "first", type=click.IntRange(min=1), default=1, help="Trust the entries before this number.")
def verify(anchor: TextIO | None, first: int) -> None:
    """Look at every entry of the record. Ends with 1 when one is not what was written, with 2 for a bad file."""
    try:
        anchors = chain.read_anchors(anchor) if anchor is not None else []
    except (ValueError, OSError) as problem:
        raise click.BadParameter(str(problem), param_hint="--anchor") from problem
    if anchor is not None and not anchors:
        # Whoever cut the record off might have emptied the file as well.
        raise click.BadParameter("the file holds no head of a chain", param_hint="--anchor")
    with _reading():
        count, problems = chain.verify(anchors, first)
        names = {row.id: row.name for row in db.session.execute(select(District)).scalars()} if problems else {}
    for found in problems:
        place = names.get(found.chain, f"district {found.chain}") if found.chain else "no district"
        click.echo(f"{place}: entry {found.seq} {found.words}")
    looked = f"{count:,} entries looked at" + (f", from number {first:,}" if first > 1 else "")
    if problems:
        click.echo(f"{looked}. Broken chains: {len(problems)}.")
        raise click.exceptions.Exit(1)
    against = f", {len(anchors):,} anchors met" if anchor is not None else ""
    click.echo(f"{looked}{against}: all are what was written.")


@group.command()
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="Append to this file instead.")
def head(file: Path | None) -> None:
    """Print the last entry of every chain: chain, number, digest, time. Keep it where the server cannot reach it."""
    with _reading():
        lines = [str(found) for found in chain.heads()]
    if file is None:
        for line in lines:
            click.echo(line)
        return
    try:
        _append(file, lines)
    except OSError as problem:
        raise click.FileError(str(file), problem.strerror or str(problem)) from problem
    click.echo(f"The last entries of {len(lines)} chains are written to {file}.")


def _append(file: Path, lines: list[str]) -> None:
    """Add lines to a file; when this returns, the disk has them."""
    new = not file.exists()
    with file.open("a+b") as target:
        # A line that an earlier power failure cut off must not swallow the next one.
        if target.tell() and (target.seek(-1, os.SEEK_END), target.read(1))[1] != b"\n":
            target.write(b"\n")
        target.write("".join(f"{line}\n" for line in lines).encode())
        target.flush()
        os.fsync(target.fileno())
    if new:
        folder = os.open(file.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
