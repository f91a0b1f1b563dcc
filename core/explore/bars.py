"""Customers per level of a category, and per number of orders."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.explore.histogram import MAX_GROUPS
from core.explore.levels import Conditions, both, groups_of, levels_of, taken
from core.features.customers import Customers
from core.param import Filter

OrderBar = tuple[int | None, int | None, str]
ORDER_BARS: Final[tuple[OrderBar, ...]] = (
    *((n, n, str(n)) for n in range(1, 5)),
    (5, 9, "5–9"),
    (10, None, "10+"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Customers per level, whole or per group.

    Attributes
    ----------
    counts : int array (g, levels)
    missing : int
        Customers without a value, of all groups.
    of, within : tuple
        Who has a level, and who is in a group; None where a condition can't say it.
    unknown : tuple of Filter or None
        Who has no value.
    """

    slug: str
    label: str
    levels: tuple[str, ...]
    counts: np.ndarray
    groups: tuple[str, ...]
    missing: int
    of: tuple[Conditions | None, ...] = ()
    within: tuple[Conditions | None, ...] = ()
    unknown: Conditions | None = None

    def conditions(self, group: int, level: int) -> Conditions | None:
        """Who is counted in a group's level; the level after the last is without a value."""
        if not self.of:
            return None
        return both(self.within[group], (*self.of, self.unknown)[level])


def order_bars(customers: Customers, rows: np.ndarray, group: str = "") -> Bars | None:
    """Customers by number of orders: 1, 2, 3, 4, 5–9, 10 and more; a customer table may hold some with 0."""
    if not customers.has("orders"):
        return None
    x = taken(customers.number("orders"), rows)
    few = x[x < 1]
    none: OrderBar = (None, 0, "under 1" if few.any() else "0")
    steps = (none, *ORDER_BARS) if few.size else ORDER_BARS
    lows = np.array([-np.inf if low is None else low for low, _, _ in steps])
    codes = np.where(np.isnan(x), -1, np.searchsorted(lows, x, side="right") - 1)
    groups = groups_of(customers, rows, group, MAX_GROUPS)
    return Bars(
        slug="orders",
        label="Orders",
        levels=tuple(name for _, _, name in steps),
        counts=_counts(codes, groups.codes, (len(groups.names), len(steps))),
        groups=groups.names,
        missing=int((codes < 0).sum()),
        of=tuple(_of_orders(low, high) for low, high, _ in steps),
        within=groups.conditions,
        unknown=(Filter("orders", "missing"),),
    )


def level_bars(customers: Customers, rows: np.ndarray, slug: str, group: str = "", most: int = 12) -> Bars:
    """Customers per level of a category, band, flag or (in tens) age."""
    m = customers.measure(slug)
    assert m is not None
    found = levels_of(customers, rows, slug, most)
    groups = groups_of(customers, rows, group, MAX_GROUPS)
    return Bars(
        slug=slug,
        label=m.label,
        levels=found.names,
        counts=_counts(found.codes, groups.codes, (len(groups.names), len(found.names))),
        groups=groups.names,
        missing=int((found.codes < 0).sum()),
        of=found.conditions,
        within=groups.conditions,
        unknown=(Filter(slug, "missing"),),
    )


def _of_orders(low: int | None, high: int | None) -> Conditions:
    """Orders are whole numbers, but a customer table's frequency need not be."""
    begin = () if low is None else (Filter("orders", "ge", (str(low),)),)
    return begin if high is None else (*begin, Filter("orders", "lt", (str(high + 1),)))


def _counts(codes: np.ndarray, groups: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    known = codes >= 0
    cell = groups[known].astype(np.int64) * shape[1] + codes[known]
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
