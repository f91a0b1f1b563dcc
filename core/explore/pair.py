"""Two measures against each other."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.explore.associations import crossed
from core.explore.histogram import MAX_GROUPS
from core.explore.levels import Conditions, both, groups_of, taken
from core.explore.steps import edges_of, nearly_all, place_of, wide, within
from core.features.customers import Customers, Measure

MAX_POINTS: Final = 20_000
ACROSS: Final = 40
UP: Final = 30
"""About so many steps of a density."""

MOST_CROSSED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two measures against each other: points up to 20,000 customers, a grid of counts above.

    Attributes
    ----------
    points : float array (n, 2) or None
    grid : int array (rows = y, columns = x) or None
        With `x_edges`, `y_edges`, readable numbers; None where there are points.
    x_log, y_log : bool
        Whether an axis is logarithmic; who has zero or less there is counted in `below`.
    missing : int
        Customers without both values.
    beyond : int
        Customers left off as one of their values is among the highest.
    """

    x: Measure
    y: Measure
    points: np.ndarray | None
    grid: np.ndarray | None
    x_edges: np.ndarray | None
    y_edges: np.ndarray | None
    group: np.ndarray | None
    groups: tuple[str, ...]
    customers: int
    missing: int
    x_log: bool = False
    y_log: bool = False
    below: int = 0
    beyond: int = 0

    def conditions(self, row: int, column: int) -> Conditions:
        """Who is counted in a cell of the grid."""
        assert self.x_edges is not None and self.y_edges is not None
        across = within(self.x.slug, self.x_edges, column, ends=not self.beyond)
        return (*across, *within(self.y.slug, self.y_edges, row, ends=not self.beyond))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Two categories against each other: `counts` is int (levels of y, levels of x)."""

    x_label: str
    y_label: str
    x_levels: tuple[str, ...]
    y_levels: tuple[str, ...]
    counts: np.ndarray
    x_of: tuple[Conditions | None, ...]
    y_of: tuple[Conditions | None, ...]

    def conditions(self, row: int, column: int) -> Conditions | None:
        """Who is counted in a cell."""
        return both(self.x_of[column], self.y_of[row])


def pair(
    customers: Customers,
    rows: np.ndarray,
    x: str,
    y: str,
    group: str = "",
    scale: str = "auto",
    far: str = "shown",
) -> Pair:
    """Two measures with numbers against each other; `scale` and `far` as in `histogram`, for both axes."""
    mx, my = customers.measure(x), customers.measure(y)
    assert mx is not None and my is not None
    a, b = taken(customers.number(x), rows), taken(customers.number(y), rows)
    both_known = ~(np.isnan(a) | np.isnan(b))
    logs = tuple(scale == "log" or (scale == "auto" and wide(v[both_known])) for v in (a, b))
    shown = both_known & ~((logs[0] & (a <= 0)) | (logs[1] & (b <= 0)))
    on_axes = int(shown.sum())
    x_edges, y_edges = (
        edges_of(nearly_all(v[shown]) if far == "cut" else v[shown], log, m.unit == "count", about)
        for v, log, m, about in ((a, logs[0], mx, ACROSS), (b, logs[1], my, UP))
    )
    if ((a[shown] > x_edges[-1]) | (b[shown] > y_edges[-1])).any():
        shown = shown & (a < x_edges[-1]) & (b < y_edges[-1])
    groups = groups_of(customers, rows, group, MAX_GROUPS)
    n = int(shown.sum())
    dense = n > MAX_POINTS
    a, b = a[shown], b[shown]
    return Pair(
        x=mx,
        y=my,
        points=None if dense else np.column_stack([a, b]).astype(np.float32),
        grid=_grid(a, b, x_edges, y_edges) if dense else None,
        y_edges=y_edges if dense else None,
        x_edges=x_edges if dense else None,
        group=None if dense or not group else groups.codes[shown].astype(np.int8),
        groups=groups.names,
        customers=n,
        missing=int((~both_known).sum()),
        x_log=logs[0],
        y_log=logs[1],
        below=int(both_known.sum()) - on_axes,
        beyond=on_axes - n,
    )


def cross(customers: Customers, rows: np.ndarray, x: str, y: str) -> Crossed:
    """Two categories against each other, every customer in a cell."""
    mx, my = customers.measure(x), customers.measure(y)
    assert mx is not None and my is not None
    across, up = (groups_of(customers, rows, slug, MOST_CROSSED) for slug in (x, y))
    counts = np.zeros((len(up.names), len(across.names)), dtype=np.int64)
    found = crossed(up.codes, across.codes)
    counts[: found.shape[0], : found.shape[1]] = found
    return Crossed(
        x_label=mx.label,
        y_label=my.label,
        x_levels=across.names,
        y_levels=up.names,
        counts=counts,
        x_of=across.conditions,
        y_of=up.conditions,
    )


def _grid(a: np.ndarray, b: np.ndarray, x_edges: np.ndarray, y_edges: np.ndarray) -> np.ndarray:
    columns, rows = x_edges.size - 1, y_edges.size - 1
    cell = place_of(b, y_edges) * columns + place_of(a, x_edges)
    return np.bincount(cell, minlength=rows * columns).reshape(rows, columns)
