"""Every page through the real app: links that somebody may have kept, words, and what can't be shown."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dash import Dash

from core.io.store import Store
from core.spec import Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.settings import ROOT, Settings

LINES = (ROOT / "tests" / "urls.txt").read_text().splitlines()
LINKS = [line for line in LINES if line and not line.startswith("#")]
CUSTOMER = "/customers/42eea89385f8981b"  # C00561 of the demo
PAGES = ("/", "/?ds=demo-1", "/eda", "/clustering", "/compare", "/profiles", "/profiles/1", CUSTOMER)
TABS = tuple(f"/eda?tab={tab}" for tab in ("groups", "concentration", "together", "pair", "missing"))
METHODS = ("/clustering?algorithm=hierarchical", "/clustering?algorithm=dbscan")
EVERY = (*PAGES, *TABS, *METHODS)
NAMES = {"": "data"} | {n: n for n in ("eda", "clustering", "compare", "profiles", "customers")}


Seen = Callable[[str], Tree]


@pytest.fixture(scope="module")
def seen(app: Dash) -> Seen:
    """Pages as they are opened, each once for all tests of this file."""
    return cache(Visitor(app).open)


def page_of(address: str) -> str:
    """The name of the page that an address opens."""
    first, _, rest = address.partition("?")[0].strip("/").partition("/")
    return {"profiles": "segment", "customers": "customer"}[first] if rest else NAMES[first]


@pytest.mark.parametrize("link", LINKS)
def test_a_kept_link_opens_on_its_own_page(visitor: Visitor, link: str) -> None:
    found = visitor.open(link)
    assert f"{page_of(link)}-page" in found.known
    assert found.finding and not found.refusal, found.refusal


@pytest.mark.parametrize("address", EVERY)
def test_a_page_has_a_finding_three_to_five_figures_and_one_next_step(seen: Seen, address: str) -> None:
    found = seen(address)
    assert any(c.isdigit() for c in found.finding), found.finding
    assert 3 <= len(found.figures) <= 5, found.figures
    bar = found.of_class("atlas-next")[-1]
    assert sum("btn-primary" in str(p.get("className")) for _, p in found.components(bar["children"])) == 1


@pytest.mark.parametrize("address", EVERY)
def test_at_most_five_controls_are_in_sight(seen: Seen, address: str) -> None:
    found = seen(address)
    (controls,) = found.of_class("atlas-controls") or [{"children": []}]
    method = Study.parse(address.partition("?")[2]).cluster.algorithm
    others = [p for p in shown(controls["children"]) if method not in p.get("data-methods", method).split()]
    names = [str(p.get("className", "")).split() for p in shown(controls["children"]) if p not in others]
    assert sum("atlas-control" in name for name in names) <= 5


@pytest.mark.parametrize("address", EVERY)
def test_every_id_is_there_once(seen: Seen, address: str) -> None:
    found = seen(address)
    ids = [json.dumps(p["id"], sort_keys=True) for _, p in found.components() if "id" in p]
    assert len(ids) == len(set(ids))


# The first column of PAGES.md §6, but for everyday words (net, orders, features, index, k).
TECHNICAL = re.compile(
    r"\b(cohorts?|lens|study|as_of|recency|monetary|average_order_value|purchase_frequency|tenure"
    r"|discount_share|quintiles?|k-?means|hierarchical|h?dbscan|gaussian|eps|min_samples|n_init|linkage"
    r"|dendrogram|inertia|wcss|silhouette|elbow|knee|calinski|davies|hopkins|jaccard|bootstrap|ari"
    r"|yeo-johnson|log1p|min-?max|winsori[sz]e\w*|iqr|imput\w+|one-hot|pca|loadings|permutation"
    r"|surrogate|holdout|labels_|cluster \d)\b",
    re.IGNORECASE,
)
BEHIND = ("More", "Evidence", "How", "Table")
ALLOWED = ("by silhouette",)  # the caption of the chart over the number of segments


@pytest.mark.parametrize("address", EVERY)
def test_technical_words_stand_only_behind_a_click(seen: Seen, address: str) -> None:
    found = seen(address)
    said = [t for t in words(found) if TECHNICAL.search(t) and not any(a in t for a in ALLOWED)]
    assert said == []


def shown(component: Any) -> Iterator[dict[str, Any]]:
    """The components in sight: not those under More, Evidence, How and Table."""
    if isinstance(component, list):
        for one in component:
            yield from shown(one)
    elif isinstance(component, dict) and "props" in component:
        props = component["props"]
        if component["type"] == "Details" and text(props["children"][0]).startswith(BEHIND):
            return
        yield props
        yield from shown(props.get("children"))


def words(tree: Tree) -> Iterator[str]:
    """Every text in sight, those of charts and of select boxes among them."""
    for props in shown(tree.root):
        children = props.get("children")
        for one in children if isinstance(children, list) else [children]:
            if isinstance(one, str):
                yield one
        yield from (str(o["label"]) for o in props.get("options", []))
        if "figure" in props:
            yield from _drawn(props["figure"])


def _drawn(figure: Any) -> Iterator[str]:
    """Titles, notes, ticks and names in a figure; its theme is not text."""
    for key, value in figure.items() if isinstance(figure, dict) else ():
        if key in ("text", "name", "ticktext") and isinstance(value, str | list):
            yield from ([value] if isinstance(value, str) else map(str, value))
        elif key != "template":
            for one in value if isinstance(value, list) else [value]:
                yield from _drawn(one)


def test_the_web_process_loads_no_library_of_models_or_queries(visitor: Visitor, home: Settings) -> None:
    addresses = [*EVERY, "/customers", "/profiles/none?algorithm=dbscan"]
    for address in addresses:
        visitor.open(address)  # so that every study is computed
    made = ("/eda?average=mean", "/profiles?only=age:ge:40")  # views that nobody has seen yet
    loaded = subprocess.run(
        [sys.executable, "-m", "tests.webapp.loaded", str(home.data_dir), *addresses, *made],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(loaded.stdout) == {"pages": len(addresses) + len(made), "at_start": [], "loaded": []}


LOG = "customer,date,amount\n" + "".join(f"C{i},2026-01-{1 + i % 28:02},{10 + i}\n" for i in range(60))
NO_DATE = "customer,order,quantity,price\n" + "".join(f"C{i % 9},O{i},1,{5 + i}.50\n" for i in range(60))
NO_NUMBER = "customer,city\n" + "".join(f"C{i},{('Berlin', 'Paris', 'Rome')[i % 3]}\n" for i in range(60))
FEW = "customer,age,income\n" + "".join(f"C{i},{30 + i},{1000 * i + 7}\n" for i in range(12))


def added(store: Store, folder: Path, name: str, content: str) -> str:
    """The id of a small file in the store."""
    path = folder / f"{name}.csv"
    path.write_text(content)
    return store.add(path).id


@pytest.mark.parametrize("content", [NO_DATE, NO_NUMBER], ids=["no date", "no number"])
def test_what_no_study_can_be_made_of_is_said_with_the_next_step(
    visitor: Visitor, store: Store, tmp_path: Path, content: str
) -> None:
    ds = added(store, tmp_path, "odd", content)
    dataset = store.get(ds)
    for path in ("/", "/eda", "/clustering", "/compare", "/profiles", "/profiles/1"):
        found = visitor.open(f"{path}?ds={ds}")
        assert found.refusal.count(".") >= 2, (dataset.kind, found.finding)
    assert visitor.open(f"/?ds={ds}").known["meanings-use"]


def test_too_few_customers_are_said_and_the_file_stays(
    visitor: Visitor, store: Store, tmp_path: Path
) -> None:
    ds = added(store, tmp_path, "few", FEW)
    for path in ("/clustering", "/profiles", "/profiles/1"):
        assert "customers" in visitor.open(f"{path}?ds={ds}").refusal
    assert store.get(ds).table.rows == 12


@pytest.mark.parametrize("path", ["/", "/eda", "/clustering", "/profiles", "/profiles/1"])
def test_an_unknown_data_set_is_said_with_the_way_to_the_demo(visitor: Visitor, path: str) -> None:
    found = visitor.open(f"{path}?ds=nothing")
    assert "nothing" in found.refusal
    assert "/?ds=demo-1" in [p.get("href") for p in found.of_type("Link", "A")]


def test_more_segments_than_customers_are_settled_or_said(
    visitor: Visitor, store: Store, tmp_path: Path
) -> None:
    ds = added(store, tmp_path, "log", LOG)
    for query in ("k=banana", "k=10000", "k=-1", "k=1e308"):
        found = visitor.open(f"/clustering?ds={ds}&{query}")
        assert not found.refusal
        assert found.of_class("atlas-notes"), query


def test_a_condition_that_nobody_meets_is_said_on_every_page(visitor: Visitor) -> None:
    for path in ("/", "/eda", "/clustering", "/profiles"):
        found = visitor.open(f"{path}?where=age:gt:1000")
        assert found.finding
        assert [p for p in found.of_type("Link", "A") if p.get("href")]


BAD_LINKS = (
    ("/?ds=nope", "nope"),
    ("/profiles?ds=nope", "nope"),
    ("/clustering?k=banana", "banana"),
    ("/clustering?k=10000", "became 12"),
    ("/profiles/99", "no segment 99"),
    ("/profiles/banana", "banana"),
    ("/eda?where=age:ge:200", "Nobody meets"),
    ("/profiles?where=age:ge:200", "Nobody meets"),
    ("/eda?where=nope:ge:2", "nope"),
    ("/?as_of=1950-01-01", "1950"),
    ("/clustering?cols=nope", "nope"),
    ("/profiles?nonsense=1", "nonsense"),
)


@pytest.mark.parametrize(("address", "said"), BAD_LINKS)
def test_a_wrong_link_is_answered_with_a_sentence(visitor: Visitor, address: str, said: str) -> None:
    found = visitor.open(address)
    assert said in " ".join(words(found))
    assert found.finding
