"""Sizes, value, measures, demographics and labels of every segment (DEFINITIONS.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.choose import Clustering
from core.features.customers import Customers, Measure, age_bands
from core.features.labels import UNKNOWN, YES
from core.features.matrix import Matrix
from core.features.prepare import LARGEST
from core.profile.names import Naming, name_segments

DRAWS: Final = 1_000
MIN_DRAWS: Final = 200
CELLS: Final = 20_000_000
SMALL: Final = 5
"""Groups under this many customers show no medians and no demographics."""

MAX_LEVELS: Final = 12
HIGH_INDEX, HIGH_INDEX_LOW, HIGH_SHARE = 1.5, 1.2, 0.10
FLAG_TIMES: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """One measure over a group: NaN-free customers `known`, mean, median and the middle half."""

    known: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A segment against the rest on one measure.

    Attributes
    ----------
    effect : float
        (mean − mean of the rest) / standard deviation over all.
    low, high : float
        95 % interval of `effect` (Welch, normal approximation).
    times : float or None
        mean / mean of the rest, where both are above zero.
    """

    effect: float
    low: float
    high: float
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureProfile:
    """One measure over all customers of the study and per segment (in the order of `Profile.segments`).

    `z` is the standardised difference (mean − mean over all) / standard deviation over all; `made` says
    whether the measure made the segments.
    """

    slug: str
    label: str
    unit: str
    made: bool
    overall: Stats
    segments: tuple[Stats, ...]
    z: tuple[float | None, ...]
    rest: tuple[Difference | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How a category divides all customers and each segment: counts per level, missing ones apart."""

    slug: str
    label: str
    levels: tuple[str, ...]
    overall: tuple[int, ...]
    segments: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShare:
    """One label over the study and per segment.

    Attributes
    ----------
    overall : float or None
        Flagged share of those that can be judged.
    flagged, judged : tuple of int
        Per segment.
    earned : tuple of bool
        Whether the segment as a whole carries the label, by its evidence guards.
    """

    key: str
    name: str
    rule: str
    reason: str
    yes: int
    judged_all: int
    overall: float | None
    flagged: tuple[int, ...]
    judged: tuple[int, ...]
    earned: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One segment; number 0 is “No segment”.

    Attributes
    ----------
    value_share, index : float or None
        Share of Σ max(spend, 0), and value share / customer share; None without money.
    net : float or None
        Σ spend.
    average_order_value : float or None
        Σ order value / Σ orders.
    because : str
        The rule behind the name.
    labels : tuple of str
        Names of the labels the segment as a whole has earned.
    """

    number: int
    name: str
    because: str
    size: int
    share: float
    value_share: float | None
    index: float | None
    index_low: float | None
    net: float | None
    average_order_value: float | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Every segment's profile; `segments` are by value, “No segment” last where it has customers."""

    customers: int
    segments: tuple[Segment, ...]
    measures: tuple[MeasureProfile, ...]
    mixes: tuple[Mix, ...]
    labels: tuple[LabelShare, ...]
    value: float | None
    net: float | None
    orders: int | None

    def segment(self, number: int) -> Segment | None:
        """The segment of this number, or None."""
        return next((s for s in self.segments if s.number == number), None)

    def at(self, number: int) -> int:
        """Place of a segment in the tuples."""
        return next(i for i, s in enumerate(self.segments) if s.number == number)


def profile(customers: Customers, matrix: Matrix, clustering: Clustering) -> Profile:
    """Profile the segments of a clustering over the customers of its study."""
    rows, labels = matrix.rows, clustering.labels
    numbers = [*range(1, clustering.k + 1), *([0] if (labels == 0).any() else [])]
    groups = [labels == number for number in numbers]
    value = (
        np.maximum(np.nan_to_num(customers.number("monetary")[rows]), 0)
        if customers.has("monetary")
        else None
    )
    draws = _Draws(customers, rows, groups, value)
    shares = tuple(_label_share(customers, rows, groups, draws, at) for at in range(len(customers.labels)))
    measures = tuple(
        _measure(customers, rows, groups, m, matrix.columns) for m in customers.measures if m.numeric
    )
    return Profile(
        customers=int(rows.size),
        segments=_segments(customers, matrix, clustering, numbers, groups, value, draws, shares, measures),
        measures=measures,
        mixes=tuple(_mix(customers, rows, groups, m) for m in customers.measures if _mixes(m)),
        labels=shares,
        value=float(value.sum()) if value is not None else None,
        net=_total(customers, rows, "monetary"),
        orders=int(_total(customers, rows, "orders") or 0) if customers.has("orders") else None,
    )


class _Draws:
    """Poisson bootstrap of sums over the study's customers (Hanley & MacGibbon 2006), one pass for all."""

    def __init__(
        self, customers: Customers, rows: np.ndarray, groups: list[np.ndarray], value: np.ndarray | None
    ) -> None:
        n = rows.size
        worth = value if value is not None else np.zeros(n)
        columns = [np.ones(n), worth]
        for group in groups:
            columns += [group.astype(float), group * worth]
        for info in customers.labels:
            codes = customers.number(info.key)[rows]
            for group in groups:
                columns += [group * (codes == YES), group * (codes != UNKNOWN)]
        table = np.empty((n, len(columns)))
        for at, column in enumerate(columns):
            table[:, at] = column
        rng = np.random.default_rng(0)
        wanted = int(np.clip(CELLS // max(n, 1), MIN_DRAWS, DRAWS))
        step = max(1, CELLS // 4 // max(n, 1))
        parts = [
            rng.poisson(1.0, (min(step, wanted - start), n)).astype(np.float64) @ table
            for start in range(0, wanted, step)
        ]
        self._sums = np.vstack(parts)
        self._groups = len(groups)

    def index_low(self, at: int) -> float | None:
        """Lower end of the 95 % interval of a segment's index."""
        people, worth = self._sums[:, 0], self._sums[:, 1]
        own, own_worth = self._sums[:, 2 + 2 * at], self._sums[:, 3 + 2 * at]
        with np.errstate(invalid="ignore", divide="ignore"):
            index = (own_worth / worth) / (own / people)
        return _lower(index)

    def flagged_low(self, label: int, at: int) -> float | None:
        """Lower end of the 95 % interval of a segment's flagged share."""
        start = 2 + 2 * self._groups + 2 * (label * self._groups + at)
        with np.errstate(invalid="ignore", divide="ignore"):
            return _lower(self._sums[:, start] / self._sums[:, start + 1])


def _lower(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, 0.025)) if known.size else None


def _total(customers: Customers, rows: np.ndarray, slug: str) -> float | None:
    return float(np.nansum(customers.number(slug)[rows])) if customers.has(slug) else None


def stats(values: np.ndarray) -> Stats:
    """Mean, median and middle half of the values that are not missing."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Stats(known=0, mean=None, median=None, q1=None, q3=None)
    q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75])
    return Stats(
        known=int(known.size), mean=float(known.mean()), median=float(median), q1=float(q1), q3=float(q3)
    )


def _measure(
    customers: Customers, rows: np.ndarray, groups: list[np.ndarray], m: Measure, used: tuple[str, ...]
) -> MeasureProfile:
    x = customers.number(m.slug)[rows]
    overall, own = stats(x), tuple(stats(x[g]) for g in groups)
    known = x[~np.isnan(x)]
    unit = _unit(known)
    spread = float((known / unit).std()) if known.size else 0.0
    z = tuple(
        None
        if s.mean is None or overall.mean is None or spread == 0
        else (s.mean / unit - overall.mean / unit) / spread
        for s in own
    )
    return MeasureProfile(
        slug=m.slug,
        label=m.label,
        unit=m.unit,
        made=m.slug in used,
        overall=overall,
        segments=own,
        z=z,
        rest=tuple(_against_rest(x[g] / unit, x[~g] / unit, spread) for g in groups),
    )


def _unit(known: np.ndarray) -> float:
    """What values are divided by so that their squares are floats: 1 but for numbers such as 1e200."""
    top = float(np.abs(known).max(initial=0.0))
    return top if top > LARGEST else 1.0


def _against_rest(own: np.ndarray, rest: np.ndarray, spread: float) -> Difference | None:
    a, b = own[~np.isnan(own)], rest[~np.isnan(rest)]
    if a.size < 2 or b.size < 2 or spread == 0:
        return None
    effect = float(a.mean() - b.mean()) / spread
    half = 1.96 * float(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)) / spread
    times = float(a.mean() / b.mean()) if a.mean() > 0 and b.mean() > 0 else None
    return Difference(effect=effect, low=effect - half, high=effect + half, times=times)


def _mixes(m: Measure) -> bool:
    return m.unit in ("band", "category", "flag", "age")


def _mix(customers: Customers, rows: np.ndarray, groups: list[np.ndarray], m: Measure) -> Mix:
    codes, levels = _banded(customers, m)
    codes = codes[rows]
    if len(levels) > MAX_LEVELS:
        levels, codes = (*levels[: MAX_LEVELS - 1], "other"), np.minimum(codes, MAX_LEVELS - 1)

    def counts(group: np.ndarray) -> tuple[int, ...]:
        own = codes[group]
        return tuple(int(c) for c in np.bincount(own[own >= 0], minlength=len(levels)))

    return Mix(
        slug=m.slug,
        label=m.label,
        levels=levels,
        overall=counts(np.ones(rows.size, dtype=bool)),
        segments=tuple(counts(g) for g in groups),
        missing=tuple(int((codes[g] < 0).sum()) for g in groups),
    )


def _banded(customers: Customers, m: Measure) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes and levels of a category; ages in bands of ten years."""
    return age_bands(customers, m.slug) if m.unit == "age" else customers.codes(m.slug)


def _label_share(
    customers: Customers, rows: np.ndarray, groups: list[np.ndarray], draws: _Draws, at: int
) -> LabelShare:
    info = customers.labels[at]
    codes = customers.number(info.key)[rows]
    yes, judged = codes == YES, codes != UNKNOWN
    overall = float(yes.sum() / judged.sum()) if judged.any() else None
    flagged = tuple(int((yes & g).sum()) for g in groups)
    seen = tuple(int((judged & g).sum()) for g in groups)
    earned = tuple(
        info.key in ("discount_seeker", "infrequent")
        and _stands_out(f, s, overall, draws.flagged_low(at, place))
        for place, (f, s) in enumerate(zip(flagged, seen, strict=True))
    )
    return LabelShare(
        key=info.key,
        name=info.name,
        rule=info.rule,
        reason=info.reason,
        yes=int(yes.sum()),
        judged_all=int(judged.sum()),
        overall=overall,
        flagged=flagged,
        judged=seen,
        earned=earned,
    )


def _stands_out(flagged: int, judged: int, overall: float | None, low: float | None) -> bool:
    if not judged or not overall or low is None:
        return False
    return flagged / judged >= FLAG_TIMES * overall and low > overall


def _segments(
    customers: Customers,
    matrix: Matrix,
    clustering: Clustering,
    numbers: list[int],
    groups: list[np.ndarray],
    value: np.ndarray | None,
    draws: _Draws,
    shares: tuple[LabelShare, ...],
    measures: tuple[MeasureProfile, ...],
) -> tuple[Segment, ...]:
    discount = next((m for m in measures if m.slug == "discounted_orders_share"), None)
    mostly = [s.mean or 0.0 for s in discount.segments[: clustering.k]] if discount else None
    names = name_segments(matrix, clustering.centres, mostly)
    total = float(value.sum()) if value is not None else 0.0
    found = []
    for at, (number, group) in enumerate(zip(numbers, groups, strict=True)):
        size = int(group.sum())
        worth = float(value[group].sum() / total) if value is not None and total > 0 else None
        index = worth / (size / group.size) if worth is not None and size else None
        low = draws.index_low(at) if index is not None else None
        labels = [s.name for s in shares if s.earned[at]]
        if index is not None and worth is not None and index >= HIGH_INDEX and (low or 0) > HIGH_INDEX_LOW:
            labels = (
                ["High-value", *labels]
                if worth >= HIGH_SHARE and _computable(shares, "high_value")
                else labels
            )
        own = matrix.rows[group]
        found.append(
            Segment(
                number=number,
                name=_called(clustering, number, names),
                because=_because(measures, names[number - 1].because, at)
                if number
                else _why_none(clustering),
                size=size,
                share=size / group.size,
                value_share=worth,
                index=index,
                index_low=low,
                net=_total(customers, own, "monetary"),
                average_order_value=_order_value(customers, own),
                labels=tuple(labels) if number else (),
            )
        )
    return tuple(found)


def _called(clustering: Clustering, number: int, automatic: Sequence[Naming]) -> str:
    if not number:
        return "No segment"
    return clustering.names[number - 1] if clustering.names else automatic[number - 1].name


def _why_none(clustering: Clustering) -> str:
    if clustering.names:
        return "Customers who can't be scored by the rules."
    return "Unusual customers who fit no group."


def _computable(shares: tuple[LabelShare, ...], key: str) -> bool:
    return any(s.key == key and not s.reason for s in shares)


def _order_value(customers: Customers, rows: np.ndarray) -> float | None:
    slug = "order_value" if customers.has("order_value") else "monetary"
    worth, orders = _total(customers, rows, slug), _total(customers, rows, "orders")
    return worth / orders if worth is not None and orders else None


def _median_or_mean(m: MeasureProfile, at: int) -> str:
    """Segment against all by the middle customer; by the mean where the middle customers print alike."""
    own, overall = m.segments[at], m.overall
    if _short(m, own.median) == _short(m, overall.median):
        return f"{m.label} {_short(m, own.mean)} on average (all: {_short(m, overall.mean)})"
    return f"{m.label} {_short(m, own.median)} (all: {_short(m, overall.median)})"


def _because(measures: tuple[MeasureProfile, ...], because: tuple[tuple[str, float], ...], at: int) -> str:
    """The differences behind a name, in real units."""
    by_slug = {m.slug: m for m in measures}
    said = []
    for feature, z in because:
        slug, _, level = feature.partition("=")
        m = by_slug.get(slug)
        if m is not None and m.segments[at].median is not None and m.overall.median is not None:
            said.append(_median_or_mean(m, at))
        else:
            said.append(f"{'more' if z > 0 else 'fewer'} {level or slug} than in all")
    return (
        "Its strongest differences: " + "; ".join(said) + "."
        if said
        else "No attribute differs much from all."
    )


def _short(m: MeasureProfile, value: float | None) -> str:
    if value is None:
        return "–"
    if m.unit == "share":
        return f"{100 * value:.0f} %"
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.3g}"
