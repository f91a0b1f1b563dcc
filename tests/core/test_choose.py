"""The number of segments with its reason, the knee, and the numbers by value."""

import dataclasses

import numpy as np
import pytest

from core.choose import Candidate, Clustering, cluster, differing, elbow, least_size
from core.choose.opinions import opinions
from core.choose.suggest import reason_for, suggest
from core.errors import UserError
from core.silhouette import Silhouette
from core.spec import Cluster
from tests.core.blobs import blobs, matrix_of


def found(x: np.ndarray, value: np.ndarray | None = None, **more: object) -> Clustering:
    """A clustering of x."""
    return cluster(matrix_of(x), value, Cluster(**more))  # type: ignore[arg-type]


def candidates(
    values: dict[int, float], problems: tuple[int, ...] = (), half: float | None = None
) -> tuple[Candidate, ...]:
    """Candidates with these silhouettes; with `half` each has an interval of that half width."""
    return tuple(
        Candidate(
            k=k,
            inertia=100 / k,
            silhouette=Silhouette(value=v)
            if half is None
            else Silhouette(value=v, low=v - half, high=v + half, sampled=True),
            smallest=3 if k in problems else 50,
            problem="the smallest segment has 3 customers, under 10" if k in problems else "",
        )
        for k, v in values.items()
    )


# The rule


@pytest.mark.parametrize(
    ("values", "problems", "expected"),
    [
        ({2: 0.9, 3: 0.4, 4: 0.5, 5: 0.45}, (), 4),  # two is no candidate
        ({2: 0.1, 3: 0.49, 4: 0.5, 5: 0.45}, (), 3),  # within 0.02: the smaller
        ({2: 0.1, 3: 0.475, 4: 0.5, 5: 0.51}, (), 4),
        ({2: 0.1, 3: 0.5, 4: 0.6}, (4,), 3),  # a small segment is in the way
        ({2: 0.1, 3: 0.5, 4: 0.6}, (3, 4), None),
        ({2: 0.5}, (), None),
        ({2: 0.1, 3: 0.2, 9: 0.9, 12: 0.95}, (), 3),  # only 3 to 8 are candidates
    ],
)
def test_the_suggested_number(
    values: dict[int, float], problems: tuple[int, ...], expected: int | None
) -> None:
    assert suggest(candidates(values, problems), Cluster()) == expected


@pytest.mark.parametrize(("half", "expected"), [(0.05, 3), (0.009, 4), (0.011, 3)])
def test_on_a_sample_an_interval_that_reaches_the_best_is_a_tie(half: float, expected: int) -> None:
    assert suggest(candidates({2: 0.1, 3: 0.49, 4: 0.5, 5: 0.1}, half=half), Cluster()) == expected


@pytest.mark.parametrize(
    ("values", "problems", "chosen", "said"),
    [
        ({3: 0.4, 4: 0.5, 5: 0.4}, (), 4, "the most clearly apart of 3 to 5 (0.50)"),
        (
            {3: 0.4, 4: 0.45, 5: 0.5},
            (),
            5,
            "the most clearly apart of 3 to 5 (0.50), the most that was tried",
        ),
        (
            {3: 0.5, 4: 0.4, 5: 0.3},
            (),
            3,
            "the most clearly apart of 3 to 5 (0.50), the fewest that were tried",
        ),
        ({3: 0.3, 4: 0.49, 5: 0.5, 6: 0.4}, (), 4, "as clearly apart as 5 (0.49 and 0.50), and simpler"),
        ({3: 0.4, 4: 0.5, 5: 0.6}, (5,), 4, "5 would be clearer, but the smallest segment has 3 customers"),
        ({3: 0.4, 4: 0.3}, (4,), 3, "the only number from 3 to 8 that keeps every segment large enough"),
    ],
)
def test_the_reason_is_said(
    values: dict[int, float], problems: tuple[int, ...], chosen: int, said: str
) -> None:
    assert reason_for(candidates({2: 0.1, **values}, problems), chosen, Cluster()).startswith(said)


def test_a_tie_with_the_last_number_tried_says_so() -> None:
    reason = reason_for(candidates({3: 0.2, 4: 0.49, 5: 0.5}), 4, Cluster())
    assert reason == "as clearly apart as 5 (0.49 and 0.50, the most that was tried), and simpler"


def stable(shares: dict[int, float | None]) -> tuple[Candidate, ...]:
    """Candidates that are as clearly apart as each other, with these shares in reliable segments."""
    tied = candidates({2: 0.1, **{k: 0.5 - k / 1_000 for k in shares}})
    return tuple(dataclasses.replace(c, stable=shares.get(c.k)) for c in tied)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({3: 0.6, 4: 1.0, 5: 1.0}, 4),  # most customers in reliable segments, then the smallest
        ({3: 1.0, 4: 0.9, 5: 1.0}, 3),
        ({3: 0.6, 4: None, 5: 1.0}, 3),  # not known of every tie
    ],
)
def test_among_ties_the_most_reliable_is_taken(shares: dict[int, float | None], expected: int) -> None:
    assert suggest(stable(shares), Cluster()) == expected


def test_a_tie_that_reliability_decides_says_so() -> None:
    reason = reason_for(stable({3: 0.6, 4: 1.0, 5: 0.7}), 4, Cluster())
    assert reason.startswith("as clearly apart as 3 (0.50 and 0.50, the fewest that were tried), and 100")
    assert reason.endswith("of customers are in reliable segments against 60 %")


def test_the_edge_is_that_of_the_range_that_was_asked_for() -> None:
    found = candidates({2: 0.9, 3: 0.4, 4: 0.45, 5: 0.5, 6: 0.9})
    assert reason_for(found, 5, Cluster(k_high=5)).endswith("the most that was tried")
    assert reason_for(found, 2, Cluster(k_low=2, k_high=4)).endswith("the fewest that were tried")


def test_other_criteria_that_differ_are_named() -> None:
    found = [
        dataclasses.replace(c, calinski_harabasz=float(c.k), davies_bouldin=1.0, bic=-float(c.k == 4))
        for c in candidates({3: 0.5, 4: 0.4, 5: 0.3})
    ]
    said = opinions(found, 4, None)
    assert said == {
        "point of little gain": 4,
        "between against within": 5,
        "overlap": 3,
        "fit against size": 4,
    }
    assert differing(said, 3) == (
        "Second opinions differ: 4 by point of little gain, fit against size; 5 by between against within."
    )
    assert differing({"overlap": 3}, 3) == ""


# On customers


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_clear_clouds_are_found(k: int) -> None:
    result = found(blobs((40,) * k, spread=0.08))
    assert (result.k, result.suggested_k) == (k, k)
    assert [c.k for c in result.candidates] == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("customers", "least"), [(20, 5), (200, 5), (250, 5), (251, 6), (300, 6), (4327, 87), (5000, 100)]
)
def test_a_segment_needs_two_per_cent_and_five_customers(customers: int, least: int) -> None:
    assert least_size(customers, Cluster()) == least


def test_the_smallest_share_is_a_setting() -> None:
    assert least_size(1000, Cluster(min_share=10.0)) == 100
    assert least_size(1000, Cluster(min_share=0.0)) == 5


@pytest.mark.parametrize(
    ("customers", "most"), [(20, 2), (29, 2), (30, 3), (55, 5), (79, 7), (80, 8), (500, 8)]
)
def test_there_are_at_least_ten_customers_a_segment(customers: int, most: int) -> None:
    result = found(blobs((customers,), spread=1.0), min_share=0.0)
    assert max(c.k for c in result.candidates) == most


@pytest.mark.parametrize("customers", [20, 29])
def test_with_too_few_for_three_it_is_two_and_said(customers: int) -> None:
    result = found(blobs((customers // 2, customers - customers // 2), spread=0.1))
    assert (result.k, result.suggested_k) == (2, None)
    assert result.reason == "too few customers for 3, each takes ten who differ; include more of them"


def test_a_dozen_outliers_are_no_segment() -> None:
    far = np.random.default_rng(0).normal(40, 0.1, (12, 2))
    x = np.concatenate([blobs((400, 300, 300), spread=0.15), far])
    with pytest.raises(UserError, match=r"two segments that are large enough\. Limit or leave out extreme"):
        found(x)
    by_k = {c.k: c for c in found(x, k=3).candidates}
    assert by_k[2].silhouette is not None and by_k[2].silhouette.value > 0.9
    assert by_k[2].problem == "the smallest segment has 12 customers, under 21"
    assert found(x, min_share=1.0).k == 4


def test_limits_that_can_t_be_kept_are_called_so_with_the_next_step() -> None:
    x = np.concatenate([blobs((200, 200), spread=0.1), np.random.default_rng(0).normal(30, 0.1, (6, 2))])
    with pytest.raises(UserError, match="Limit or leave out extreme values, allow smaller segments"):
        found(x, k_low=3, k_high=7)
    even = found(blobs((200, 200), spread=0.05), k_low=3, k_high=7, min_share=33.0)
    assert (even.k, even.suggested_k) == (2, None)
    assert even.reason.startswith(
        "no number from 3 to 7 keeps every segment large enough (with 3 the smallest"
    )
    assert even.reason.endswith("allow smaller or fewer segments")


def test_what_every_criterion_says_stands_beside_each_number() -> None:
    result = found(blobs((60, 60, 60), spread=0.08))
    by_k = {c.k: c for c in result.candidates}
    assert [c.k for c in result.candidates if c.tied] == [3]
    assert by_k[3].stable == 1 and by_k[3].gap is not None and by_k[3].gap.value > 1
    assert result.opinions == dict.fromkeys(result.opinions, 3) and len(result.opinions) == 4
    assert result.stability.jaccard.tolist() == [1, 1, 1]
    tree = found(blobs((60, 60, 60), spread=0.08), algorithm="hierarchical")
    assert all(c.gap is None for c in tree.candidates)


def test_two_that_is_not_large_enough_either_is_refused_in_words() -> None:
    x = np.concatenate([np.zeros((96, 2)), [[50, 50], [60, 90], [90, 20], [99, 99]]])
    with pytest.raises(UserError, match="two segments that are large enough"):
        found(x + np.random.default_rng(1).normal(0, 1e-3, x.shape))


@pytest.mark.parametrize("customers", [1, 2, 19])
def test_under_twenty_customers_there_is_no_segmentation(customers: int) -> None:
    with pytest.raises(UserError, match=f"{customers} customers? can't be divided .* at least 20"):
        found(blobs((customers,)))


def test_a_number_of_ones_own_is_kept_with_what_would_be_suggested() -> None:
    x = blobs((40, 40, 40), spread=0.08)
    result = found(x, k=5)
    assert (result.k, result.suggested_k) == (5, 3)
    assert result.reason == "the number you chose; 3 would be suggested"
    assert found(x, k=3).reason == found(x).reason


def test_a_small_segment_of_ones_own_is_noted() -> None:
    x = np.concatenate([blobs((100, 100), spread=0.1), [[30.0, 30.0]]])
    assert found(x, k=3).notes[-1] == "With 3 segments, the smallest segment has 1 customer, under 5."


def test_more_segments_than_different_customers_are_refused_in_words() -> None:
    x = np.repeat(blobs((3,)), 20, axis=0)
    with pytest.raises(UserError, match=r"only 3 different values .* too few for 4 segments"):
        found(x, k=4)
    assert found(x).k == 3
    assert max(c.k for c in found(x).candidates) == 3


# The knee


@pytest.mark.parametrize(
    ("inertias", "expected"),
    [
        ([100, 50, 10, 8, 7, 6, 5], 4),
        ([100, 85, 70, 55, 40, 25, 10], None),  # a straight line has no knee
        ([100, 84, 69, 54, 39, 24, 10], None),
        ([10, 10, 10, 10], None),
        ([100, 10, 5], None),  # three points show no bend
    ],
)
def test_the_knee_of_the_inertia(inertias: list[float], expected: int | None) -> None:
    assert elbow(range(2, 2 + len(inertias)), inertias) == expected


# Numbers by value


def test_segments_are_numbered_by_mean_spend() -> None:
    x = blobs((50, 30, 40), spread=0.08)
    place = found(x, k=3).labels
    spend = np.array([0.0, 10.0, 30.0, 20.0])[place]
    result = found(x, spend, k=3)
    means = [spend[result.labels == number].mean() for number in (1, 2, 3)]
    assert means == [30, 20, 10]


def test_without_spend_segments_are_numbered_by_size() -> None:
    result = found(blobs((50, 30, 40), spread=0.08), k=3)
    assert [int((result.labels == number).sum()) for number in (1, 2, 3)] == [50, 40, 30]


def test_unknown_spend_does_not_count_and_a_segment_of_it_is_last() -> None:
    x = blobs((50, 30, 40), spread=0.08)
    place = found(x, k=3).labels
    spend = np.array([0.0, np.nan, 5.0, 7.0])[place]
    spend[np.flatnonzero(place == 2)[0]] = np.nan
    result = found(x, spend, k=3)
    assert [int((result.labels == number).sum()) for number in (1, 2, 3)] == [30, 40, 50]


def test_centres_and_sizes_belong_to_the_numbers() -> None:
    x = blobs((50, 30, 40), spread=0.08)
    result = found(x, x[:, 0] * 100, k=3)
    for number in (1, 2, 3):
        np.testing.assert_allclose(result.centres[number - 1], x[result.labels == number].mean(axis=0))


def test_customers_with_a_missing_value_get_no_segment() -> None:
    x = blobs((50, 50), spread=0.08)
    fitted = np.arange(110) % 11 != 0
    result = cluster(matrix_of(x, fitted), np.arange(110.0), Cluster(k=2))
    assert ((result.labels == 0) == ~fitted).all()
    assert np.isnan(result.coords[~fitted]).all() and np.isfinite(result.coords[fitted]).all()
    assert "10 customers have a missing value" in result.notes[0]


# Another start


def test_clear_clouds_do_not_depend_on_the_start() -> None:
    result = found(blobs((60, 60, 60), spread=0.08))
    assert result.start_agreement == 1
    assert result.notes == ()


def test_a_shapeless_cloud_depends_on_the_start_and_says_so() -> None:
    x = np.random.default_rng(4).uniform(size=(400, 4))
    result = found(x, k=7, n_init=1)
    assert result.start_agreement is not None and result.start_agreement < 0.95
    assert "depend on the start" in result.notes[0]


def test_a_hierarchy_has_no_start() -> None:
    assert found(blobs((30, 30, 30)), algorithm="hierarchical").start_agreement is None
