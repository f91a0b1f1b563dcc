"""A mark that counts customers opens a list of exactly these, on every page, with all filters kept."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import plotly.graph_objects as go
import pytest
from dash.development.base_component import Component

from core import pipeline
from core.features.cohort import included
from core.figures import CHARTS
from core.figures.drawn import HOVER, Drawn, Mark, Table
from core.figures.theme import MAX_POINTS
from core.io.dataset import Dataset
from core.io.store import Store
from core.param import Filter
from core.pipeline import Results, grouping_of
from core.spec import Study
from tests.core.small import add
from tests.webapp.visitor import Visitor
from webapp.marks import href
from webapp.page import Page, Scene
from webapp.pages import PAGES
from webapp.results import Services
from webapp.selection import made_of, need_of, rows_shown
from webapp.settings import Settings
from webapp.shown_of import both_said

CITIES = [
    "Berlin",
    "<b>Rome</b>",
    "__proto__",
    "=1+1",
    "Wien, Stadt",
    "50 %",
    "東京",
    *(f"c{i}" for i in range(9)),
]
ROLES = {
    "id": "id",
    "spend": "spend",
    "orders": "frequency",
    "recency": "recency",
    "age": "age",
    "city": "category",
    "segment": "category",
}
OPENS = ("eda", "clustering", "profiles", "segment", "customers")
OF_LOGS = {
    "over_time": "months",
    "retention": "months of first orders",
}
"""Charts of order logs; tests/core/test_explore_marks.py opens their marks."""

WITHOUT = {
    "ledger": "counts rows of the file; Data lists the rows that are left out",
    "months": "is about the file, with customers outside a study; EDA's months open their customers",
    "before_after": "counts values before and after cleaning, of no particular customers of the view",
    "concentration": "shares of customers and net sales, drawn as a curve",
    "correlation": "no counts: a cell opens the two columns",
    "k": "no counts: a number is chosen",
    "elbow": "no counts",
    "loadings": "no counts",
    "k_distance": "no counts of customers: how near the neighbours are",
    "tree": "no counts: a height is chosen",
    "agreement": "how alike groupings are; the tables beside it open who moves (test_compare.py)",
    "rest": "no counts",
    "pair": "points, each the customers just there; a box or a lasso means those in it",
    "separating": "no counts",
    "associations": "no counts: a cell opens the two columns",
    "history": "is about one customer",
    "baskets": "is about one customer",
}
"""Charts without marks, and why; every other one must draw some."""


@pytest.fixture(scope="module")
def small(store: Store) -> Dataset:
    """150 customers with gaps, ties, hostile names, more cities than are named, and a column “segment”."""
    rng = np.random.default_rng(5)
    rows = ["id,spend,orders,recency,age,city,segment"]
    for i in range(150):
        age = "" if i % 9 == 0 else str(rng.integers(18, 80))
        city = '"' + CITIES[min(int(rng.geometric(0.15)) - 1, len(CITIES) - 1)].replace(" ", "\u00a0") + '"'
        spend, orders, recency = (
            round(float(rng.lognormal(4, 1)), 2),
            rng.geometric(0.3),
            rng.integers(0, 400),
        )
        rows.append(f"C{i},{spend},{orders},{recency},{age},{city},{'gold' if i % 3 else ''}")
    return add(store, "\n".join(rows), ROLES)


@pytest.fixture(scope="module")
def services(store: Store) -> Services:
    """Services over the store's folder; no worker is there and none is needed."""
    return Services.of(Settings.from_env({"DATA_DIR": str(store.home)}))


class Seen:
    """A page of a study as its view is built, from results that were computed here."""

    def __init__(self, services: Services, page: Page, study: Study) -> None:
        self.study, need = study, need_of(study, page.need)
        self.results = computed(services.store, study, need)
        dataset = services.store.get(study.source.ds)
        scene = Scene(services=services, study=study, dataset=dataset, results=self.results)
        self.parts = list(components(page.view(scene)))

    def marks(self) -> Iterator[tuple[str, list[Any]]]:
        """Every mark with the chart that it is on."""
        for part in self.parts:
            for mark in json.loads(getattr(part, "data-marks", None) or "[]"):
                graph = next(p for p in components(part.children) if p._type == "Graph")
                yield chart_of(graph.id["chart"]), mark


_RUN: dict[str, Results] = {}


def computed(store: Store, study: Study, need: str) -> Results:
    """The results of a study; how it is looked at makes no others, and less is needed of the same."""
    key = study.key("cluster")
    if key not in _RUN:
        _RUN[key] = pipeline.run(study, store, need="profiles")
    return _RUN[key] if need != "customers" else Results(customers=_RUN[key].customers)


def components(below: Any) -> Iterator[Component]:
    """Every component, in the order of the page."""
    if isinstance(below, list | tuple):
        for one in below:
            yield from components(one)
    elif isinstance(below, Component):
        yield below
        yield from components(getattr(below, "children", None))


def chart_of(ident: str) -> str:
    """The entry of CHARTS that a graph's id begins with."""
    return max((name for name in CHARTS if ident.startswith(name)), key=len)


def listed(store: Store, address: str) -> int:
    """How many customers the page at an address lists."""
    study = Study.parse(urlsplit(address).query)
    assert not study.notes, study.notes
    results = computed(store, study, need_of(study, PAGES["customers"].need))
    _, notes = included(results.customers, study.lens.show, grouping_of(results))
    assert not notes, notes
    return int(rows_shown(results, study).size)


QUERIES = (
    "show=monetary:between:20,200&tab=pair&group=age",
    "show=segment__:in:1,2&label=high_value&tab=missing&group=city",
    "show=segment:eq:gold&tab=groups&measure=orders&group=segment",
    "label=high_value&tab=pair&x=city&y=segment&group=city&versus=2",
    "tab=together&average=mean",
    "show=within__:in:map.x,map.y,-9,-9,1,-9,1,9,-9,9&measure=orders",
)
"""Ways to look at one grouping, of which cleaning has left out some who are included."""

CROWDED = QUERIES[-2:]
"""Those in which the map has more customers than it shows as points."""

SEEDS = 2
PLAIN = "where=monetary:ge:20&missing=drop&cols=age,monetary&k=3"


def random_query(seed: int) -> str:
    """Other groupings, cleanings and cohorts, and other ways to look at them."""
    rng = np.random.default_rng(seed)
    parts = (
        ("algorithm=kmeans&k=4", "algorithm=rules", "algorithm=hierarchical&k=2", "algorithm=dbscan"),
        ("cols=recency,orders", "cols=orders,monetary,age", "cols=recency,monetary&outliers=drop"),
        ("", "where=age:known:", "where=orders:le:4", "where=city:not:Berlin,Rome"),
        ("missing=median", "missing=drop", "sample=120"),
        ("show=orders:between:1,4", "show=segment__:in:1,2", "show=recency:lt:300&show=age:missing:"),
        ("label=all", "label=lapsed", "label=infrequent"),
        ("tab=pair&group=age", "tab=groups", "tab=missing", "tab=pair&x=city&y=segment"),
    )
    return "&".join(filter(None, (str(rng.choice(options)) for options in parts)))


Found = list[tuple[Study, str, list[Any]]]


@pytest.fixture(scope="module")
def found(services: Services, small: Dataset) -> Found:
    """Every mark of every page, with the page's study and the chart's name."""
    marks: Found = []
    for query in (*(f"{PLAIN}&{query}" for query in QUERIES), *map(random_query, range(SEEDS))):
        crowded = pytest.MonkeyPatch()
        crowded.setattr("core.figures.map.MAX_POINTS", 50 if query.endswith(CROWDED) else MAX_POINTS)
        study = Study.parse(f"ds={small.id}&{query}")
        for name in OPENS:
            page = Seen(services, PAGES[name], study.with_(segment="1") if name == "segment" else study)
            marks += [(page.study, chart, mark) for chart, mark in page.marks()]
        crowded.undo()
    return marks


def test_every_mark_opens_exactly_the_customers_it_counts(services: Services, found: Found) -> None:
    for study, chart, (_, conditions, count, text, said) in found:
        address = href(study, [Filter.read(one) for one in conditions])
        assert listed(services.store, address) == count, (chart, said, address)
        assert text == f"{count:,}"


def test_the_cells_of_a_crowded_map_hold_every_customer_once(found: Found) -> None:
    held = {query: [0, 0] for query in CROWDED}
    for study, chart, (key, _, count, _, _) in found:
        asked = set(study.query().removeprefix("?").split("&"))
        query = next((q for q in CROWDED if chart == "map" and set(q.split("&")) <= asked), None)
        if query is not None:
            held[query]["." in key] += count
    assert all(in_segments == in_cells > 0 for in_segments, in_cells in held.values()), held


def test_every_chart_that_counts_customers_has_marks(found: Found) -> None:
    assert set(CHARTS) - {chart for _, chart, _ in found} == {*WITHOUT, *OF_LOGS}


def test_the_menu_of_a_chart_opens_all_whom_its_page_is_about(services: Services, small: Dataset) -> None:
    study = Study.parse(f"ds={small.id}&{PLAIN}&label=high_value")
    for name, asked in (("profiles", study), ("segment", study.with_(segment="1"))):
        page = Seen(services, PAGES[name], asked)
        menus = [p.href for p in page.parts if getattr(p, "children", None) == "Open these customers"]
        own = [Filter("segment__", "eq", ("1",))] if name == "segment" else []
        assert menus and set(menus) == {href(asked, own)}


def test_only_customers_who_are_known_by_no_segment_can_be_made_segments_of(
    services: Services, small: Dataset
) -> None:
    customers = pipeline.run(Study.parse(f"ds={small.id}"), services.store, need="customers").customers
    plain = Study.parse(f"ds={small.id}&where=age:ge:20&show=monetary:ge:9&label=high_value&k=3")
    made = made_of(plain, customers)
    assert made is not None
    assert made.query() == f"?ds={small.id}&where=age:ge:20&where=monetary:ge:9&where=high_value:eq:1&k=3"
    assert made_of(plain.with_(show="segment:eq:gold"), customers) is not None  # a column of the file
    assert made_of(plain.with_(show="segment__:eq:2"), customers) is None


def test_the_list_its_heading_and_the_count_of_a_box_are_one_number(visitor: Visitor) -> None:
    area = "within:in:orders,log.monetary,1,1,30,2,9,3.5"
    query = f"show=orders:ge:5&show=orders:lt:10&show={area}&label=infrequent"
    page = visitor.open(f"/customers?{query}")
    told = visitor.client.get(f"/api/count?{query}").get_json()
    assert page.finding == f"{told['text']} customers {told['said']}."
    assert told["said"] == (
        "with 5 to 9 orders, in an area of “Orders” and “Spend” and marked “Infrequent shopper”"
    )
    wanted = {"startRow": 0, "endRow": 1, "sortModel": [], "filterModel": {}}
    of = page.known["customers-of"]["data"]
    values = {"customers-grid.getRowsRequest": wanted, "customers-of.data": of}
    body = visitor.body("customers-grid.getRowsResponse", values, "customers-grid.getRowsRequest")
    answer = visitor.send(body).get_json()["response"]["customers-grid"]["getRowsResponse"]
    assert answer["rowCount"] == told["count"] > 0


def test_a_count_that_can_not_be_told_is_a_sentence(visitor: Visitor) -> None:
    answer = visitor.client.get("/api/count?ds=4f1c09ab72de")
    assert answer.status_code == 400 and "There is no data set" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("query", "finding", "button"),
    [
        ("show=orders:gt:999", "No customer with over 999 orders.", "show="),
        ("where=orders:gt:999", "No customer meets the conditions of “Who is included”.", "where="),
    ],
)
def test_where_nobody_is_left_it_is_said_and_all_are_a_click_away(
    services: Services, small: Dataset, query: str, finding: str, button: str
) -> None:
    study = Study.parse(f"ds={small.id}&{query}")
    results = pipeline.run(study, services.store, need="customers")
    scene = Scene(services=services, study=study, dataset=services.store.get(small.id), results=results)
    parts = list(components(PAGES["customers"].view(scene)))
    assert next(p.children for p in parts if p._type == "H1") == finding
    (back,) = [p for p in parts if p._type == "Link"]
    assert back.href == f"/customers?ds={small.id}" and button not in back.href


def test_customers_of_a_study_without_segments_stand_in_a_plain_table(
    services: Services, store: Store
) -> None:
    few = add(
        store,
        "id,spend,orders,app\nA,5,1,yes\nB,7,2,no\nC,9,3,yes\n",
        {**{n: ROLES[n] for n in ("id", "spend", "orders")}, "app": "flag"},
    )
    study = Study.parse(f"ds={few.id}&show=monetary:ge:6")
    results = pipeline.run(study, store, need="customers")
    scene = Scene(services=services, study=study, dataset=few, results=results)
    parts = list(components(PAGES["customers"].view(scene)))
    assert next(p.children for p in parts if p._type == "H1") == "2 customers who spent 6 or more."
    assert [p.children for p in parts if p._type == "Th" and getattr(p, "scope", "") == "row"][-2:] == [
        "B",
        "C",
    ]
    cells = [p.children for p in parts if p._type == "Td"]
    assert cells[-7:] == ["no", "3", "9.00", "3.00", "9.00", "3", "yes"]


def test_a_hover_is_about_the_mark_that_its_point_is_known_by() -> None:
    bars = [
        go.Bar(x=[1, 2], y=[5, 6], hovertext=["one", "two"], hovertemplate=HOVER),
        go.Bar(x=[1, 2], y=[5, 6], customdata=["9", "2"], hovertext=["nine", "two"], hovertemplate=HOVER),
    ]
    mark = Mark(key="2", conditions=(), customers=6, said="in “B”")
    table = Table(columns=(), rows=(), units=())
    drawn = Drawn(figure=go.Figure(data=bars), table=table, alt="", answer="", marks=(mark,))
    first, second = both_said(drawn, (mark,), [4]).figure.data
    assert list(first.hovertext) == ["one", "two"]
    assert list(second.hovertext) == ["nine", "two<br>4 of these are shown"]
