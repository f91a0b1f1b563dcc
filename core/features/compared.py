"""Which columns customers are compared on, and their values."""

from typing import Final

import numpy as np

from core.clean import OTHER, Compared
from core.errors import UserError
from core.features.customers import Customers, Measure
from core.spec import Features

MAX_LEVELS: Final = 40


def default_columns(customers: Customers) -> tuple[str, ...]:
    """The columns compared when nobody chose (DEFINITIONS.md, Clusters)."""
    return default_slugs(customers.kind, customers.measures)


def default_slugs(kind: str, measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """The default columns of a log (`log`) or a customer table with these measures."""
    has = {m.slug for m in measures}
    main = [s for s in ("recency", "orders", "monetary") if s in has]
    if kind == "log":
        return (*main, *(["discount_share"] if "discount_share" in has else []))
    chosen = [*main, *(m.slug for m in measures if m.unit == "score")]
    if len(chosen) < 2:
        chosen += [m.slug for m in measures if m.unit in ("number", "band") and m.slug not in chosen]
    return tuple(chosen)


def compared(
    customers: Customers, rows: np.ndarray, features: Features
) -> tuple[tuple[Compared, ...], list[str]]:
    """The compared columns of some rows of the sheet, and notes on those that are not there.

    Raises
    ------
    UserError
        When there is no column to compare by.
    """
    measures, notes = _chosen(customers, features)
    return tuple(_column(customers, m, rows) for m in measures), notes


def width(customers: Customers, features: Features) -> int:
    """How many columns the compared ones become; a category one for each of its levels."""
    measures, _ = _chosen(customers, features)
    words = [m for m in measures if not m.numeric and not (m.unit == "band" and m.levels)]
    levels = sum(min(len(customers.codes(m.slug)[1]), MAX_LEVELS) for m in words)
    return len(measures) - len(words) + levels


def _chosen(customers: Customers, features: Features) -> tuple[list[Measure], list[str]]:
    notes, found = [], []
    for slug in features.cols:
        m = customers.measure(slug)
        if m is None or not m.makes:
            notes.append(f"This data set has no attribute “{slug}” to group by; it was ignored.")
        else:
            found.append(m)
    if not found:
        if features.cols:
            notes.append("None of the chosen attributes is there; the usual ones were used.")
        found = [m for m in (customers.measure(s) for s in default_columns(customers)) if m is not None]
    if not found:
        raise UserError(
            "This table has no column with numbers to group customers by.",
            "Choose a category under “Grouped by”, or give a column the meaning Number on the Data page.",
        )
    return found, notes


def _column(customers: Customers, m: Measure, rows: np.ndarray) -> Compared:
    kind = "number" if m.numeric else "band" if m.unit == "band" and m.levels else "category"
    values, levels = _codes(customers, m) if kind == "category" else (customers.number(m.slug), ())
    return Compared(
        slug=m.slug,
        label=m.label,
        unit=m.unit,
        kind=kind,
        values=values[rows],
        levels=levels,
        group=m.group,
    )


def _codes(customers: Customers, m: Measure) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes as numbers, NaN where missing, and their words; the levels beyond the fortieth as one."""
    codes, levels = customers.codes(m.slug)
    if len(levels) > MAX_LEVELS:
        codes = np.minimum(codes, MAX_LEVELS - 1)
        levels = (*levels[: MAX_LEVELS - 1], OTHER)
    return np.where(codes < 0, np.nan, codes).astype(np.float64), levels
