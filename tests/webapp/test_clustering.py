"""The page Clustering: its heading and buttons, what a change moved, its controls and charts."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core import describe
from core.cluster import ALGORITHMS
from core.effect import movers
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import DEMO, PARAMS, Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.controls import methods_of
from webapp.pages.clustering import PAGE
from webapp.pages.clustering.drawings import names
from webapp.presets import presets
from webapp.results import Services
from webapp.settings import ROOT, Settings

ROWS = 300


@pytest.fixture(scope="module")
def habits(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Customers who differ by degree in last order, orders and spend."""
    days, orders, spend = np.random.default_rng(3).normal(size=(3, ROWS))
    return added(
        store,
        tmp_path_factory.mktemp("habits"),
        ("days_since_last_order", (180 + 50 * days).astype(int)),
        ("number_of_orders", (40 + 9 * orders).astype(int)),
        ("total_spend", (500 + 80 * spend).round(2)),
    )


@pytest.fixture(scope="module")
def bodies(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Customers who differ by degree in numbers that have nothing to do with orders."""
    height, weight = np.random.default_rng(4).normal(size=(2, ROWS))
    columns = ("height", (170 + 9 * height).round(1)), ("weight", (70 + 9 * weight).round(1))
    return added(store, tmp_path_factory.mktemp("bodies"), *columns)


def added(store: Store, folder: Path, *columns: tuple[str, np.ndarray]) -> Dataset:
    """A customer table in the store."""
    path = folder / f"{folder.name}.csv"
    names = ",".join(["customer_id", *(name for name, _ in columns)])
    rows = [
        f"c{i},{','.join(map(str, row))}" for i, row in enumerate(zip(*(v for _, v in columns), strict=True))
    ]
    path.write_text("\n".join([names, *rows]))
    return store.add(path)


def links(tree: Tree) -> dict[str, str]:
    """Text and address of every link."""
    return {text(p): p["href"] for p in tree.of_type("Link", "A") if "href" in p}


def view_of(told: dict[str, Any]) -> Tree:
    """The view in the answer of the page's callback."""
    return Tree(told["response"]["clustering-view"]["children"])


def moved_sentence(tree: Tree) -> str:
    """What the last change moved, empty where nothing is said."""
    return " ".join(text(p) for p in tree.of_class("atlas-moved"))


def told_of(tree: Tree, chart: str) -> dict[str, Any]:
    """The properties of the element around a chart."""
    for p in tree.of_class("atlas-chart"):
        (graph,) = [q for kind, q in tree.components(p["children"]) if kind == "Graph"]
        if graph["id"] == {"chart": chart}:
            return p
    raise AssertionError(f"no chart {chart}")


def linked(tree: Tree, chart: str) -> dict[str, str]:
    """Where the marks of a chart lead."""
    return dict(json.loads(told_of(tree, chart).get("data-links", "{}")))


# the heading


def test_no_clear_groups_offer_the_rules_and_keep_everything_else(visitor: Visitor, habits: Dataset) -> None:
    found = visitor.open(f"/clustering?ds={habits.id}&scaling=robust&where=orders:ge:5")
    assert found.finding == (
        "No clear groups: customers differ by degree. RFM rules still sort them usefully."
    )
    offered = links(found)["Use RFM rules"]
    assert offered == f"/clustering?ds={habits.id}&where=orders:ge:5&scaling=robust&algorithm=rules"
    ruled = visitor.open(offered)
    assert ruled.finding.endswith("segments: as many as the rules find among these customers.")
    assert "Use RFM rules" not in links(ruled)


def test_no_number_is_suggested_without_groups_wherever_the_result_comes_from(
    visitor: Visitor, home: Settings, habits: Dataset
) -> None:
    address = f"ds={habits.id}&scaling=robust&where=orders:ge:5"
    visitor.open(f"/clustering?{address}")
    for _ in range(2):
        found = Services.of(home).results(Study.parse(address), "profile")
        assert found.clustering is not None and found.clustering.suggested_k is None
        assert found.stability is not None and found.stability.jaccard.size == found.clustering.k


def test_without_orders_and_spend_no_rules_are_offered(visitor: Visitor, bodies: Dataset) -> None:
    found = visitor.open(f"/clustering?ds={bodies.id}")
    assert found.finding == "No clear groups: customers differ by degree."
    assert "Use RFM rules" not in links(found)


def test_the_best_number_at_the_edge_says_so_and_goes_further(visitor: Visitor) -> None:
    found = visitor.open("/clustering?k_high=5")
    assert found.finding == "5 is the most you allowed; more might fit better."
    assert links(found)["Try up to 9"] == "/clustering?k_high=9"
    inside = visitor.open("/clustering")
    assert inside.finding.startswith("5 segments: ")
    assert not any(words.startswith("Try up to") for words in links(inside))


def test_twelve_is_no_edge() -> None:
    for most, said in ((11, True), (12, False)):
        found: Any = SimpleNamespace(clustering=SimpleNamespace(k=most, suggested_k=most))
        assert describe.most_allowed(Study.parse(f"k_high={most}"), found) is said


# what a change moved


def test_a_change_says_how_many_changed_segment_and_can_be_undone(visitor: Visitor, home: Settings) -> None:
    visitor.open("/clustering?k=4")
    assert not moved_sentence(visitor.open("/clustering?k=5"))
    told = visitor.change("clustering", {"k": 4})
    services = Services.of(home)
    was, now = (services.grouped(Study.parse(f"k={k}")) for k in (5, 4))
    assert was is not None and now is not None
    changed, shared = movers(was, now)
    said = moved_sentence(view_of(told))
    assert re.fullmatch(rf"{changed:,} customers \(.* %\) changed segment\. Undo", said)
    assert 0 < changed < shared
    opened = visitor.open(links(view_of(told))[f"{changed:,} customers"])
    assert opened.finding.startswith(f"{changed:,} customers who are in another segment in “5 segments")
    assert links(view_of(told))["Undo"] == "/clustering?k=5"
    assert told["response"]["clustering-before"]["data"] == {"was": "?k=5", "now": "?k=4"}


def test_it_is_still_said_when_the_job_of_the_change_is_over(visitor: Visitor) -> None:
    visitor.open("/clustering?k=5")
    visitor.open("/clustering?k=4")
    kept = {"was": "?k=5", "now": "?k=4"}
    values = {"view-in.data": "?k=4#2#job", "clustering-before.data": kept}
    told = visitor.send(visitor.body("clustering-top.children", values, "view-in.data")).get_json()
    assert "changed segment" in moved_sentence(view_of(told))


def test_a_change_of_the_look_keeps_the_sentence_of_the_last_change_of_segments(visitor: Visitor) -> None:
    visitor.open("/clustering?k=5")
    visitor.open("/clustering?k=4")
    kept = {"was": "?k=5", "now": "?k=4"}
    values = {"view-in.data": "?k=4&average=mean#2", "clustering-before.data": kept}
    told = visitor.send(visitor.body("clustering-top.children", values, "view-in.data")).get_json()
    assert links(view_of(told))["Undo"] == "/clustering?k=5"


@pytest.mark.parametrize("odd", [{"was": "?k=5&seed=77", "now": "?k=4"}, {"now": 3}, [], "k=5", 7, {}])
def test_segments_that_are_not_kept_any_more_are_not_spoken_of(visitor: Visitor, odd: Any) -> None:
    visitor.open("/clustering?k=4")
    values = {"view-in.data": "?k=4&average=mean#2", "clustering-before.data": odd}
    told = visitor.send(visitor.body("clustering-top.children", values, "view-in.data")).get_json()
    assert not moved_sentence(view_of(told))


# the controls


def test_ready_choices_of_attributes_are_those_the_data_has(store: Store, bodies: Dataset) -> None:
    demo = store.get(DEMO)
    offered = {one.label: one.columns for one in presets(Study(), demo)}
    assert list(offered) == ["How recently, how often, how much", "+ discount habit", "All numbers"]
    assert offered["How recently, how often, how much"] == ("recency", "orders", "monetary")
    assert offered["+ discount habit"] == ()  # automatic
    assert len(offered["All numbers"]) > 8 and "gender" not in offered["All numbers"]
    assert [one.label for one in presets(Study(), bodies)] == ["All numbers"]


def test_what_they_buy_is_offered_where_its_shares_are_there(store: Store) -> None:
    bought = presets(Study.parse("extras=categories"), store.get(DEMO))
    (columns,) = [one.columns for one in bought if one.label == "+ what they buy"]
    assert columns[:3] == ("recency", "orders", "monetary")
    assert len(columns) > 3 and all(slug.startswith("cat_") for slug in columns[3:])


def test_a_ready_choice_changes_the_attributes_alone(visitor: Visitor) -> None:
    found = visitor.open("/clustering?k=5&average=mean")
    wanted = "cols=recency,orders,monetary"
    (one,) = [p for p in found.of_type("A") if p.get("data-set") == wanted]
    assert one["href"] == "?cols=recency,orders,monetary&k=5&average=mean"


def test_every_method_says_when_it_is_good(visitor: Visitor) -> None:
    found = visitor.open("/clustering?k=5")
    hints = {p["data-methods"]: text(p) for p in found.of_class("atlas-hint") if "data-methods" in p}
    assert hints == {key: one.good_when for key, one in ALGORITHMS.items()}


def test_the_style_sheet_knows_every_method() -> None:
    style = (ROOT / "assets" / "theme.css").read_text()
    rule = 'option[value="{0}"]:checked) [data-methods]:not([data-methods~="{0}"])'
    assert all(rule.format(key) in style for key in ALGORITHMS)


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("k", ("kmeans", "hierarchical", "mixture")),
        ("eps", ("dbscan",)),
        ("min_samples", ("dbscan", "hdbscan")),
        ("linkage", ("hierarchical",)),
        ("min_share", ("kmeans", "hierarchical", "dbscan", "hdbscan", "mixture")),
        ("cols", tuple(ALGORITHMS)),
    ],
)
def test_a_control_is_for_the_methods_it_belongs_to(name: str, methods: tuple[str, ...]) -> None:
    assert methods_of(name) == methods


def test_every_method_leaves_at_most_five_controls_in_sight() -> None:
    for method in ALGORITHMS:
        assert sum(method in methods_of(name) for name in PAGE.visible) <= 5


def test_every_choice_of_a_fit_has_a_control() -> None:
    own = {name for name, (part, _) in PARAMS.items() if part in ("features", "cluster")}
    assert {name for one in ALGORITHMS.values() for name in one.params} <= own & {*PAGE.controls}


# the charts


def test_a_click_on_a_number_takes_it(visitor: Visitor) -> None:
    found = linked(visitor.open("/clustering?average=mean"), "k")
    assert found["3"] == "/clustering?k=3&average=mean"
    assert set(found) == {str(k) for k in range(2, 9)}


def test_the_tree_is_cut_by_a_click_and_by_links(visitor: Visitor) -> None:
    page = visitor.open("/clustering?algorithm=hierarchical")
    cuts = {str(k): f"/clustering?algorithm=hierarchical&k={k}" for k in range(2, 13)}
    assert linked(page, "tree") == cuts
    (row,) = page.of_class("atlas-cuts")
    options = [p for _, p in page.components(row["children"]) if p.get("className") == "atlas-option"]
    assert [text(p) for p in options] == list(cuts)
    assert [text(p) for p in options if p.get("aria-current")] == [page.finding.split()[0]]


def test_bars_points_and_bands_are_marks_of_their_segment(visitor: Visitor) -> None:
    page = visitor.open("/clustering?k=4")
    for chart in ("sizes", "map", "silhouettes"):
        marks = {key: conditions for key, conditions, *_ in json.loads(told_of(page, chart)["data-marks"])}
        assert marks["2"] == ["segment:eq:2"]
    smallest = next(p for p in page.of_class("atlas-figure") if text(p).startswith("Smallest segment"))
    (inside,) = [p for kind, p in page.components(smallest["children"]) if kind == "Link"]
    assert re.fullmatch(r"/profiles/\d\?k=4", inside["href"])


def test_the_directions_of_the_map_are_named_as_people_name_them() -> None:
    labels = [SimpleNamespace(slug="recency", label="Days"), SimpleNamespace(slug="gender", label="Gender")]
    prepared: Any = SimpleNamespace(names=("recency", "gender=Female", "gender=a=b"), prepared=labels)
    assert names(prepared) == ["Days", "Gender: Female", "Gender: a=b"]


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "dbscan", "rules"])
def test_every_method_shows_what_belongs_to_it(visitor: Visitor, method: str) -> None:
    page = visitor.open("/clustering" if method == "kmeans" else f"/clustering?algorithm={method}")
    shown = {p["id"]["chart"] for p in page.of_type("Graph")}
    expected = {"map", "sizes", "loadings", "silhouettes"}
    expected |= {"k", "elbow"} if ALGORITHMS[method].chooses_k else set()
    expected |= {"tree"} if method == "hierarchical" else set()
    expected |= {"k_distance"} if method == "dbscan" else set()
    assert expected <= shown and not shown & ({"k", "elbow", "tree", "k_distance"} - expected)
