"""The segments' formula as SQL: what DuckDB makes of it is what Python says."""

from dataclasses import replace
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot

from core import __main__ as cli
from core import pipeline
from core.choose import cluster
from core.errors import UserError
from core.features.customers import Customers
from core.features.matrix import matrix
from core.io.store import Store
from core.pipeline import Results
from core.profile import profile
from core.score import DIALECTS, score, segment_sql
from core.spec import Study
from tests.core.small import add, sheet
from tests.core.test_score import RECIPES, ROLES, people, rows_of, shop, study_of

CLOSE: Final = 1e-9
"""A customer so near to two segments may get either."""


def asked(sql: str, customers: Customers) -> tuple[np.ndarray, np.ndarray]:
    """Segments and margins by DuckDB, in the order of the sheet."""
    with duckdb.connect() as connection:
        connection.register("customers", customers.table)
        found = connection.sql(sql).fetchnumpy()
    order = np.argsort(found["id"])
    margins = np.ma.filled(np.ma.asarray(found["margin"], np.float64), np.nan)
    return np.asarray(found["segment"])[order], margins[order]


def same(study: Study, results: Results, customers: Customers) -> int:
    """Check that DuckDB and Python agree; how many customers are too near to two segments to be told."""
    segments, margins = asked(segment_sql(study, results), customers)
    found = score(study, results, customers, by_id=False)
    differ = segments != found.segments
    assert not (differ & (found.margins > CLOSE)).any()
    np.testing.assert_allclose(margins[~differ], found.margins[~differ], rtol=0, atol=1e-9)
    return int(differ.sum())


CASES = [*(("kmeans", recipe) for recipe in RECIPES), *(("mixture", recipe) for recipe in RECIPES[-3:])]


@pytest.mark.parametrize(("algorithm", "recipe"), CASES)
def test_every_recipe_on_a_customer_table(algorithm: str, recipe: str) -> None:
    study, results = study_of(
        people(), f"cols=spend,drift,town,size,member&k=3&algorithm={algorithm}&{recipe}"
    )
    strangers = people(1500, seed=1, town=pa.array(["a", "c", "Oslo"] * 500))
    assert same(study, results, strangers) == 0


@pytest.fixture(scope="module")
def demo(store: Store) -> Customers:
    """The customers of the demo's log."""
    return pipeline.run(Study(), store, need="customers").customers


@pytest.mark.parametrize("query", ["k=3", "k=3&algorithm=mixture", "algorithm=rules"])
def test_the_demos_log(demo: Customers, query: str) -> None:
    study, results = study_of(demo, query)
    assert same(study, results, demo) == 0


def test_rules_on_a_customer_table() -> None:
    study, results = study_of(shop(), "algorithm=rules&missing=leave")
    table = shop(500, seed=3).table
    gaps = pa.array(table["recency"].to_pylist(), mask=np.arange(500) % 7 == 0)
    strangers = replace(
        results.customers, table=table.set_column(table.column_names.index("recency"), "recency", gaps)
    )
    assert same(study, results, strangers) == 0


def test_numbers_kept_from_a_reference_study() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift&k=3")
    assert results.clustering is not None
    before, _ = asked(segment_sql(study, results), customers)
    kept = replace(results, clustering=replace(results.clustering, numbers=(5, 1, 4)))
    after, _ = asked(segment_sql(study, kept), customers)
    assert (np.array([0, 5, 1, 4])[before] == after).all()


def test_names_and_words_of_the_data_stay_names_and_words() -> None:
    rng, hostile = np.random.default_rng(0), ["x'); DROP TABLE customers; --", 'a"b', "new\nline"]
    columns = {'spend" ; --': rng.normal(0, 1, 90), "town": rng.choice(hostile, 90)}
    customers = sheet(columns, {"town": "category"}, kind="customers")  # type: ignore[arg-type]
    study, results = study_of(customers, "cols=town&k=3")
    cols = tuple(columns)
    made = matrix(customers, np.ones(90, bool), replace(study.features, cols=cols), study.clean)
    found = cluster(made, None, study.cluster)
    results = replace(results, matrix=made, clustering=found, profile=profile(customers, made, found))
    assert same(study, results, customers) == 0


@pytest.mark.parametrize("query", ["k=3", "algorithm=mixture&k=3", "algorithm=rules"])
def test_every_dialect_can_be_read(query: str) -> None:
    study, results = study_of(shop(), query)
    for dialect in DIALECTS:
        statements = sqlglot.parse(segment_sql(study, results, dialect), read=dialect)
        assert [type(one).__name__ for one in statements] == ["Select"]


@pytest.mark.parametrize("algorithm", ["hierarchical", "dbscan", "hdbscan"])
def test_a_method_without_a_formula_is_refused(algorithm: str) -> None:
    study, results = study_of(people(), f"cols=spend,drift&algorithm={algorithm}")
    with pytest.raises(UserError, match="no formula"):
        segment_sql(study, results)


def test_the_command_prints_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(store.home))
    dataset = add(store, rows_of(0, 60), ROLES)
    assert cli.main(["score", f"ds={dataset.id}&k=2", "--sql", "--dialect", "postgres"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("-- Segments of customers") and printed.endswith(";\n")
