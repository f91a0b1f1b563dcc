"""Silhouette (Rousseeuw 1987) of several labelings at once: distances are computed once for all of them."""

from core.silhouette.belonging import Belonging, belonging
from core.silhouette.mean import EXACT_ROWS, Silhouette, sampled, silhouettes
from core.silhouette.rows import silhouette_samples

__all__ = [
    "EXACT_ROWS",
    "Belonging",
    "Silhouette",
    "belonging",
    "sampled",
    "silhouette_samples",
    "silhouettes",
]
