"""Figures for paper, drawn with matplotlib and seaborn; each is SVG text that stands in a page."""

from core.report.drawn.concentration import concentration
from core.report.drawn.differences import differences
from core.report.drawn.habits import habits
from core.report.drawn.mix import mix
from core.report.drawn.rest import rest
from core.report.drawn.value import value

__all__ = ["concentration", "differences", "habits", "mix", "rest", "value"]
