"""Whether there are groups at all: data without any is said to have none, data with groups to have them."""

import numpy as np
import pytest

from bench.chance import ROWS, WITH, WITHOUT, corners, judged
from core.groups import hopkins, verdict

SEEDS = range(3)
"""The bench asks the seeds 0 to 99."""


@pytest.mark.parametrize("name", WITHOUT)
def test_there_are_no_clear_groups(name: str) -> None:
    assert [judged(WITHOUT[name], seed) for seed in SEEDS] == ["none"] * len(SEEDS)


@pytest.mark.parametrize("name", WITH)
def test_there_are_groups(name: str) -> None:
    assert [judged(WITH[name], seed) for seed in SEEDS] == ["groups"] * len(SEEDS)


def test_piles_of_equal_values_are_named_as_such() -> None:
    rng = np.random.default_rng(0)
    orders = rng.choice([1.0, 2, 3, 4, 5], ROWS, p=[0.6, 0.2, 0.1, 0.06, 0.04])
    x = np.column_stack([np.log(orders), rng.normal(size=ROWS)])
    found = verdict((x - x.mean(axis=0)) / x.std(axis=0), ("orders", "spend"), 0)
    assert (found.kind, found.piles) == ("piles", ("orders",))


def test_the_same_customers_are_judged_the_same() -> None:
    x = corners(np.random.default_rng(1), ROWS, 2)
    assert verdict(x, ("a", "b"), 0) == verdict(x, ("a", "b"), 0)


def test_a_column_of_one_value_plays_no_part_and_few_rows_are_not_judged() -> None:
    x = corners(np.random.default_rng(2), ROWS, 2)
    wide = np.column_stack([np.full(ROWS, 0.1) * 3, x])
    assert verdict(wide, ("c", "a", "b"), 0).silhouette == verdict(x, ("a", "b"), 0).silhouette
    assert verdict(x[:39], ("a", "b"), 0).kind == "unknown"
    assert verdict(np.ones((100, 2)), ("a", "b"), 0).kind == "unknown"


def test_hopkins_calls_one_crowd_grouped_too() -> None:
    rng = np.random.default_rng(0)
    even, crowd = rng.uniform(size=(ROWS, 2)), rng.normal(size=(ROWS, 2))
    assert hopkins(even, np.random.default_rng(1)) == pytest.approx(0.5, abs=0.12)
    assert hopkins(crowd, np.random.default_rng(1)) > 0.7
