"""Labels of customers with their evidence guards, and tie-safe RFM scores (DEFINITIONS.md)."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from core.words import exact

LABELS: Final = {
    "high_value": "High-value",
    "discount_seeker": "Discount seeker",
    "infrequent": "Infrequent shopper",
    "lapsed": "Lapsed",
    "new": "New",
}
YES, NO, UNKNOWN = 1, 0, -1
MIN_TENURE: Final = 90
"""Days a customer must be known before orders a year mean anything."""

MIN_GAPS: Final = 20
MIN_RFM: Final = 25
NEW_DAYS: Final = 90
NEW_COVER: Final = 180
FREQUENCY_CUTS: Final = (2, 3, 4, 6)
"""Orders from which F is 2, 3, 4 and 5 where it has fixed cut points."""

SEEKER_ORDERS: Final = 3
DEPTH_ABOVE: Final = 0.8
ROUNDING: Final = 1e-9
"""0.6 − 0.5 is just under 0.10 in binary: a customer on the border is in, whatever the last digit says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label over all customers.

    Attributes
    ----------
    key, name : str
    codes : int8 array (n,)
        1 yes, 0 no, -1 can't be judged.
    reason : str
        Why it can't be computed at all, with what to add; empty where it can.
    rule : str
        The rule with its thresholds; where one is an amount `{amount}` stands for it, see `said_rule`.
    amount : float or None
    """

    key: str
    name: str
    codes: np.ndarray
    reason: str
    rule: str
    amount: float | None = None

    @property
    def computable(self) -> bool:
        """Whether any customer could be judged at all."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the labels look at: float arrays (n,) with NaN where unknown, None where there is no such column.

    `expected` is e of DEFINITIONS.md, `cover` the days the file covers, `shop_discount` Σ discount / Σ gross.
    """

    n: int
    monetary: np.ndarray | None = None
    orders: np.ndarray | None = None
    orders_in_all: np.ndarray | None = None
    discounted_orders: np.ndarray | None = None
    expected: np.ndarray | None = None
    discount_share: np.ndarray | None = None
    shop_discount: float | None = None
    frequency: np.ndarray | None = None
    tenure: np.ndarray | None = None
    recency: np.ndarray | None = None
    gap: np.ndarray | None = None
    cover: float | None = None
    is_log: bool = True


class Ruled(Protocol):
    """A label as far as its rule goes."""

    @property
    def rule(self) -> str:
        """Its thresholds in words."""

    @property
    def amount(self) -> float | None:
        """What `{amount}` stands for in it."""


def said_rule(label: Ruled, currency: str = "") -> str:
    """The rule as a page prints it: `top fifth by spend: £919.15 or more`."""
    return label.rule.replace("{amount}", exact(label.amount, "money", currency))


def all_labels(seen: Evidence) -> tuple[Label, ...]:
    """Every label of `LABELS`, in that order."""
    new = _new(seen)
    return (_high_value(seen), _discount_seeker(seen), _infrequent(seen, new.codes), _lapsed(seen), new)


def shop_gaps(gap: np.ndarray | None) -> tuple[float, float] | None:
    """The shop's P75 and P90 of customers' own gaps, in days; None with under 20 customers that have one."""
    known = gap[~np.isnan(gap)] if gap is not None else np.empty(0)
    if known.size < MIN_GAPS:
        return None
    low, high = np.quantile(known, [0.75, 0.9])
    return float(low), float(high)


def quintile(values: np.ndarray, higher_is_better: bool = True) -> np.ndarray:
    """Tie-safe quintile scores 1 to 5 by mid-rank, 0 where the value is missing.

    s(x) = 1 + ⌊5 (2 · strictly worse + equal) / (2n)⌋ in integers: equal values always get equal scores.
    """
    known = ~np.isnan(values)
    x = values[known] if higher_is_better else -values[known]
    worse, equal = _below(x)
    scores = np.zeros(values.size, dtype=np.int8)
    scores[known] = np.minimum(1 + (5 * (2 * worse + equal)) // (2 * max(x.size, 1)), 5)
    return scores


def _below(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each value how many are strictly lower, and how many are equal, itself included."""
    _, place, counts = np.unique(x, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - counts)[place], counts[place]


def frequency_score(orders: np.ndarray) -> np.ndarray:
    """F: quintiles, or fixed cut points (1 / 2 / 3 / 4–5 / 6+ orders) where one value holds over 40 %."""
    if fixed_frequency(orders):
        scores = 1 + np.searchsorted(np.array(FREQUENCY_CUTS), np.nan_to_num(orders), side="right")
        return np.where(np.isnan(orders), 0, scores).astype(np.int8)
    return quintile(orders)


def fixed_frequency(orders: np.ndarray) -> bool:
    """Whether one number of orders holds over 40 % of the customers, so that F has fixed cut points."""
    known = orders[~np.isnan(orders)]
    counts = np.unique(known, return_counts=True)[1]
    return bool(known.size and counts.max() > 0.4 * known.size)


def rfm_scores(seen: Evidence) -> dict[str, np.ndarray] | None:
    """`r`, `f`, `m` and `fm` = ⌊(F + M)/2 + ½⌋ per customer, or None where they are not computable."""
    parts = (seen.recency, seen.orders, seen.monetary)
    if seen.n < MIN_RFM or any(p is None or np.unique(p[~np.isnan(p)]).size < 2 for p in parts):
        return None
    assert seen.recency is not None and seen.orders is not None and seen.monetary is not None
    r, f, m = quintile(seen.recency, False), frequency_score(seen.orders), quintile(seen.monetary)
    fm = np.where((f > 0) & (m > 0), (f + m + 1) // 2, 0).astype(np.int8)
    return {"r": r, "f": f, "m": m, "fm": fm}


def _not_computable(key: str, n: int, reason: str) -> Label:
    return Label(key=key, name=LABELS[key], codes=np.full(n, UNKNOWN, np.int8), reason=reason, rule="")


def _codes(flag: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, flag, UNKNOWN).astype(np.int8)


def _high_value(seen: Evidence) -> Label:
    key, x = "high_value", seen.monetary
    if x is None:
        return _not_computable(
            key, seen.n, "No column says what customers spend. Give one the meaning Spend."
        )
    known = ~np.isnan(x)
    if not known.any():
        return _not_computable(key, seen.n, "Spend is empty for every customer.")
    n, highest = int(known.sum()), float(x[known].max())
    if (x == highest).sum() > n / 5:
        return _not_computable(key, seen.n, "More than a fifth of the customers share the highest spend.")
    flag = np.zeros(seen.n, dtype=bool)
    flag[known] = 5 * _below(x[known])[0] >= 4 * n
    flag &= np.nan_to_num(x) > 0
    cut = float(x[flag].min()) if flag.any() else highest
    return Label(
        key=key,
        name=LABELS[key],
        codes=_codes(flag, known),
        reason="",
        rule="top fifth by spend: {amount} or more",
        amount=cut,
    )


def _discount_seeker(seen: Evidence) -> Label:
    key = "discount_seeker"
    if seen.discounted_orders is None and seen.discount_share is None:
        return _not_computable(
            key, seen.n, "No column says what was discounted. Give one the meaning Discount."
        )
    if seen.orders is None and seen.discounted_orders is not None:
        return _not_computable(key, seen.n, "No column says how many orders a customer made.")
    orders = np.nan_to_num(seen.orders) if seen.orders is not None else np.full(seen.n, float(SEEKER_ORDERS))
    known = orders >= SEEKER_ORDERS
    if seen.discounted_orders is None:
        return _seeker_by_depth(seen, known)
    d = np.nan_to_num(seen.discounted_orders)
    p = float(d.sum() / orders.sum()) if orders.sum() else 0.0
    if p > DEPTH_ABOVE and seen.discount_share is not None:
        return _seeker_by_depth(seen, known)
    flag = seeks(d, orders, seen.expected, p)
    rule = (
        f"at least {SEEKER_ORDERS} orders, most of them on discount, and at least 10 in 100 more than other"
        f" customers' orders of the same weeks (shop: {100 * p:.0f} %)"
    )
    return Label(key=key, name=LABELS[key], codes=_codes(flag, known), reason="", rule=rule)


def seeks(discounted: np.ndarray, orders: np.ndarray, expected: np.ndarray | None, p: float) -> np.ndarray:
    """Who buys on discount clearly more often than others do, bool (n,); p is the shop's share of orders."""
    others = np.nan_to_num(expected, nan=p) if expected is not None else np.full(orders.size, p)
    with np.errstate(invalid="ignore", divide="ignore"):
        more = discounted / orders - others >= 0.10 - ROUNDING
        return np.asarray(((discounted + 2 * p) / (orders + 2) >= 0.5 - ROUNDING) & more)


def _seeker_by_depth(seen: Evidence, known: np.ndarray) -> Label:
    key = "discount_seeker"
    shop = seen.shop_discount
    if shop is None or seen.discount_share is None:
        return _not_computable(
            key, seen.n, "No column says how much was discounted. Give one the meaning Discount."
        )
    if 1.5 * shop > 1:
        return _not_computable(key, seen.n, "The whole shop sells at more than two thirds off.")
    least = max(1.5 * shop, shop + 0.10) - ROUNDING
    share = np.nan_to_num(seen.discount_share, nan=-1.0)
    return Label(
        key=key,
        name=LABELS[key],
        codes=_codes(share >= least, known & (share >= 0)),
        reason="",
        rule=f"a discount share of {100 * least:.0f} % or more (shop: {100 * shop:.0f} %)",
    )


def _infrequent(seen: Evidence, new: np.ndarray) -> Label:
    key, x = "infrequent", seen.frequency
    if x is None or np.isnan(x).all():
        return _not_computable(
            key, seen.n, "No column says how often customers buy. Give one the meaning Number of orders."
        )
    gaps = shop_gaps(seen.gap)
    least = max(float(MIN_TENURE), gaps[0] if gaps else 0.0)
    known = ~np.isnan(x)
    flag = np.zeros(seen.n, dtype=bool)
    flag[known] = 4 * _below(x[known])[0] < int(known.sum())
    flag &= new != YES
    guard = known if seen.tenure is None else known & (np.nan_to_num(seen.tenure) >= least)
    cut = float(x[flag].max()) if flag.any() else float(x[known].min())
    what = f"{cut:.2g} orders a year or fewer" if seen.is_log else f"{cut:g} orders or fewer"
    since = "" if seen.tenure is None else f", known for at least {least:.0f} days"
    return Label(
        key=key, name=LABELS[key], codes=_codes(flag, guard), reason="", rule=f"lowest quarter: {what}{since}"
    )


def _lapsed(seen: Evidence) -> Label:
    key = "lapsed"
    if not seen.is_log or seen.recency is None:
        return _not_computable(key, seen.n, "A customer table has no order dates. Add the log of orders.")
    gaps = shop_gaps(seen.gap)
    if gaps is None:
        return _not_computable(key, seen.n, f"Fewer than {MIN_GAPS} customers bought on two days or more.")
    assert seen.gap is not None
    flag = silent(seen.recency, seen.gap, gaps[1])
    rule = f"no order for over {gaps[1]:.0f} days and over twice the customer's own gap"
    return Label(key=key, name=LABELS[key], codes=_codes(flag, ~np.isnan(seen.recency)), reason="", rule=rule)


def silent(recency: np.ndarray, gap: np.ndarray, usual: float) -> np.ndarray:
    """Who has not ordered for longer than the shop's usual gap and twice the own one, bool (n,)."""
    own = np.where(np.isnan(gap), 0.0, 2 * np.nan_to_num(gap))
    return np.asarray(recency > np.maximum(own, usual))


def _new(seen: Evidence) -> Label:
    key = "new"
    if not seen.is_log or seen.tenure is None or seen.orders_in_all is None:
        return _not_computable(key, seen.n, "A customer table has no order dates. Add the log of orders.")
    if seen.cover is None or seen.cover < NEW_COVER:
        return _not_computable(key, seen.n, f"The file covers under {NEW_COVER} days.")
    flag = (seen.orders_in_all == 1) & (seen.tenure <= NEW_DAYS)
    rule = f"one order in all, in the last {NEW_DAYS} days"
    return Label(key=key, name=LABELS[key], codes=_codes(flag, ~np.isnan(seen.tenure)), reason="", rule=rule)
