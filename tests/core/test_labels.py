"""Labels with their guards, and RFM scores: every rule on customers made for it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.features import labels as lab
from core.features.labels import Evidence, Label
from core.io.store import Store
from tests.core.small import add, add_log, column, customers_of

YES, NO, UNKNOWN = lab.YES, lab.NO, lab.UNKNOWN
NAN = float("nan")


def evidence(n: int, **columns: Any) -> Evidence:
    """Evidence of n customers; a number stands for the same value for all."""
    arrays: dict[str, Any] = {
        key: np.full(n, value, dtype=float) if np.isscalar(value) and key not in SCALARS else value
        for key, value in columns.items()
    }
    arrays = {k: np.asarray(v, float) if isinstance(v, list) else v for k, v in arrays.items()}
    return Evidence(n=n, **arrays)


SCALARS = ("shop_discount", "cover", "is_log")


def label(key: str, seen: Evidence) -> Label:
    """One label."""
    return next(found for found in lab.all_labels(seen) if found.key == key)


def codes(key: str, seen: Evidence) -> list[int]:
    """Its codes."""
    found = label(key, seen)
    assert found.computable and found.rule
    return [int(code) for code in found.codes]


# High-value


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        ([1, 2, 3, 4, 5], [0, 0, 0, 0, 1]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [0] * 8 + [1, 1]),
        ([1, 2, 3, 4, 5, 6, 7, 9, 9, 10], [0] * 9 + [1]),  # a tie at the border is out
        ([-5, -4, -3, -2, -1], [0] * 5),  # nobody without spend is of high value
        ([1, 2, 3, 4, NAN, 5], [0, 0, 0, 0, UNKNOWN, 1]),
    ],
)
def test_high_value_is_the_top_fifth(spend: list[float], expected: list[int]) -> None:
    assert codes("high_value", evidence(len(spend), monetary=spend)) == expected


@pytest.mark.parametrize(
    ("spend", "said"),
    [
        (None, "Spend"),
        ([NAN, NAN], "empty"),
        ([1, 2, 5, 5], "share the highest spend"),
        ([5] * 10, "share the highest spend"),
    ],
)
def test_high_value_is_not_computable(spend: Any, said: str) -> None:
    found = label("high_value", evidence(4 if spend is None else len(spend), monetary=spend))
    assert not found.computable and said in found.reason
    assert set(found.codes) == {UNKNOWN}


def test_exactly_a_fifth_may_share_the_highest_spend() -> None:
    assert codes("high_value", evidence(5, monetary=[1, 2, 3, 4, 9])) == [0, 0, 0, 0, 1]
    assert codes("high_value", evidence(10, monetary=[*range(8), 9, 9])) == [0] * 8 + [1, 1]


# Discount seeker


def seeker(orders: Sequence[float], discounted: Sequence[float], **more: Any) -> list[int]:
    """The codes for customers with so many orders, so many of them on discount."""
    n = len(orders)
    return codes(
        "discount_seeker",
        evidence(n, orders=list(orders), discounted_orders=list(discounted), **more),
    )


REST = 60
"""Customers with ten orders each, two of them on discount: they hold p near 0.2."""


def among_the_rest(orders: float, discounted: float, expected: float = 0.2) -> int:
    """The code of one customer among the rest."""
    return seeker([orders, *[10] * REST], [discounted, *[2] * REST], expected=[expected, *[0.2] * REST])[0]


@pytest.mark.parametrize(
    ("orders", "discounted", "expected"),
    [
        (1, 1, UNKNOWN),
        (2, 2, UNKNOWN),  # one or two discounted orders make no seeker
        (3, 3, YES),
        (3, 2, NO),  # (2 + 0.4) / 5 < 0.5
        (10, 6, YES),  # (6 + 0.4) / 12 >= 0.5
        (10, 5, NO),
        (0, 0, UNKNOWN),
        (NAN, 0, UNKNOWN),
    ],
)
def test_a_seeker_has_most_orders_on_discount(orders: float, discounted: float, expected: int) -> None:
    assert among_the_rest(orders, discounted) == expected


@pytest.mark.parametrize(("others", "expected"), [(0.2, YES), (0.5, YES), (0.51, NO), (0.7, NO)])
def test_a_seeker_seeks_more_than_others_in_the_same_weeks(others: float, expected: int) -> None:
    assert among_the_rest(10, 6, others) == expected  # 0.6 - 0.5 is 0.10, whatever binary says


def test_where_nearly_everything_is_on_discount_the_depth_decides() -> None:
    share = [0.30, 0.25, 0.24, 0.05, 0.30, NAN]
    found = evidence(
        6,
        orders=[5, 5, 5, 5, 2, 5],
        discounted_orders=[5, 5, 5, 5, 2, 4],
        discount_share=share,
        shop_discount=0.15,
    )
    assert codes("discount_seeker", found) == [YES, YES, NO, NO, UNKNOWN, UNKNOWN]  # 0.25 = 0.15 + 0.10


def test_depth_needs_one_and_a_half_times_the_shops() -> None:
    found = evidence(3, orders=4, discounted_orders=4, discount_share=[0.6, 0.59, 0.4], shop_discount=0.4)
    assert codes("discount_seeker", found) == [YES, NO, NO]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"orders": 5}, "Give one the meaning Discount"),
        ({"discounted_orders": 2}, "how many orders"),
        ({"orders": 5, "discounted_orders": 5, "discount_share": 0.7, "shop_discount": 0.67}, "two thirds"),
    ],
)
def test_a_seeker_is_not_computable(columns: dict[str, float], said: str) -> None:
    found = label("discount_seeker", evidence(4, **columns))
    assert not found.computable and said in found.reason
    assert set(found.codes) == {UNKNOWN}


# Infrequent shopper


def test_infrequent_is_the_lowest_quarter_of_who_is_known_long_enough() -> None:
    frequency = [1, 2, 3, 4, 5, 6, 7, 8]
    assert codes("infrequent", evidence(8, frequency=frequency, tenure=90)) == [1, 1, 0, 0, 0, 0, 0, 0]


def test_a_tie_at_the_border_of_the_quarter_is_in() -> None:
    assert codes("infrequent", evidence(8, frequency=[1, 2, 2, 4, 5, 6, 7, 8], tenure=90))[:4] == [1, 1, 1, 0]


def test_last_weeks_customer_is_never_infrequent() -> None:
    frequency, tenure = [NAN, 2, 3, 4, 5, 6, 7, 8], [7, 89, 90, 400, 400, 400, 400, 400]
    found = evidence(8, frequency=frequency, tenure=tenure)
    assert codes("infrequent", found)[:4] == [UNKNOWN, UNKNOWN, YES, NO]


def test_the_shops_usual_gap_may_ask_for_a_longer_tenure() -> None:
    n = 24
    gap = [NAN] * 4 + [200.0] * 20
    found = evidence(n, frequency=list(range(n)), tenure=[199, 200, *[400] * 22], gap=gap)
    assert codes("infrequent", found)[:3] == [UNKNOWN, YES, YES]
    few = evidence(n, frequency=list(range(n)), tenure=[199, 200, *[400] * 22], gap=[NAN] * 5 + [200.0] * 19)
    assert codes("infrequent", few)[:3] == [YES, YES, YES]  # under 20 gaps: 90 days


def test_who_is_new_is_not_infrequent() -> None:
    found = evidence(
        8, frequency=list(range(8)), tenure=[90, *[400] * 7], orders_in_all=[1, *[3] * 7], cover=365.0
    )
    assert codes("infrequent", found)[:2] == [NO, YES]


def test_a_customer_table_needs_no_tenure_for_infrequent() -> None:
    found = evidence(4, frequency=[1, 2, 3, 4], is_log=False)
    assert codes("infrequent", found) == [1, 0, 0, 0]


@pytest.mark.parametrize("frequency", [None, [NAN] * 4])
def test_infrequent_is_not_computable_without_a_frequency(frequency: Any) -> None:
    assert "Number of orders" in label("infrequent", evidence(4, frequency=frequency)).reason


# Lapsed


def test_lapsed_is_silent_longer_than_the_shop_and_twice_the_own_gap() -> None:
    gap = [10.0] * 18 + [100.0, 100.0, NAN, NAN]
    shop = np.quantile([10.0] * 18 + [100.0, 100.0], 0.9)
    assert shop == pytest.approx(19.0)
    recency = [20, 21, *[0] * 16, 200, 201, 19, 20]
    found = codes("lapsed", evidence(22, recency=recency, gap=gap))
    assert found == [NO, YES, *[NO] * 16, NO, YES, NO, YES]


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"is_log": False, "recency": 5}, "order dates"), ({"recency": 5, "gap": 5}, "Fewer than 20")],
)
def test_lapsed_is_not_computable(columns: dict[str, Any], said: str) -> None:
    assert said in label("lapsed", evidence(19, **columns)).reason


# New


def test_new_is_one_order_in_all_and_not_long_ago() -> None:
    found = evidence(4, orders_in_all=[1, 1, 2, 1], tenure=[90, 91, 5, 0], cover=180.0)
    assert codes("new", found) == [YES, NO, NO, YES]


@pytest.mark.parametrize("columns", [{"cover": 179.0}, {"is_log": False, "cover": 400.0}])
def test_new_is_not_computable(columns: dict[str, Any]) -> None:
    assert not label("new", evidence(4, orders_in_all=1, tenure=5, **columns)).computable


# RFM


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        (range(10), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        ([7, 7, 7, 7], [3, 3, 3, 3]),
        ([1, 1, 1, 9], [2, 2, 2, 5]),  # mid-ranks 1.5 and 3.5 of 4
        ([NAN, 1, 2], [0, 2, 4]),
    ],
)
def test_quintiles_by_mid_rank(values: Sequence[float], expected: list[int]) -> None:
    assert lab.quintile(np.array(list(values), dtype=float)).tolist() == expected


def test_a_short_silence_is_better() -> None:
    assert lab.quintile(np.array([1.0, 2, 3, 4, 5]), higher_is_better=False).tolist() == [5, 4, 3, 2, 1]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_scores_are_tie_safe_and_do_not_depend_on_the_order(values: list[int], random: Any) -> None:
    n = len(values)
    found = dict(zip(values, lab.quintile(np.array(values, float)).tolist(), strict=True))
    for value, score in found.items():
        worse, equal = sum(v < value for v in values), values.count(value)
        assert score == 1 + (5 * (2 * worse + equal)) // (2 * n)
    shuffled = random.sample(values, n)
    assert lab.quintile(np.array(shuffled, float)).tolist() == [found[v] for v in shuffled]


def test_frequency_has_fixed_cut_points_where_one_value_holds_over_forty_per_cent() -> None:
    orders = np.array([1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7], dtype=float)
    assert lab.frequency_score(orders).tolist() == [1, 1, 1, 1, 1, 2, 3, 4, 4, 5, 5]
    forty = np.array([1, 1, 1, 1, 2, 3, 4, 5, 6, 7], dtype=float)
    assert lab.frequency_score(forty).tolist() == lab.quintile(forty).tolist()


def test_fm_is_the_mean_of_both_rounded_up() -> None:
    n = 25
    seen = evidence(
        n,
        recency=[float(i) for i in range(n)],
        orders=[float(i) for i in range(n)],
        monetary=[float((i * 7) % n) for i in range(n)],
    )
    scores = lab.rfm_scores(seen)
    assert scores is not None
    expected = [(int(f) + int(m)) / 2 for f, m in zip(scores["f"], scores["m"], strict=True)]
    assert scores["fm"].tolist() == [int(np.floor(x + 0.5)) for x in expected]


@pytest.mark.parametrize(
    "columns",
    [
        {"n": 24},
        {"recency": 3.0},
        {"orders": 1.0},
        {"monetary": 5.0},
        {"monetary": None},
    ],
)
def test_rfm_is_not_computable(columns: dict[str, Any]) -> None:
    n = int(columns.pop("n", 25))
    ramp = [float(i) for i in range(n)]
    seen = evidence(n, **{"recency": ramp, "orders": ramp, "monetary": ramp, **columns})
    assert lab.rfm_scores(seen) is None


# From a data set


def test_a_log_without_a_discount_column_says_not_computable(store: Store) -> None:
    log = add_log(
        store, "order,customer,day,product,quantity,price\na,A,2024-01-01,P,1,5\nb,B,2024-01-02,P,1,6"
    )
    found = {info.key: info for info in customers_of(store, log).labels}
    assert "Discount" in found["discount_seeker"].reason
    assert (found["discount_seeker"].yes, found["discount_seeker"].judged) == (0, 0)


def people(store: Store, deals: Sequence[object], name: str, role: str = "discount") -> dict[str, int]:
    """The seeker codes of ten customers with ten orders and a spend of 100 each."""
    rows = "\n".join(f"C{i},10,{100 + i},{deal}" for i, deal in enumerate(deals))
    roles = {"customer": "id", "orders": "frequency", "spend": "spend", name: role}
    found = customers_of(store, add(store, f"customer,orders,spend,{name}\n{rows}", roles))
    return column(found, "discount_seeker")


def test_a_customer_table_may_count_discounted_orders(store: Store) -> None:
    assert people(store, [9, 1, 1, 1], "num_deals") == {"C0": YES, "C1": NO, "C2": NO, "C3": NO}


def test_a_customer_table_may_hold_the_share_on_discount(store: Store) -> None:
    assert people(store, [0.6, 0.1, 0.1, 0.15], "discount_rate") == {"C0": YES, "C1": NO, "C2": NO, "C3": NO}


def test_a_customer_table_may_hold_the_amount_of_discount(store: Store) -> None:
    assert people(store, [90, 5, 5, 7], "discount_eur") == {"C0": YES, "C1": NO, "C2": NO, "C3": NO}


def test_an_amount_in_a_rule_is_said_in_the_currency() -> None:
    found = label("high_value", evidence(100, monetary=np.arange(1.0, 101.0)))
    assert lab.said_rule(found, "£") == "top fifth by spend: £81.00 or more"
