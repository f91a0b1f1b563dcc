"""Errors that a user can cause, each with its next step."""


class UserError(Exception):
    """Something a user can mend.

    Parameters
    ----------
    message : str
        What is wrong, naming the value: "k=7 needs at least 7 customers; this view has 3."
    hint : str
        The next step: "Choose a smaller number of segments."
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
