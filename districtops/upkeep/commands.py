"""Commands: back up, restore, try a restore, check the deployment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from districtops import clock
from districtops.guard.tenancy import NOBODY, enter
from districtops.kit.db import db
from districtops.models import DrillOutcome, RestoreDrill
from districtops.upkeep import backup as backups
from districtops.upkeep import restore as restoring
from districtops.upkeep.checks import judged
from districtops.upkeep.facts import Facts, gather, look_at_office
from districtops.upkeep.findings import Level
from districtops.upkeep.manifest import Manifest, Refused

LONGEST_WORDS = 500


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong is told in one sentence, with exit code 1."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be used ({error.strerror}).") from error


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def _summary(found: Manifest) -> str:
    made = found.created_at.astimezone(clock.KOREA).strftime("%Y-%m-%d %H:%M")
    return (
        f"{sum(found.database.rows.values())} rows, {len(found.attachments)} attachments, "
        f"{found.size / 1_000_000:.1f} MB, made on {made}"
    )


@click.command()
@click.argument("out", required=False, type=click.Path(path_type=Path))
@with_appcontext
def backup(out: Path | None) -> None:
    """Copy database and attachments to the new folder OUT, beside a running server.

    Without OUT the folder takes the time as its name, in the folder of backups (DISTRICTOPS_BACKUP_FOLDER). It is whole
    or absent. The keys are not in it: keep a copy of them elsewhere.
    """
    app = _app()
    target = Path.cwd() / out if out else backups.backup_folder(app) / backups.name_of(clock.now())
    with told():
        made = backups.make(app, target)
    click.echo(f"Backed up to {target}: {_summary(made.manifest)}.")
    if made.left_out:
        click.echo(f"{made.left_out} other files in the folder of attachments were left out.")
    if made.manifest.lost:
        click.echo(f"{len(made.manifest.lost)} attachments have no file, or not the one attached: see check-files.")
    names = " and ".join(sorted(made.manifest.keys))
    click.echo(f"The keys are not in it: keep {names} of {app.instance_path} (or the settings) elsewhere.")


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("--check-only", is_flag=True, help="Check the backup from end to end and restore nothing.")
@click.option("--keys-lost", is_flag=True, help="Restore although the keys of the record of changes are lost.")
@with_appcontext
def restore(source: Path, check_only: bool, keys_lost: bool) -> None:
    """Check the backup IN, then restore it into this installation, which must hold nothing yet."""
    app = _app()
    with told():
        act = restoring.verify if check_only else restoring.restore
        found = act(app, source, keys_lost=keys_lost)
    click.echo(f"{'The backup is whole' if check_only else 'Restored'}: {_summary(found)}.")
    for name in restoring.missing_keys(app, found):
        click.echo(f"It was made with other {name}: put the old file in its place before the server starts.")
    if not check_only:
        click.echo("Now start the server (make run): it brings the tables to its own version first.")


@click.command("restore-drill")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@with_appcontext
def restore_drill(folder: Path | None) -> None:
    """Restore the newest backup in FOLDER into a place of its own, check it, remove it, and record the result."""
    app = _app()
    with told():
        found = restoring.drill(app, folder or backups.backup_folder(app))
    enter(NOBODY)
    db.session.add(
        RestoreDrill(
            at=clock.now(),
            backup=found.backup[:120],
            outcome=DrillOutcome.OK if found.ok else DrillOutcome.FAILED,
            words=found.words[:LONGEST_WORDS],
        )
    )
    try:
        db.session.commit()
    except SQLAlchemyError:
        click.echo("The result could not be recorded: the database is not set up or not at this version.", err=True)
    if not found.ok:
        raise click.ClickException(f"The drill failed{f' with {found.backup}' if found.backup else ''}: {found.words}")
    click.echo(f"The drill with {found.backup} is done: {found.words}")


@click.command("check-deploy")
@with_appcontext
def check_deploy() -> None:
    """Say what is wrong with this installation, why it matters, and what to do. Exit code 1 where an error stands."""
    with told():
        found = judged(gather(_app(), thoroughly=True), clock.now())
    for finding in found:
        click.echo(finding.explained)
    errors = sum(finding.kind.level is Level.ERROR for finding in found)
    if not found:
        click.echo("Nothing is wrong.")
    else:
        click.echo(f"{len(found)} findings, {errors} of them errors.")
    if errors:
        click.get_current_context().exit(1)


def refuse_to_start(app: Flask) -> Facts:
    """Before a server touches the tables: gives what was seen; ClickException where data would be lost or leak."""
    with told():
        facts = gather(app, thoroughly=False)
    stops = [finding for finding in judged(facts, clock.now()) if finding.kind.stops]
    if stops:
        words = "\n".join(finding.explained for finding in stops)
        raise click.ClickException(f"The server does not start, because it would lose or leak data.\n{words}")
    return facts


def hints(before: Facts) -> list[str]:
    """What else is worth a look, once the tables are there: one line for each finding, or one line for all of them in
    a demonstration, which is tried and thrown away."""
    office = look_at_office(thoroughly=False)
    found = judged(replace(before, schema=before.head, office=office, unseen=()), clock.now())
    more = "flask --app app check-deploy"
    if not found:
        return []
    if office.demonstration:
        return [f"{len(found)} hints: {more}"]
    return [*map(str, found), f"More about these: {more}"]


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (backup, restore, restore_drill, check_deploy):
        app.cli.add_command(command)
