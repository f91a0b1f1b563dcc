"""Runs of equal values in a sorted array, and what is added up within each."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.io.query.work import too_large

_MOST_MONEY: Final = 10**18
"""What a sum stays below, in units of 1/10,000, as `core.features.lines.SUM_MONEY` says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Where each run starts in an array of `size`; sums and extremes have a row per run."""

    starts: np.ndarray
    size: int

    @property
    def lengths(self) -> np.ndarray:
        """How long each run is."""
        return np.diff(self.starts, append=self.size)

    def sum(self, values: np.ndarray) -> np.ndarray:
        """The sum of each run."""
        return np.add.reduceat(values, self.starts) if self.size else values

    def least(self, values: np.ndarray) -> np.ndarray:
        """The least value of each run."""
        return np.minimum.reduceat(values, self.starts) if self.size else values

    def most(self, values: np.ndarray) -> np.ndarray:
        """The largest value of each run."""
        return np.maximum.reduceat(values, self.starts) if self.size else values

    def money(self, values: np.ndarray) -> np.ndarray:
        """The sum of each run, in units of 1/10,000.

        Raises
        ------
        UserError
            When a sum is too large to be held exactly.
        """
        most = float(np.abs(values).max(initial=0)) * float(self.lengths.max(initial=0))
        if most >= _MOST_MONEY and float(np.abs(self.sum(values.astype(np.float64))).max()) >= _MOST_MONEY:
            raise too_large()
        return self.sum(values)


def runs_of(values: np.ndarray) -> Runs:
    """The runs of a sorted array."""
    starts = np.flatnonzero(np.concatenate([np.ones(min(values.size, 1), bool), values[1:] != values[:-1]]))
    return Runs(starts=starts, size=values.size)
