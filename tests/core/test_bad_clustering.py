"""Bad input to a grouping: a sentence and the next step, or every customer grouped; never an exception."""

import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core import pipeline
from core.errors import UserError
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Study
from tests.core.small import add

ROWS = 30
ALIKE = "in what they are grouped by"
RNG = np.random.default_rng(0)
PLAIN = np.round(RNG.normal(size=(ROWS, 3)) + 3 * (np.arange(ROWS)[:, None] % 3), 3)
ROLES = {"customer": "id", "a": "number", "b": "number", "c": "number"}


def lines(rows: int, values: Callable[[int], str]) -> str:
    return "customer,a,b,c\n" + "\n".join(f"c{i},{values(i)}" for i in range(rows))


def plain(i: int) -> str:
    return ",".join(str(v) for v in PLAIN[i])


TABLES = {
    "plain": lines(ROWS, plain),
    "one column": lines(ROWS, lambda i: f"{PLAIN[i, 0]},1,1"),
    "constant columns": lines(30, lambda i: "1,2,3"),
    "two points": lines(30, lambda i: f"{i % 2},{i % 2},5"),
    "one far from one point": lines(30, lambda i: "0,0,0" if i else "9,9,1"),
    "3 customers": lines(3, plain),
    "2 customers": lines(2, plain),
    "1 customer": lines(1, plain),
    "1e400": lines(ROWS, lambda i: "1e400,1,2" if i == 7 else plain(i)),
    "1e300": lines(ROWS, lambda i: plain(i) if i % 5 else f"{i % 3 - 1}e300,1,2"),
    "tiny": lines(ROWS, lambda i: f"{i % 7}e-300,{i % 5}e-310,{i % 3}e-320"),
    "unlike sizes": lines(ROWS, lambda i: f"{i}e15,{PLAIN[i, 1]}e-15,1"),
}
METHODS = ("kmeans", "hierarchical", "hierarchical&linkage=single", "mixture", "dbscan", "hdbscan", "rules")
NUMBERED = ("k=12", "k=12&min_share=33", "k_low=8&k_high=3", "k=3&transform=none&scaling=none")
DENSE = ("eps=1e-6", "eps=1e6", "min_samples=1000", "components=50", "min_share=33")
ASKED = (
    *(f"{method}&{query}" for method in ("kmeans", "hierarchical", "mixture") for query in NUMBERED),
    *(f"{method}&{query}" for method in ("dbscan", "hdbscan") for query in DENSE),
    *(f"hierarchical&linkage={linkage}&k=12" for linkage in ("average", "complete", "single")),
)


@pytest.fixture(scope="module")
def tables(store: Store) -> dict[str, Dataset]:
    """Each table in the store."""
    return {name: add(store, text, ROLES) for name, text in TABLES.items()}


def keeping() -> pipeline.Through:
    """A `Through` that keeps what was made."""
    kept: dict[str, bytes] = {}

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        if key not in kept:
            kept[key] = make()
        return kept[key]

    return through


def refused_or_whole(study: Study, store: Store, through: pipeline.Through = pipeline.no_cache) -> str:
    """The sentence of a refusal, which has a next step; empty where every customer is labelled."""
    try:
        results = pipeline.run(study, store, through=through)
    except UserError as error:
        told = error
    else:
        assert_whole(results)
        return ""
    assert told.message.endswith(".") and told.hint.endswith(".")
    return told.message


def assert_whole(results: pipeline.Results) -> None:
    """Every customer of the study has a label."""
    found, matrix = results.clustering, results.matrix
    assert found is not None and matrix is not None
    assert found.labels.shape == matrix.rows.shape
    assert set(found.labels.tolist()) - {0} == set(range(1, found.k + 1))
    assert np.isfinite(found.centres).all() and np.isfinite(found.inertia)


@pytest.mark.parametrize("name", TABLES)
def test_any_table_by_any_method_is_grouped_or_refused_in_words(
    store: Store, tables: dict[str, Dataset], name: str
) -> None:
    through = keeping()
    for method in METHODS:
        link = f"ds={tables[name].id}&cols=a,b,c&n_init=1&k=2&algorithm={method}"
        refused_or_whole(Study.parse(link), store, through)


def test_any_choices_group_a_table_or_are_refused_in_words(store: Store, tables: dict[str, Dataset]) -> None:
    through = keeping()
    for asked in ASKED:
        link = f"ds={tables['plain'].id}&cols=a,b,c&n_init=1&algorithm={asked}"
        refused_or_whole(Study.parse(link), store, through)


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("3 customers", "", "3 customers can't be divided into segments; it takes at least 20."),
        ("3 customers", "k=4", "4 segments need at least 4 customers; there are 3."),
        ("constant columns", "", "Every attribute chosen has one value only."),
        ("two points", "k=3", f"Customers have only 2 different values {ALIKE}, too few for 3 segments."),
        ("1e300", "k=2", "a holds -1e+300, too large to compare customers by."),
        ("plain", "where=a:gt:1e9", "Nobody meets the conditions of “Who is included”."),
    ],
)  # fmt: skip
def test_what_can_t_be_grouped_is_said(
    store: Store, tables: dict[str, Dataset], name: str, query: str, sentence: str
) -> None:
    study = Study.parse(f"ds={tables[name].id}&cols=a,b,c&{query}")
    assert refused_or_whole(study, store) == sentence


@pytest.mark.parametrize("query", ["eps=1e-6", "eps=1e6"])
def test_a_reach_that_joins_nobody_or_all_is_said_with_the_next_step(
    store: Store, tables: dict[str, Dataset], query: str
) -> None:
    study = Study.parse(f"ds={tables['plain'].id}&cols=a,b,c&algorithm=dbscan&{query}")
    found = pipeline.run(study, store)
    assert found.clustering is not None
    assert found.clustering.k == (0 if query == "eps=1e-6" else 1)
    assert any("each" in note or "ttribute" in note for note in found.notes), found.notes


def test_values_beyond_every_number_are_read_as_empty(store: Store, tables: dict[str, Dataset]) -> None:
    study = Study.parse(f"ds={tables['1e400'].id}&cols=a,b,c&k=3&n_init=1")
    found = pipeline.run(study, store)
    assert np.isnan(found.customers.number("a")).sum() == 1
    assert any("infinite value" in warning for warning in tables["1e400"].warnings)


def test_a_column_that_is_not_compared_may_hold_anything(store: Store, tmp_path: Path) -> None:
    x = PLAIN[:, 0]
    columns = {
        "inf": np.where(np.arange(ROWS) == 7, np.inf, x),
        "none": np.full(ROWS, np.nan),
        "huge": np.where(np.arange(ROWS) % 5, x, 1e300),
        "plain": x,
    }
    path = tmp_path / f"{uuid.uuid4().hex}.parquet"
    pq.write_table(pa.table({"customer": [f"c{i}" for i in range(ROWS)], **columns}), path)
    dataset = store.add(path, roles={"customer": "id", **dict.fromkeys(columns, "number")})
    found = pipeline.run(Study.parse(f"ds={dataset.id}&cols=plain&k=3&n_init=1"), store)
    assert found.profile is not None
    huge = next(m for m in found.profile.measures if m.slug == "huge")
    assert all(z is not None and np.isfinite(z) for z in huge.z)
    for cols in ("inf,plain", "huge,plain&outliers=cap-iqr", "none,plain", "none", "huge&missing=leave"):
        study = Study.parse(f"ds={dataset.id}&cols={cols}&k=2&n_init=1&transform=none")
        refused_or_whole(study, store)
