"""A refusal in words that a person can act on."""


class RuleBroken(Exception):
    """An act that the office's rules do not allow. ``field`` names the form field beside which it is shown."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
