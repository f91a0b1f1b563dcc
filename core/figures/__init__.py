"""Every chart of the pages: a question, and the function that draws its answer from a result."""

from typing import Final

from core.figures.agreement import agreement
from core.figures.associations import associations
from core.figures.bars import bars, order_bars
from core.figures.baskets import baskets
from core.figures.before_after import before_after
from core.figures.beside_rules import beside_rules
from core.figures.boxes import boxes
from core.figures.concentration import concentration
from core.figures.correlation import correlation
from core.figures.crossed import crossed
from core.figures.differences import differences
from core.figures.drawn import Chart, Drawn, Table
from core.figures.habits import habits
from core.figures.histogram import histogram, segment_histogram
from core.figures.history import history
from core.figures.in_segments import in_segments
from core.figures.k_chart import elbow, k_chart
from core.figures.k_distance import k_distance
from core.figures.label_shares import label_shares
from core.figures.ledger import ledger
from core.figures.loadings import loadings
from core.figures.map import positions
from core.figures.missing import missing
from core.figures.missing_together import missing_together
from core.figures.mix import mix, segment_mix
from core.figures.months import months
from core.figures.over_time import over_time
from core.figures.pair import pair
from core.figures.rest import against_rest
from core.figures.retention import retention
from core.figures.rfm import rfm
from core.figures.separating import separating
from core.figures.silhouette_plot import silhouette_plot
from core.figures.sizes import sizes, value
from core.figures.tree import tree

_ALL: Final = (
    # Data
    Chart(key="ledger", title="What became of the rows in the file?", draw=ledger),
    Chart(key="months", title="How did sales go, month by month?", draw=months),
    Chart(key="before_after", title="What did cleaning do to this attribute?", draw=before_after),
    # EDA
    Chart(key="histogram", title="How much do customers spend?", draw=histogram),
    Chart(key="orders", title="How often do they buy?", draw=order_bars),
    Chart(key="bars", title="Who are they?", draw=bars),
    Chart(key="rfm", title="When did they buy last?", draw=rfm),
    Chart(key="over_time", title="How did sales go, month by month?", draw=over_time),
    Chart(key="retention", title="Do customers come back?", draw=retention),
    Chart(key="boxes", title="How do groups differ?", draw=boxes),
    Chart(key="concentration", title="How much do the top customers bring?", draw=concentration),
    Chart(key="correlation", title="What goes together?", draw=correlation),
    Chart(key="associations", title="Which categories go together, and with what?", draw=associations),
    Chart(key="pair", title="How do two attributes go together?", draw=pair),
    Chart(key="crossed", title="How do two categories go together?", draw=crossed),
    Chart(key="missing", title="Where are values missing?", draw=missing),
    Chart(key="missing_together", title="Which values are missing together?", draw=missing_together),
    # Clustering
    Chart(key="k", title="How many segments?", draw=k_chart),
    Chart(key="elbow", title="From which number do more segments add little?", draw=elbow),
    Chart(key="map", title="How do they lie to each other?", draw=positions),
    Chart(key="loadings", title="What do the directions mean?", draw=loadings),
    Chart(key="sizes", title="How big are they?", draw=sizes),
    Chart(key="k_distance", title="How near are the neighbours?", draw=k_distance),
    Chart(key="tree", title="Which segments are close relatives?", draw=tree),
    Chart(key="silhouettes", title="How well do customers belong to their segments?", draw=silhouette_plot),
    # Compare
    Chart(key="agreement", title="How far do they agree?", draw=agreement),
    # Profiles
    Chart(key="value", title="Where is the value?", draw=value),
    Chart(key="differences", title="What makes them different?", draw=differences),
    Chart(key="habits", title="How do they buy?", draw=habits),
    Chart(key="mix", title="Who are they?", draw=mix),
    Chart(key="baskets", title="What do they buy?", draw=baskets),
    Chart(key="label_shares", title="Which segments hold these customers?", draw=label_shares),
    Chart(key="separating", title="What separates the segments?", draw=separating),
    Chart(key="beside_rules", title="How do RFM rules see these segments?", draw=beside_rules),
    # Customers
    Chart(key="in_segments", title="Which segments are they in?", draw=in_segments),
    # Customer
    Chart(key="history", title="When did they buy?", draw=history),
    # Segment
    Chart(key="rest", title="What makes them different?", draw=against_rest),
    Chart(key="segment_histogram", title="How do they buy?", draw=segment_histogram),
    Chart(key="segment_mix", title="Who are they?", draw=segment_mix),
)
CHARTS: Final[dict[str, Chart]] = {chart.key: chart for chart in _ALL}

__all__ = ["CHARTS", "Chart", "Drawn", "Table"]
