"""Silhouette (Rousseeuw 1987) of several labelings at once: distances are computed once for all of them."""

from core.silhouette.mean import EXACT_ROWS, Silhouette, sampled, silhouettes
from core.silhouette.rows import silhouette_samples

__all__ = ["EXACT_ROWS", "Silhouette", "sampled", "silhouette_samples", "silhouettes"]
