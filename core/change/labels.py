"""The labels of an earlier day by the thresholds of today."""

from collections.abc import Callable
from typing import Final

import numpy as np

from core.change.result import LabelThen
from core.features.customers import Customers
from core.features.labels import DEPTH_ABOVE, MIN_TENURE, NEW_DAYS, SEEKER_ORDERS, YES, seeks, silent

Judged = tuple[np.ndarray, np.ndarray]
"""Who carries a label, and who can be judged, bool (n,) each."""


def labels_then(
    customers: Customers, now: np.ndarray, then: Customers, rows: np.ndarray
) -> tuple[LabelThen, ...]:
    """The labels of today that can be asked of an earlier day.

    Parameters
    ----------
    customers, then : Customers
        The sheets of both days.
    now, rows : int array
        Rows of these sheets: the study's customers of today and of then.
    """
    found = []
    for info in customers.labels:
        rule = RULES[info.key]
        judged = None if info.reason else rule(customers, then)
        if judged is not None:
            yes, able = judged[0][rows], judged[1][rows]
            found.append(
                LabelThen(
                    key=info.key,
                    then=int((yes & able).sum()),
                    judged=int(able.sum()),
                    now=int((customers.number(info.key)[now] == YES).sum()),
                )
            )
    return tuple(found)


def _flagged(customers: Customers, key: str, slug: str) -> np.ndarray:
    """A measure of those who carry a label today."""
    return customers.number(slug)[customers.number(key) == YES]


def _high_value(customers: Customers, then: Customers) -> Judged | None:
    spend, least = then.number("monetary"), _flagged(customers, "high_value", "monetary").min(initial=np.inf)
    return (spend >= least) & (spend > 0), ~np.isnan(spend)


def _discount_seeker(customers: Customers, then: Customers) -> Judged | None:
    needed = ("discounted_orders", "orders", "expected_discounted")
    if not all(sheet.has(slug) for sheet in (customers, then) for slug in needed):
        return None
    total = float(np.nansum(customers.number("orders")))
    p = float(np.nansum(customers.number("discounted_orders"))) / total if total else 0.0
    if p > DEPTH_ABOVE:  # then the depth of discounts is asked, which no sheet keeps its limit of
        return None
    discounted, orders, expected = (then.number(slug) for slug in needed)
    return seeks(np.nan_to_num(discounted), orders, expected, p), orders >= SEEKER_ORDERS


def _infrequent(customers: Customers, then: Customers) -> Judged | None:
    often, tenure = then.number("purchase_frequency"), then.number("tenure")
    most = _flagged(customers, "infrequent", "purchase_frequency").max(initial=-np.inf)
    known = ~np.isnan(often) & (tenure >= max(float(MIN_TENURE), customers.gap_p75 or 0.0))
    return (often <= most) & (then.number("new") != YES), known


def _lapsed(customers: Customers, then: Customers) -> Judged | None:
    if customers.gap_p90 is None:
        return None
    recency = then.number("recency")
    return silent(recency, then.number("interpurchase_days"), customers.gap_p90), ~np.isnan(recency)


def _new(customers: Customers, then: Customers) -> Judged | None:
    tenure = then.number("tenure")
    return (then.number("orders_in_all") == 1) & (tenure <= NEW_DAYS), ~np.isnan(tenure)


RULES: Final[dict[str, Callable[[Customers, Customers], Judged | None]]] = {
    "high_value": _high_value,
    "discount_seeker": _discount_seeker,
    "infrequent": _infrequent,
    "lapsed": _lapsed,
    "new": _new,
}
