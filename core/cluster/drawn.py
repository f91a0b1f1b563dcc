"""Customers drawn at random, among whom a density method looks for crowds."""

from dataclasses import dataclass
from typing import Final

import numpy as np

_FEWEST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Some of m rows, or all.

    Attributes
    ----------
    rows : slice or int array
        Which, ascending.
    size, of : int
        How many, and of how many.
    """

    rows: slice | np.ndarray
    size: int
    of: int

    @property
    def partial(self) -> bool:
        """Whether they are not all."""
        return self.size < self.of

    def neighbours(self, min_samples: int) -> int:
        """How many among them stand for `min_samples` among all: as many times fewer, but not under ten."""
        return max(min(min_samples, _FEWEST), round(min_samples * self.size / self.of))

    def said(self, min_samples: int) -> str:
        """What was drawn and what became of the others, in a sentence; empty where all were."""
        if not self.partial:
            return ""
        return (
            f"Crowds were found among {self.size:,} of the {self.of:,} customers, drawn at random, each with "
            f"{self.neighbours(min_samples)} neighbours among these; the others are in the nearest crowd "
            "that reaches them."
        )


def drawn(rows: int, size: int, seed: int) -> Drawn:
    """So many of the rows, the same for the same seed."""
    if size >= rows:
        return Drawn(rows=slice(None), size=rows, of=rows)
    chosen = np.sort(np.random.default_rng([seed, rows]).choice(rows, size, replace=False))
    return Drawn(rows=chosen, size=size, of=rows)
