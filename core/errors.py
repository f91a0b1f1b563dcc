"""Errors that a user can cause, each with its next step."""

from collections.abc import Mapping


class UserError(Exception):
    """Something a user can mend.

    Parameters
    ----------
    message : str
        What is wrong, naming the value: "k=7 needs at least 7 customers; this view has 3."
    hint : str
        The next step: "Choose a smaller number of segments."
    offer : mapping of str to str, optional
        Values by their URL names with which it works, for a button: `{"sample": "200000"}`.
    """

    def __init__(self, message: str, hint: str = "", offer: Mapping[str, str] | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint
        self.offer = dict(offer or {})

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
