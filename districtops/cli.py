"""Commands: set up an office, load the demonstration, serve."""

import datetime as dt
import os

import click
from alembic.migration import MigrationContext
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select
from waitress.server import create_server

from districtops import clock
from districtops.accounts import actions as accounts_actions
from districtops.attachments.commands import check_files
from districtops.demo.loader import NotEmpty, add_city_user, add_districts, load
from districtops.guard import passwords, second_factor
from districtops.guard.summaries import Recomputed, recompute
from districtops.guard.tenancy import NOBODY, across_districts, enter, within, writing_across
from districtops.kit.db import db, gather_statistics
from districtops.kit.rules import RuleBroken
from districtops.models import District, Grant, Installation, Role, User
from districtops.trail import commands as trail
from districtops.upkeep import commands as upkeep

DEMONSTRATION_DAY = dt.date(2022, 1, 25)

READ_AHEAD = 512 * 1024
"""Bytes of an answer that wait for a slow reader. Below the megabyte above which the server writes them to a file."""


@click.command()
@with_appcontext
@click.option("--district", "slug", prompt="District (for example mapo)", help="Short name, such as mapo.")
@click.option("--username", prompt="User name of the administrator", help="Such as admin.mapo.")
@click.option("--name", prompt="Name of the administrator", help="As people of the office write it.")
@click.password_option(help="At least 10 characters; asked for when it is not given.")
def setup(slug: str, username: str, name: str, password: str) -> None:
    """Create the tables and the first administrator of a district."""
    migrate()
    enter(NOBODY)
    if (found := db.session.execute(select(Installation)).scalar_one_or_none()) and found.demonstration:
        raise click.ClickException("This database holds the demonstration. Choose an empty one.")
    if found is None:
        db.session.add(Installation(id=1, demonstration=False, made_at=clock.now()))
    add_districts()
    district = db.session.execute(select(District).where(District.slug == slug)).scalar_one_or_none()
    if district is None:
        raise click.ClickException(f"There is no district {slug!r}. Write its short name, such as mapo or jung.")
    try:
        passwords.refuse_weak(password, username)
    except RuleBroken as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    taken = select(User.id).where(User.username == passwords.normal_name(username))
    if db.session.execute(taken, execution_options=across_districts("setup: user names are unique")).first():
        raise click.ClickException("This user name is taken.")
    with within(district.id):
        held = select(Grant.id).where(Grant.role == Role.ADMINISTRATOR, Grant.ended_at.is_(None))
        if db.session.execute(held).first():
            raise click.ClickException("This district has an administrator, who can invite others.")
        user = _person(username, name, password)
        db.session.add(user)
        db.session.flush()
        db.session.add(Grant(user_id=user.id, role=Role.ADMINISTRATOR, module=None, given_at=clock.now()))
    db.session.commit()
    click.echo(f"{user.username} may now sign in, add divisions and invite people.")


@click.command("add-city-reader")
@with_appcontext
@click.option("--username", prompt=True)
@click.option("--name", prompt=True)
@click.option("--districts", "slugs", prompt="Districts, separated by commas")
@click.password_option()
def add_city_reader(username: str, name: str, slugs: str, password: str) -> None:
    """Create a reader of several districts, who changes nothing."""
    enter(NOBODY)
    try:
        passwords.refuse_weak(password, username)
    except RuleBroken as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    wanted = {slug.strip() for slug in slugs.split(",") if slug.strip()}
    districts = db.session.execute(select(District).where(District.slug.in_(wanted))).scalars().all()
    if missing := wanted - {district.slug for district in districts}:
        raise click.ClickException(f"There is no district {', '.join(sorted(missing))}.")
    with writing_across("a city reader belongs to no district"):
        add_city_user(_person(username, name, password), list(districts))
    db.session.commit()
    click.echo(f"{username} may now read {len(districts)} districts.")


def _person(username: str, name: str, password: str) -> User:
    return User(
        username=passwords.normal_name(username),
        name_en=name,
        name_ko=name,
        password_hash=passwords.hashed(password),
        active=True,
        text_size=100,
    )


@click.command("reset-second-factor")
@with_appcontext
@click.option("--username", prompt=True)
def reset_second_factor(username: str) -> None:
    """Take a person's second factor away, when no administrator is left who could."""
    enter(NOBODY)
    user = accounts_actions.find(username)
    if user is None:
        raise click.ClickException("There is no person with this user name.")
    try:
        with writing_across("a person of any district; whoever may run commands on the server keeps the data"):
            second_factor.reset(user)
    except RuleBroken as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    db.session.commit()
    click.echo(f"{user.username} may now sign in with the password alone and sets up a new second factor.")


@click.command("load-demo")
@with_appcontext
def load_demo() -> None:
    """Load the demonstration into an empty database; run again, it changes nothing."""
    try:
        click.echo(load(DEMONSTRATION_DAY))
    except NotEmpty as refusal:
        raise click.ClickException(str(refusal)) from refusal


@click.command("figures")
@with_appcontext
def figures() -> None:
    """Compute the figures of lists and dashboards anew; exit 1 when any was not what its rows make."""
    found = recompute_all()
    for name, result in found.items():
        words = "right" if result.right else f"{result.differing} programs and {result.wrong_groups} sums were wrong"
        click.echo(f"{name}: {result.programs} programs, {words}")
    if not all(result.right for result in found.values()):
        raise SystemExit(1)


def recompute_all() -> dict[str, Recomputed]:
    """Compute the figures of every district anew, a transaction each. Short name -> what was found."""
    enter(NOBODY)
    districts = db.session.execute(select(District.id, District.slug).order_by(District.id)).all()
    found = {}
    for district_id, slug in districts:
        with within(district_id):
            found[slug] = recompute()
            db.session.commit()
    gather_statistics()
    return found


def migrate() -> None:
    """Bring the tables up to date, and compute what follows from other rows anew when there were older ones."""
    before = _revision()
    upgrade()
    if before not in (None, _revision()):
        recompute_all()


def _revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@click.command()
@with_appcontext
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"))
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")))
def serve(host: str, port: int) -> None:
    """Migrate, load the demonstration when the database is empty, and serve."""
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    seen = upkeep.refuse_to_start(application)
    click.echo("Database …")
    migrate()
    enter(NOBODY)
    if db.session.execute(select(Installation)).scalar_one_or_none() is None:
        click.echo("Demonstration …")
        click.echo(load(DEMONSTRATION_DAY))
    found = db.session.execute(select(Installation)).scalar_one()
    demonstration = found.demonstration
    hints = upkeep.hints(seen)
    db.session.rollback()
    try:
        server = create_server(application, host=host, port=port, threads=8, outbuf_high_watermark=READ_AHEAD)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}). Stop what runs there, or choose another one: "
            "PORT=8080 make run."
        ) from error
    click.echo(f"DistrictOps is ready on http://{host}:{port}")
    if demonstration:
        click.echo(
            "Demonstration as of 2022-01-25. Sign in as officer.yongsan, manager.yongsan, viewer.yongsan, "
            "auditor.yongsan, admin.yongsan\n"
            "(or gwanak, yeongdeungpo, mapo, songpa, dongdaemun, eunpyeong instead of yongsan), "
            f"reviewer1.yeongdeungpo, city.seoul.\nPassword of all: {passwords.DEMONSTRATION}"
        )
    for line in hints:
        click.echo(line)
    click.echo("Stop with Ctrl+C.")
    server.run()


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (
        *(setup, add_city_reader, reset_second_factor, load_demo, figures, serve),
        *(check_files, trail.group),
    ):
        app.cli.add_command(command)
    upkeep.init_app(app)
