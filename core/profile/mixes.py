"""How each category divides all customers and every segment."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.explore.levels import levels_of
from core.features.customers import Customers, Measure
from core.param import Filter

UNITS: Final = ("band", "category", "flag", "age")
MAX_LEVELS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How a category divides all customers and each segment: counts per level, missing ones apart.

    `conditions` say who has each level, None where a condition can't.
    """

    slug: str
    label: str
    levels: tuple[str, ...]
    overall: tuple[int, ...]
    segments: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]
    conditions: tuple[tuple[Filter, ...] | None, ...] = ()


def mixes(customers: Customers, rows: np.ndarray, places: np.ndarray, s: int) -> tuple[Mix, ...]:
    """Every category's mix over the customers of `rows` (n,), of which each is at a place (n,) below s."""
    return tuple(_mix(customers, rows, places, s, m) for m in customers.measures if m.unit in UNITS)


def _mix(customers: Customers, rows: np.ndarray, places: np.ndarray, s: int, m: Measure) -> Mix:
    found = levels_of(customers, rows, m.slug, MAX_LEVELS)
    width = len(found.names) + 1  # who has none comes first
    cells = np.bincount(places * width + found.codes + 1, minlength=s * width).reshape(s, width)
    counts = cells[:, 1:]
    return Mix(
        slug=m.slug,
        label=m.label,
        levels=found.names,
        overall=tuple(counts.sum(axis=0).tolist()),
        segments=tuple(tuple(own) for own in counts.tolist()),
        missing=tuple(cells[:, 0].tolist()),
        conditions=found.conditions,
    )
