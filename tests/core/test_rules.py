"""RFM rules as segments: the map of DEFINITIONS.md, who is on it, and when there is none."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from core import pipeline
from core.choose import cluster
from core.cluster.contract import Case, Rules, silent
from core.cluster.rules import NAMES, fit, rules_of
from core.errors import UserError
from core.features.customers import Customers
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import Results
from core.spec import Cluster, Study
from tests.core.blobs import blobs, matrix_of
from tests.core.small import add, sheet

CELLS = {
    "Hibernating": ((1, 2), (1, 2)),
    "At Risk": ((1, 2), (3, 4)),
    "Can't Lose Them": ((1, 2), (5,)),
    "About to Sleep": ((3,), (1, 2)),
    "Need Attention": ((3,), (3,)),
    "Loyal": ((3, 4), (4, 5)),
    "Promising": ((4, 5), (1,)),
    "Potential Loyalists": ((4, 5), (2, 3)),
    "Champions": ((5,), (4, 5)),
}
"""DEFINITIONS.md: name -> R and FM."""

TABLE = {"customer": "id", "last": "recency", "orders": "frequency", "spend": "spend"}


def scored(r: list[int], fm: list[int], new: list[int] | None = None) -> Customers:
    """A customer sheet with these scores."""
    n = len(r)
    return sheet(
        {
            "r": pa.array(r, pa.int8()),
            "fm": pa.array(fm, pa.int8()),
            "new": pa.array(new or [0] * n, pa.int8()),
        }
    )


def named(customers: Customers) -> list[str]:
    """Each customer's name by the rules, empty for none."""
    rules = rules_of(customers, np.arange(len(customers)))
    return [rules.names[one] if one >= 0 else "" for one in rules.labels]


def table(rows: int, **columns: Sequence[object]) -> str:
    """A customer table of different customers, with some columns replaced."""
    values: dict[str, Sequence[object]] = {
        "customer": [f"c{i:03d}" for i in range(rows)],
        "last": [7 * i % 101 for i in range(rows)],
        "orders": [1 + 5 * i % 13 for i in range(rows)],
        "spend": [10 + 11 * i % 97 for i in range(rows)],
        **columns,
    }
    return "\n".join(
        ",".join(str(c) for c in row) for row in (list(values), *zip(*values.values(), strict=True))
    )


def sorted_by_rules(store: Store, dataset: Dataset, more: str = "") -> Results:
    """The study of a data set by the rules."""
    return pipeline.run(Study.parse(f"algorithm=rules&{more}").with_(ds=dataset.id), store)


# The map


@pytest.mark.parametrize("name", CELLS)
def test_the_cells_of_a_name(name: str) -> None:
    cells = [(r, fm) for r in range(1, 6) for fm in range(1, 6)]
    found = named(scored([r for r, _ in cells], [fm for _, fm in cells]))
    own = {cell for cell, one in zip(cells, found, strict=True) if one == name}
    assert own == {(r, fm) for r in CELLS[name][0] for fm in CELLS[name][1]}


def test_every_name_is_one_of_the_map_or_new() -> None:
    assert set(NAMES) == {*CELLS, "New"}


def test_new_customers_are_new_whatever_their_scores() -> None:
    assert named(scored([5, 5, 0], [5, 5, 0], new=[1, 0, 1])) == ["New", "Champions", "New"]


def test_a_customer_whose_age_can_not_be_judged_is_on_the_map() -> None:
    assert named(scored([5], [5], new=[-1])) == ["Champions"]


def test_without_a_score_there_is_no_segment() -> None:
    assert named(scored([5, 0, 3, 0], [0, 5, 3, 0])) == ["", "", "Need Attention", ""]


# As a method


def test_only_segments_with_somebody_are_numbered() -> None:
    rules = Rules(labels=np.array([4, -1, 1, 4]), names=("a", "b", "c", "d", "e"))
    found = fit(Case(x=np.zeros((4, 1)), spec=Cluster(), rules=rules), silent)
    assert {k: labels.tolist() for k, labels in found.labels.items()} == {2: [1, -1, 0, 1]}
    assert found.names == ("b", "e")


def test_names_go_with_their_segments_when_these_are_numbered_by_value() -> None:
    x = blobs((40, 30, 20), spread=0.1)
    place = np.arange(90) % 3
    spend = np.array([5.0, 30.0, 10.0])[place]
    found = cluster(
        matrix_of(x),
        spend,
        Cluster(algorithm="rules"),
        rules=Rules(labels=place, names=("low", "high", "mid")),
    )
    assert found.names == ("high", "mid", "low")
    assert [spend[found.labels == number].mean() for number in (1, 2, 3)] == [30, 10, 5]
    assert (found.suggested_k, found.elbow) == (None, None)
    assert found.reason == "as many as the rules find among these customers"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (None, "RFM rules need each customer's last order"),
        (Rules(labels=np.full(4, -1), names=NAMES), "None of these customers has a last order"),
    ],
)
def test_nobody_to_sort_is_said(rules: Rules | None, said: str) -> None:
    with pytest.raises(UserError, match=said):
        fit(Case(x=np.zeros((4, 1)), spec=Cluster(), rules=rules), silent)


# On data


@pytest.fixture(scope="module")
def shop(store: Store) -> Results:
    """The demo by the rules."""
    return pipeline.run(Study.parse("algorithm=rules"), store)


def test_the_demos_segments_have_the_names_of_their_scores(shop: Results) -> None:
    found = shop
    customers, clustering, profile = found.customers, found.clustering, found.profile
    assert clustering is not None and profile is not None
    r, fm, new = (customers.number(c).astype(int) for c in ("r", "fm", "new"))
    by_cell = {(a, b): name for name, (rs, fms) in CELLS.items() for a in rs for b in fms}
    expected = [
        "New" if n == 1 else by_cell[a, b]
        for a, b, n in zip(r.tolist(), fm.tolist(), new.tolist(), strict=True)
    ]
    names = {s.number: s.name for s in profile.segments}
    assert [names[one] for one in clustering.labels.tolist()] == expected
    assert tuple(names[number] for number in range(1, clustering.k + 1)) == clustering.names
    spend = customers.number("monetary")
    means = [spend[clustering.labels == number].mean() for number in range(1, clustering.k + 1)]
    assert means == sorted(means, reverse=True)


def test_scores_are_those_among_all_customers(shop: Results, store: Store) -> None:
    whole = shop
    some = pipeline.run(Study.parse("algorithm=rules&where=recency:lt:30"), store)
    assert whole.clustering is not None and some.clustering is not None and some.matrix is not None
    assert whole.clustering.names is not None and some.clustering.names is not None
    before = [whole.clustering.names[one - 1] for one in whole.clustering.labels[some.matrix.rows]]
    assert [some.clustering.names[one - 1] for one in some.clustering.labels] == before
    assert "Hibernating" not in some.clustering.names


def test_a_frozen_link_does_not_choose_a_number(shop: Results) -> None:
    assert pipeline.resolved(Study.parse("algorithm=rules"), shop).cluster.k is None


def test_the_order_of_the_file_does_not_matter(store: Store) -> None:
    lines = table(60).splitlines()
    found = []
    for rows in (lines[1:], lines[:0:-1], sorted(lines[1:], key=hash)):
        results = sorted_by_rules(store, add(store, "\n".join([lines[0], *rows]), TABLE))
        assert results.clustering is not None
        ids = results.customers.table["id"].to_pylist()
        found.append(dict(zip(ids, results.clustering.labels.tolist(), strict=True)))
    assert found[0] == found[1] == found[2]


def test_customers_without_a_score_are_counted_in_words(store: Store) -> None:
    spend = ["" if i < 4 else 10 + 11 * i % 97 for i in range(60)]
    found = sorted_by_rules(store, add(store, table(60, spend=spend), TABLE))
    assert found.clustering is not None and found.profile is not None
    assert int((found.clustering.labels == 0).sum()) == 4
    assert found.clustering.notes[-1] == "4 customers can't be scored by the rules and get no segment."
    assert found.profile.segments[-1].because == "Customers who can't be scored by the rules."


@pytest.mark.parametrize(
    ("rows", "columns", "roles", "said"),
    [
        (24, {}, {}, r"at least 25 customers to compare; there are 24 customers\. Add more customers"),
        (60, {}, {"last": "number"}, r"need the last order.* meaning Days since last order on the Data page"),
        (60, {}, {"orders": "number"}, r"need the number of orders.* meaning Number of orders"),
        (60, {}, {"spend": "number"}, r"need spend.* meaning Spend on the Data page"),
        (60, {"orders": [2] * 60}, {}, r"the number of orders, which is the same for every customer"),
    ],
)
def test_where_there_are_no_scores_it_says_why_and_what_to_do(
    store: Store, rows: int, columns: dict[str, Sequence[object]], roles: dict[str, str], said: str
) -> None:
    dataset = add(store, table(rows, **columns), {**TABLE, **roles})
    with pytest.raises(UserError, match=said):
        sorted_by_rules(store, dataset)
