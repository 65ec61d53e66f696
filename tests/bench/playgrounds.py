"""G13: ten thousand answers of a playground's schedule, as pages and calendars ask for them."""

import datetime as dt

from bench.measure import Result, in_turn, told
from districtops.playgrounds.rules import Cause, Kind, Period, Schedule, answer

ANSWERS = 10_000
YEARS = range(2022, 2032)


def schedule() -> Schedule:
    """Ten years of an ordinary playground: hours, summer hours, Mondays, and what is entered anew each year."""
    first, hours = dt.date(2022, 1, 27), (dt.time(10), dt.time(17))
    found = [
        Period(id=1, kind=Kind.BASE_HOURS, first=first, hours=hours),
        Period(id=2, kind=Kind.SEASON_HOURS, first=first, yearly=((4, 1), (9, 30)), hours=(dt.time(10), dt.time(18))),
        Period(id=3, kind=Kind.WEEKLY_CLOSURE, first=first, weekday=0),
        Period(id=4, kind=Kind.OPERATION, first=first),
        Period(id=5, kind=Kind.SEASONAL_CLOSURE, first=first, yearly=((12, 16), (1, 31))),
    ]
    for year in YEARS:
        for kind, month, cause, times in (
            (Kind.HOLIDAY_PERIOD, 2, Cause.SEOLLAL, None),
            (Kind.HOLIDAY_PERIOD, 9, Cause.CHUSEOK, None),
            (Kind.EXCEPTIONAL_OPENING, 2, None, hours),
            (Kind.DATED_CLOSURE, 2, None, None),
            (Kind.FLOOD_PERIOD, 8, None, None),
            (Kind.SAFETY_CLOSURE, 7, Cause.WEATHER, (dt.time(12), dt.time(14))),
        ):
            begins = dt.date(year, month, 8)
            found.append(
                Period(
                    id=len(found) + 1,
                    kind=kind,
                    first=begins,
                    last=begins + dt.timedelta(days=2),
                    cause=cause,
                    hours=times,
                )
            )
    return Schedule(tuple(found))


def measured(blocks: int) -> list[Result]:
    """Seconds for ten thousand days after each other."""
    whole, first = schedule(), dt.date(2022, 1, 1)
    days = [first + dt.timedelta(days=n % (365 * len(YEARS))) for n in range(ANSWERS)]
    with told(f"{ANSWERS:,} answers of a schedule of {len(whole.periods)} entries"):
        best = in_turn({"answers": lambda: [answer(whole, day) for day in days]}, blocks=min(blocks, 5), calls=1)
    words = f"{ANSWERS:,} answers whether a playground is open, {len(whole.periods)} entries"
    return [Result(goal="G13", what=words, figure=best["answers"], limit=1.0, unit="s")]
