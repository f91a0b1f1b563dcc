"""Clustering algorithms. A new one is one file and one line here; the order is the menu's."""

from typing import Final

from core.cluster import dbscan, hdbscan, hierarchical, kmeans, mixture, rules
from core.cluster.contract import Algorithm

ALGORITHMS: Final[dict[str, Algorithm]] = {
    "kmeans": kmeans.ALGORITHM,
    "hierarchical": hierarchical.ALGORITHM,
    "dbscan": dbscan.ALGORITHM,
    "hdbscan": hdbscan.ALGORITHM,
    "mixture": mixture.ALGORITHM,
    "rules": rules.ALGORITHM,
}
