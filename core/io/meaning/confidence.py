"""How sure a guessed role is, as a number and in words."""

from typing import Final

from core.io.dataset import Column

BY_HAND: Final = 1.0
"""A person chose it."""

NAMED: Final = 0.95
"""The name says it, and type and values fit."""

EVIDENT: Final = 0.85
"""The values leave little else: two values, ordered bands, e-mail addresses, nothing in any row."""

CONTESTED: Final = 0.6
"""The name says it, and something speaks against it: another column is named alike, or it is asked about."""

CONTENT: Final = 0.5
"""Told by the values alone."""

LEFT: Final = 0.3
"""No name and no value says what it is: it is used for nothing, or as a plain column."""


def sure(column: Column) -> str:
    """How sure the role is, for the page: `sure`, `likely` or `a guess`."""
    if column.confidence >= EVIDENT:
        return "sure"
    return "likely" if column.confidence >= CONTENT else "a guess"
