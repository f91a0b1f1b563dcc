"""Profiles: sizes, value, ratios of sums, labels with their guards, names."""

import dataclasses
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from core import describe, pipeline
from core.choose import Clustering, cluster
from core.features.customers import Customers, LabelInfo
from core.features.matrix import Matrix, matrix
from core.io.store import Store
from core.pipeline import Results
from core.profile import Profile, name_segments, profile
from core.profile.baskets import baskets
from core.spec import Cluster, Study
from tests.core.blobs import blobs, matrix_of
from tests.core.small import SAMPLE, sheet


def labelled(customers: Customers, **codes: list[int]) -> Customers:
    """The sheet with labels of these codes."""
    table, infos = customers.table, []
    for key, values in codes.items():
        table = table.append_column(key, pa.array(values, pa.int8()))
        infos.append(
            LabelInfo(
                key=key,
                name=key.replace("_", " ").capitalize(),
                rule="a rule",
                reason="",
                yes=values.count(1),
                judged=len(values) - values.count(-1),
            )
        )
    return Customers(kind="log", table=table, measures=customers.measures, labels=tuple(infos), ledger=())


def divided(labels: list[int], x: np.ndarray | None = None) -> tuple[Matrix, Clustering]:
    """A matrix and a clustering in which customers have these segments."""
    n, k = len(labels), max(labels)
    numbers = np.array(labels)
    points = x if x is not None else numbers[:, None] + 0.0
    made = matrix_of(points)
    start = cluster(matrix_of(blobs((20, 20))), None, Cluster(k=2))
    centres = np.array([points[numbers == s].mean(axis=0) for s in range(1, k + 1)])
    values: dict[str, Any] = {name: getattr(start, name) for name in Clustering.__slots__}
    return made, Clustering(
        **{
            **values,
            "k": k,
            "labels": numbers.astype(np.int16),
            "centres": centres,
            "coords": np.zeros((n, 2)),
        }
    )


def profiled(customers: Customers, labels: list[int]) -> Profile:
    """The profile of customers in these segments."""
    return profile(customers, *divided(labels))


MONEY = {"monetary": "money", "order_value": "money", "orders": "count"}


def test_sizes_and_value_with_the_customers_without_a_segment() -> None:
    customers = sheet({"monetary": [60.0, 20.0, 10.0, -30.0, 10.0]}, MONEY)
    found = profiled(customers, [1, 1, 2, 2, 0])
    assert [(s.number, s.size, s.share) for s in found.segments] == [(1, 2, 0.4), (2, 2, 0.4), (0, 1, 0.2)]
    assert [s.value_share for s in found.segments] == [0.8, 0.1, 0.1]  # what is below zero counts as none
    assert [s.index for s in found.segments] == [2.0, 0.25, 0.5]
    assert [s.net for s in found.segments] == [80, -20, 10]
    assert (found.customers, found.value, found.net) == (5, 100, 70)
    assert found.segments[2].name == "No segment"
    assert sum(s.share for s in found.segments) == pytest.approx(1)


def test_without_spend_there_is_no_value() -> None:
    found = profiled(sheet({"points": [1.0, 2.0, 3.0, 4.0]}), [1, 1, 2, 2])
    assert [(s.value_share, s.index, s.net) for s in found.segments] == [(None, None, None)] * 2
    assert found.value is None


def test_where_nobody_spent_the_value_share_is_not_computable() -> None:
    found = profiled(sheet({"monetary": [0.0, -5.0, 0.0, 0.0]}, MONEY), [1, 1, 2, 2])
    assert [s.value_share for s in found.segments] == [None, None]


def test_a_segments_average_order_is_a_ratio_of_sums() -> None:
    customers = sheet(
        {
            "monetary": [90.0, 5.0, 1.0, 1.0],
            "order_value": [100.0, 10.0, 8.0, 8.0],
            "orders": [1.0, 10.0, 2.0, 2.0],
        },
        MONEY,
    )
    found = profiled(customers, [1, 1, 2, 2])
    assert [s.average_order_value for s in found.segments] == [110 / 11, 4]
    assert found.orders == 15


def test_measures_are_in_real_units_with_missing_ones_left_out() -> None:
    customers = sheet({"x": [1.0, 3.0, None, 10.0, 20.0, 60.0]})
    found = profiled(customers, [1, 1, 1, 2, 2, 2]).measures[0]
    assert (found.overall.known, found.overall.mean, found.overall.median) == (5, 18.8, 10)
    assert (found.segments[0].known, found.segments[0].mean) == (2, 2)
    assert (found.segments[1].q1, found.segments[1].median, found.segments[1].q3) == (15, 20, 40)
    spread = np.std([1, 3, 10, 20, 60])
    assert found.z == pytest.approx(((2 - 18.8) / spread, (30 - 18.8) / spread))
    rest = found.rest[1]
    assert rest is not None and rest.times == 15 and rest.effect == pytest.approx(28 / spread)
    assert rest.low < rest.effect < rest.high


def test_a_measure_that_nobody_has_is_there_without_numbers() -> None:
    found = profiled(sheet({"x": np.array([np.nan] * 4), "y": [1.0, 1.0, 1.0, 1.0]}), [1, 1, 2, 2])
    assert found.measures[0].overall.mean is None
    assert found.measures[0].z == found.measures[1].z == (None, None)


def test_mixes_count_every_customer_once() -> None:
    customers = sheet(
        {
            "gender": ["f", "m", None, "f", "f"],
            "age": [24.0, 25.0, 64.9, 65.0, None],
            "band": ["high", "low", "low", None, "high"],
        },
        {"gender": "category", "age": "age", "band": "band"},
        {"band": ("low", "high")},
    )
    found = {m.slug: m for m in profiled(customers, [1, 1, 1, 2, 2]).mixes}
    assert found["gender"].levels == ("f", "m")
    assert (found["gender"].segments, found["gender"].missing) == (((1, 1), (2, 0)), (1, 0))
    assert found["age"].overall == (1, 1, 0, 0, 1, 1)
    assert (found["band"].levels, found["band"].segments) == (("low", "high"), ((2, 1), (0, 1)))


def test_a_category_of_many_levels_ends_in_other() -> None:
    words = [f"w{i:02d}" for i in range(20)] * 2
    found = profiled(sheet({"c": words}, {"c": "category"}), [1, 2] * 20).mixes[0]
    assert len(found.levels) == 12 and found.levels[-1] == "other"
    assert sum(found.overall) == 40


# Labels of segments


def seeker_labels(
    flagged: tuple[int, int], size: int = 100, judged: tuple[int, int] = (100, 100)
) -> list[bool]:
    """Whether each of two segments earns the label with so many flagged of so many judged."""
    codes = [
        code
        for yes, seen in zip(flagged, judged, strict=True)
        for code in [1] * yes + [0] * (seen - yes) + [-1] * (size - seen)
    ]
    customers = labelled(sheet({"x": np.arange(2.0 * size)}), discount_seeker=codes)
    found = profiled(customers, [1] * size + [2] * size)
    assert [bool(s.labels) for s in found.segments] == list(found.labels[0].earned)
    return list(found.labels[0].earned)


@pytest.mark.parametrize(
    ("flagged", "expected"),
    [
        ((60, 10), [True, False]),
        ((50, 30), [False, False]),  # 50 % is not 1.5 × 40 %
        ((0, 0), [False, False]),  # nobody is flagged: nobody stands out
        ((100, 0), [True, False]),
        ((2, 0), [False, False]),  # two may be chance: the lower bound is 0
    ],
)
def test_a_segment_earns_a_label_by_its_flagged_share(flagged: tuple[int, int], expected: list[bool]) -> None:
    assert seeker_labels(flagged) == expected


def test_only_those_who_can_be_judged_count() -> None:
    assert seeker_labels((30, 10), judged=(40, 100)) == [True, False]
    assert seeker_labels((0, 10), judged=(0, 100)) == [False, False]


def value_labels(spend: list[float], sizes: tuple[int, ...], high_value: int = 1) -> list[tuple[str, ...]]:
    """Labels of segments whose customers spend so much each."""
    money = [s for s, n in zip(spend, sizes, strict=True) for _ in range(n)]
    numbers = [i + 1 for i, n in enumerate(sizes) for _ in range(n)]
    customers = labelled(sheet({"monetary": money}, MONEY), high_value=[high_value] * len(money))
    return [s.labels for s in profiled(customers, numbers).segments]


@pytest.mark.parametrize(
    ("spend", "sizes", "expected"),
    [
        ([100.0, 10.0], (100, 400), [True, False]),
        ([14.0, 9.0], (100, 400), [False, False]),  # index 1.4
        ([100.0, 10.0], (5, 495), [False, False]),  # index 9, but 9 % of the value
        ([10.0, 10.0], (100, 400), [False, False]),
    ],
)
def test_a_segment_is_of_high_value_by_its_index_and_share(
    spend: list[float], sizes: tuple[int, ...], expected: list[bool]
) -> None:
    assert value_labels(spend, sizes) == [("High-value",) if e else () for e in expected]


def test_high_value_needs_an_index_that_is_no_chance() -> None:
    one_giant = [2000.0, *[1.0] * 19, *[20.0] * 180]
    customers = labelled(sheet({"monetary": one_giant}, MONEY), high_value=[1] * 200)
    found = profiled(customers, [1] * 20 + [2] * 180)
    first = found.segments[0]
    assert first.index is not None and first.index > 1.5
    assert first.index_low is not None and first.index_low < 1.2
    assert first.labels == ()


def test_a_label_that_is_not_computable_is_earned_by_nobody() -> None:
    customers = sheet({"monetary": [100.0] * 50 + [1.0] * 200}, MONEY)
    assert all(s.labels == () for s in profiled(customers, [1] * 50 + [2] * 200).segments)


def test_no_segment_has_no_labels() -> None:
    customers = labelled(sheet({"monetary": [100.0] * 50 + [1.0] * 200}, MONEY), high_value=[1] * 250)
    assert [s.labels for s in profiled(customers, [0] * 50 + [1] * 200).segments] == [(), ()]


# Names


def test_names_say_the_two_strongest_differences() -> None:
    customers = sheet(
        {
            "recency": [5.0] * 20 + [300.0] * 20,
            "monetary": [900.0 + i for i in range(20)] + [50.0 + i for i in range(20)],
            "tenure": [100.0 + i % 7 for i in range(40)],
        },
        {"recency": "days", "monetary": "money", "tenure": "days"},
    )
    study = Study.parse("cols=recency,monetary,tenure&transform=none")
    made = matrix(customers, np.ones(40, bool), study.features, study.clean)
    result = cluster(made, customers.number("monetary"), Cluster(k=2))
    found = profile(customers, made, result)
    assert {*found.segments[0].name.lower().split(", ")} == {"bought recently", "high spend"}
    assert {*found.segments[1].name.lower().split(", ")} == {"long silent", "low spend"}
    assert "Recency 5 (all: 152)" in found.segments[0].because


@pytest.mark.parametrize("seed", range(5))
def test_names_are_unique_however_many_segments(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(240, 2))
    made = matrix_of(x)
    names = [n.name for n in name_segments(made, x[:12] * 0.9)]
    assert len(set(names)) == 12
    same = [n.name for n in name_segments(made, np.zeros((12, 2)))]
    assert len(set(same)) == 12 and same[-1] == "Close to the average"


def test_mostly_on_discount_is_said_only_where_it_is_most() -> None:
    customers = sheet({"discount_share": [0.30] * 20 + [0.05] * 20}, {"discount_share": "share"})
    study = Study.parse("cols=discount_share")
    made = matrix(customers, np.ones(40, bool), study.features, study.clean)
    centres = np.array([[1.0], [-1.0]])
    said = [n.name for n in name_segments(made, centres, mostly=[0.4, 0.2])]
    assert said == ["More on discount", "Less on discount"]
    assert [n.name for n in name_segments(made, centres, mostly=[0.6, 0.05])] == [
        "Mostly on discount",
        "Seldom on discount",
    ]


def valued(*shares: tuple[float, float]) -> Profile:
    """A profile whose segments have these shares of customers and of net sales."""
    found = profiled(sheet({"monetary": [9.0, 9.0, 4.0, 1.0, 1.0, 1.0]}, MONEY), [1, 1, 2, 2, 3, 3])
    segments = tuple(
        dataclasses.replace(
            found.segments[0], number=at, name=f"S{at}", share=share, value_share=value, index=value / share
        )
        for at, (share, value) in enumerate(shares, 1)
    )
    return dataclasses.replace(found, segments=segments)


@pytest.mark.parametrize(
    ("shares", "finding"),
    [
        (
            ((0.2, 0.7), (0.3, 0.2), (0.5, 0.1)),
            "1 of 3 segments (20 % of customers) brings 70 % of net sales.",
        ),
        (
            ((0.2, 0.5), (0.3, 0.4), (0.5, 0.1)),
            "2 of 3 segments (50 % of customers) bring 90 % of net sales.",
        ),
        (
            ((0.6, 0.68), (0.1, 0.22), (0.3, 0.1)),
            "2 of 3 segments (70 % of customers) bring 90 % of net sales.",
        ),
        (((0.1, 0.16), (0.9, 0.84)), "S1: 10 % of customers bring 16 % of net sales."),
        (((0.6, 0.66), (0.4, 0.34)), "Value is spread evenly: no segment brings over 1.1× its share."),
        (((1.0, 1.0),), "All 6 customers are in one segment."),
    ],
)
def test_the_finding_of_profiles_follows_its_rule(shares: Any, finding: str) -> None:
    assert describe.profiles_finding(valued(*shares)) == finding


def test_without_money_the_finding_is_the_two_that_differ_most() -> None:
    found = profiled(sheet({"x0": [1.0, 1.0, 5.0, 5.0]}), [1, 1, 2, 2])
    said = describe.profiles_finding(found)
    assert said.endswith("differ most: X0 5 against 1.")


def test_a_label_says_what_its_customers_bring() -> None:
    customers = labelled(
        sheet({"monetary": [60.0, 20.0, 20.0, -5.0], "net_last_year": [6.0, 5.0, 4.0, 3.0]}, MONEY),
        lapsed=[1, 0, 0, 1],
    )
    (label,) = profiled(customers, [1, 1, 2, 2]).labels
    assert (label.value_share, label.last_year) == (0.6, 9.0)


def test_what_segments_buy_is_a_ratio_of_sums() -> None:
    shares = {"cat_books": [1.0, 0.0, 0.5, None], "cat_other": [0.0, 1.0, 0.5, None]}
    customers = sheet({"order_value": [100.0, 300.0, 50.0, 50.0], **shares}, dict.fromkeys(shares, "share"))
    found = profiled(customers, [1, 1, 2, 2]).baskets
    assert found is not None and found.segments == ((0.25, 0.75), (0.5, 0.5))
    assert found.overall == (125 / 450, 325 / 450)


def test_what_stands_behind_a_name_is_said_with_currency() -> None:
    customers = sheet({"monetary": [900.0, 900.0, 10.0, 10.0]}, MONEY)
    found = profiled(customers, [1, 1, 2, 2])
    first = dataclasses.replace(found.segments[0], strongest=("monetary",))
    assert describe.strongest(found, first, "£") == [("Monetary", "£900", "£455")]


def test_what_segments_buy_stands_without_asking_and_is_what_asking_gives(
    store: Store, demo_results: Results
) -> None:
    results = demo_results
    assert results.matrix is not None and results.clustering is not None and results.bought is not None
    asked = pipeline.run(SAMPLE.with_(extras="categories"), store, "customers").customers
    numbers = range(1, results.clustering.k + 1)
    groups = [results.clustering.labels == number for number in numbers]
    assert results.profile is not None and results.profile.baskets is None
    assert results.bought.baskets == baskets(asked, results.matrix.rows, groups)
