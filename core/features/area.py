"""Who lies in a polygon over two columns, as it was drawn over a chart."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.customers import Customers
from core.param import Filter

LOG = "log."
"""Before a column whose axis is logarithmic: corners are then logarithms to the base 10 of its values."""

FEWEST = 3

MAP: Final = ("map.x", "map.y")
"""The columns of an area of the map of a study; no column of a file has a point in its slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A polygon over two columns, which closes itself.

    Attributes
    ----------
    columns : (str, str)
        Slugs of the columns across and up.
    log : (bool, bool)
        Whether the corners are logarithms of that column.
    corners : float array (p, 2)
    """

    columns: tuple[str, str]
    log: tuple[bool, bool]
    corners: np.ndarray

    @property
    def on_map(self) -> bool:
        """Whether it is an area of the map, whose places a study makes."""
        return self.columns == MAP

    @classmethod
    def read(cls, condition: Filter) -> "Area":
        """A polygon as `within:in:orders,monetary,1,20,3,20,2,50` says it; ValueError where that is none."""
        named, said = condition.values[:2], condition.values[2:]
        if condition.op != "in" or len(said) < 2 * FEWEST or len(said) % 2:
            raise ValueError(f"an area takes two columns and at least {FEWEST} corners")
        try:
            corners = np.array([float(text) for text in said], dtype=np.float64).reshape(-1, 2)
        except ValueError:
            raise ValueError("a corner of an area is no number") from None
        if not (np.abs(corners) < 1e100).all():
            raise ValueError("a corner of an area is no number")
        return cls(
            columns=(named[0].removeprefix(LOG), named[1].removeprefix(LOG)),
            log=(named[0].startswith(LOG), named[1].startswith(LOG)),
            corners=corners,
        )

    def holds(self, customers: Customers) -> np.ndarray:
        """Which customers lie in it: bool (n,). One without both values does not.

        Raises
        ------
        ValueError
            Where a column is not there or holds no numbers.
        """
        return self.around(*(_values(customers, *axis) for axis in zip(self.columns, self.log, strict=True)))

    def around(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Which of n points lie in it: bool (n,).

        A point lies in it where a ray to its right crosses the sides an odd number of times (Shimrat 1962).
        So a box holds its left and its lower side and not the others: boxes side by side share nobody.
        """
        (left, bottom), (right, top) = self.corners.min(axis=0), self.corners.max(axis=0)
        inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        near = np.flatnonzero(inside)
        inside[near] = _odd(x[near], y[near], self.corners)
        return np.asarray(inside, dtype=bool)


def on_map(condition: Filter) -> bool:
    """Whether a condition, if it is about an area, is about one of the map."""
    return condition.values[:2] == MAP


def box_on_map(left: float, right: float, bottom: float, top: float) -> tuple[str, ...]:
    """The values of the condition to lie in a box of the map."""
    corners = (left, bottom, right, bottom, right, top, left, top)
    return (*MAP, *(repr(float(at)).removesuffix(".0") for at in corners))


def _values(customers: Customers, slug: str, log: bool) -> np.ndarray:
    measure = customers.measure(slug)
    if measure is None or not measure.numeric:
        raise ValueError(f"there is no column “{slug[:60]}” with numbers")
    x = customers.number(slug)
    return np.asarray(np.log10(np.where(x > 0, x, np.nan))) if log else x


def _odd(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    inside = np.zeros(x.size, dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            level = (y1 > y) != (y2 > y)
            inside ^= level & (x < (x2 - x1) * ((y - y1) / (y2 - y1)) + x1)
    return inside
