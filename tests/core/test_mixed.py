"""Categories among the compared columns: every method finds a split that nothing else shows."""

from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.choose import Clustering, cluster
from core.cluster import ALGORITHMS
from core.features.matrix import matrix
from core.spec import Clean, Cluster, Features
from tests.core.small import sheet

PLANS = np.array(["basic", "plus", "family", "trial"])
every = pytest.mark.parametrize("name", [name for name in ALGORITHMS if name != "rules"])


def differing(shares: Sequence[float], n: int = 1500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two numbers that tell nobody apart, and a category."""
    rng = np.random.default_rng(len(shares))
    plan = rng.choice(len(shares), n, p=shares)
    visits, rating = rng.normal(50, 10, (2, n)).round(3)
    return visits, rating, PLANS[plan]


def grouped(name: str, visits: np.ndarray, rating: np.ndarray, plan: np.ndarray) -> Clustering:
    """As many segments as there are plans, with every default."""
    customers = sheet(
        {"visits": visits, "rating": rating, "plan": plan}, units={"plan": "category"}, kind="customers"
    )
    prepared = matrix(
        customers, np.ones(len(plan), bool), Features(cols=("visits", "rating", "plan")), Clean()
    )
    return cluster(prepared, None, Cluster(algorithm=name, k=np.unique(plan).size))


@every
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.5, 0.3, 0.2)])
def test_a_split_that_only_a_category_shows_is_found(name: str, shares: tuple[float, ...]) -> None:
    visits, rating, plan = differing(shares)
    found = grouped(name, visits, rating, plan)
    placed = found.labels > 0
    assert placed.mean() > 0.8
    assert adjusted_rand_score(plan[placed], found.labels[placed]) >= 0.9
