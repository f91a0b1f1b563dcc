"""One measure in each group of another: quartiles, whiskers, and a few of the values beyond them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.explore.levels import Conditions, both, groups_of, taken
from core.explore.steps import nearly_all, wide
from core.features.customers import Customers
from core.param import Filter

MOST_BOXES: Final = 10
MOST_BEYOND: Final = 40
"""Values beyond the whiskers that are drawn of a group, spread evenly over those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One group.

    Attributes
    ----------
    marks : (float, float, float, float, float) or None
        Lower whisker, quartiles and upper whisker; the whiskers end at the last value within 1.5 times the
        width of the middle half (Tukey 1977). None without a value.
    customers : int
        With a value.
    beyond : int
        How many of them lie beyond the whiskers; `shown` are some of their values.
    """

    name: str
    marks: tuple[float, float, float, float, float] | None
    customers: int
    missing: int
    beyond: int
    shown: tuple[float, ...]
    conditions: Conditions | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """A measure per level of another; `log` whether it is better seen on a logarithmic axis.

    `most` is where the axis ends, if the highest values are left off; `beyond` customers are over it.
    """

    slug: str
    label: str
    unit: str
    by: str
    boxes: tuple[Box, ...]
    log: bool
    most: float | None = None
    beyond: int = 0


def boxes(
    customers: Customers, rows: np.ndarray, slug: str, by: str, scale: str = "auto", far: str = "shown"
) -> Boxes:
    """A measure in the groups of another, every customer in one of them; `scale`, `far` as in `histogram`."""
    m, group = customers.measure(slug), customers.measure(by)
    assert m is not None and group is not None
    x = taken(customers.number(slug), rows)
    groups = groups_of(customers, rows, by, MOST_BOXES)
    known = ~np.isnan(x)
    order = np.argsort(groups.codes, kind="stable")
    starts = np.searchsorted(groups.codes[order], np.arange(len(groups.names) + 1))
    found = [
        _box(name, x[order[starts[at] : starts[at + 1]]], both(groups.conditions[at], (_known(slug),)))
        for at, name in enumerate(groups.names)
    ]
    most = _most(x[known], found) if far == "cut" else None
    return Boxes(
        slug=slug,
        label=m.label,
        unit=m.unit,
        by=group.label,
        boxes=tuple(box for box in found if box.customers or box.missing),
        log=scale == "log" or (scale == "auto" and wide(x[known])),
        most=most,
        beyond=0 if most is None else int((x[known] > most).sum()),
    )


def _most(known: np.ndarray, found: list[Box]) -> float | None:
    """Where the axis ends without the highest 1 %: no box is cut."""
    if not known.size:
        return None
    boxes = [box.marks[3] for box in found if box.marks is not None]
    return max(float(nearly_all(known).max()), *boxes)


def _known(slug: str) -> Filter:
    return Filter(slug, "known")


def _box(name: str, values: np.ndarray, conditions: Conditions | None) -> Box:
    known = values[~np.isnan(values)]
    marks, beyond = None, np.empty(0)
    if known.size:
        low, middle, high = (float(q) for q in np.quantile(known, [0.25, 0.5, 0.75]))
        reach = 1.5 * (high - low)
        inside = (known >= low - reach) & (known <= high + reach)
        kept = known[inside]
        marks = (float(kept.min()), low, middle, high, float(kept.max()))
        beyond = np.sort(known[~inside])
    some = np.unique(np.linspace(0, beyond.size - 1, min(beyond.size, MOST_BEYOND)).round().astype(int))
    return Box(
        name=name,
        marks=marks,
        customers=int(known.size),
        missing=int(values.size - known.size),
        beyond=int(beyond.size),
        shown=tuple(float(v) for v in beyond[some]),
        conditions=conditions,
    )
