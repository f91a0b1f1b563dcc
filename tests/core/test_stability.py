"""How repeatable each segment is."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, jaccard_score

from core.cluster import ALGORITHMS
from core.cluster.contract import Case, silent
from core.spec import Cluster
from core.stability import ROUNDS, SAMPLE, Stability, jaccard, level, reliable_share, stabilities, unknown
from tests.core.blobs import blobs


def grouped(x: np.ndarray, k: int, name: str = "kmeans") -> np.ndarray:
    case = Case(x=x, spec=Cluster(), ks=(k,))
    return ALGORITHMS[name].fit(case, silent).labels[k]


def found_again(x: np.ndarray, labels: np.ndarray, name: str = "kmeans") -> Stability:
    k = int(labels.max()) + 1
    return stabilities(x, {k: labels}, ALGORITHMS[name], Cluster(algorithm=name))[k]


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


@pytest.mark.parametrize("name", ["kmeans", "hierarchical", "mixture"])
def test_clouds_that_lie_apart_are_highly_reliable(name: str) -> None:
    x = blobs((60, 50, 40), spread=0.1)
    found = found_again(x, grouped(x, 3, name), name)
    assert (found.rounds, found.rows, found.why_not) == (ROUNDS, 150, "")
    assert found.jaccard.min() > 0.97
    assert level(float(found.jaccard.min())) == "highly reliable"


def test_one_segment_may_be_reliable_where_others_are_not() -> None:
    rng = np.random.default_rng(3)
    crowd = rng.normal(size=(400, 2))
    x = np.concatenate([crowd, rng.normal(12, 0.3, (80, 2))])
    labels = grouped(x, 4)
    found, far = found_again(x, labels), labels[-1]
    assert found.jaccard[far] > 0.95
    assert np.delete(found.jaccard, far).min() < 0.75
    sizes = np.bincount(labels)
    share = reliable_share(found, sizes)
    assert share is not None and 80 <= share * 480 < 480


def test_every_number_of_segments_is_judged_at_once() -> None:
    x = blobs((60, 50, 40), spread=0.1)
    case = Case(x=x, spec=Cluster(), ks=(2, 3, 4, 5))
    labelings = ALGORITHMS["kmeans"].fit(case, silent).labels
    found = stabilities(x, labelings, ALGORITHMS["kmeans"], Cluster())
    assert [found[k].jaccard.size for k in (2, 3, 4, 5)] == [2, 3, 4, 5]
    shares = {k: reliable_share(found[k], np.bincount(labels)) for k, labels in labelings.items()}
    assert shares[3] == 1 and all(share is not None and share < 1 for k, share in shares.items() if k > 3)


def test_many_customers_are_sampled_and_the_answer_is_repeatable() -> None:
    x = blobs((2_000, 1_500, 500), spread=0.2)
    labels = grouped(x, 3)
    found, again = found_again(x, labels), found_again(x, labels)
    assert found.rows == SAMPLE and found.jaccard.min() > 0.85
    assert np.array_equal(found.jaccard, again.jaccard)


def test_a_quick_fit_finds_what_the_whole_fit_finds() -> None:
    x = blobs((300, 200, 200, 100), spread=0.15)
    for name in ("kmeans", "mixture"):
        quickly = ALGORITHMS[name].quickly
        assert quickly is not None
        quick = quickly(Case(x=x, spec=Cluster(algorithm=name), ks=(4,)))[4]
        assert adjusted_rand_score(quick, grouped(x, 4, name)) == 1


def test_what_can_t_be_found_again_says_why() -> None:
    x = blobs((30, 30))
    one = found_again(x, np.zeros(60, int))
    assert one.jaccard.size == 0 and "not two segments" in one.why_not
    assert reliable_share(unknown(), np.array([30, 30])) is None
    many = blobs((1_500, 1_500))
    dense = found_again(many, grouped(many, 2), "dbscan")
    assert "can't be judged on a sample" in dense.why_not


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.85, "highly reliable"), (0.75, "reliable"), (0.6, "a pattern"), (0.59, "not reliable")],
)
def test_the_levels_are_those_of_the_house(value: float, word: str) -> None:
    assert level(value) == word
