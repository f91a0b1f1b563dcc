"""The assignment of the largest sum."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from core.assigned import assigned


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 8), (9, 4), (12, 12), (0, 3), (40, 60)])
@pytest.mark.parametrize("seed", range(5))
def test_the_sum_is_scipy_s(shape: tuple[int, int], seed: int) -> None:
    weights = np.random.default_rng(seed).integers(0, 20, shape)
    rows, columns = assigned(weights)
    one, other = linear_sum_assignment(weights, maximize=True)
    assert weights[rows, columns].sum() == weights[one, other].sum()
    assert rows.tolist() == sorted(set(rows.tolist())) and len(set(columns.tolist())) == min(shape)


def test_equal_groups_go_with_themselves() -> None:
    rows, columns = assigned(np.diag([3, 1, 2]))
    assert rows.tolist() == columns.tolist() == [0, 1, 2]
