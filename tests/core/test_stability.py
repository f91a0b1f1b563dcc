"""How repeatable each segment is."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score

from core.cluster import ALGORITHMS
from core.cluster.contract import Case, silent
from core.spec import Cluster
from core.stability import ROUNDS, SAMPLE, jaccard, level, stability
from tests.core.blobs import blobs


def grouped(x: np.ndarray, k: int, name: str = "kmeans") -> np.ndarray:
    case = Case(x=x, spec=Cluster(), ks=(k,))
    return ALGORITHMS[name].fit(case, silent).labels[k] + 1


def test_the_index_is_that_with_the_most_similar_group() -> None:
    rng = np.random.default_rng(0)
    labels, others = rng.integers(0, 4, 300), rng.integers(-1, 5, 300)
    expected = [
        max(jaccard_score(labels == segment, others == other) for other in range(5)) for segment in (1, 2, 3)
    ]
    assert jaccard(labels, others, 3).tolist() == pytest.approx(expected)


def test_a_group_that_was_not_met_has_no_index() -> None:
    found = jaccard(np.array([1, 1, 3]), np.array([0, 0, -1]), 3)
    assert found[0] == 1 and np.isnan(found[1]) and found[2] == 0


@pytest.mark.parametrize("name", ["kmeans", "hierarchical"])
def test_clouds_that_lie_apart_are_highly_reliable(name: str) -> None:
    x = blobs((60, 50, 40), spread=0.1)
    found = stability(x, grouped(x, 3, name), ALGORITHMS[name], Cluster())
    assert (found.rounds, found.rows, found.why_not) == (ROUNDS, 150, "")
    assert found.jaccard.min() > 0.97
    assert level(float(found.jaccard.min())) == "highly reliable"


def test_one_segment_may_be_reliable_where_others_are_not() -> None:
    rng = np.random.default_rng(3)
    crowd = rng.normal(size=(400, 2))
    x = np.concatenate([crowd, rng.normal(12, 0.3, (80, 2))])
    labels = grouped(x, 4)
    found = stability(x, labels, ALGORITHMS["kmeans"], Cluster())
    far = labels[-1] - 1
    assert found.jaccard[far] > 0.95
    assert np.delete(found.jaccard, far).min() < 0.75


def test_many_customers_are_sampled_and_the_answer_is_repeatable() -> None:
    x = blobs((2_000, 1_500, 500), spread=0.2)
    labels = grouped(x, 3)
    found = stability(x, labels, ALGORITHMS["kmeans"], Cluster())
    again = stability(x, labels, ALGORITHMS["kmeans"], Cluster())
    assert found.rows == SAMPLE and found.jaccard.min() > 0.85
    assert np.array_equal(found.jaccard, again.jaccard)


def test_what_can_t_be_found_again_says_why() -> None:
    x = blobs((30, 30))
    one = stability(x, np.ones(60, int), ALGORITHMS["kmeans"], Cluster())
    assert one.jaccard.size == 0 and "not two segments" in one.why_not
    many = blobs((1_500, 1_500))
    dense = stability(many, grouped(many, 2), ALGORITHMS["dbscan"], Cluster(algorithm="dbscan"))
    assert "can't be judged on a sample" in dense.why_not


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.85, "highly reliable"), (0.75, "reliable"), (0.6, "a pattern"), (0.59, "not reliable")],
)
def test_the_levels_are_those_of_the_house(value: float, word: str) -> None:
    assert level(value) == word
