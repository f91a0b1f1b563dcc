"""Every chart: drawn from real results, its table, its words, its limits."""

import dataclasses
import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import pytest
from plotly.offline import get_plotlyjs_version

from core import explore
from core.change import MeasureThen
from core.choose import Clustering, cluster
from core.choose.gap import Gap
from core.codec import encode
from core.compare import Comparison, Model
from core.crossed import Crossed
from core.differences import differences, made_of
from core.drivers import drivers
from core.features.customers import Customers, LabelInfo, LedgerRow, Measure
from core.features.history import History
from core.features.matrix import Matrix, matrix
from core.figures import CHARTS, Drawn
from core.figures.base import Base
from core.figures.drawn import compared, times, wrapped
from core.figures.theme import (
    CELL_INK,
    CELLS,
    DIVERGING,
    MAX_POINTS,
    NOISE,
    SEGMENTS,
    level_colours,
    segment_colour,
    segment_colours,
    template,
    themed,
)
from core.profile.baskets import Baskets
from core.profile.profile import SMALL, Profile, profile
from core.silhouette import belonging
from core.spec import Clean, Cluster, Features

ROOT = Path(__file__).resolve().parents[2]
TOOLS, ASSETS = ROOT / "tools" / "plotly", ROOT / "assets"
N = 240
BAD = "<b>Tom & %{x}</b> of the very long and winding name"
LEDGER = (
    LedgerRow(key="file", kind="total", text="Rows in the file", rows=1_000, customers=260, money=9_000.0),
    LedgerRow(
        key="no_customer", kind="out", text="Lines without a customer", rows=300, customers=0, money=1_000.0
    ),
    LedgerRow(key="used", kind="total", text="Lines used", rows=700, customers=240, money=8_000.0),
    LedgerRow(key="prospect", kind="beside", text="Prospects", rows=0, customers=7, money=0.0),
)


def _customers(money: bool = True, n: int = N, name: str = "Female") -> Customers:
    """Four planted groups: few or many orders, recent or long ago."""
    rng = np.random.default_rng(7)
    group = np.arange(n) % 4
    orders = np.maximum(1, rng.normal(np.array([2, 3, 14, 16])[group], 1.0)).round()
    recency = np.maximum(0, rng.normal(np.array([20, 200, 25, 230])[group], 10)).round()
    spend = np.exp(rng.normal(np.log(orders * 40), 0.2)) + rng.normal(0, 1, n)
    spend[0] = -12.5
    age = rng.integers(18, 80, n).astype(float)
    age[:9] = np.nan
    gender = [None if i % 17 == 0 else name if g < 2 else "Male" for i, g in enumerate(group)]
    columns: dict[str, Any] = {
        "id": [f"c{i:04d}" for i in range(n)],
        "recency": recency,
        "orders": orders,
        "purchase_frequency": orders / 2,
        "age": age,
        "gender": gender,
        "lines": orders.astype(int),
        "r": pa.array(1 + group, pa.int8()),
        "fm": pa.array(1 + (orders // 4).clip(0, 4), pa.int8()),
        "discount_seeker": pa.array(np.where(group == 0, 1, np.where(group == 3, -1, 0)), pa.int8()),
    }
    measures = [
        Measure(slug="recency", label="Days since last order", unit="days"),
        Measure(slug="orders", label="Orders", unit="count"),
        Measure(slug="purchase_frequency", label="Orders a year", unit="rate"),
        Measure(slug="age", label=f"Age {name}", unit="age"),
        Measure(slug="gender", label="Gender", unit="category"),
    ]
    if money:
        columns["monetary"] = spend
        measures.insert(2, Measure(slug="monetary", label="Spend", unit="money"))
    label = LabelInfo(
        key="discount_seeker",
        name="Discount seeker",
        rule="mostly on discount",
        reason="",
        yes=60,
        judged=180,
    )
    return Customers(
        kind="log",
        table=pa.table(columns),
        measures=tuple(measures),
        labels=(label,),
        ledger=LEDGER,
        currency="£",
    )


def _study(customers: Customers, **spec: Any) -> tuple[Matrix, Clustering, Profile]:
    cols = ("recency", "orders")
    prepared = matrix(customers, np.ones(len(customers), dtype=bool), Features(cols=cols), Clean())
    value = customers.number("monetary")[prepared.rows] if customers.has("monetary") else None
    clustering = cluster(prepared, value, Cluster(**spec))
    return prepared, clustering, profile(customers, prepared, clustering)


def _cleaned(customers: Customers, slug: str) -> Matrix:
    return matrix(customers, np.ones(len(customers), dtype=bool), Features(cols=(slug,)), Clean())


CUSTOMERS = _customers()
ROWS = np.arange(N)
MATRIX, CLUSTERING, PROFILE = _study(CUSTOMERS)
DENSE = _study(CUSTOMERS, algorithm="dbscan")
TREE = _study(CUSTOMERS, algorithm="hierarchical", k=4)
DIFFERENCES = differences(CUSTOMERS, MATRIX, CLUSTERING)
DRIVERS = drivers(CUSTOMERS, MATRIX.rows, made_of(MATRIX, CLUSTERING), CLUSTERING.labels)
BASKETS = Baskets(
    categories=(BAD, "Books", "Other"),
    overall=(0.2, 0.5, 0.3),
    segments=((0.2, 0.5, 0.3),) * (len(PROFILE.segments) - 1) + ((),),
)
CROSSED = Crossed(
    names=("Champions", "At Risk"),
    counts=np.arange(2 * len(PROFILE.segments)).reshape(-1, 2),
    unscored=np.zeros(len(PROFILE.segments), dtype=np.int64),
    agreement=0.4,
)
BELONGING = belonging(MATRIX.x, CLUSTERING.labels[MATRIX.fitted], 0)
MONTHS = pa.table(
    {
        "month": [dt.date(2011, m, 1) for m in (10, 11, 12)],
        "net": [100.0, 1_161_817.38, 433_668.01],
        "gross": [110.0, 1_200_000.0, 500_000.0],
        "customers": [3, 5, 4],
        "orders": [4, 9, 6],
    }
)


def _compared(name: str) -> Comparison:
    """Three models, of which one could not be made."""
    rand = np.array([[1.0, 0.7, np.nan], [0.7, 1.0, np.nan], [np.nan] * 3])
    models = (
        Model(name=name, differs=""),
        Model(name=f"{name} 2", differs="k:2"),
        Model(name="No", differs="k:9", problem="No."),
    )
    shared = np.full((3, 3), N)
    return Comparison(
        models=models, rand=rand, information=rand / 2, shared=shared, moves=(), kept=9, customers=N
    )


def _two_histograms(number: int) -> tuple[explore.Histogram, explore.Histogram]:
    whole = explore.histogram(CUSTOMERS, ROWS, "orders")
    x = CUSTOMERS.number("orders")[CLUSTERING.labels == number]
    counts = np.histogram(x, whole.edges)[0][None, :]
    return dataclasses.replace(whole, counts=counts, median=float(np.median(x))), whole


def _one(value: Any) -> Any:
    assert value is not None
    return value


def _ordering() -> Customers:
    """The same customers with the months of their orders: all in the first, some later."""
    bits = 1 + 2 * (np.arange(N) % 2) + 4 * (np.arange(N) % 3 == 0)
    first = np.arange(N) % 4 == 1  # who began in the second month
    table = CUSTOMERS.table.append_column("_ordered_2011_10", pa.array(np.where(first, bits & ~1, bits)))
    days = np.where(first, 30.0, 60.0)
    return dataclasses.replace(
        CUSTOMERS,
        table=table.append_column("tenure", pa.array(days)),
        as_of=dt.date(2011, 12, 9),
        first_day=dt.date(2011, 10, 1),
        last_day=dt.date(2011, 12, 9),
        months=MONTHS,
    )


ORDERING = _ordering()
HISTORY = History(
    orders=pa.table(
        {
            "day": [dt.date(2011, 12, 1), dt.date(2011, 11, 3), dt.date(2010, 10, 5)],
            "order": ["C7", "<b>7</b>", None],
            "lines": [1, 3, 2],
            "net": [-4.5, 120.0, 30.0],
            "counted": [True, True, False],
        }
    ),
    count=4,
)
DRAWN: dict[str, Callable[[], Drawn]] = {
    "ledger": lambda: CHARTS["ledger"].draw(CUSTOMERS.ledger, "£"),
    "months": lambda: CHARTS["months"].draw(MONTHS, dt.date(2011, 10, 1), dt.date(2011, 12, 9), "£"),
    "before_after": lambda: CHARTS["before_after"].draw(_cleaned(CUSTOMERS, "age").changes[0], "£"),
    "histogram": lambda: CHARTS["histogram"].draw(
        explore.histogram(CUSTOMERS, ROWS, "monetary", "gender"), "£"
    ),
    "orders": lambda: CHARTS["orders"].draw(_one(explore.order_bars(CUSTOMERS, ROWS))),
    "bars": lambda: CHARTS["bars"].draw(explore.level_bars(CUSTOMERS, ROWS, "gender")),
    "rfm": lambda: CHARTS["rfm"].draw(_one(explore.rfm_grid(CUSTOMERS, ROWS)), "£"),
    "over_time": lambda: CHARTS["over_time"].draw(_one(explore.months(ORDERING, ROWS)), "£"),
    "retention": lambda: CHARTS["retention"].draw(_one(explore.retention(ORDERING, ROWS))),
    "boxes": lambda: CHARTS["boxes"].draw(explore.boxes(CUSTOMERS, ROWS, "monetary", "gender"), "£"),
    "associations": lambda: CHARTS["associations"].draw(_one(explore.associations(CUSTOMERS, ROWS))),
    "crossed": lambda: CHARTS["crossed"].draw(explore.cross(CUSTOMERS, ROWS, "gender", "age")),
    "missing_together": lambda: CHARTS["missing_together"].draw(
        _one(explore.patterns(CUSTOMERS, ROWS, explore.missing(CUSTOMERS, ROWS)))
    ),
    "concentration": lambda: CHARTS["concentration"].draw(_one(explore.concentration(CUSTOMERS, ROWS))),
    "correlation": lambda: CHARTS["correlation"].draw(_one(explore.correlations(CUSTOMERS, ROWS))),
    "pair": lambda: CHARTS["pair"].draw(
        explore.pair(CUSTOMERS, ROWS, "orders", "monetary", "gender"), "£", 0.9
    ),
    "missing": lambda: CHARTS["missing"].draw(explore.missing(CUSTOMERS, ROWS)),
    "k": lambda: CHARTS["k"].draw(CLUSTERING),
    "elbow": lambda: CHARTS["elbow"].draw(CLUSTERING),
    "map": lambda: CHARTS["map"].draw(CLUSTERING, PROFILE.segments),
    "loadings": lambda: CHARTS["loadings"].draw(CLUSTERING, ["Days since last order", "Orders"]),
    "sizes": lambda: CHARTS["sizes"].draw(PROFILE.segments, "£"),
    "in_segments": lambda: CHARTS["in_segments"].draw(PROFILE.segments, [s.size for s in PROFILE.segments]),
    "k_distance": lambda: CHARTS["k_distance"].draw(DENSE[1]),
    "tree": lambda: CHARTS["tree"].draw(TREE[1], TREE[2].segments),
    "silhouettes": lambda: CHARTS["silhouettes"].draw(BELONGING, CLUSTERING, PROFILE.segments),
    "agreement": lambda: CHARTS["agreement"].draw(_compared("4 segments")),
    "value": lambda: CHARTS["value"].draw(PROFILE, "orders", "£"),
    "differences": lambda: CHARTS["differences"].draw(PROFILE, "£"),
    "habits": lambda: CHARTS["habits"].draw(PROFILE, "£"),
    "mix": lambda: CHARTS["mix"].draw(PROFILE, "gender"),
    "label_shares": lambda: CHARTS["label_shares"].draw(PROFILE, "discount_seeker"),
    "baskets": lambda: CHARTS["baskets"].draw(PROFILE, BASKETS),
    "separating": lambda: CHARTS["separating"].draw(DRIVERS),
    "beside_rules": lambda: CHARTS["beside_rules"].draw(PROFILE, CROSSED),
    "history": lambda: CHARTS["history"].draw(HISTORY, dt.date(2010, 10, 1), dt.date(2011, 12, 9), "£"),
    "rest": lambda: CHARTS["rest"].draw(PROFILE.segments[0], DIFFERENCES.of(0), currency="£"),
    "segment_histogram": lambda: CHARTS["segment_histogram"].draw(*_two_histograms(1), 1, "Big buyers"),
    "segment_mix": lambda: CHARTS["segment_mix"].draw(PROFILE, "gender", 2),
}


def _column(drawn: Drawn, key: str) -> list[Any]:
    at = [k for k, _ in drawn.table.columns].index(key)
    return [row[at] for row in drawn.table.rows]


def _texts(value: Any) -> list[str]:
    """Every string in a figure's JSON."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in inside for text in _texts(item)]


def _json(drawn: Drawn) -> dict[str, Any]:
    return json.loads(drawn.figure.to_json())


def test_every_chart_is_drawn_here() -> None:
    assert set(DRAWN) == set(CHARTS)
    assert all(chart.key == key and chart.title.endswith("?") for key, chart in CHARTS.items())


@pytest.mark.parametrize("key", CHARTS)
def test_a_chart_has_a_figure_a_table_and_words(key: str) -> None:
    drawn = DRAWN[key]()
    sent = _json(drawn)
    assert sent["data"] and "template" not in sent["layout"] and "title" not in sent["layout"]
    assert drawn.alt.rstrip().endswith(".") and drawn.answer.endswith(".")
    assert drawn.table.rows and len(drawn.table.columns) == len(drawn.table.units)
    assert all(len(row) == len(drawn.table.columns) for row in drawn.table.said())
    assert len({k for k, _ in drawn.table.columns}) == len(drawn.table.columns)
    assert 240 <= drawn.height <= 480


def test_the_browser_s_library_draws_the_traces_of_every_chart() -> None:
    source = (TOOLS / "traces.js").read_text()
    known = {"scatter", *re.findall(r"(?:lib|traces)/(\w+)", source)}
    assert {trace["type"] for draw in DRAWN.values() for trace in _json(draw())["data"]} <= known


def test_the_browser_s_library_is_the_one_that_python_s_was_made_for() -> None:
    version = json.loads((TOOLS / "package.json").read_text())["dependencies"]["plotly.js"]
    assert version == get_plotlyjs_version()
    assert f"v{version}\n" in (ASSETS / "plotly-atlas.min.js").read_text()[:200]
    assert f"?v={version}'" in (ASSETS / "plotly_url.js").read_text()


@pytest.mark.parametrize("key", CHARTS)
def test_a_figure_has_no_colour_of_text_but_in_cells(key: str) -> None:
    sent = _json(DRAWN[key]())
    fonts = [a.get("font", {}) for a in sent["layout"].get("annotations", [])]
    fonts += [t.get("textfont", {}) for t in sent["data"] if t["type"] != "heatmap"]
    assert not any("color" in font for font in fonts)


@pytest.mark.parametrize("key", CHARTS)
def test_hovering_says_a_sentence(key: str) -> None:
    for trace in _json(DRAWN[key]())["data"]:
        assert trace.get("hoverinfo") == "skip" or trace["hovertemplate"].endswith("<extra></extra>")


@pytest.mark.parametrize("key", CHARTS)
def test_a_chart_goes_with_the_template(key: str) -> None:
    assert themed(DRAWN[key]().figure).layout.template.layout.dragmode is False


def test_the_template_is_json() -> None:
    assert go.layout.Template(json.loads(json.dumps(template()))).layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_markup_in_data_stays_text() -> None:
    customers = _customers(name=BAD)
    _, clustering, profiled = _study(customers)
    segments = tuple(dataclasses.replace(s, name=f"{BAD} {s.number}") for s in profiled.segments)
    profiled = dataclasses.replace(profiled, segments=segments)
    own, whole = _two_histograms(1)
    drawings = [
        CHARTS["histogram"].draw(explore.histogram(customers, ROWS, "age", "gender")),
        CHARTS["bars"].draw(explore.level_bars(customers, ROWS, "gender")),
        CHARTS["orders"].draw(_one(explore.order_bars(customers, ROWS, "gender"))),
        CHARTS["correlation"].draw(_one(explore.correlations(customers, ROWS))),
        CHARTS["pair"].draw(explore.pair(customers, ROWS, "age", "orders", "gender")),
        CHARTS["missing"].draw(explore.missing(customers, ROWS)),
        CHARTS["boxes"].draw(explore.boxes(customers, ROWS, "age", "gender")),
        CHARTS["associations"].draw(_one(explore.associations(customers, ROWS))),
        CHARTS["crossed"].draw(explore.cross(customers, ROWS, "gender", "age")),
        CHARTS["missing_together"].draw(
            _one(explore.patterns(customers, ROWS, explore.missing(customers, ROWS)))
        ),
        *[CHARTS["before_after"].draw(_cleaned(customers, slug).changes[0]) for slug in ("age", "gender")],
        CHARTS["map"].draw(clustering, segments),
        CHARTS["sizes"].draw(segments),
        CHARTS["loadings"].draw(clustering, [BAD, f"{BAD}: {BAD}"]),
        CHARTS["silhouettes"].draw(BELONGING, CLUSTERING, segments),
        CHARTS["tree"].draw(TREE[1], segments),
        CHARTS["agreement"].draw(_compared(BAD)),
        CHARTS["value"].draw(profiled, "average"),
        CHARTS["differences"].draw(profiled),
        CHARTS["habits"].draw(profiled),
        CHARTS["mix"].draw(profiled, "gender"),
        CHARTS["label_shares"].draw(profiled, "discount_seeker"),
        CHARTS["rest"].draw(profiled.segments[0], DIFFERENCES.of(0), other=BAD),
        CHARTS["beside_rules"].draw(profiled, CROSSED),
        CHARTS["baskets"].draw(profiled, BASKETS),
        CHARTS["segment_histogram"].draw(own, whole, 1, BAD),
        CHARTS["segment_mix"].draw(profiled, "gender", 1),
    ]
    for drawn in drawings:
        sent = _json(drawn)
        assert not [text for text in _texts(sent) if "<b>Tom" in text]
        templates = [trace.get("hovertemplate", "") for trace in sent["data"]]
        assert not [text for text in templates if "Tom" in text]


def test_names_cut_alike_stay_apart() -> None:
    segments = tuple(dataclasses.replace(s, name=f"{'a' * 60} {s.number}") for s in PROFILE.segments)
    names = list(CHARTS["sizes"].draw(segments).figure.data[0].y)
    assert len(set(names)) == len(segments)
    assert all(len(name) < 60 for name in names)


WEB = """
import sys
from pathlib import Path
from core import choose, clean, compare, differences, drivers, explore, profile, silhouette
from core.codec import decode
from core.crossed import Crossed
from core.features import customers, history
from core.figures import CHARTS
from core.profile.baskets import Baskets

modules = (choose, clean, compare, differences, drivers, explore, customers, history, profile, silhouette)
kinds = {name: kind for m in modules for name, kind in vars(m).items()}
kinds |= {"Rules": Crossed, "Baskets": Baskets}
kept = {f.stem: decode(kinds[f.suffix[1:]], f.read_bytes()) for f in Path(sys.argv[1]).iterdir()}
segments = kept["profile"].segments
arguments = {
    "ledger": [kept["customers"].ledger],
    "months": [kept["customers"].months],
    "map": [kept["clustering"], segments],
    "sizes": [segments],
    "in_segments": [segments, [s.size for s in segments]],
    "tree": [kept["tree"], segments],
    "loadings": [kept["clustering"], ["Days since last order", "Orders"]],
    "silhouettes": [kept["belonging"], kept["clustering"], segments],
    "segment_histogram": [kept["histogram"], kept["histogram"], 1, "Big buyers"],
    "mix": [kept["profile"], "gender"],
    "segment_mix": [kept["profile"], "gender", 1],
    "label_shares": [kept["profile"], "discount_seeker"],
    "rest": [segments[0], kept["differences"].of(0)],
    "separating": [kept["drivers"]],
    "baskets": [kept["profile"], kept["baskets"]],
    "beside_rules": [kept["profile"], kept["beside_rules"]],
    **{key: [kept["clustering"]] for key in ("k", "elbow", "k_distance")},
    **{key: [kept["profile"]] for key in ("value", "differences", "habits")},
}
for key, chart in CHARTS.items():
    chart.draw(*arguments.get(key, [kept.get(key)])).figure.to_json()
print([name for name in ("pandas", "sklearn", "scipy", "duckdb") if name in sys.modules])
"""


def test_drawing_loads_no_pandas_scikit_learn_or_scipy(tmp_path: Path) -> None:
    results = {
        "customers": dataclasses.replace(CUSTOMERS, months=MONTHS),
        "clustering": CLUSTERING,
        "tree": TREE[1],
        "belonging": BELONGING,
        "history": HISTORY,
        "agreement": _compared("4 segments"),
        "profile": PROFILE,
        "histogram": explore.histogram(CUSTOMERS, ROWS, "monetary", "gender"),
        "orders": explore.order_bars(CUSTOMERS, ROWS),
        "bars": explore.level_bars(CUSTOMERS, ROWS, "gender"),
        "rfm": explore.rfm_grid(CUSTOMERS, ROWS),
        "concentration": explore.concentration(CUSTOMERS, ROWS),
        "correlation": explore.correlations(CUSTOMERS, ROWS),
        "pair": explore.pair(CUSTOMERS, ROWS, "orders", "monetary"),
        "missing": explore.missing(CUSTOMERS, ROWS),
        "over_time": explore.months(ORDERING, ROWS),
        "retention": explore.retention(ORDERING, ROWS),
        "boxes": explore.boxes(CUSTOMERS, ROWS, "monetary", "gender"),
        "associations": explore.associations(CUSTOMERS, ROWS),
        "crossed": explore.cross(CUSTOMERS, ROWS, "gender", "age"),
        "missing_together": explore.patterns(CUSTOMERS, ROWS, explore.missing(CUSTOMERS, ROWS)),
        "before_after": _cleaned(CUSTOMERS, "age").changes[0],
        "differences": DIFFERENCES,
        "drivers": DRIVERS,
        "baskets": BASKETS,
    }
    (tmp_path / "beside_rules.Rules").write_bytes(encode(CROSSED))
    for name, result in results.items():
        (tmp_path / f"{name}.{type(result).__name__}").write_bytes(encode(result))
    found = subprocess.run(
        [sys.executable, "-c", WEB, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert found.stderr == "" and found.stdout.strip() == "[]"


def test_tables_count_everybody() -> None:
    spend = explore.histogram(CUSTOMERS, ROWS, "monetary", scale="log")
    assert sum(_column(CHARTS["histogram"].draw(spend), "customers")) + spend.below == N
    assert sum(_column(DRAWN["orders"](), "customers")) == N
    assert sum(_column(DRAWN["bars"](), "customers")) == N
    assert sum(_column(DRAWN["before_after"](), "before")) == N
    assert sum(_column(DRAWN["before_after"](), "after")) == N
    assert sum(_column(DRAWN["rfm"](), "customers")) == N
    assert sum(_column(DRAWN["pair"](), "customers")) == N
    assert sum(_column(DRAWN["sizes"](), "customers")) == N
    assert sum(_column(DRAWN["map"](), "customers")) == N
    assert sum(_column(DRAWN["sizes"](), "value_share")) == pytest.approx(1)
    assert sum(_column(DRAWN["value"](), "value_share")) == pytest.approx(1)
    assert sum(_column(DRAWN["label_shares"](), "flagged")) == 60
    mixed = DRAWN["mix"]()
    assert sum(_column(mixed, "level_0")) == 2 * _column(mixed, "level_0")[-1]
    assert sum(_column(DRAWN["segment_histogram"](), "share_all")) == pytest.approx(1)


def test_the_months_a_file_cuts_are_hatched() -> None:
    drawn = DRAWN["months"]()
    assert drawn.figure.data[0].marker.pattern.shape == ("", "", "/")
    assert drawn.answer == "Net sales were highest in Nov 2011: £1.16 M."
    assert _column(drawn, "note") == ["", "", "only to 9 Dec 2011"]
    assert drawn.table.said()[1][1] == "£1,161,817.38"


def test_months_without_money_show_orders() -> None:
    bare = MONTHS.set_column(1, "net", pa.array([None, None, None], pa.float64()))
    drawn = CHARTS["months"].draw(bare)
    assert len(drawn.figure.data) == 1
    assert drawn.answer == "There were most orders in Nov 2011: 9."


def test_months_given_as_times_are_days() -> None:
    stamps = pa.array([dt.datetime(2011, m, 1) for m in (10, 11, 12)], pa.timestamp("us"))
    drawn = CHARTS["months"].draw(MONTHS.set_column(0, "month", stamps))
    assert _column(drawn, "month") == ["Oct 2011", "Nov 2011", "Dec 2011"]


def test_the_ledger_goes_from_the_file_to_the_rows_used() -> None:
    drawn = DRAWN["ledger"]()
    assert drawn.figure.data[0].base.tolist() == [0, 700, 0]
    assert "70 % of the rows are used" in drawn.answer and "Lines without a customer" in drawn.answer
    assert len(drawn.table.rows) == 4


def test_customers_who_are_not_grouped_are_no_reason_for_unused_rows() -> None:
    later = LedgerRow(
        key="not_sampled", kind="out", text="Not in the sample", rows=600, customers=200, money=1.0
    )
    grouped = LedgerRow(key="segmented", kind="total", text="Grouped", rows=100, customers=40, money=2.0)
    answer = CHARTS["ledger"].draw((*LEDGER, later, grouped), "£").answer
    assert answer.startswith("70 % of the rows are used; most of the others are “Lines without a customer”")


def test_a_logarithmic_axis_has_real_units() -> None:
    rows = np.arange(1, N)
    drawn = CHARTS["histogram"].draw(explore.histogram(CUSTOMERS, rows, "monetary", scale="log"), "£")
    axis = drawn.figure.layout.xaxis
    assert axis.title.text == "Spend (£)"
    assert axis.ticktext[axis.tickvals.index(2.0)] == "100"
    assert drawn.answer.startswith("Half of the customers spent £")


def test_points_above_the_limit_become_a_density() -> None:
    many = np.random.default_rng(0).integers(0, N, MAX_POINTS + 1)
    drawn = CHARTS["pair"].draw(explore.pair(CUSTOMERS, many, "orders", "recency"))
    assert drawn.figure.data[0].type == "heatmap"
    assert sum(_column(drawn, "customers")) == MAX_POINTS + 1
    grown = dataclasses.replace(CLUSTERING, coords=CLUSTERING.coords[many], labels=CLUSTERING.labels[many])
    mapped = CHARTS["map"].draw(grown, PROFILE.segments)
    density, *outlines = mapped.figure.data
    assert density.type == "heatmap" and _counted(density) == MAX_POINTS + 1
    keys = {str(key) for row in density.customdata for key in row}
    assert not keys & {str(s.number) for s in PROFILE.segments}, "a cell is no segment"
    assert [trace.type for trace in outlines] == ["contour"] * len(PROFILE.segments)
    assert len(mapped.figure.layout.annotations) == len(PROFILE.segments)


def test_the_outline_of_a_segment_holds_four_of_five_of_its_customers() -> None:
    many = np.random.default_rng(0).integers(0, N, MAX_POINTS + 1)
    grown = dataclasses.replace(CLUSTERING, coords=CLUSTERING.coords[many], labels=CLUSTERING.labels[many])
    _, *outlines = CHARTS["map"].draw(grown, PROFILE.segments).figure.data
    largest = max(PROFILE.segments, key=lambda s: s.size)
    own = grown.coords[grown.labels == largest.number]
    z, level = np.asarray(outlines[0].z), outlines[0].contours.start
    across, up = (
        np.abs(np.asarray(axis)[:, None] - own[:, at]).argmin(axis=0)
        for at, axis in enumerate((outlines[0].x, outlines[0].y))
    )
    assert 0.8 <= (z[up, across] >= np.float32(level)).mean() < 1


@pytest.mark.parametrize("customers", [N, MAX_POINTS + 1])
def test_a_few_customers_far_out_do_not_press_the_map_together(customers: int) -> None:
    rng = np.random.default_rng(1)
    coords = rng.normal(size=(customers, 2)).astype(np.float32)
    coords[0] = 400.0
    labels = (np.arange(customers) % CLUSTERING.k + 1).astype(np.int16)
    drawn = CHARTS["map"].draw(
        dataclasses.replace(CLUSTERING, coords=coords, labels=labels), PROFILE.segments
    )
    low, high = drawn.figure.layout.xaxis.range
    assert -30 < low < -2 and 2 < high < 30
    assert drawn.caption.endswith("1 customer lies farther out: a double click shows it.")
    first = drawn.figure.data[0]
    counted = _counted(first) if first.type == "heatmap" else sum(len(t.x) for t in drawn.figure.data)
    assert counted == customers


def _counted(density: Any) -> int:
    """How many customers the cells of a density say that they hold."""
    said = [text.removesuffix(" here") for row in density.hovertext for text in row if text]
    return sum(int(re.sub(r"[^0-9]", "", text)) for text in said)


def test_names_on_the_map_do_not_cover_each_other() -> None:
    near = tuple(dataclasses.replace(s, number=n) for n, s in enumerate(PROFILE.segments[:3], 1))
    coords = np.array([[0, 0], [0.1, 0], [0.2, 0], [9, 9]], dtype=np.float32)
    drawn = CHARTS["map"].draw(
        dataclasses.replace(CLUSTERING, coords=coords, labels=np.array([1, 2, 3, 0])), near
    )
    lifted = [note.ay or 0 for note in drawn.figure.layout.annotations]
    assert np.diff(sorted(lifted)).min() >= 38


def test_points_are_sent_as_bytes() -> None:
    sent = _json(DRAWN["map"]())
    assert all(trace["x"]["dtype"] == "f4" for trace in sent["data"])
    assert sum(len(trace.x) for trace in DRAWN["map"]().figure.data) == N


def test_a_segment_has_one_colour() -> None:
    assert segment_colour(1) == "#0072B2" and segment_colour(0) == segment_colour(13) == NOISE
    assert len(set(SEGMENTS)) == 12
    bars = DRAWN["sizes"]().figure.data[1].marker.color
    assert list(bars) == [segment_colour(s.number) for s in PROFILE.segments]
    assert {t.marker.color for t in DRAWN["map"]().figure.data} == set(bars)


def test_of_many_segments_the_twelve_largest_have_colours() -> None:
    many = [
        dataclasses.replace(PROFILE.segments[0], number=i, size=100 - i if i > 2 else 1) for i in range(1, 15)
    ]
    colours = segment_colours(many)
    assert colours[1] == colours[2] == NOISE
    assert len({colours[i] for i in range(3, 15)}) == 12


def test_text_is_readable_on_every_cell() -> None:
    for _, colour in (*CELLS, *DIVERGING):
        assert _contrast(colour, CELL_INK) >= 4.5


def test_levels_go_from_dark_to_light() -> None:
    colours = level_colours(["a", "b", "c", "other"])
    lightness = [_luminance(c) for c in colours[:3]]
    assert lightness == sorted(lightness) and colours[3] == NOISE


def test_the_suggested_number_is_ringed_and_the_impossible_grey() -> None:
    some = [
        dataclasses.replace(c, problem="its smallest segment has 3 customers, under 5" if c.k > 5 else "")
        for c in CLUSTERING.candidates
    ]
    drawn = CHARTS["k"].draw(dataclasses.replace(CLUSTERING, candidates=tuple(some)))
    ring, open_ = drawn.figure.data[-1], drawn.figure.data[-2]
    assert list(ring.x) == [CLUSTERING.suggested_k]
    assert open_.marker.symbol == "circle-open" and min(open_.x) == 6
    assert "can't be taken" in open_.hovertext[0]
    assert drawn.caption.startswith("by silhouette; ")


def test_numbers_as_clearly_apart_have_a_thin_ring_and_other_criteria_are_named() -> None:
    best = CLUSTERING.suggested_k
    some = tuple(
        dataclasses.replace(c, tied=c.k in (best, 7), stable=0.5, gap=Gap(value=1.25, error=0.1))
        for c in CLUSTERING.candidates
    )
    drawn = CHARTS["k"].draw(dataclasses.replace(CLUSTERING, candidates=some, opinions={"overlap": 7}))
    thin, ring = drawn.figure.data[-2:]
    assert list(thin.x) == [7] and thin.marker.line.width < ring.marker.line.width
    assert drawn.answer.endswith("Second opinions differ: 7 by overlap.")
    assert "thin rings: as clearly apart" in drawn.caption
    said = dict(zip([label for _, label in drawn.table.columns], drawn.table.said()[-2], strict=True))
    assert said["Spread against chance"] == "1.250" and said["Fit against size"] == "–"
    assert said["As clearly apart as the best"] == "yes" and said["Segments"] == "7"
    assert said["Customers in reliable segments"] == "50.0 %"


def test_a_sampled_silhouette_has_its_band() -> None:
    some = [
        dataclasses.replace(c, silhouette=dataclasses.replace(c.silhouette, low=0.1, high=0.9, sampled=True))
        for c in CLUSTERING.candidates
        if c.silhouette
    ]
    drawn = CHARTS["k"].draw(dataclasses.replace(CLUSTERING, candidates=tuple(some)))
    assert drawn.figure.data[0].fill == "toself"
    assert _column(drawn, "low") == [0.1] * len(some)


def test_the_tree_is_cut_at_the_number_of_segments() -> None:
    drawn = DRAWN["tree"]()
    cut = drawn.figure.layout.shapes[0].y0
    heights = np.asarray(TREE[1].tree)[:, 2]
    assert (heights > cut).sum() == TREE[1].k - 1
    assert len(drawn.figure.layout.xaxis.tickvals) == TREE[1].k


def test_a_height_of_the_tree_is_known_by_the_segments_that_a_cut_there_makes() -> None:
    heights = np.asarray(TREE[1].tree)[:, 2]
    bands = [trace for trace in DRAWN["tree"]().figure.data if trace.type == "heatmap"]
    assert [band.customdata[0][0] for band in bands] == list(range(2, 13))
    for band in bands:
        assert (heights > np.mean(band.y)).sum() == band.customdata[0][0] - 1
    assert [band.customdata[0][0] for band in bands if band.z[0][0]] == [TREE[1].k]


def test_the_directions_of_the_map_are_said_by_their_correlations() -> None:
    known = CLUSTERING.loadings
    assert known is not None
    expected = np.corrcoef(MATRIX.x.T, CLUSTERING.coords[MATRIX.fitted].T)[:2, 2:]
    assert known == pytest.approx(expected, abs=1e-5)
    drawn = DRAWN["loadings"]()
    assert sorted(_column(drawn, "across")) == pytest.approx(sorted(expected[:, 0]), abs=1e-5)
    assert "Further right: more" in drawn.answer


def test_customers_who_are_nearer_to_another_segment_are_counted_in_words() -> None:
    some = dataclasses.replace(BELONGING, nearer=np.array([3, 0, 1, 0]))
    assert CHARTS["silhouettes"].draw(some, CLUSTERING, PROFILE.segments).answer == (
        "4 customers (1.7 %) lie nearer to another segment."
    )
    drawn = CHARTS["silhouettes"].draw(dataclasses.replace(some, sampled=True), CLUSTERING, PROFILE.segments)
    assert drawn.answer.startswith("About 4 customers") and f"a sample of {N}" in drawn.answer


def test_without_money_sizes_show_customers_alone() -> None:
    customers = _customers(money=False)
    _, _, bare = _study(customers)
    drawn = CHARTS["sizes"].draw(bare.segments)
    assert len(drawn.figure.data) == 1
    assert [k for k, _ in drawn.table.columns] == ["number", "name", "customers", "share"]
    assert CHARTS["value"].draw(bare, "average").answer == "The average order is not known."
    assert CHARTS["habits"].draw(bare).figure.data


def test_one_segment_can_be_drawn() -> None:
    _, clustering, one = _study(CUSTOMERS, algorithm="dbscan", eps=50.0)
    assert len(one.segments) == 1
    for key in ("sizes", "map"):
        arguments = (one.segments,) if key == "sizes" else (clustering, one.segments)
        assert CHARTS[key].draw(*arguments).figure.data
    assert CHARTS["differences"].draw(one).answer == "The segments do not differ in any number."
    assert CHARTS["habits"].draw(one).answer == "The segments do not differ in how they buy."
    assert "does not differ" in CHARTS["rest"].draw(one.segments[0], ()).answer
    assert CHARTS["k"].draw(clustering).figure is not None


def test_small_segments_show_no_medians_and_no_mix() -> None:
    tiny = dataclasses.replace(PROFILE.segments[0], size=SMALL - 1)
    few = dataclasses.replace(PROFILE, segments=(tiny, *PROFILE.segments[1:]))
    assert set(CHARTS["differences"].draw(few).table.rows[0][2:]) == {None}
    assert set(CHARTS["habits"].draw(few).table.rows[0][1:]) == {None}
    assert set(CHARTS["mix"].draw(few, "gender").table.rows[0][1:]) == {None}
    assert "Fewer than 5" in CHARTS["rest"].draw(tiny, DIFFERENCES.of(0)).answer


def test_a_measure_nobody_has_is_said_so() -> None:
    table = CUSTOMERS.table.set_column(
        CUSTOMERS.table.column_names.index("age"), "age", pa.array([None] * N, pa.float64())
    )
    empty = dataclasses.replace(CUSTOMERS, table=table)
    drawn = CHARTS["histogram"].draw(explore.histogram(empty, ROWS, "age"))
    assert drawn.answer.startswith("No customer has a value")
    assert CHARTS["bars"].draw(explore.level_bars(empty, ROWS, "age")).answer.startswith("No customer")
    assert _column(CHARTS["missing"].draw(explore.missing(empty, ROWS)), "missing")[0] == N


def test_before_and_after_say_what_was_filled() -> None:
    drawn = DRAWN["before_after"]()
    assert drawn.answer == "9 empty values filled."
    assert drawn.table.rows[-1] == (None, None, 9, 0)
    before, after = drawn.figure.data
    assert before.width > after.width and list(after.y)[-1] == 0


def test_before_and_after_of_a_category_have_its_levels() -> None:
    drawn = CHARTS["before_after"].draw(_cleaned(CUSTOMERS, "gender").changes[0])
    assert sorted(_column(drawn, "level")[:-1]) == ["Female", "Male"]
    assert list(drawn.figure.layout.xaxis.ticktext)[-1] == "no value"


def test_nothing_missing_is_said_so() -> None:
    found = explore.Missing(labels=("Orders",), slugs=("orders",), counts=(0,), customers=N)
    assert CHARTS["missing"].draw(found).answer == "No value is missing."


def test_two_histograms_need_the_same_edges() -> None:
    own, whole = _two_histograms(1)
    other = dataclasses.replace(whole, edges=whole.edges + 1)
    with pytest.raises(ValueError, match="same edges"):
        CHARTS["segment_histogram"].draw(own, other, 1, "Big buyers")


def test_differences_say_real_values() -> None:
    drawn = DRAWN["differences"]()
    trace = drawn.figure.data[0]
    assert (trace.zmin, trace.zmax) == (-2, 2) and np.nanmax(np.abs(trace.z)) <= 2
    assert "median of all" in trace.hovertext[0][0]
    turned = CHARTS["differences"].draw(PROFILE, "£", turned=True).figure.data[0]
    assert np.asarray(turned.z).shape == np.asarray(trace.z).T.shape


def test_a_comparison_is_a_phrase() -> None:
    assert compared(8.2, 4.1, "rate", "the average") == "8.2, twice the average (4.1)"
    assert compared(0.007, 0.07, "share", "the rest") == "0.7 %, 10 % of the rest (7.0 %)"
    assert compared(-5.0, 4.1, "money", "the rest", "£") == "−£5.00, below the rest (£4.10)"
    assert compared(None, 4.1, "rate", "the rest") == "–"
    assert times(2.64) == "2.6 times" and times(0.5) == "half" and times(1.0) == "about the same as"
    assert wrapped("Mostly on discount, <bought>", 18, 2) == "Mostly on<br>discount, &lt;bought&gt;"


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_cells_hold_real_values_or_standard_differences() -> None:
    def cells(**how: Any) -> list[str]:
        drawn = CHARTS["differences"].draw(PROFILE, **how)
        return [text for row in drawn.figure.data[0].text for text in row]

    assert all(text[0] in "+−" for text in cells(steps=True))
    assert not any(text[0] in "+−" for text in cells())
    assert len(cells(most=3)) == 3 * len(PROFILE.segments)


def test_segments_are_compared_with_one_of_them_or_with_themselves_before() -> None:
    beside = CHARTS["differences"].draw(PROFILE, base=Base(place=1))
    assert not np.any(beside.figure.data[0].z[1])
    orders = next(m for m in PROFILE.measures if m.slug == "orders")
    same = np.array([s.mean for s in orders.segments])
    then = {"orders": MeasureThen(slug="orders", means=same - np.eye(same.size)[0], medians=same)}
    changed = CHARTS["differences"].draw(PROFILE, base=Base(then=then), most=40)
    column = list(changed.figure.data[0].x).index("Orders")
    z = changed.figure.data[0].z[:, column]
    assert z[0] == pytest.approx(1 / CUSTOMERS.number("orders").std(), rel=1e-4) and not z[1:].any()
    assert "changed most: Orders" in changed.answer


def test_what_separates_the_segments_says_which_only_describe_them() -> None:
    drawn = CHARTS["separating"].draw(DRIVERS)
    names = [trace.name for trace in drawn.figure.data[:2]]
    assert names == ["made the segments", "only describe them"]
    assert {row[1] for row in drawn.table.rows} == {"made the segments", "describes them"}
    assert len(CHARTS["separating"].draw(DRIVERS, losses=False).figure.data) == 2


def test_cells_of_the_rules_open_their_customers() -> None:
    marks = CHARTS["beside_rules"].draw(PROFILE, CROSSED).marks
    assert [m.customers for m in marks] == CROSSED.counts.ravel().tolist()
    assert {f.column for m in marks for f in m.conditions} == {"segment__", "r", "fm", "new"}
