"""One entry of the glossary."""

from dataclasses import dataclass
from typing import Literal

Window = Literal["period", "file", "segments", ""]
"""What a number is counted over: orders in the period, the whole file, the customers of the segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One number.

    Attributes
    ----------
    technical : str
        Its name in the field, as analysts look it up.
    help : str
        One line in plain words.
    formula : str
    window : str
        What it is counted over; empty where that is said by the number's own card.
    code : str
        Where it is computed: `module:name`.
    """

    technical: str
    help: str
    formula: str
    window: Window
    code: str


def term(technical: str, help: str, formula: str, window: Window, code: str) -> Term:
    """A term, its parts in the order in which they are read."""
    return Term(technical=technical, help=help, formula=formula, window=window, code=code)
