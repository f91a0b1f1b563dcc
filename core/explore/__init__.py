"""What the customers look like before any segment: tables that the EDA figures draw. numpy only."""

from core.explore.associations import (
    Associations,
    associations,
    correlation_ratio,
    cramers_v,
    crossed,
    groupable,
)
from core.explore.bars import ORDER_BARS, Bars, level_bars, order_bars
from core.explore.boxes import Box, Boxes, boxes
from core.explore.concentration import Concentration, concentration
from core.explore.correlations import (
    Correlations,
    correlation,
    correlations,
    mid_ranks,
    numeric,
    pairwise,
)
from core.explore.histogram import MAX_GROUPS, Histogram, histogram, histograms
from core.explore.levels import Conditions, Levels, groups_of, levels_of
from core.explore.missing import Missing, Pattern, Patterns, missing, patterns
from core.explore.months import Months, Retention, months, retention
from core.explore.pair import MAX_POINTS, Crossed, Pair, cross, pair
from core.explore.rfm import RfmGrid, rfm_grid

__all__ = [
    "MAX_GROUPS",
    "MAX_POINTS",
    "ORDER_BARS",
    "Associations",
    "Bars",
    "Box",
    "Boxes",
    "Concentration",
    "Conditions",
    "Correlations",
    "Crossed",
    "Histogram",
    "Levels",
    "Missing",
    "Months",
    "Pair",
    "Pattern",
    "Patterns",
    "Retention",
    "RfmGrid",
    "associations",
    "boxes",
    "concentration",
    "correlation",
    "correlation_ratio",
    "correlations",
    "cramers_v",
    "cross",
    "crossed",
    "groupable",
    "groups_of",
    "histogram",
    "histograms",
    "level_bars",
    "levels_of",
    "mid_ranks",
    "missing",
    "months",
    "numeric",
    "order_bars",
    "pair",
    "pairwise",
    "patterns",
    "retention",
    "rfm_grid",
]
