"""How the projects of two years are told apart, as pure functions."""

from districtops.kit.text import LabelledEnum, _l


class Lineage(LabelledEnum):
    """What became of a project from one year to the next."""

    NEW = "new", _l("New")
    CONTINUED = "continued", _l("Continued")
    ENDED = "ended", _l("Ended, not continued")


def rest(whole: int | None, part: int | None, stated: int) -> int | None:
    """What of a sum in won belongs to the rows that are not in the part, of which ``stated`` carry an amount.

    None where none of them does: the difference would be 0, and nobody said so.
    """
    return None if not stated or whole is None else whole - (part or 0)
