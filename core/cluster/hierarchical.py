"""Agglomerative clustering: every customer, or of very many small groups of them, joined to one tree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.agglomerate import average, complete, single
from core.cluster.assigner import by_nearest
from core.cluster.contract import Algorithm, Case, Fitted, Progress
from core.cluster.leaves import Leaves, equal_rows, micro_clusters
from core.cluster.lloyd import gridded
from core.cluster.merges import cut
from core.cluster.ward import ward

_BEGUN: Final = 0.2
_JOINED: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """How branches are joined, and for how many customers one by one."""

    tree: Callable[[Leaves, Callable[[float], None]], np.ndarray]
    exact: int


LINKAGES: Final[dict[str, Linkage]] = {
    "ward": Linkage(tree=ward, exact=30_000),
    "average": Linkage(tree=average, exact=10_000),
    "complete": Linkage(tree=complete, exact=10_000),
    "single": Linkage(tree=single, exact=30_000),
}
"""Average and complete linkage hold the distances of all pairs: 400 MB for 10,000 customers."""


def fit(case: Case, progress: Progress) -> Fitted:
    """One tree, cut at every k: of all customers up to a limit, above of about 2,000 small groups of them."""
    grid, spec = gridded(case.x), case.spec
    linkage = LINKAGES[spec.linkage]
    exact = len(grid.x) <= linkage.exact
    with threadpool_limits(1):
        if exact:
            leaves = equal_rows(grid.x, spec.seed)
        else:
            progress("Putting customers into small groups", 0.0)
            leaves = micro_clusters(grid.x, spec.seed)
        stage = "Joining similar customers" if exact else "Joining similar groups"
        progress(stage, _BEGUN)
        tree = linkage.tree(leaves, lambda share: progress(stage, _BEGUN + (_JOINED - _BEGUN) * share))
    tree[:, 2] /= grid.scale
    progress("Cutting the tree", _JOINED)
    groups = {k: cut(tree, k) for k in case.ks}
    begun, scale = leaves.centres.astype(np.int32), grid.scale
    return Fitted(
        labels={k: of[leaves.of] for k, of in groups.items()},
        tree=tree,
        approximate="" if exact else _approximate(leaves, linkage),
        assigner=lambda k: by_nearest(begun, groups[k], scale),
    )


def _approximate(leaves: Leaves, linkage: Linkage) -> str:
    return (
        f"With more than {linkage.exact:,} customers the tree does not begin with each one alone but with"
        f" {leaves.counts.size:,} small groups of similar customers, and no cut divides such a group."
    )


ALGORITHM = Algorithm(
    label="Family tree",
    good_when="Joins similar customers step by step; shows which segments are close relatives.",
    fit=fit,
    params=("linkage", "seed"),
)
