"""RFM rules as segments: fixed names by last order (R) and by how often and how much (FM), DEFINITIONS.md."""

from typing import Final

import numpy as np

from core.cluster.assigner import Assigner, Cuts
from core.cluster.contract import Algorithm, Case, Fitted, Progress, Rules
from core.errors import UserError
from core.features.customers import Customers
from core.features.labels import FREQUENCY_CUTS, MIN_RFM, UNKNOWN, YES, fixed_frequency
from core.words import plural

NAMES: Final = (
    "New",
    "Champions",
    "Loyal",
    "Potential Loyalists",
    "Promising",
    "Need Attention",
    "About to Sleep",
    "Can't Lose Them",
    "At Risk",
    "Hibernating",
)

MAP: Final = (
    (9, 9, 8, 8, 7),
    (9, 9, 8, 8, 7),
    (6, 6, 5, 2, 2),
    (4, 3, 3, 2, 2),
    (4, 3, 3, 1, 1),
)
"""Place of the name by R (1 long ago to 5 recent, down) and FM (1 little to 5 much, across)."""

_PARTS: Final = (
    ("recency", "days", "the last order", "Days since last order"),
    ("orders", "count", "the number of orders", "Number of orders"),
    ("monetary", "money", "spend", "Spend"),
)
"""Measure and its unit, its words, and the meaning that a column of a customer table is given for it."""

_SCORED: Final = {"r": "recency", "f": "orders", "m": "monetary"}
"""Score -> the measure that it is taken from."""

_OTHERS: Final = "Choose another method."


def rules_of(customers: Customers, rows: np.ndarray) -> Rules:
    """The RFM segment of some customers; none for those without all three scores, unless they are new.

    Scores are those of the customer sheet, so taken over all customers before some are chosen.

    Parameters
    ----------
    rows : int array (m,)
        Rows of the customer sheet.

    Raises
    ------
    UserError
        Where the scores can't be computed.
    """
    if not customers.has("fm"):
        raise _not_computable(customers)
    r, fm = (customers.number(score)[rows].astype(np.int64) for score in ("r", "fm"))
    scored = (r > 0) & (fm > 0)
    labels = np.where(scored, np.array(MAP)[np.maximum(r, 1) - 1, np.maximum(fm, 1) - 1], -1)
    labels[customers.number("new")[rows] == YES] = NAMES.index("New")
    return Rules(labels=labels, names=NAMES, cuts=_cuts(customers))


def places(scores: dict[str, np.ndarray], new: np.ndarray) -> np.ndarray:
    """The place in `NAMES` of customers with scores `r`, `f` and `m` (0 missing); −1 where one is missing.

    Parameters
    ----------
    new : bool array (n,)
        Who is New, whatever the scores.
    """
    r, f, m = (scores[name].astype(np.int64) for name in ("r", "f", "m"))
    scored = (r > 0) & (f > 0) & (m > 0)
    cell = np.array(MAP)[np.maximum(r, 1) - 1, np.maximum((f + m + 1) // 2, 1) - 1]
    return np.where(new, NAMES.index("New"), np.where(scored, cell, -1))


def _cuts(customers: Customers) -> Cuts | None:
    """The values at which scores change among all customers of a sheet; None where it does not say them."""
    if not all(customers.has(name) for name in (*_SCORED, *_SCORED.values())):
        return None
    found = {
        slug: _least(customers.number(slug), customers.number(score), -1.0 if slug == "recency" else 1.0)
        for score, slug in _SCORED.items()
    }
    orders = customers.number("orders")
    if fixed_frequency(orders):
        found["orders"] = np.array(FREQUENCY_CUTS, np.float64)
    judged = customers.has("new") and bool((customers.number("new") != UNKNOWN).any())
    return Cuts(**found, new=judged)


def _least(values: np.ndarray, scores: np.ndarray, sign: float) -> np.ndarray:
    """The worst value with each of the scores 2 to 5 or a higher one; beyond all where there is none."""
    return np.array([sign * (sign * values[scores >= score]).min(initial=np.inf) for score in range(2, 6)])


def fit(case: Case, progress: Progress) -> Fitted:
    """The rules' segments that have somebody.

    Raises
    ------
    UserError
        Where there are no rules, or nobody has a segment by them.
    """
    progress("Sorting customers by the rules", 0.5)
    if case.rules is None:
        raise UserError("RFM rules need each customer's last order, orders and spend.", _OTHERS)
    found = np.unique(case.rules.labels[case.rules.labels >= 0])
    if not found.size:
        raise UserError(
            "None of these customers has a last order, orders and spend to be scored by.",
            f"Include more customers. {_OTHERS}",
        )
    place = np.full(len(case.rules.names) + 1, -1)  # label −1 reads the last place
    place[found] = np.arange(found.size)
    cuts, numbers = case.rules.cuts, place[:-1] + 1
    return Fitted(
        labels={found.size: place[case.rules.labels]},
        names=tuple(case.rules.names[one] for one in found),
        assigner=None if cuts is None else lambda k: Assigner(cuts=cuts, numbers=numbers),
    )


def _not_computable(customers: Customers) -> UserError:
    if len(customers) < MIN_RFM:
        return UserError(
            f"RFM rules need at least {MIN_RFM} customers to compare; there {_are(len(customers))}.",
            f"Add more customers. {_OTHERS}",
        )
    for slug, unit, words, meaning in _PARTS:
        measure = customers.measure(slug)
        if measure is None or measure.unit != unit:
            hint = f"Give a column the meaning {meaning} on the Data page, or choose another method."
            return UserError(f"RFM rules need {words}, and no column says it.", hint)
        values = customers.number(slug)
        if np.unique(values[~np.isnan(values)]).size < 2:
            what = f"RFM rules compare {words}, which is the same for every customer."
            return UserError(what, f"Take a longer period. {_OTHERS}" if customers.kind == "log" else _OTHERS)
    return UserError("RFM rules can't be computed for this data.", _OTHERS)


def _are(n: int) -> str:
    return f"{'is' if n == 1 else 'are'} {plural(n, 'customer')}"


ALGORITHM = Algorithm(
    label="RFM rules",
    good_when="Fixed rules on last order, frequency and spend. Same meaning every month.",
    fit=fit,
    chooses_k=False,
    by_rows=False,
)
