"""From the customer sheet to the compared numbers: columns, gaps, extremes, transforms, scales, weights."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.preprocessing import MinMaxScaler, PowerTransformer, RobustScaler, StandardScaler

from core.clean import fill, limits
from core.errors import UserError
from core.features.customers import Customers
from core.features.matrix import Matrix, default_columns, matrix
from core.spec import Study
from tests.core.small import sheet

NAN = None
RNG = np.random.default_rng(5)
SKEWED = np.round(RNG.lognormal(3, 1.2, 80), 2)
EVEN = np.round(RNG.normal(50, 10, 80), 2)


def prepared(customers: Customers, query: str, mask: Sequence[bool] | None = None) -> Matrix:
    """The matrix of a sheet under a query."""
    study = Study.parse(query)
    chosen = np.ones(len(customers), bool) if mask is None else np.array(mask)
    return matrix(customers, chosen, study.features, study.clean)


def ledger(found: Matrix) -> dict[str, tuple[int, float | None]]:
    """Customers and money per row of the ledger."""
    return {row.key: (row.customers, row.money) for row in found.ledger}


def steps(found: Matrix) -> dict[str, tuple[int, int]]:
    """Rows and values per step."""
    return {step.name: (step.rows, step.values) for step in found.steps}


# Default columns


MEASURES = {
    "recency": "days",
    "orders": "count",
    "monetary": "money",
    "discount_share": "share",
    "tenure": "days",
    "points": "score",
    "age": "age",
    "gender": "category",
    "vip": "flag",
    "visits": "number",
    "size": "band",
}


@pytest.mark.parametrize(
    ("kind", "there", "expected"),
    [
        ("log", "recency orders monetary discount_share tenure", "recency orders monetary discount_share"),
        ("log", "recency orders monetary age", "recency orders monetary"),
        ("customers", "monetary orders recency points age visits", "recency orders monetary points"),
        ("customers", "monetary points visits", "monetary points"),
        ("customers", "monetary visits age size gender vip", "monetary visits size"),
        ("customers", "points visits size", "points visits size"),
        ("customers", "age gender vip", ""),
    ],
)
def test_default_columns(kind: str, there: str, expected: str) -> None:
    slugs = there.split()
    customers = sheet({s: [1.0, 2.0] for s in slugs}, {s: MEASURES[s] for s in slugs}, kind=kind)
    assert list(default_columns(customers)) == expected.split()


def test_without_a_column_to_compare_by_it_is_refused_in_words() -> None:
    customers = sheet({"age": [1.0, 2.0]}, {"age": "age"}, kind="customers")
    with pytest.raises(UserError, match="no column with numbers"):
        prepared(customers, "")


def test_an_unknown_column_is_ignored_with_a_note() -> None:
    customers = sheet({"x": EVEN, "y": SKEWED})
    assert prepared(customers, "cols=x,z").columns == ("x",)
    assert "“z”" in prepared(customers, "cols=x,z").notes[0]


def test_unknown_columns_alone_give_the_usual_ones() -> None:
    customers = sheet({"visits": EVEN, "points": SKEWED}, {"points": "score"}, kind="customers")
    found = prepared(customers, "cols=z")
    assert found.columns == ("points", "visits")
    assert len(found.notes) == 2


# Transforms and scales


def scaled(values: np.ndarray, how: str) -> np.ndarray:
    """What scikit-learn makes of a column."""
    scalers: dict[str, Any] = {"standard": StandardScaler, "robust": RobustScaler, "minmax": MinMaxScaler}
    return scalers[how]().fit_transform(values[:, None])[:, 0] if how != "none" else values


@pytest.mark.parametrize("scaling", ["standard", "robust", "minmax", "none"])
@pytest.mark.parametrize("transform", ["none", "log1p", "yeo-johnson", "auto"])
@pytest.mark.parametrize("values", [SKEWED, EVEN, -SKEWED], ids=["skewed", "even", "skewed to the left"])
def test_transform_and_scale_are_those_of_the_libraries(
    values: np.ndarray, transform: str, scaling: str
) -> None:
    power = PowerTransformer(standardize=False).fit_transform(values[:, None])[:, 0]
    is_even = values is EVEN
    expected = {
        "none": values,
        "log1p": np.sign(values) * np.log1p(np.abs(values)),
        "yeo-johnson": power,
        "auto": values if is_even else power,
    }[transform]
    found = prepared(sheet({"x": values}), f"cols=x&transform={transform}&scaling={scaling}")
    np.testing.assert_allclose(found.x[:, 0], scaled(expected, scaling), rtol=1e-10, atol=1e-10)
    how = found.prepared[0]
    assert how.transform == ({"auto": "none" if is_even else "yeo-johnson"}.get(transform, transform))


def test_what_was_done_is_enough_to_do_it_again() -> None:
    found = prepared(sheet({"x": SKEWED}), "cols=x&transform=log1p&weight=x:2.5")
    how = found.prepared[0]
    again = (np.log1p(SKEWED) - how.centre[0]) / how.scale * how.weight
    np.testing.assert_allclose(found.x[:, 0], again)


def test_a_skew_of_one_is_left_alone() -> None:
    values = np.array([0.0] * 50 + [1.0] * 50)
    assert prepared(sheet({"x": values}), "cols=x").prepared[0].transform == "none"


@pytest.mark.parametrize("values", [[0.0] * 50 + [1e12], [-1e9, *[0.0] * 30, 1e9], [5e-9, *[0.0] * 30]])
@pytest.mark.parametrize(
    "query", ["", "&transform=yeo-johnson&scaling=robust", "&transform=log1p&scaling=minmax"]
)
def test_extremes_never_make_numbers_that_are_none(values: list[float], query: str) -> None:
    assert np.isfinite(prepared(sheet({"x": values}), f"cols=x{query}").x).all()


def test_a_number_too_large_to_square_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="X holds 1e\\+300, too large"):
        prepared(sheet({"x": [1.0, 2.0, 1e300]}), "cols=x")


# Columns that tell nobody apart


def test_a_constant_column_is_left_out_with_a_note() -> None:
    found = prepared(sheet({"x": EVEN, "y": [3.0] * 80}), "cols=x,y")
    assert found.columns == ("x",)
    assert "Y is the same for every customer" in found.notes[0]


@pytest.mark.parametrize("values", [[3.0, 3.0, 3.0], [3.0, NAN, 3.0], ["a", "a", "a"]])
def test_nothing_but_constant_columns_is_refused_in_words(values: list[Any]) -> None:
    unit = "category" if isinstance(values[0], str) else "number"
    with pytest.raises(UserError, match="one value only"):
        prepared(sheet({"x": values}, {"x": unit}), "cols=x")


def test_nobody_included_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="Nobody meets"):
        prepared(sheet({"x": EVEN}), "cols=x", [False] * 80)


# Categories, bands, flags


def test_a_category_counts_as_one_attribute_however_many_levels() -> None:
    for levels in (2, 3, 12, 60):
        words = [f"w{i % levels}" for i in range(240)]
        found = prepared(sheet({"c": words, "x": RNG.normal(size=240)}, {"c": "category"}), "cols=c,x")
        block = found.x[:, :-1]
        assert block.shape[1] == min(levels, 40)
        assert np.linalg.norm(block[0] - block[1]) == pytest.approx(2.563)
        assert found.x[:, -1].var() == pytest.approx(1.0)
        np.testing.assert_allclose(block.mean(axis=0), 0, atol=1e-12)


def test_weight_is_influence() -> None:
    customers = sheet({"c": ["a", "b", "c", "a"], "x": [1.0, 2.0, 3.0, 5.0]}, {"c": "category"})
    found = prepared(customers, "cols=c,x&weight=c:0.5,x:2")
    assert np.linalg.norm(found.x[0, :3] - found.x[1, :3]) == pytest.approx(2.563 / 2)
    assert found.x[:, 3].std() == pytest.approx(2.0)
    assert found.names == ("c=a", "c=b", "c=c", "x")


def test_a_band_counts_by_the_rank_of_its_level() -> None:
    levels = ("low", "middle", "high")
    customers = sheet({"b": ["high", "low", "middle", "low"]}, {"b": "band"}, {"b": levels})
    found = prepared(customers, "cols=b&transform=none&scaling=none")
    assert found.x[:, 0].tolist() == [2, 0, 1, 0]


def test_a_flag_makes_two_columns_of_one_attribute() -> None:
    found = prepared(sheet({"f": [True, False, False, True]}, {"f": "flag"}), "cols=f")
    assert set(found.names) == {"f=true", "f=false"}
    assert np.linalg.norm(found.x[0] - found.x[1]) == pytest.approx(2.563)


@pytest.mark.parametrize("scaling", ["standard", "robust", "minmax", "none"])
def test_categories_are_as_far_apart_as_the_ends_of_a_number(scaling: str) -> None:
    number = norm.ppf((np.arange(1000) + 0.5) / 1000) if scaling != "minmax" else np.linspace(3, 9, 1000)
    customers = sheet({"c": ["a", "b"] * 500, "x": number}, {"c": "category"})
    found = prepared(customers, f"cols=c,x&transform=none&scaling={scaling}")
    ends = np.ptp(found.x[:, 2]) if scaling == "minmax" else np.diff(np.quantile(found.x[:, 2], [0.1, 0.9]))
    assert np.linalg.norm(found.x[0, :2] - found.x[1, :2]) == pytest.approx(
        float(np.ravel(ends)[0]), abs=0.01
    )


# Missing values


GAPPY = sheet(
    {
        "x": [1.0, 2.0, NAN, 4.0, 10.0, 2.0],
        "c": ["a", NAN, "b", "b", "b", "a"],
        "monetary": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
    },
    {"c": "category", "monetary": "money"},
)
RAW = "cols=x,c&transform=none&scaling=none&missing="


@pytest.mark.parametrize(("how", "stand_in"), [("median", 2.0), ("mode", 2.0)])
def test_gaps_are_filled_and_counted(how: str, stand_in: float) -> None:
    found = prepared(GAPPY, RAW + how)
    assert found.x[2, 0] == stand_in
    assert found.names[1:] == ("c=b", "c=a")
    assert (found.x[1, 1:] == found.x[2, 1:]).all()  # the most frequent category
    assert steps(found)["missing"] == (2, 2)
    assert "1 in X, 1 in C" in found.steps[0].text
    assert found.prepared[0].filled == stand_in
    assert ledger(found) == {"segmented": (6, 210)}


def test_customers_with_a_gap_may_be_left_out() -> None:
    found = prepared(GAPPY, RAW + "drop")
    assert found.rows.tolist() == [0, 3, 4, 5]
    assert steps(found)["missing"] == (2, 0)
    assert ledger(found) == {"missing": (2, 50), "segmented": (4, 160)}


def test_customers_with_a_gap_may_stay_without_a_segment() -> None:
    found = prepared(GAPPY, RAW + "leave")
    assert found.rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.fitted.tolist() == [True, False, False, True, True, True]
    assert len(found.x) == 4
    assert ledger(found) == {"segmented": (6, 210)}


@pytest.mark.parametrize("how", ["drop", "leave"])
def test_nobody_without_a_gap_is_refused_in_words(how: str) -> None:
    customers = sheet({"x": [1.0, NAN], "y": [NAN, 2.0]})
    with pytest.raises(UserError, match="No customer is left"):
        prepared(customers, f"cols=x,y&missing={how}")


def test_a_column_of_nothing_but_gaps_is_left_out() -> None:
    customers = sheet({"x": [1.0, 2.0, 3.0], "y": np.array([np.nan] * 3)})
    assert prepared(customers, "cols=x,y").columns == ("x",)


def test_the_typical_value_is_that_of_the_included_customers() -> None:
    found = prepared(GAPPY, RAW + "median", [True, True, True, True, False, False])
    assert found.x[2, 0] == 2.0
    assert ledger(found)["outside_cohort"] == (2, 110)


def test_filling_takes_the_smallest_of_the_most_frequent() -> None:
    assert fill(np.array([3.0, 1.0, 3.0, 1.0, np.nan]), "mode").tolist() == [3, 1, 3, 1, 1]


# Extreme values


FAR = [*range(20), 500.0]
IQR_LIMITS = (5 - 1.5 * 10, 15 + 1.5 * 10)


def far_sheet() -> Customers:
    """One value of 21 far away, and its money."""
    return sheet({"x": FAR, "monetary": FAR}, {"monetary": "money"})


def test_limits_are_tukeys_or_quantiles() -> None:
    assert limits(np.array(FAR), "cap-iqr") == IQR_LIMITS
    assert limits(np.array(FAR), "cap-quantile") == tuple(np.quantile(FAR, [0.01, 0.99]))


@pytest.mark.parametrize(
    ("how", "top", "rows", "changed"),
    [
        ("report", 500.0, 1, 0),
        ("cap-iqr", 30.0, 1, 1),
        ("cap-quantile", float(np.quantile(FAR, 0.99)), 2, 2),
        ("drop", 19.0, 1, 0),
    ],
)
def test_extreme_values_are_counted_limited_or_left_out(
    how: str, top: float, rows: int, changed: int
) -> None:
    found = prepared(far_sheet(), f"cols=x&transform=none&scaling=none&outliers={how}")
    assert found.x[:, 0].max() == pytest.approx(top)
    assert steps(found)["outliers"] == (rows, changed)
    assert (f"{changed} values limited" in found.prepared[0].text) == bool(changed)


def test_leaving_out_is_in_the_ledger_with_its_money_and_a_limit_is_not() -> None:
    dropped = prepared(far_sheet(), "cols=x&outliers=drop")
    assert ledger(dropped) == {"outliers": (1, 500), "segmented": (20, 190)}
    assert ledger(prepared(far_sheet(), "cols=x&outliers=cap-iqr")) == {"segmented": (21, 690)}


def test_limits_are_taken_before_gaps_are_filled() -> None:
    values = [*range(20), 500.0, *[None] * 40]
    found = prepared(sheet({"x": values}), "cols=x&transform=none&scaling=none&outliers=cap-iqr")
    assert found.x[:, 0].max() == 30.0
    assert steps(found) == {"missing": (40, 40), "outliers": (1, 1)}


def test_who_is_left_out_for_a_gap_does_not_count_as_extreme() -> None:
    customers = sheet({"x": FAR, "y": [*range(20), None]})
    found = prepared(customers, "cols=x,y&missing=drop&outliers=drop")
    assert steps(found) == {"missing": (1, 0), "outliers": (0, 0)}
    assert ledger(found)["segmented"][0] == 20


def test_a_category_has_no_extremes() -> None:
    words = ["a"] * 30 + ["b"]
    found = prepared(sheet({"c": words, "x": EVEN[:31]}, {"c": "category"}), "cols=c&outliers=drop")
    assert len(found.x) == 31
