"""The RFM rules beside a study's segments: who is in both, and how far the two groupings agree."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from core.choose import Clustering
from core.cluster.rules import MAP, NAMES, places
from core.compare.agreement import adjusted_rand
from core.errors import UserError
from core.features.customers import Customers
from core.features.labels import YES
from core.features.matrix import Matrix
from core.param import Filter

_AGREEMENT: Final = ((0.8, "almost the same grouping"), (0.5, "much alike"), (0.2, "partly alike"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Customers by their segment and by their name in the RFM rules.

    Attributes
    ----------
    reason : str
        Why there is no such table, in a sentence; empty where there is.
    names : tuple of str
        Names of the rules that somebody has, in the order of the rules.
    counts : int array (s, names)
        Customers; rows in the order of `Profile.segments`.
    unscored : int array (s,)
        Customers of each segment without a name: a score is missing.
    agreement : float
        Adjusted Rand index over who has a segment and a name: 1 the same grouping, 0 as by chance.
    """

    reason: str = ""
    names: tuple[str, ...] = ()
    counts: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    unscored: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    agreement: float = 0.0

    def said(self) -> str:
        """How far both groupings agree, in words without a full stop."""
        word = next((w for least, w in _AGREEMENT if self.agreement >= least), "hardly alike")
        return f"RFM rules and segments are {word} (agreement {self.agreement:.2f} of 1)"


def crossed(customers: Customers, matrix: Matrix, clustering: Clustering) -> Crossed:
    """Cross the RFM rules with the segments of a study's customers."""
    if clustering.algorithm == "rules":
        return Crossed(reason="These segments are the RFM rules themselves.")
    if not customers.has("fm"):
        return Crossed(reason=_why_not(customers))
    rows = matrix.rows
    scores = {name: customers.number(name)[rows] for name in ("r", "f", "m")}
    found = places(scores, customers.number("new")[rows] == YES)
    numbers = [*range(1, clustering.k + 1), *([0] if (clustering.labels == 0).any() else [])]
    of = np.full(clustering.k + 1, len(numbers) - 1)
    of[np.array(numbers)] = np.arange(len(numbers))
    table = np.zeros((len(numbers), len(NAMES) + 1), np.int64)
    np.add.at(table, (of[clustering.labels], found), 1)  # place −1 is the last column
    some = np.flatnonzero(table[:, :-1].any(axis=0))
    counts = table[:, some]
    inside = counts[: clustering.k]
    return Crossed(
        names=tuple(NAMES[at] for at in some),
        counts=counts,
        unscored=table[:, -1],
        agreement=adjusted_rand(inside) if inside.sum() else 0.0,
    )


def among(
    found: Crossed, customers: Customers, rows: np.ndarray, labels: np.ndarray, numbers: Sequence[int]
) -> Crossed:
    """The same table of some of the customers only; how far both agree stays that of all.

    Parameters
    ----------
    rows : int array (m,)
        Of the customer sheet.
    labels : int array (m,)
        The segments of these, as they are numbered on the page.
    numbers : sequence of int
        Of `Profile.segments`, in their order.
    """
    place = np.zeros(max(numbers, default=0) + 1, dtype=np.int64)
    place[list(numbers)] = np.arange(len(numbers))
    scores = {name: customers.number(name)[rows] for name in ("r", "f", "m")}
    names = places(scores, customers.number("new")[rows] == YES)
    table = np.zeros((len(numbers), len(NAMES) + 1), np.int64)
    np.add.at(table, (place[labels], names), 1)  # place −1 is the last column
    counts = table[:, [NAMES.index(name) for name in found.names]]
    return replace(found, counts=counts, unscored=table[:, -1])


def filters(name: str) -> tuple[Filter, ...]:
    """The conditions on the customer sheet that exactly the customers with a name of the rules meet."""
    if name == "New":
        return (Filter("new", "eq", (str(YES),)),)
    cells = np.argwhere(np.array(MAP) == NAMES.index(name)) + 1
    (r, fm), (r_most, fm_most) = cells.min(axis=0).tolist(), cells.max(axis=0).tolist()
    return (
        Filter("r", "between", (str(r), str(r_most))),
        Filter("fm", "between", (str(fm), str(fm_most))),
        Filter("new", "lt", (str(YES),)),
    )


def _why_not(customers: Customers) -> str:
    from core.cluster.rules import rules_of

    try:
        rules_of(customers, np.arange(0))
    except UserError as error:
        add, other, _ = error.hint.partition(", or choose another method")
        return f"{error.message} {add}." if other else error.message
    return "RFM rules can't be computed for this data."
