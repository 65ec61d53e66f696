"""What the server logs: one line that nobody but us can begin, and whatever belongs to it indented below.

A name that somebody typed may stand in an error's text. With its breaks and terminal codes left in, it could write
lines that look like ours, or hide them from whoever reads the log in a terminal.
"""

import logging
import unicodedata

from flask import Flask
from flask.logging import default_handler

INDENT = "    | "


def visible(text: str) -> str:
    """Text on one line: breaks, control signs, invisible signs and halves of letters as their escapes."""
    return "".join(
        letter.encode("unicode_escape").decode("ascii")
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else letter
        for letter in text
    )


class Plain(logging.Formatter):
    """``2022-03-15 09:00:00,000 ERROR districtops: …``; the lines of an error are indented, whoever broke them."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by logging
        """The first line."""
        return visible(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - named by logging
        """The lines of an error."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(INDENT + visible(line) for line in lines)


def init_app(app: Flask) -> None:
    """Log like this wherever nobody else configured the logging."""
    default_handler.setFormatter(Plain())
    # Asked for once: only then does Flask attach its handler to the logger that errors use too.
    app.logger.setLevel(logging.INFO)
