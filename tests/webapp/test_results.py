"""The same figures whatever befalls the cache, for whoever asks, and on the command line."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.codec import encode
from core.pipeline import NEEDS, STAGES, job_key, resolved
from core.spec import Study
from core.words import number
from tests.webapp.visitor import Tree, Visitor, text
from webapp.results import Services
from webapp.settings import ROOT, Settings

LINK = "/profiles?k=4"
TABLES = ("The segments", "All segments, all measures")


def deleted(cache: Path) -> None:
    shutil.rmtree(cache)


def unwritable(cache: Path) -> None:
    """A file stands where the directory was, so that nothing can be read or written, not even by root."""
    shutil.rmtree(cache)
    cache.write_text("")


def truncated(cache: Path) -> None:
    for path in files(cache):
        path.write_bytes(path.read_bytes()[:-7])


def emptied(cache: Path) -> None:
    for path in files(cache):
        path.write_bytes(b"")


class Planted:
    """Unpickled, it leaves a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (open, (str(self.mark), "w"))


def pickled(cache: Path) -> None:
    content = pickle.dumps(Planted(cache.parent / "planted"))
    for path in files(cache):
        path.write_bytes(path.read_bytes()[:4] + content)  # behind the time at which the entry ends


def swapped(cache: Path) -> None:
    """Every entry holds what belongs under another key, each under a valid seal."""
    found = files(cache)
    contents = [path.read_bytes() for path in found]
    for path, content in zip(found, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


@pytest.fixture
def cache(home: Settings) -> Iterator[Path]:
    """The cache's directory, made whole again afterwards."""
    yield home.cache_dir
    if home.cache_dir.is_file():
        home.cache_dir.unlink()


@pytest.mark.parametrize(
    ("fault", "handed_over"),
    [
        (deleted, True),
        (deleted, False),
        (unwritable, True),
        (unwritable, False),
        (truncated, True),
        (emptied, True),
        (pickled, False),
        (swapped, True),
    ],
)
def test_no_fault_of_the_cache_changes_a_page(
    visitor: Visitor,
    home: Settings,
    cache: Path,
    fault: Callable[[Path], None],
    handed_over: bool,
) -> None:
    before = visitor.open(LINK)
    fault(cache)
    if not handed_over:
        for path in home.jobs_dir.glob("*.result"):
            path.unlink()
    after = visitor.open(LINK)
    assert (after.finding, after.figures, table_of(after)) == (
        before.finding,
        before.figures,
        table_of(before),
    )
    assert not (home.data_dir / "planted").exists()


def test_two_studies_never_share_results(visitor: Visitor) -> None:
    found = {
        query: tuple(map(tuple, table_of(visitor.open(f"/clustering?{query}"))))
        for query in ("k=3", "k=4", "k=4&cols=recency,monetary", "k=4&cols=monetary,recency&scaling=robust",
                      "k=4&where=age:ge:40", "k=4&where=age:ge:41")
    }  # fmt: skip
    assert len(set(found.values())) == len(found)


QUERIES = (
    "",
    "cols=recency,monetary&algorithm=hierarchical&k=5&transform=none&scaling=standard&where=age:ge:40",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_has_the_figures_of_the_command_line(visitor: Visitor, home: Settings, query: str) -> None:
    told = command_line(home, query)
    found = visitor.open(f"/clustering?{query}")
    assert [row[:4] for row in table_of(found)] == [
        [s["name"], f"{s['size']:,}", number(s["share"], "share"), number(s["value_share"], "share")]
        for s in told["segments"]
    ]
    assert any(f"{told['silhouette']['value']:.2f}" in figure for figure in found.figures)


@pytest.mark.parametrize("query", QUERIES)
def test_a_resolved_link_has_the_same_segments(visitor: Visitor, home: Settings, query: str) -> None:
    visitor.open(f"/clustering?{query}")
    services, study = Services.of(home), Study.parse(query)
    first = services.results(study, "profile", patience=60)
    again = resolved(study, first)
    assert again.cluster.k == (first.clustering.k if first.clustering else None)
    second = services.results(Study.parse(again.query()), "profile", patience=60)
    assert first.clustering is not None and second.clustering is not None
    assert first.clustering.labels.tolist() == second.clustering.labels.tolist()
    assert command_line(home, again.query())["query"] == again.query()


def test_the_order_of_a_query_does_not_matter(home: Settings) -> None:
    one, other = Study.parse("k=4&cols=recency,monetary"), Study.parse("cols=recency,monetary&k=4")
    services = Services.of(home)
    first, second = (services.results(s, "profile", patience=60).profile for s in (one, other))
    assert first is not None and second is not None
    assert [s.size for s in first.segments] == [s.size for s in second.segments]


@pytest.mark.parametrize("need", ["quality", "data"])
def test_what_a_page_needs_comes_from_one_job_and_then_from_the_cache(home: Settings, need: str) -> None:
    services, study = Services.of(home), Study.parse("k=3&n_init=1&outliers=cap-iqr")
    first = services.results(study, need, patience=120)
    assert {name for name in STAGES if getattr(first, name) is not None} == set(NEEDS[need])
    job = services.jobs.status(job_key(study, need))
    for path in home.jobs_dir.glob("*.result"):
        path.unlink()
    again = services.results(study.with_(average="mean"), need, patience=0)
    assert encode(again) == encode(first)
    assert services.jobs.status(job_key(study, need)) == job


def command_line(home: Settings, query: str) -> dict[str, Any]:
    """What `python -m core run` says about a query."""
    environ = {**os.environ, "DATA_DIR": str(home.data_dir)}
    ran = subprocess.run(
        [sys.executable, "-m", "core", "run", query, "--json"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def table_of(page: Tree) -> list[list[str]]:
    """The cells of the page's table of segments, without its heading."""
    (table,) = [p for p in page.of_class("atlas-table-wrap") if p.get("aria-label") in TABLES]
    rows = [p for kind, p in page.components(table["children"]) if kind == "Tr"]
    return [[text(cell) for cell in row["children"]] for row in rows[1:]]
