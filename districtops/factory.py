"""The application, put together. Reads like a table of contents."""

from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from districtops import accounts, announced_figures, cli, dashboard, trail
from districtops.accounts import people
from districtops.config import settings
from districtops.dashboard import shell
from districtops.guard import (
    access,
    audit,
    errors,
    headers,
    identity,
    installation,
    logs,
    once,
    summaries,
    transaction,
    uploads,
)
from districtops.kit.db import OLDEST_SQLITE, db, sqlite_driver
from districtops.kit.locale import select_locale
from districtops.registry import MODULES

ROOT = Path(__file__).resolve().parent.parent


class RowId(IntegerConverter):
    """The number of a row in an address, in plain digits; one that no database could hold is an ordinary 404."""

    regex = r"[0-9]+"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**31 - 1)
        super().__init__(*args, **kwargs)


class SecureBehindHttps(SecureCookieSessionInterface):
    """The session's cookie: never sent in clear once the office uses https, usable on plain http before.

    Behind https its name says so: a browser takes a ``__Host-`` cookie only from this very host, over https and for the
    whole of it, so that no neighbouring host can plant one (RFC 6265bis, section 4.1.3.2).
    """

    def get_cookie_name(self, app: Flask) -> str:
        """The configured name, with the prefix where it holds."""
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if request.is_secure else name

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the request came over https."""
        return request.is_secure


def create_app(**overrides: Any) -> Flask:
    """The WSGI application. ``overrides`` replace settings, for tests.

    Raises BadSetting for a setting that cannot be used and RuntimeError for a view that does not say who may open it.
    """
    app = Flask("districtops", template_folder=str(ROOT / "templates"), instance_path=str(ROOT / "instance"))
    app.config.from_mapping({**settings(Path(app.instance_path)), **overrides})
    app.config["TODAY_SETTING"] = app.config["TODAY"]
    _configure_web(app)
    _configure_database(app)

    logs.init_app(app)
    headers.init_app(app)
    # Runs after the transaction's own hook: the last to be added is the first to run.
    app.after_request(identity.note_seen)
    transaction.init_app(app)
    # Before the record: it is linked last of all.
    summaries.init_app()
    audit.init_app()
    identity.init_app(app)
    app.before_request(identity.scope_the_session)
    app.before_request(installation.pin_today)
    app.before_request(access.enforce)
    app.before_request(uploads.raise_limit)
    CSRFProtect(app)
    once.init_app(app)
    Babel(app, locale_selector=select_locale)
    errors.init_app(app)
    shell.init_app(app)

    for module in MODULES:
        app.register_blueprint(module.blueprint)
    shared = (dashboard.blueprint, accounts.blueprint, people.blueprint, announced_figures.blueprint, trail.blueprint)
    for blueprint in shared:
        app.register_blueprint(blueprint)
    cli.init_app(app)
    access.public(app.view_functions["static"])
    access.refuse_unmarked_views(app)
    return app


def _configure_web(app: Flask) -> None:
    app.url_map.converters["int"] = RowId
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = SecureBehindHttps()
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _configure_database(app: Flask) -> None:
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        if sqlite_driver.sqlite_version_info < OLDEST_SQLITE:
            raise RuntimeError(
                f"SQLite {sqlite_driver.sqlite_version} can corrupt a database that two connections write at once. "
                "Install the pysqlite3 package, or use PostgreSQL."
            )
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"module": sqlite_driver, "connect_args": {"timeout": 10}})
    # The values of a statement that fails are people's data, and have no business in a log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,
        **app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}),
    }
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
