"""Several ways to group the same customers, beside each other."""

from core.compare.build import comparison
from core.compare.result import Comparison, Model, Moves, Part

__all__ = ["Comparison", "Model", "Moves", "Part", "comparison"]
