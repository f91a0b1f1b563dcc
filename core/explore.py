"""What the customers look like before any segment: tables that the EDA figures draw. numpy only."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.features.customers import Customers, Measure, age_bands

BINS: Final = 30
MAX_POINTS: Final = 20_000
GRID: Final = 60
ORDER_BARS: Final = ((1, 1, "1"), (2, 2, "2"), (3, 3, "3"), (4, 4, "4"), (5, 9, "5–9"), (10, None, "10+"))
MAX_GROUPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts per bin of one measure, whole and per group.

    Attributes
    ----------
    edges : float array (b + 1,)
    counts : int array (g, b)
        One row per group; one row where there is no group.
    log : bool
        Whether the bins are even on a logarithmic axis; values of zero or below are then counted in `below`.
    """

    slug: str
    label: str
    unit: str
    edges: np.ndarray
    counts: np.ndarray
    groups: tuple[str, ...]
    log: bool
    below: int
    missing: int
    median: float | None
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Customers per level, whole or per group: `counts` is int (g, levels)."""

    slug: str
    label: str
    levels: tuple[str, ...]
    counts: np.ndarray
    groups: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmGrid:
    """Customers and spend in each cell of R (rows 1 to 5) × FM (columns 1 to 5)."""

    customers: np.ndarray
    monetary: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Share of spend brought by the top share of customers, 0 to 1 in steps of 1 %."""

    customers: np.ndarray
    spend: np.ndarray
    top10: float
    top20: float
    once: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Correlation of every two numeric measures, ordered so that like stands beside like."""

    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    values: np.ndarray
    kind: str
    strongest: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two measures against each other: points up to 20,000 customers, a grid of counts above.

    `grid` is int (rows = y, columns = x) with `x_edges`, `y_edges`; None where there are points.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Missing values per measure, most first."""

    labels: tuple[str, ...]
    slugs: tuple[str, ...]
    counts: tuple[int, ...]
    customers: int


def numeric(customers: Customers) -> tuple[Measure, ...]:
    """Measures that hold numbers."""
    return tuple(m for m in customers.measures if m.numeric)


def groupable(customers: Customers) -> tuple[Measure, ...]:
    """Measures that divide customers into a few groups."""
    return tuple(m for m in customers.measures if m.unit in ("band", "category", "flag"))


def histogram(
    customers: Customers, rows: np.ndarray, slug: str, group: str = "", scale: str = "auto"
) -> Histogram:
    """Histogram of a measure over some customers; `scale` is `auto`, `linear` or `log`."""
    m = customers.measure(slug)
    assert m is not None
    x = customers.number(slug)[rows]
    known = x[~np.isnan(x)]
    log = scale == "log" or (scale == "auto" and _wide(known))
    usable = known[known > 0] if log else known
    edges = _edges(usable, log, m.unit == "count")
    codes, groups = _groups(customers, rows, group)
    counts = np.array(
        [np.histogram(x[codes == g][~np.isnan(x[codes == g])], edges)[0] for g in range(len(groups))]
    )
    return Histogram(
        slug=slug,
        label=m.label,
        unit=m.unit,
        edges=edges,
        counts=counts,
        groups=groups,
        log=log,
        below=int((known <= 0).sum()) if log else 0,
        missing=int(np.isnan(x).sum()),
        median=float(np.median(known)) if known.size else None,
        mean=float(known.mean()) if known.size else None,
    )


def histograms(
    customers: Customers, rows: np.ndarray, inside: np.ndarray, slug: str
) -> tuple[Histogram, Histogram]:
    """A measure over a segment (`inside`, bool over `rows`) and over all, on the same edges."""
    whole = histogram(customers, rows, slug)
    x = customers.number(slug)[rows][inside]
    known = x[~np.isnan(x)]
    own = replace(
        whole,
        counts=np.array([np.histogram(known, whole.edges)[0]]),
        groups=("This segment",),
        below=int((known <= 0).sum()) if whole.log else 0,
        missing=int(x.size - known.size),
        median=float(np.median(known)) if known.size else None,
        mean=float(known.mean()) if known.size else None,
    )
    return own, whole


def order_bars(customers: Customers, rows: np.ndarray, group: str = "") -> Bars | None:
    """Customers by number of orders: 1, 2, 3, 4, 5–9, 10 and more."""
    if not customers.has("orders"):
        return None
    x = customers.number("orders")[rows]
    codes, groups = _groups(customers, rows, group)
    counts = np.array(
        [
            [
                int(((x >= low) & (x <= (high if high is not None else np.inf)) & (codes == g)).sum())
                for low, high, _ in ORDER_BARS
            ]
            for g in range(len(groups))
        ]
    )
    levels = tuple(name for _, _, name in ORDER_BARS)
    missing = int(np.isnan(x).sum() + (x < 1).sum())
    return Bars(slug="orders", label="Orders", levels=levels, counts=counts, groups=groups, missing=missing)


def level_bars(customers: Customers, rows: np.ndarray, slug: str, group: str = "", most: int = 12) -> Bars:
    """Customers per level of a category, band, flag or (in tens) age."""
    m = customers.measure(slug)
    assert m is not None
    codes, levels = age_bands(customers, slug) if m.unit == "age" else customers.codes(slug)
    codes = codes[rows]
    if len(levels) > most:
        levels, codes = (*levels[: most - 1], "other"), np.minimum(codes, most - 1)
    groups_of, groups = _groups(customers, rows, group)
    counts = np.array(
        [
            np.bincount(codes[(codes >= 0) & (groups_of == g)], minlength=len(levels))
            for g in range(len(groups))
        ]
    )
    return Bars(
        slug=slug, label=m.label, levels=levels, counts=counts, groups=groups, missing=int((codes < 0).sum())
    )


def rfm_grid(customers: Customers, rows: np.ndarray) -> RfmGrid | None:
    """R × FM, or None where the scores are not computable."""
    if not customers.has("fm"):
        return None
    r, fm = customers.number("r")[rows], customers.number("fm")[rows]
    spend = np.nan_to_num(customers.number("monetary")[rows])
    scored = (r > 0) & (fm > 0)
    cell = ((r - 1) * 5 + (fm - 1))[scored].astype(int)
    return RfmGrid(
        customers=np.bincount(cell, minlength=25).reshape(5, 5),
        monetary=np.bincount(cell, weights=spend[scored], minlength=25).reshape(5, 5),
    )


def concentration(customers: Customers, rows: np.ndarray) -> Concentration | None:
    """How much of spend the top customers bring; spend below zero counts as 0."""
    if not customers.has("monetary"):
        return None
    value = np.sort(np.maximum(np.nan_to_num(customers.number("monetary")[rows]), 0))[::-1]
    total = float(value.sum())
    if total <= 0:
        return None
    running = np.concatenate([[0.0], np.cumsum(value)]) / total
    shares = np.linspace(0, 1, 101)
    spend = np.interp(shares * value.size, np.arange(value.size + 1), running)
    once = None
    if customers.has("orders"):
        once = float((customers.number("orders")[rows] == 1).mean())
    return Concentration(
        customers=shares, spend=spend, top10=float(spend[10]), top20=float(spend[20]), once=once
    )


def correlations(customers: Customers, rows: np.ndarray, kind: str = "spearman") -> Correlations | None:
    """Pearson or Spearman correlation over customers that have both values; None with under two measures."""
    columns = []
    for m in numeric(customers):
        x = customers.number(m.slug)[rows]
        known = x[~np.isnan(x)]
        if known.size > 2 and np.ptp(known) > 0:
            columns.append((m, x))
    if len(columns) < 2:
        return None
    values = np.eye(len(columns))
    for i in range(len(columns)):
        for j in range(i):
            values[i, j] = values[j, i] = correlation(columns[i][1], columns[j][1], kind)
    order = _by_likeness(np.nan_to_num(values))
    pairs = [
        (columns[i][0].label, columns[j][0].label, float(values[i, j]))
        for i in range(len(columns))
        for j in range(i)
        if not np.isnan(values[i, j])
    ]
    return Correlations(
        slugs=tuple(columns[i][0].slug for i in order),
        labels=tuple(columns[i][0].label for i in order),
        values=values[np.ix_(order, order)],
        kind=kind,
        strongest=tuple(sorted(pairs, key=lambda p: -abs(p[2]))[:2]),
    )


def correlation(x: np.ndarray, y: np.ndarray, kind: str) -> float:
    """Pearson's r, or Spearman's ρ (r of mid-ranks), where both are known; NaN where it does not exist."""
    both = ~(np.isnan(x) | np.isnan(y))
    a, b = x[both], y[both]
    if a.size < 3:
        return float("nan")
    if kind == "spearman":
        a, b = mid_ranks(a), mid_ranks(b)
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / spread) if spread > 0 else float("nan")


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal values sharing the middle of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - counts + 1 + last) / 2)[inverse]


def pair(customers: Customers, rows: np.ndarray, x: str, y: str, group: str = "") -> Pair:
    """Two measures against each other."""
    mx, my = customers.measure(x), customers.measure(y)
    assert mx is not None and my is not None
    a, b = customers.number(x)[rows], customers.number(y)[rows]
    both = ~(np.isnan(a) | np.isnan(b))
    codes, groups = _groups(customers, rows, group)
    dense = int(both.sum()) > MAX_POINTS
    grid = np.histogram2d(b[both], a[both], bins=GRID) if dense else None
    return Pair(
        x=mx,
        y=my,
        points=None if dense else np.column_stack([a[both], b[both]]).astype(np.float32),
        grid=grid[0].astype(np.int64) if grid else None,
        y_edges=grid[1] if grid else None,
        x_edges=grid[2] if grid else None,
        group=None if dense or not group else codes[both].astype(np.int8),
        groups=groups,
        customers=int(both.sum()),
        missing=int((~both).sum()),
    )


def missing(customers: Customers, rows: np.ndarray) -> Missing:
    """Missing values per measure."""
    found = []
    for m in customers.measures:
        gaps = np.isnan(customers.number(m.slug)) if m.numeric or m.levels else customers.codes(m.slug)[0] < 0
        found.append((int(gaps[rows].sum()), m))
    found.sort(key=lambda item: -item[0])
    return Missing(
        labels=tuple(m.label for _, m in found),
        slugs=tuple(m.slug for _, m in found),
        counts=tuple(n for n, _ in found),
        customers=int(rows.size),
    )


def _wide(known: np.ndarray) -> bool:
    """Whether a measure spans so much that even steps would put nearly everybody in one bin."""
    positive = known[known > 0]
    if positive.size < 10 or positive.size < 0.9 * known.size:
        return False
    low, middle, high = np.quantile(positive, [0.05, 0.5, 0.995])
    return bool(high > 12 * middle and high > 50 * low)


def _edges(usable: np.ndarray, log: bool, whole: bool) -> np.ndarray:
    if not usable.size:
        return np.array([0.0, 1.0])
    low, high = float(usable.min()), float(usable.max())
    if low == high:
        return np.array([low - 0.5, high + 0.5])
    if log:
        return np.asarray(np.geomspace(low, high * (1 + 1e-9), BINS + 1))
    if whole:
        step = max(1.0, float(np.ceil((high - low + 1) / (2 * BINS))))
        return np.arange(low - 0.5, high + step + 0.5, step)
    return np.linspace(low, high, BINS + 1)


def _groups(customers: Customers, rows: np.ndarray, group: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Group codes of some customers and their words; everybody in one group without a (known) column."""
    m = customers.measure(group) if group else None
    if m is None:
        return np.zeros(rows.size, dtype=np.int32), ("All customers",)
    codes, levels = age_bands(customers, group) if m.unit == "age" else customers.codes(group)
    codes = codes[rows]
    if len(levels) > MAX_GROUPS:
        levels, codes = (*levels[: MAX_GROUPS - 1], "other"), np.minimum(codes, MAX_GROUPS - 1)
    if (codes < 0).any():
        codes = np.where(codes < 0, len(levels), codes)
        levels = (*levels, "not known")
    return codes, levels


def _by_likeness(values: np.ndarray) -> list[int]:
    """A greedy chain: start at the measure most alike to all, then always the one most alike to the last."""
    left = list(range(len(values)))
    strength = np.abs(values)
    order = [int(np.argmax(strength.sum(axis=1)))]
    left.remove(order[0])
    while left:
        order.append(max(left, key=lambda j: strength[order[-1], j]))
        left.remove(order[-1])
    return order
