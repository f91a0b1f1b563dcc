"""The number of segments with its reason, and the finished clustering."""

from core.choose.fit import SAME_NAMES, cluster
from core.choose.opinions import differing
from core.choose.result import Candidate, Clustering
from core.choose.suggest import elbow, least_size, without_groups

__all__ = [
    "SAME_NAMES",
    "Candidate",
    "Clustering",
    "cluster",
    "differing",
    "elbow",
    "least_size",
    "without_groups",
]
