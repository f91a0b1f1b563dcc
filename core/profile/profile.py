"""Sizes, value, measures, demographics and labels of every segment (DEFINITIONS.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.choose import Clustering
from core.differences import made_of
from core.features.customers import Customers
from core.features.labels import UNKNOWN, YES
from core.features.matrix import Matrix
from core.profile.baskets import Baskets, baskets
from core.profile.because import because
from core.profile.draws import Draws
from core.profile.measured import MeasureProfile, measured
from core.profile.mixes import Mix, mixes
from core.profile.names import Naming, name_segments

SMALL: Final = 5
"""Groups under this many customers show no medians and no demographics."""

HIGH_INDEX, HIGH_INDEX_LOW, HIGH_SHARE = 1.5, 1.2, 0.10
FLAG_TIMES: Final = 1.5


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
    rule, amount
        As of `core.features.labels.Label`.
    value_share : float or None
        Share of Σ max(spend, 0) that its customers bring; None without money.
    last_year : float or None
        Σ net sales of its customers, each in the 365 days up to their last order; None without orders.
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
    value_share: float | None = None
    last_year: float | None = None
    amount: float | None = None


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
    strongest : tuple of str
        Measures behind the name, strongest first; of a category `slug=level`.
    labels : tuple of str
        Names of the labels the segment as a whole has earned.
    automatic : str
        Its name by itself, where a team has given it another one; else empty.
    colour : int or None
        Its place in the palette where a team has chosen colours, see `core.profile.coloured`.
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
    strongest: tuple[str, ...] = ()
    automatic: str = ""
    colour: int | None = None


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
    average_order_value: float | None = None
    baskets: Baskets | None = None

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
    places = np.where(labels == 0, clustering.k, labels.astype(np.int64) - 1)
    draws = Draws(customers, rows, places, len(numbers), value)
    shares = tuple(
        _label_share(customers, rows, groups, draws, value, at) for at in range(len(customers.labels))
    )
    short = places.astype(np.min_scalar_type(len(numbers)))  # sorts five times as fast
    by_group = rows[np.argsort(short, kind="stable")]
    ends = np.cumsum([group.sum() for group in groups])[:-1]
    made = made_of(matrix, clustering)
    measures = tuple(
        measured(np.split(customers.number(m.slug)[by_group], ends), m, m.slug in made)
        for m in customers.measures
        if m.numeric
    )
    return Profile(
        customers=int(rows.size),
        segments=_segments(customers, matrix, clustering, numbers, groups, value, draws, shares, measures),
        measures=measures,
        mixes=mixes(customers, rows, places, len(numbers)),
        labels=shares,
        value=float(value.sum()) if value is not None else None,
        net=_total(customers, rows, "monetary"),
        orders=int(_total(customers, rows, "orders") or 0) if customers.has("orders") else None,
        average_order_value=_order_value(customers, rows),
        baskets=baskets(customers, rows, groups),
    )


def _total(customers: Customers, rows: np.ndarray, slug: str) -> float | None:
    return float(np.nansum(customers.number(slug)[rows])) if customers.has(slug) else None


def _label_share(
    customers: Customers,
    rows: np.ndarray,
    groups: list[np.ndarray],
    draws: Draws,
    value: np.ndarray | None,
    at: int,
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
        amount=info.amount,
        reason=info.reason,
        yes=int(yes.sum()),
        judged_all=int(judged.sum()),
        overall=overall,
        flagged=flagged,
        judged=seen,
        earned=earned,
        value_share=_part_of(value, yes),
        last_year=_total(customers, rows[yes], "net_last_year"),
    )


def _part_of(value: np.ndarray | None, who: np.ndarray) -> float | None:
    """Share of the value that some customers bring."""
    return float(value[who].sum() / value.sum()) if value is not None and value.sum() > 0 else None


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
    draws: Draws,
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
                because=because(measures, names[number - 1].because, at) if number else _why_none(clustering),
                size=size,
                share=size / group.size,
                value_share=worth,
                index=index,
                index_low=low,
                net=_total(customers, own, "monetary"),
                average_order_value=_order_value(customers, own),
                labels=tuple(labels) if number else (),
                strongest=tuple(slug for slug, _ in names[number - 1].because) if number else (),
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
