"""Likely ranges against scipy's: of medians by ranks, of shares by Wilson's formula."""

import numpy as np
import pytest
from scipy import stats as reference

from core.profile.likely import median_rank, share_range
from core.profile.measured import stats


@pytest.mark.parametrize("n", [*range(1, 40), 400, 12_345, 1_000_000])
def test_the_rank_of_a_median_is_that_of_the_binomial_law(n: int) -> None:
    rank = int(reference.binom(n, 0.5).ppf(0.025)) - 1
    assert median_rank(n) == (rank if rank >= 0 else None)


@pytest.mark.parametrize("n", [6, 7, 30, 501])
def test_the_range_of_a_median_is_that_of_its_test(n: int) -> None:
    x = np.random.default_rng(n).lognormal(size=n)
    found = stats(x)
    wanted = reference.quantile_test(x, q=0, p=0.5).confidence_interval(0.95)
    assert (found.low, found.high) == (wanted.low, wanted.high)


def test_the_middle_half_is_numpys_to_the_last_digit() -> None:
    rng = np.random.default_rng(0)
    for x in (rng.lognormal(size=n) for n in (1, 2, 3, 4, 10, 101)):
        found = stats(x)
        assert [found.q1, found.median, found.q3] == np.quantile(x, [0.25, 0.5, 0.75]).tolist()


def test_under_six_values_a_median_has_no_range() -> None:
    assert stats(np.array([1.0, 2, 3, 4, 5])).low is None
    assert stats(np.array([1.0, 2, 3, 4, 5, 6])).low == 1


@pytest.mark.parametrize(("count", "n"), [(0, 5), (3, 5), (5, 5), (1, 1), (412, 530), (0, 1_000_000)])
def test_the_range_of_a_share_is_wilsons(count: int, n: int) -> None:
    wanted = reference.binomtest(count, n).proportion_ci(method="wilson")
    assert share_range(count, n) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_a_share_of_nobody_has_no_range() -> None:
    assert share_range(0, 0) is None
