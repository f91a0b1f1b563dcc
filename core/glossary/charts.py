"""What the numbers of the charts are."""

from typing import Final

CHART_TERMS: Final[dict[str, tuple[str, ...]]] = {
    "ledger": ("net",),
    "months": ("net", "orders"),
    "histogram": ("median",),
    "orders": ("orders",),
    "rfm": ("r", "fm"),
    "concentration": ("concentration",),
    "over_time": ("net", "orders"),
    "boxes": ("median",),
    "correlation": ("correlation",),
    "missing": ("missing",),
    "k": ("silhouette",),
    "elbow": ("inertia",),
    "sizes": ("share", "value_share"),
    "silhouettes": ("silhouette",),
    "agreement": ("agreement",),
    "value": ("share", "value_share", "index"),
    "differences": ("z", "median"),
    "habits": ("median", "median_range"),
    "mix": ("share_range",),
    "segment_mix": ("share_range",),
    "label_shares": ("share_range",),
    "baskets": ("basket_share",),
    "rest": ("gap_range",),
    "separating": ("explained", "drop"),
    "beside_rules": ("agreement",),
}
"""Key of a chart -> what its numbers are."""
