"""A compared column on its way through the recipe."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

MISSING: Final = "missing"
"""The level of customers without a value, where that is a category of its own."""

OTHER: Final = "Other"
"""The level of the categories that are merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One compared column of some customers, and what the steps so far have done to it.

    Attributes
    ----------
    kind : str
        `number`, `band` (ranks of ordered levels) or `category` (codes of `levels`).
    values : float64 array (n,)
        NaN where missing.
    group : str
        Name that the columns of a one-hot group share, else empty.
    limits : (float, float) or None
        Below and above which a value counts as the limit.
    stand_in : float or None
        What a missing value of a new customer is filled with; None where it is not filled.
    gaps : bool array (n,) or None
        Where a value was filled, if that is marked by a column of its own.
    merged : tuple of str
        Levels that became `OTHER`.
    """

    slug: str
    label: str
    unit: str
    kind: str
    values: np.ndarray
    levels: tuple[str, ...] = ()
    group: str = ""
    limits: tuple[float, float] | None = None
    stand_in: float | None = None
    gaps: np.ndarray | None = None
    merged: tuple[str, ...] = ()

    def of(self, rows: np.ndarray) -> "Compared":
        """The column of some of its customers."""
        return replace(self, values=self.values[rows])

    def level(self, word: str) -> tuple[int, tuple[str, ...]]:
        """The code of a level, and the levels with it; one that is written otherwise is the same."""
        spelled = [name.casefold() for name in self.levels]
        if word.casefold() in spelled:
            return spelled.index(word.casefold()), self.levels
        return len(self.levels), (*self.levels, word)
