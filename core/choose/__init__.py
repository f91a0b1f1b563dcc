"""The number of segments with its reason, and the finished clustering."""

from core.choose.fit import cluster
from core.choose.result import Candidate, Clustering
from core.choose.suggest import elbow, least_size, without_groups

__all__ = ["Candidate", "Clustering", "cluster", "elbow", "least_size", "without_groups"]
