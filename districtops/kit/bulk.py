"""One change of many rows at once: what is changed, and what would become of each row. Knows no table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from districtops.kit.forms import Form

MOST = 200
"""So many rows may be changed at once: what somebody can still look through before confirming."""


class BulkForm(Form):
    """What the rows are changed to: a module adds the one field ``value``."""

    class Meta(Form.Meta):
        """The preview is a GET, which changes nothing; of what is sent, the application asks the token."""

        csrf = False


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A row as it stands. ``name`` is what people call it, ``before`` its present value in words, ``refusal`` why it is
    not changed, if it is not; ``change`` makes the change."""

    row_id: int
    version: str
    name: str
    before: str
    refusal: str | None
    change: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class BulkChange:
    """A change that a list offers for many of its rows.

    ``look`` gives those of the rows with these ids that there are, in the order of their ids, for a value; in a request
    that may write it locks them, so that what is compared cannot change before it is changed.
    """

    key: str
    label: str
    form: type[BulkForm]
    look: Callable[[Sequence[int], Any], Sequence[Candidate]]
