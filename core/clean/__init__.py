"""Cleaning: what is missing, extreme or rare in the compared columns."""

from core.clean.changes import Change, changes
from core.clean.columns import MISSING, OTHER, Compared
from core.clean.missing import fill, filled, missing_step
from core.clean.outliers import cap, limited, limits, outlier_step, outside
from core.clean.rare import merged, rare_step
from core.clean.step import Step

__all__ = [
    "MISSING",
    "OTHER",
    "Change",
    "Compared",
    "Step",
    "cap",
    "changes",
    "fill",
    "filled",
    "limited",
    "limits",
    "merged",
    "missing_step",
    "outlier_step",
    "outside",
    "rare_step",
]
