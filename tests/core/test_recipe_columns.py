"""What the recipe does to the compared columns: filled, marked, merged, grouped; before and after."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.impute import KNNImputer
from sklearn.neighbors import KNeighborsClassifier

from core.clean import OTHER, Change
from core.features.customers import Customers
from core.features.matrix import Matrix, Prepared, matrix
from core.spec import Study
from tests.core.small import sheet

PLAIN = "&transform=none&scaling=none"
RNG = np.random.default_rng(11)
N = 200


def prepared(customers: Customers, query: str) -> Matrix:
    """The matrix of all customers of a sheet under a query."""
    study = Study.parse(query)
    return matrix(customers, np.ones(len(customers), bool), study.features, study.clean)


def step(found: Matrix, name: str) -> tuple[int, int, str]:
    """Rows, values and sentence of a step."""
    (one,) = [s for s in found.steps if s.name == name]
    return one.rows, one.values, one.text


def change(found: Matrix, slug: str) -> Change:
    """Before and after of a column."""
    (one,) = [c for c in found.changes if c.slug == slug]
    return one


def gappy(n: int = N, share: float = 0.2) -> dict[str, np.ndarray]:
    """Three numbers that go together, with gaps."""
    a = RNG.normal(50, 10, n)
    columns = {"a": a, "b": 3 * a + RNG.normal(0, 5, n), "c": RNG.normal(0, 1, n)}
    for values in columns.values():
        values[RNG.random(n) < share] = np.nan
    return columns


def standardised(columns: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The columns with mean 0 and variance 1 over what is known, their means and deviations."""
    x = np.column_stack(list(columns.values()))
    return (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0), np.nanmean(x, axis=0), np.nanstd(x, axis=0)


# Missing values


GAPPY = sheet(
    {
        "x": [1.0, 2.0, None, 4.0, 10.0, 2.0],
        "c": ["a", None, "b", "b", "b", "a"],
        "b": ["low", "high", None, "low", "low", "middle"],
    },
    {"c": "category", "b": "band"},
    {"b": ("low", "middle", "high")},
)


def test_one_value_fills_numbers_and_an_empty_category_is_its_own() -> None:
    found = prepared(GAPPY, f"cols=x,b,c&missing=constant&constant=-1{PLAIN}")
    assert found.x[2, 0] == -1
    assert found.x[2, 1] == 0  # a band takes its middle level: -1 is none
    assert found.prepared[2].levels == ("b", "a", "missing")
    assert step(found, "missing") == (
        2,
        3,
        "Missing values: 1 in X, 1 in B, 1 in C; each number filled with -1; each band filled with its"
        " middle level; an empty category counts as “missing”.",
    )


def test_missing_may_be_a_category_of_its_own() -> None:
    found = prepared(GAPPY, "cols=c&missing=category")
    assert found.names == ("c=b", "c=a", "c=without C")
    assert found.x[1, 2] > 0 > found.x[0, 2]
    assert np.linalg.norm(found.x[1] - found.x[0]) == pytest.approx(2.563)
    assert found.prepared[0].filled_level == "missing"


def test_a_column_that_says_missing_already_has_no_second_such_level() -> None:
    found = prepared(sheet({"c": ["a", "Missing", None, "a"]}, {"c": "category"}), "cols=c&missing=category")
    assert found.prepared[0].levels == ("a", "Missing")
    assert (found.x[1] == found.x[2]).all()


@pytest.mark.parametrize("scaling", ["standard", "robust", "minmax", "none"])
def test_a_marked_number_weighs_as_the_number_alone(scaling: str) -> None:
    columns = gappy()
    alone = prepared(sheet(columns), f"cols=a&missing=median&transform=none&scaling={scaling}")
    marked = prepared(sheet(columns), f"cols=a&missing=category&transform=none&scaling={scaling}&weight=a:3")
    assert marked.names == ("a", "a=without A")
    assert marked.x.var(axis=0).sum() == pytest.approx(9 * alone.x.var())
    assert marked.x[:, 0].var() == pytest.approx(marked.x[:, 1].var())
    gaps = np.isnan(columns["a"])
    assert marked.x[gaps, 1].min() > marked.x[~gaps, 1].max()
    assert "that it was empty counts too" in step(marked, "missing")[2]


def test_a_number_without_gaps_is_not_marked() -> None:
    assert prepared(sheet({"x": [1.0, 2.0, 4.0]}), "cols=x&missing=category").names == ("x",)


def test_a_number_that_differs_only_in_being_there_can_be_compared() -> None:
    found = prepared(sheet({"x": [3.0, None, 3.0, 3.0]}), "cols=x&missing=category")
    assert found.x.var(axis=0).tolist() == pytest.approx([0.0, 1.0])


# Filled like similar customers


def test_similar_customers_are_those_of_scikit_learn() -> None:
    columns = gappy()
    z, middle, spread = standardised(columns)
    expected = KNNImputer(n_neighbors=5).fit_transform(z) * spread + middle
    found = prepared(sheet(columns), f"cols=a,b,c&missing=nearest{PLAIN}")
    nothing = np.isnan(z).all(axis=1)
    np.testing.assert_allclose(found.x[~nothing], expected[~nothing])
    np.testing.assert_allclose(found.x[nothing, 0], np.nanmedian(columns["a"]))
    assert "the mean of the 5 customers most similar" in step(found, "missing")[2]


def test_a_category_is_voted_on_by_similar_customers() -> None:
    a = np.concatenate([RNG.normal(0, 1, 60), RNG.normal(20, 1, 40)])
    words = [None if i % 9 == 0 else "low" if v < 10 else "high" for i, v in enumerate(a)]
    found = prepared(sheet({"a": a, "c": words}, {"c": "category"}), f"cols=a,c&missing=nearest{PLAIN}")
    gaps = np.array([w is None for w in words])
    known = KNeighborsClassifier(5).fit(a[~gaps, None], np.array(words)[~gaps].astype(str))
    high = found.x[:, found.names.index("c=high")] > 0
    assert (high[gaps] == (known.predict(a[gaps, None]) == "high")).all()


def test_who_is_similar_does_not_depend_on_the_order_of_the_rows() -> None:
    columns = {slug: np.round(values, 0) for slug, values in gappy().items()}  # with many ties
    order = RNG.permutation(N)
    one = prepared(sheet(columns), f"cols=a,b,c&missing=nearest{PLAIN}")
    other = prepared(sheet({s: v[order] for s, v in columns.items()}), f"cols=a,b,c&missing=nearest{PLAIN}")
    np.testing.assert_array_equal(one.x[order], other.x)


def test_of_many_customers_a_sample_is_sought_and_that_is_said() -> None:
    n = 21_000
    a = RNG.normal(0, 1, n)
    b = 2 * a + RNG.normal(0, 0.01, n)
    gaps = np.arange(n) % 500 == 0
    columns = {"a": a, "b": np.where(gaps, np.nan, b)}
    found = prepared(sheet(columns), f"cols=a,b&missing=nearest{PLAIN}")
    assert np.abs(found.x[gaps, 1] - b[gaps]).max() < 0.5
    assert "sought among a sample of at most 20,000" in step(found, "missing")[2]
    order = RNG.permutation(n)
    again = prepared(sheet({s: v[order] for s, v in columns.items()}), f"cols=a,b&missing=nearest{PLAIN}")
    np.testing.assert_array_equal(found.x[order], again.x)


# Marked outliers


FAR = {"x": [*range(20), 500.0, None], "y": [*range(21), 7.0]}


def test_marked_values_change_nothing_in_the_grouping() -> None:
    found, counted = (prepared(sheet(FAR), f"cols=x,y&outliers={how}") for how in ("flag", "report"))
    np.testing.assert_array_equal(found.x, counted.x)
    assert counted.unusual is None and found.unusual is not None
    assert np.flatnonzero(found.unusual).tolist() == [20]
    assert step(found, "outliers")[:2] == (1, 0)
    assert "these customers are marked" in step(found, "outliers")[2]


def test_marks_belong_to_the_customers_who_stay() -> None:
    found = prepared(sheet(FAR), "cols=x,y&outliers=flag&missing=drop")
    assert found.unusual is not None and found.unusual.size == found.rows.size == 21


# Rare categories


CITIES = ["Bonn"] * 50 + ["Köln"] * 40 + ["Trier"] * 6 + ["Ulm"] * 3 + [None]


def test_rare_categories_become_one() -> None:
    found = prepared(sheet({"c": CITIES}, {"c": "category"}), "cols=c&rare=7")
    assert found.names == ("c=Bonn", "c=Köln", "c=Other")
    assert found.prepared[0].merged == ("Trier", "Ulm")
    text = "Rare categories: 2 categories of C (9 customers) merged into “Other”."
    assert step(found, "rare") == (9, 9, text)
    assert np.linalg.norm(found.x[0] - found.x[-2]) == pytest.approx(2.563)


def test_a_share_exactly_at_the_limit_is_not_rare() -> None:
    assert prepared(sheet({"c": CITIES}, {"c": "category"}), "cols=c&rare=6").prepared[0].merged == ("Ulm",)


def test_missing_is_never_merged() -> None:
    found = prepared(sheet({"c": CITIES}, {"c": "category"}), "cols=c&rare=7&missing=category")
    assert found.prepared[0].levels == ("Bonn", "Köln", "missing", "Other")


def test_rare_ones_join_an_other_that_is_there() -> None:
    words = ["a"] * 50 + ["other"] + ["b"]
    found = prepared(sheet({"c": words}, {"c": "category"}), "cols=c&rare=5")
    assert found.prepared[0].levels == ("a", "other")


def test_nothing_rare_is_said_so() -> None:
    found = prepared(sheet({"c": CITIES}, {"c": "category"}), "cols=c&rare=1")
    assert step(found, "rare") == (0, 0, "No category is rare.")


# One-hot groups


def one_hot(columns: dict[str, Sequence[Any]], unit: str) -> Customers:
    """A sheet whose columns but the first are one group."""
    made = sheet(columns, dict.fromkeys(list(columns)[1:], unit))
    measures = (made.measures[0], *(replace(m, group="Marital") for m in made.measures[1:]))
    return replace(made, measures=measures)


@pytest.mark.parametrize("unit", ["flag", "number"])
def test_a_one_hot_group_counts_as_one_attribute(unit: str) -> None:
    levels = RNG.integers(0, 4, N)
    hot: dict[str, Any] = {"x": RNG.normal(0, 1, N)}
    for at in range(4):
        yes = (levels == at).tolist()
        hot[f"is_{at}"] = ["1" if y else "0" for y in yes] if unit == "flag" else [float(y) for y in yes]
    found = prepared(one_hot(hot, unit), f"cols={','.join(hot)}")
    assert found.x.shape == (N, 5)
    one = prepared(sheet({"c": [str(v) for v in levels]}, {"c": "category"}), "cols=c")
    order = np.argsort(list(one.names))
    np.testing.assert_allclose(found.x[:, 1:], one.x[:, order])
    assert "4 columns of “Marital” that together count as one attribute" in found.prepared[1].text


def test_one_column_of_a_group_alone_is_an_attribute() -> None:
    found = prepared(one_hot({"x": [1.0, 2.0, 4.0], "f": ["0", "1", "1"]}, "flag"), "cols=f")
    assert np.linalg.norm(found.x[0] - found.x[1]) == pytest.approx(2.563)


# Enough to do it again to new customers


def again(found: Prepared, value: Any) -> list[float]:
    """The matrix's columns of one value, from what `Prepared` says alone."""
    if found.kind == "category":
        word = found.filled_level if value is None else value
        known = [level for level in found.levels if level == word] or [OTHER]
        hot = [float(level in known) for level in found.levels]
        return [(h - c) / found.scale * found.weight for h, c in zip(hot, found.centre, strict=True)]
    x = found.filled if value is None else value
    assert x is not None
    x = float(np.clip(x, *found.limits)) if found.limits and value is not None else x
    if found.transform == "log1p":
        x = np.sign(x) * np.log1p(abs(x))
    columns = [(x - found.centre[0]) / found.scale * found.weight]
    if found.mark is not None:
        columns.append((float(value is None) - found.centre[1]) / found.mark * found.weight)
    return columns


@pytest.mark.parametrize("missing", ["median", "mode", "constant", "category"])
@pytest.mark.parametrize("outliers", ["report", "cap-iqr", "cap-quantile"])
@pytest.mark.parametrize("rare", [0, 20])
def test_what_was_done_is_enough_to_score_new_customers(missing: str, outliers: str, rare: int) -> None:
    rng = np.random.default_rng(3)
    x = [None if i % 11 == 0 else float(v) for i, v in enumerate(rng.lognormal(2, 1, N))]
    c = [None if i % 13 == 0 else "abcdef"[int(v)] for i, v in enumerate(rng.zipf(1.5, N) % 6)]
    query = f"cols=x,c&weight=x:2,c:0.5&transform=log1p&missing={missing}&outliers={outliers}&rare={rare}"
    found = prepared(sheet({"x": x, "c": c}, {"c": "category"}), query + "&constant=3.5")
    scored = [[*again(found.prepared[0], a), *again(found.prepared[1], b)] for a, b in zip(x, c, strict=True)]
    np.testing.assert_allclose(scored, found.x)


# Before and after


def test_what_did_not_change_has_no_before_and_after() -> None:
    found = prepared(sheet({"x": RNG.normal(0, 1, 50), "y": [1.0, None] * 25}), "cols=x,y")
    assert [c.slug for c in found.changes] == ["y"]


def test_filled_values_move_from_empty_to_their_step() -> None:
    found = change(prepared(GAPPY, "cols=x,c"), "x")
    assert (found.empty_before, found.empty_after) == (1, 0)
    moved = found.after - found.before
    assert moved.sum() == 1 and moved[np.searchsorted(found.edges, 2.0, "right") - 1] == 1


def test_limited_values_end_at_the_limit() -> None:
    found = change(prepared(sheet({"x": [*range(20), 500.0]}), "cols=x&outliers=cap-iqr"), "x")
    assert found.before.sum() == found.after.sum() == 21
    assert found.before[-1] == 1 and found.after[-1] == 0
    assert len(found.edges) == 21 and found.edges[-1] == 500


def test_who_is_left_out_is_in_before_only() -> None:
    found = prepared(sheet({"x": [*range(20), 500.0], "y": [*range(21)]}), "cols=x,y&outliers=drop")
    assert {c.slug: int(c.before.sum() - c.after.sum()) for c in found.changes} == {"x": 1, "y": 1}


def test_merged_categories_leave_their_levels() -> None:
    found = change(prepared(sheet({"c": CITIES}, {"c": "category"}), "cols=c&rare=7"), "c")
    assert found.levels == ("Bonn", "Köln", "Trier", "Ulm", "Other")
    assert found.before.tolist() == [50, 40, 6, 3, 0]
    assert found.after.tolist() == [51, 40, 0, 0, 9]
    assert found.edges.size == 0


def test_many_categories_are_drawn_as_twenty() -> None:
    words = [f"w{i:02d}" for i in range(30) for _ in range(40 - i)] + [None]
    found = change(prepared(sheet({"c": words}, {"c": "category"}), "cols=c"), "c")
    assert len(found.levels) == 20 and found.levels[-1] == "11 more"
    assert found.before.sum() == len(words) - 1 and found.after.sum() == len(words)


def test_steps_of_a_skewed_number_grow_with_it() -> None:
    values = [*RNG.lognormal(2, 1.5, 300), None]
    found = change(prepared(sheet({"x": values}), "cols=x"), "x")
    steps = found.edges[1:] / found.edges[:-1]
    np.testing.assert_allclose(steps, steps[0])
    assert found.before.sum() == 300
