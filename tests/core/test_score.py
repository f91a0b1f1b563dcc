"""Segments for customers who come later: the recipe as fitted, each method's assignment, and the command."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score

from core import __main__ as cli
from core import pipeline
from core.choose import Clustering, cluster
from core.cluster import hierarchical
from core.cluster.assigned import Assigned, Fits, assigned, by_cuts
from core.codec import decode, encode
from core.commands.score import COLUMNS
from core.features.applied import applied, matrix_of
from core.features.customers import Customers
from core.features.labels import Evidence, rfm_scores
from core.features.matrix import matrix
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import Results
from core.pipeline.study import rules
from core.profile import profile
from core.score import Scored, score
from core.spec import Clean, Cluster, Features, Study
from tests.core.blobs import blobs
from tests.core.blobs import matrix_of as matrix_around
from tests.core.small import add, sheet

X = blobs((60, 50, 40), spread=0.35)
METHODS = ("kmeans", "hierarchical", "dbscan", "hdbscan", "mixture")


def again(clustering: Clustering, x: np.ndarray, new: np.ndarray) -> Assigned:
    """What a clustering that was kept between processes says of new rows."""
    kept = decode(Clustering, encode(clustering))
    return assigned(kept.assigner, new, Fits(x=x, segments=kept.labels.astype(np.int64)))


def fitted(name: str, x: np.ndarray = X, **more: object) -> Clustering:
    """A clustering of x."""
    return cluster(matrix_around(x), None, Cluster(algorithm=name, k_low=2, k_high=3, **more))  # type: ignore[arg-type]


# The recipe


def people(n: int = 300, seed: int = 0, **columns: object) -> Customers:
    """Customers with a skewed number, one around zero, a category, an ordered band and a flag; some empty."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    spend = np.round(np.exp(rng.normal(3 + kind, 0.5)), 2)
    values: dict[str, object] = {
        "spend": pa.array(spend, mask=np.arange(n) % 17 == 3),
        "drift": rng.normal(0, 5, n),
        "town": pa.array(rng.choice(["a", "b'x", "c", "rare"], n, p=[0.5, 0.3, 0.18, 0.02]), mask=kind > 3),
        "size": pa.array(rng.choice(["S", "M", "L"], n), mask=np.arange(n) % 31 == 5),
        "member": rng.random(n) < 0.3,
    }
    units = {"spend": "money", "town": "category", "size": "band", "member": "flag"}
    return sheet({**values, **columns}, units, levels={"size": ("S", "M", "L")}, kind="customers")  # type: ignore[dict-item]


FEW = "k_low=2&k_high=3"
RECIPES = [
    "missing=median",
    "missing=mode&outliers=cap-iqr&transform=yeo-johnson&scaling=robust",
    "missing=constant&constant=3&transform=log1p&scaling=minmax&rare=5",
    "missing=category&outliers=cap-quantile&scaling=none&rare=5",
    "missing=drop&outliers=drop&transform=none",
    "missing=leave&weight=spend:2",
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_recipe_gives_the_fitted_customers_their_own_numbers(recipe: str) -> None:
    customers, study = people(), Study.parse(f"cols=spend,drift,town,size,member&{recipe}")
    made = matrix(customers, np.ones(len(customers), bool), study.features, study.clean)
    columns = applied(made.prepared, customers, customers, made.rows[made.fitted])
    np.testing.assert_allclose(matrix_of(columns), made.x, rtol=1e-13, atol=1e-13)


def test_a_one_hot_group_is_scaled_as_it_was() -> None:
    customers = sheet({"single": [1.0, 0, 0, 1, 0, 0], "married": [0.0, 1, 0, 0, 1, 1], "age": range(6)})
    grouped = tuple(replace(m, group="Marital" if m.slug != "age" else "") for m in customers.measures)
    customers = replace(customers, measures=grouped)
    made = matrix(customers, np.ones(6, bool), Features(cols=("single", "married", "age")), Clean())
    rows = np.arange(6)
    assert (matrix_of(applied(made.prepared, customers, customers, rows)) == made.x).all()


def test_a_category_that_was_not_there_is_other_where_the_fit_has_that() -> None:
    customers = people()
    for rare, other in (("5", True), ("0", False)):
        study = Study.parse(f"cols=town,drift&rare={rare}")
        made = matrix(customers, np.ones(len(customers), bool), study.features, study.clean)
        later = people(40, town=["Oslo"] * 40)
        town = applied(made.prepared, customers, later, np.arange(1))[0]
        levels = [x * town.prepared.scale + c for x, c in zip(town.x[0], town.prepared.centre, strict=True)]
        assert np.allclose(levels, [other and level == "Other" for level in town.prepared.levels])


# The assignment of each method


@pytest.mark.parametrize("name", METHODS)
def test_the_fitted_customers_get_their_segment_again(name: str) -> None:
    for x in (blobs((60, 50, 40), seed=1, spread=0.3, columns=6), np.round(X, 1)):
        found = fitted(name, x)
        got = again(found, x, x)
        differ = got.segments != found.labels
        if name == "hdbscan":  # who was in no crowd may lie within reach of one
            differ &= found.labels > 0
        assert not differ.any()


def test_of_many_the_crowds_found_on_some_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cluster.hdbscan.SAMPLE", 300)
    monkeypatch.setattr("core.cluster.dbscan.affordable", lambda x, min_samples: 300)
    x = blobs((600, 400, 300), spread=0.15)
    for name in ("dbscan", "hdbscan"):
        found = fitted(name, x)
        inside = found.labels > 0
        assert found.approximate
        assert (again(found, x, x).segments == found.labels)[inside].all()


def test_above_its_limit_a_family_tree_asks_its_small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    ward = replace(hierarchical.LINKAGES["ward"], exact=1000)
    monkeypatch.setitem(hierarchical.LINKAGES, "ward", ward)  # type: ignore[misc]
    x = blobs((2000, 1500, 1000), spread=0.25)
    found = fitted("hierarchical", x, k=3)
    segments = again(found, x, x).segments
    assert adjusted_rand_score(segments, found.labels) > 0.95


def test_kmeans_takes_the_nearest_centre_and_says_how_much_farther_the_next_is() -> None:
    found, new = fitted("kmeans", k=3), blobs((50, 50, 50), seed=9, spread=0.6)
    got, apart = again(found, X, new), np.sort(cdist(new, found.centres), axis=1)
    assert (got.segments == 1 + cdist(new, found.centres).argmin(axis=1)).all()
    np.testing.assert_allclose(got.margins, apart[:, 1] - apart[:, 0], atol=1e-5)


def test_a_family_tree_takes_the_segment_of_the_nearest_customer() -> None:
    found, new = fitted("hierarchical", k=3), blobs((50, 50, 50), seed=9, spread=0.6)
    got, apart = again(found, X, new), cdist(new, X)
    each = np.sort([apart[:, found.labels == one].min(axis=1) for one in (1, 2, 3)], axis=0)
    assert (got.segments == found.labels[apart.argmin(axis=1)]).all()
    np.testing.assert_allclose(got.margins, each[1] - each[0], atol=1e-5)


def test_dbscan_asks_dense_customers_within_its_reach() -> None:
    x, new = blobs((60, 50, 40), spread=0.15), blobs((50, 50, 50), seed=9, spread=0.3)
    found = fitted("dbscan", x, eps=0.2)
    got, apart = again(found, x, new), cdist(new, x)
    dense = (cdist(x, x) <= 0.2).sum(axis=1) >= 10
    nearest = np.where(dense, apart, np.inf).argmin(axis=1)
    within = apart[np.arange(len(new)), nearest] <= 0.2
    assert found.k == 3 and 0 < within.mean() < 1
    assert (got.segments == np.where(within, found.labels[nearest], 0)).all()
    assert (np.isnan(got.margins) == ~within).all()


def test_a_customer_far_from_every_crowd_gets_no_segment() -> None:
    for name in ("dbscan", "hdbscan"):
        assert again(fitted(name), X, np.array([[50.0, 50.0]])).segments.tolist() == [0]


def test_a_mixture_takes_the_likeliest_with_the_difference_of_the_probabilities() -> None:
    found, new = fitted("mixture", k=3), blobs((50, 50, 50), seed=9, spread=0.6)
    likely = found.assigner.likely if found.assigner else None
    assert likely is not None
    z, mixture = likely.scale.of(new), likely.mixture
    pairs = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    density = np.array([weight * multivariate_normal(mean, spread).pdf(z) for weight, mean, spread in pairs])
    share = np.sort(density / density.sum(axis=0), axis=0)
    got = again(found, X, new)
    np.testing.assert_allclose(got.margins, share[-1] - share[-2], atol=1e-9)
    assert (got.segments == found.assigner.numbers[density.argmax(axis=0)]).all()  # type: ignore[union-attr]


# Whole studies


def study_of(customers: Customers, query: str) -> tuple[Study, Results]:
    """A study of a sheet made by hand, and its results."""
    study = Study.parse(f"{query}&{FEW}")
    mask = np.ones(len(customers), bool)
    made = matrix(customers, mask, study.features, study.clean)
    value = customers.number("monetary") if customers.has("monetary") else None
    by_rules = rules(study, customers, made)
    found = cluster(made, None if value is None else value[made.rows], study.cluster, rules=by_rules)
    results = Results(customers=customers, matrix=made, clustering=found)
    return study, replace(results, profile=profile(customers, made, found))


def later(customers: Customers, n: int, **columns: object) -> Customers:
    """The first n customers of a sheet under other ids, with some columns replaced by one value."""
    table = customers.table.slice(0, n)
    columns = {"id": [f"new{i}" for i in range(n)], **{name: [v] * n for name, v in columns.items()}}
    for name, values in columns.items():
        kind = table.schema.field(name).type
        table = table.set_column(table.column_names.index(name), name, pa.array(values, kind))
    return replace(customers, table=table)


def told(found: Scored, row: int = 0) -> tuple[int, bool, str]:
    """Segment, whether unlike, and why of one customer."""
    return int(found.segments[row]), bool(found.unlike[row]), found.why[row]


def test_known_customers_are_looked_up() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift&k=3")
    other = later(customers, 4, spend=1e6)
    ids = pa.array(["c00007", "new1", "c00002", "new3"])
    other = replace(other, table=other.table.set_column(0, "id", ids))
    found = score(study, results, other)
    labels = results.clustering.labels if results.clustering else np.empty(0)
    assert found.known.tolist() == [True, False, True, False]
    assert found.segments[[0, 2]].tolist() == labels[[7, 2]].tolist()
    assert found.unlike.tolist() == [False, True, False, True]
    assert not score(study, results, other, by_id=False).known.any()


def test_every_known_customer_keeps_segment_and_name() -> None:
    customers = people()
    for algorithm in ("kmeans", "dbscan"):
        study, results = study_of(customers, f"cols=spend,town&algorithm={algorithm}&missing=leave")
        found, clustering, named = score(study, results, customers), results.clustering, results.profile
        assert clustering is not None and named is not None
        assert found.known.all() and (found.segments == clustering.labels).all()
        names = {s.number: s.name for s in named.segments}
        assert found.names == tuple(names[one] for one in clustering.labels.tolist())
        assert all(bool(why) == (one == 0) for why, one in zip(found.why, found.segments, strict=True))


def test_numbers_kept_from_a_reference_study_hold_for_new_customers() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift&k=3")
    clustering, named = results.clustering, results.profile
    assert clustering is not None and named is not None
    numbers = (5, 1, 4)
    renumbered = replace(clustering, labels=np.array([0, *numbers])[clustering.labels], numbers=numbers)
    segments = tuple(replace(s, number=numbers[s.number - 1]) for s in named.segments)
    kept = replace(results, clustering=renumbered, profile=replace(named, segments=segments))
    for by_id in (True, False):
        before, after = (score(study, r, customers, by_id) for r in (results, kept))
        assert np.array_equal(np.array([0, *numbers])[before.segments], after.segments)
        assert before.names == after.names


def test_a_value_outside_the_range_is_unlike_anything_seen() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift,town&k=3")
    highest = f"{np.nanmax(customers.number('spend')):,.2f}"
    segment, unlike, why = told(score(study, results, later(customers, 1, spend=9999.5)))
    assert segment > 0 and unlike
    assert why.startswith(f"Spend 9,999.50 is above the highest seen, {highest}")
    assert told(score(study, results, later(customers, 1, town="Oslo")))[2].startswith(
        "Town “Oslo” was not seen"
    )
    assert "Drift −99 is below the lowest" in told(score(study, results, later(customers, 1, drift=-99.0)))[2]
    assert not score(study, results, later(customers, 40), by_id=True).unlike.any()


def test_a_place_between_the_segments_is_unlike_anything_seen() -> None:
    x = blobs((100, 100, 100), spread=0.05)
    customers = sheet({"across": x[:, 0], "up": x[:, 1]}, kind="customers")
    study, results = study_of(customers, "cols=across,up&k=3&transform=none")
    _, unlike, why = told(score(study, results, later(customers, 1, across=0.0, up=0.0)))
    assert unlike
    assert why in [
        f"farther from the middle of the segment than anyone seen, most by {m}" for m in ("Across", "Up")
    ]


def test_a_missing_value_that_is_left_gives_no_segment() -> None:
    customers = people()
    for missing in ("leave", "drop"):
        study, results = study_of(customers, f"cols=spend,drift&k=3&missing={missing}")
        assert told(score(study, results, later(customers, 1, spend=None))) == (0, False, "Spend is missing")
    study, results = study_of(customers, "cols=spend,drift&k=3")
    assert told(score(study, results, later(customers, 1, spend=None)))[0] > 0


def test_a_number_too_large_to_compare_by_gives_no_segment() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift&k=3")
    segment, unlike, why = told(score(study, results, later(customers, 1, spend=1e200)))
    assert (segment, unlike) == (0, True)
    assert why.startswith("Spend is too large to compare customers by")


def test_who_would_not_be_included_gets_no_segment() -> None:
    customers = people()
    study, results = study_of(customers, "cols=spend,drift&k=3")
    study = study.with_(where=["town:eq:a"])
    found = score(study, results, later(customers, 2, town="c"))
    assert told(found) == (0, False, "not among those included (Town is a)")


# RFM rules


def shop(n: int = 200, seed: int = 0, orders: np.ndarray | None = None) -> Customers:
    """Customers with recency, orders, spend and their scores; a tenth is new."""
    rng = np.random.default_rng(seed)
    recency = rng.integers(0, 400, n).astype(float)
    orders = rng.integers(1, 30, n).astype(float) if orders is None else orders
    monetary = np.round(orders * rng.uniform(5, 50, n), 2)
    scores = rfm_scores(Evidence(n=n, recency=recency, orders=orders, monetary=monetary)) or {}
    columns = {
        "recency": recency,
        "orders": orders,
        "monetary": monetary,
        "new": np.int8(rng.random(n) < 0.1),
    }
    units = {"recency": "days", "orders": "count", "monetary": "money"}
    return sheet({**columns, **scores}, units)


def test_rules_give_the_fitted_customers_their_segment_by_frozen_cut_points() -> None:
    customers = shop()
    study, results = study_of(customers, "algorithm=rules")
    assert results.clustering is not None and results.clustering.assigner is not None
    cuts = results.clustering.assigner.cuts
    assert cuts is not None
    scores = by_cuts(cuts, {name: customers.number(name) for name in ("recency", "orders", "monetary")})
    assert all((scores[name] == customers.number(name)).all() for name in ("r", "f", "m"))
    found = score(study, results, customers, by_id=False)
    assert (found.segments == results.clustering.labels).all()
    assert np.isnan(found.margins).all() and not found.unlike.any()


def test_rules_do_not_move_with_the_customers_of_the_file() -> None:
    customers = shop()
    study, results = study_of(customers, "algorithm=rules")
    few = later(customers, 30)
    whole = score(study, results, customers, by_id=False)
    assert score(study, results, few).names == whole.names[:30]


def test_fixed_cut_points_of_the_orders_hold_for_numbers_nobody_had() -> None:
    orders = np.array([1.0, 1, 1, 2, 7] * 40)
    _, results = study_of(shop(orders=orders), "algorithm=rules")
    cuts = results.clustering.assigner.cuts if results.clustering and results.clustering.assigner else None
    assert cuts is not None
    assert cuts.orders.tolist() == [2, 3, 4, 6]


# The command


@pytest.fixture
def at_home(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the tests' store."""
    monkeypatch.setenv("DATA_DIR", str(store.home))


ROLES = {"customer": "id", "orders": "frequency", "spend": "spend", "kind": "category"}


def rows_of(first: int, last: int) -> str:
    """A customer table of two kinds of customers."""
    rows = [f"={i},{1 + i % 2 * 10 + i % 3},{100 * (i % 2) + i % 7},k{i % 3}" for i in range(first, last)]
    return "\n".join(["customer,orders,spend,kind", *rows])


@pytest.fixture
def table(store: Store, at_home: None) -> Dataset:
    """120 customers whose ids begin a formula."""
    return add(store, rows_of(0, 120), ROLES)


def scored(path: Path) -> list[dict[str, str]]:
    """The rows of a file that was written."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_file_is_scored_with_known_and_new_customers(
    table: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "later.csv", tmp_path / "out.csv"
    file.write_text(rows_of(110, 130))
    assert cli.main(["score", f"ds={table.id}&k=2", str(file), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["customers"], told["known"], told["unlike"], told["without_segment"]) == (20, 10, 0, 0)
    rows = scored(out)
    assert [row["known"] for row in rows].count("fitted") == 10
    assert rows[0]["id"] == "'=110"
    by_half = {(int(row["id"][2:]) % 2, row["segment"], row["name"]) for row in rows}
    assert len(by_half) == 2 and {row["segment"] for row in rows} == {"1", "2"}


REFUSED: Mapping[str, tuple[list[str], str]] = {
    "a column is missing": (["later.csv", "--out", "out.csv"], "later.csv has no column spend"),
    "a column holds words": (["words.csv", "--out", "out.csv"], "spend holds whole numbers in"),
    "no such file": (["nothing.csv", "--out", "out.csv"], "There is no file"),
    "another ending": (["later.csv", "--out", "out.xlsx"], "neither CSV nor Parquet"),
    "nothing to write": (["later.csv"], "score needs a file, and --out"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_scored_is_said(
    case: str,
    table: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("later.csv").write_text("customer,orders\na,1\nb,2\n")
    Path("words.csv").write_text("customer,orders,spend\na,1,much\nb,2,more\nc,3,much\n")
    words, sentence = REFUSED[case]
    assert cli.main(["score", f"ds={table.id}&k=2&cols=orders,monetary", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_a_log_is_seen_from_its_own_snapshot_day(
    store: Store, at_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {
        "order": "order",
        "customer": "id",
        "day": "date",
        "quantity": "quantity",
        "price": "unit_price",
    }

    def lines(year: int, first: str) -> str:
        rows = [
            f"{i}{n},{first}{i},{year}-{1 + (i + n) % 12:02d}-{1 + i % 28:02d},{1 + i % 4},{5 + 90 * (i % 2)}"
            for i in range(80)
            for n in range(1 + 5 * (i % 2))
        ]
        return "\n".join([",".join(columns), *rows])

    dataset, file = add(store, lines(2022, "c"), columns), tmp_path / "later.csv"
    file.write_text(lines(2023, "d"))
    out = tmp_path / "out.parquet"
    assert cli.main(["score", f"ds={dataset.id}&k=2", str(file), "--out", str(out)]) == 0
    assert "Days are counted up to" in capsys.readouterr().out
    written = pq.read_table(out)
    assert written.column_names == list(COLUMNS) and written["margin"].type == pa.float64()
    results = pipeline.run(Study().with_(ds=dataset.id, k=2), store)
    assert results.clustering is not None
    assert written["segment"].to_pylist() == results.clustering.labels.tolist()
    assert set(written["known"].to_pylist()) == {"new"} and set(written["unlike"].to_pylist()) == {"no"}
