"""The first principal components (Pearson 1901), the same bits on every machine.

In many columns nearly every customer is far from every other, and density methods find one crowd or hardly
any. Along the few directions in which customers differ most, crowds can be told apart.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cluster.lloyd import grid_scale

ALL_UP_TO: Final = 4
"""Columns of which automatic takes all."""

FIRST: Final = 3
"""Components that it takes of more."""

_AXIS_BITS: Final = 20
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Directions through the compared numbers.

    Attributes
    ----------
    loadings : float64 array (p, q)
        Whole numbers.
    scale : float
        What compared numbers are multiplied by before they are rounded.
    """

    loadings: np.ndarray
    scale: float

    def of(self, x: np.ndarray) -> np.ndarray:
        """Rows (m, p) along the axes (m, q); no product of the whole numbers is rounded."""
        placed = np.empty((len(x), self.loadings.shape[1]))
        for at in range(0, len(x), _CHUNK):
            placed[at : at + _CHUNK] = np.rint(x[at : at + _CHUNK] * self.scale) @ self.loadings
        placed /= self.scale * 2.0**_AXIS_BITS
        return placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """What a density method looks at.

    Attributes
    ----------
    x : float64 array (m, q)
        The compared numbers themselves, or their first q principal components.
    columns : int
        Columns that there were.
    explained : float
        Share of the variance that is left, 0 to 1.
    axes : Axes or None
        Of the components; None for the compared numbers themselves.
    """

    x: np.ndarray
    columns: int
    explained: float = 1.0
    axes: Axes | None = None

    @property
    def said(self) -> str:
        """Why not all columns, in a sentence; empty where it is all."""
        kept = self.x.shape[1]
        if kept == self.columns:
            return ""
        along = f"the {kept} main directions" if kept > 1 else "the main direction"
        return (
            f"In {self.columns} columns nearly everybody is far from everybody else, so that crowds were "
            f"looked for along {along} of the data, with {100 * self.explained:.0f} % of the differences."
        )


def main_directions(x: np.ndarray, components: int | None) -> Directions:
    """The first principal components of compared numbers (m, p), as many as asked for.

    Parameters
    ----------
    x : float64 array (m, p)
    components : int or None
        None: all columns up to four, of more the first three components.
    """
    p = x.shape[1]
    kept = min(p, components or (p if p <= ALL_UP_TO else FIRST))
    if kept == p:
        return Directions(x=x, columns=p)
    loadings, explained = _axes(x, kept)
    axes = Axes(loadings=loadings, scale=grid_scale(x))
    return Directions(x=axes.of(x), columns=p, explained=explained, axes=axes)


def _axes(x: np.ndarray, kept: int) -> tuple[np.ndarray, float]:
    """The first axes (p, kept) in whole numbers, each with its largest loading positive; variance's share."""
    bits = (50 - int(np.ceil(np.log2(max(len(x), 2))))) // 2
    top = float(np.abs(x).max(initial=0.0)) or 1.0
    y = np.rint(x * (2.0**bits / top))
    y -= np.rint(y.mean(axis=0))
    values, vectors = np.linalg.eigh(y.T @ y)
    axes = vectors[:, ::-1][:, :kept]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(kept)])
    total = float(values.sum())
    explained = float(values[::-1][:kept].sum()) / total if total else 1.0
    return np.rint(axes * 2.0**_AXIS_BITS), explained
