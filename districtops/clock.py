"""What time it is: the only module that asks the system.

Moments are UTC and aware; days are days in Korea, which has kept UTC+9 without summer time since 1988.
"""

import datetime as dt

from flask import current_app, has_app_context

KOREA = dt.timezone(dt.timedelta(hours=9), "KST")


def now() -> dt.datetime:
    """The present moment, aware, in UTC. Never pinned: what happened is recorded when it happened."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Today in Korea, or the as-of date that this installation is pinned to."""
    if has_app_context():
        pinned: dt.date | None = current_app.config.get("TODAY")
        if pinned is not None:
            return pinned
    return day_of(now())


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Korea on which a moment falls."""
    return moment.astimezone(KOREA).date()
