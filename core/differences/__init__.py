"""What makes a segment different: its size in real units, with intervals, and what may be claimed."""

from core.differences.build import differences, made_of
from core.differences.result import Category, Differences, Gap, Number

__all__ = ["Category", "Differences", "Gap", "Number", "differences", "made_of"]
