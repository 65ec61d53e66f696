"""Commands: set up an office, load the demonstration, serve."""

import datetime as dt
import os

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select
from waitress.server import create_server

from districtops import clock
from districtops.demo.loader import NotEmpty, add_city_user, add_districts, load
from districtops.guard import passwords
from districtops.guard.tenancy import NOBODY, across_districts, enter, within, writing_across
from districtops.kit.db import db
from districtops.kit.rules import RuleBroken
from districtops.models import District, Grant, Installation, Role, User
from districtops.trail import commands as trail

DEMONSTRATION_DAY = dt.date(2022, 1, 25)


@click.command()
@with_appcontext
@click.option("--district", "slug", prompt="District (for example mapo)", help="Short name, such as mapo.")
@click.option("--username", prompt="User name of the administrator", help="Such as admin.mapo.")
@click.option("--name", prompt="Name of the administrator", help="As people of the office write it.")
@click.password_option(help="At least 10 characters; asked for when it is not given.")
def setup(slug: str, username: str, name: str, password: str) -> None:
    """Create the tables and the first administrator of a district."""
    upgrade()
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


@click.command("load-demo")
@with_appcontext
def load_demo() -> None:
    """Load the demonstration into an empty database; run again, it changes nothing."""
    try:
        click.echo(load(DEMONSTRATION_DAY))
    except NotEmpty as refusal:
        raise click.ClickException(str(refusal)) from refusal


@click.command()
@with_appcontext
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"))
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")))
def serve(host: str, port: int) -> None:
    """Migrate, load the demonstration when the database is empty, and serve."""
    click.echo("Database …")
    upgrade()
    enter(NOBODY)
    if db.session.execute(select(Installation)).scalar_one_or_none() is None:
        click.echo("Demonstration …")
        click.echo(load(DEMONSTRATION_DAY))
    found = db.session.execute(select(Installation)).scalar_one()
    demonstration = found.demonstration
    db.session.rollback()
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        server = create_server(application, host=host, port=port, threads=8)
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
    click.echo("Stop with Ctrl+C.")
    server.run()


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (setup, add_city_reader, load_demo, serve, trail.group):
        app.cli.add_command(command)
