"""Names that stay: segments matched to those of a reference study."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import pytest

from core.choose import Clustering, cluster
from core.codec import decode, encode
from core.features.customers import Customers
from core.features.matrix import Matrix
from core.match import Match, kept, match, note, sentences
from core.match.counts import by_centres, by_customers
from core.match.match import _found
from core.profile import Profile, profile
from core.spec import Cluster
from tests.core.blobs import blobs, matrix_of
from tests.core.small import sheet


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Customers with their segments, as much as a match asks for."""

    customers: Customers
    matrix: Matrix
    clustering: Clustering
    profile: Profile


def grouped(x: np.ndarray, labels: Sequence[int], first: int = 0, rules: Sequence[str] = ()) -> Grouped:
    """Customers c00000… (or from another number on) at these places, in segments 1…k (0 none)."""
    numbers = np.array(labels, dtype=np.int16)
    k = int(numbers.max(initial=0))
    customers = sheet({"x0": x[:, 0], "x1": x[:, 1]})
    table = customers.table.set_column(0, "id", [[f"c{first + i:05d}" for i in range(len(x))]])
    customers = replace(customers, table=table)
    centres = np.array([x[numbers == s].mean(axis=0) for s in range(1, k + 1)]).reshape(k, 2)
    found = Clustering(
        algorithm="rules" if rules else "kmeans",
        k=k,
        labels=numbers,
        centres=centres,
        inertia=0.0,
        silhouette=None,
        candidates=(),
        suggested_k=None,
        reason="",
        elbow=None,
        start_agreement=None,
        coords=x.astype(np.float32),
        explained=1.0,
        eps=None,
        curve=None,
        tree=None,
        notes=(),
        names=tuple(rules) or None,
    )
    prepared = matrix_of(x)
    return Grouped(
        customers=customers,
        matrix=prepared,
        clustering=found,
        profile=profile(customers, prepared, found),
    )


def moved(counts: Sequence[Sequence[int]]) -> tuple[Grouped, Grouped]:
    """A reference and a study of the same customers: so many of segment i there are in segment j here."""
    pairs = np.array(counts)
    was, now = (np.repeat(at.ravel(), pairs.ravel()) for at in np.indices(pairs.shape))
    rng = np.random.default_rng(0)
    place = rng.normal(size=(was.size, 2)) + was[:, None]
    return grouped(place, was.tolist()), grouped(place, now.tolist())


def matched(counts: Sequence[Sequence[int]]) -> Match:
    """The match of a reference and a study with so many customers in each pair of segments."""
    return match(*moved([[0] * (len(counts[0]) + 1), *([0, *row] for row in counts)]), "k=9")


def kept_in(found: Match) -> list[tuple[int, bool]]:
    """Number of each of the study's segments, and whether it is the reference's."""
    return [(now.number, now.kept) for now in found.now]


# Which pairs count


def best_sum(worth: np.ndarray) -> float:
    """The greatest sum of a one-to-one choice of pairs, by trying all."""
    wide = worth if worth.shape[0] <= worth.shape[1] else worth.T
    choices = permutations(range(wide.shape[1]), wide.shape[0])
    return max(sum(wide[i, j] for i, j in enumerate(choice)) for choice in choices)


@pytest.mark.parametrize("seed", range(20))
def test_the_choice_is_the_best_of_all_permutations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(1, 6, size=2)
    pairs = rng.integers(0, 30, size=(a + 1, b + 1)) * rng.integers(0, 2, size=(a + 1, b + 1))
    for worth in (by_customers(pairs), rng.random((a, b)) * rng.integers(0, 2, size=(a, b))):
        chosen = _found(worth)
        assert len(set(chosen.values())) == len(chosen)
        assert all(worth[i, j] > 0 for j, i in chosen.items())
        assert sum(worth[i, j] for j, i in chosen.items()) == pytest.approx(best_sum(worth))


@pytest.mark.parametrize(
    ("pairs", "counts"),
    [
        ([[60, 40], [0, 300]], True),  # 60 of 100 went there: 60 of 100 in either
        ([[50, 50], [0, 300]], True),  # half of it, and nobody else
        ([[50, 25, 25], [100, 0, 300]], False),  # 50 of 200 in either
        ([[50, 50], [50, 50]], False),  # two halves by the toss of a coin: a third, and no more than chance
        ([[90, 10], [10, 90]], True),
        ([[900, 50], [50, 0]], True),  # one that holds nearly everybody
    ],
)
def test_from_a_third_of_the_customers_on_a_pair_counts(pairs: list[list[int]], counts: bool) -> None:
    table = np.pad(np.array(pairs), ((1, 0), (1, 0)))
    assert (by_customers(table)[0, 0] > 0) == counts


def test_a_customer_without_a_segment_weakens_a_pair() -> None:
    with_nobody = np.array([[0, 0], [70, 30]])
    assert by_customers(with_nobody)[0, 0] == 0
    assert by_customers(np.array([[0, 0], [30, 70]]))[0, 0] == 0.7


def test_a_centre_counts_within_half_of_the_way_to_the_next() -> None:
    then = np.array([[0.0, 0.0], [4.0, 0.0]])
    near = by_centres(then, np.array([[1.9, 0.0], [2.1, 0.0], [-1.0, 1.0], [9.0, 0.0]]))
    assert (near > 0).tolist() == [[True, False, True, False], [False, True, False, False]]
    assert by_centres(then, then).diagonal().tolist() == [1, 1]
    assert (by_centres(np.zeros((1, 1)), np.array([[0.4], [0.6]])) > 0).tolist() == [[True, False]]


def test_without_a_column_in_common_no_centre_counts() -> None:
    assert not by_centres(np.empty((2, 0)), np.empty((3, 0))).any()


# Numbers and names


def test_segments_keep_their_numbers_in_whatever_order() -> None:
    found = matched([[0, 0, 30], [40, 0, 2], [0, 50, 0]])
    assert kept_in(found) == [(2, True), (3, True), (1, True)]
    assert [n.name for n in found.now] == [found.then[i].name for i in (1, 2, 0)]
    assert (found.by, found.shared, found.moved, found.joined) == ("customers", 122, 2, 0)


def test_a_new_segment_gets_the_next_number() -> None:
    found = matched([[60, 40, 0], [0, 0, 50]])
    assert kept_in(found) == [(1, True), (3, False), (2, True)]
    assert len({n.name for n in found.now}) == 3


def test_a_match_is_never_forced() -> None:
    rng = np.random.default_rng(3)
    was, now = rng.integers(1, 4, size=(2, 3_000))
    x = rng.normal(size=(3_000, 2))
    found = match(grouped(x, was.tolist()), grouped(x, now.tolist()), "")
    assert kept_in(found) == [(4, False), (5, False), (6, False)]
    assert [found.fate(t) for t in found.then] == ["gone"] * 3


def test_a_name_is_there_once() -> None:
    reference, study = moved([[0, 0, 0, 0], [0, 30, 30, 30], [0, 0, 0, 90]])
    found = match(reference, study, "")
    names = [n.name for n in found.now]
    assert len(set(names)) == len(names)


def test_kept_numbers_stand_in_labels_and_profile() -> None:
    reference, study = moved([[0, 0, 0, 0], [5, 60, 40, 0], [0, 0, 0, 50]])
    found = match(reference, study, "")
    clustering, described = kept(study.clustering, study.profile, found)
    assert [s.number for s in described.segments] == [1, 3, 2, 0]
    assert {int(n): int((clustering.labels == n).sum()) for n in np.unique(clustering.labels)} == {
        s.number: s.size for s in described.segments
    }
    assert [clustering.place(s.number) for s in described.segments if s.number] == [0, 1, 2]
    assert [study.clustering.place(n) for n in (1, 2, 3)] == [0, 1, 2]


def test_a_reference_may_have_kept_numbers_of_its_own() -> None:
    reference, study = moved([[0, 0, 0], [0, 0, 60], [0, 50, 0]])
    first = Match(now=tuple(match(reference, reference, "").now[i] for i in (1, 0)))
    clustering, described = kept(reference.clustering, reference.profile, first)
    again = Grouped(
        customers=reference.customers, matrix=reference.matrix, clustering=clustering, profile=described
    )
    assert [s.number for s in described.segments] == [2, 1]
    assert kept_in(match(again, study, "")) == [(1, True), (2, True)]


def test_rules_are_matched_by_their_names_and_keep_them() -> None:
    x = blobs((30, 30, 30))
    labels = [1] * 30 + [2] * 30 + [3] * 30
    then = grouped(x, labels, rules=("Champions", "Loyal", "New"))
    now = grouped(x, labels, rules=("Loyal", "At Risk", "Champions"))
    found = match(then, now, "")
    assert [(n.number, n.name) for n in found.now] == [(2, "Loyal"), (4, "At Risk"), (1, "Champions")]
    groups = match(then, grouped(x, labels), "algorithm=rules")
    assert [n.number for n in groups.now] == [1, 2, 3]
    assert not {n.name for n in groups.now} & {"Champions", "Loyal", "New"}
    assert sentences(groups)[0] == "All 3 segments keep their number and colour."


# Other numbers of segments, newer data, other customers


def fitted(x: np.ndarray, spec: Cluster, first: int = 0) -> Grouped:
    """Customers grouped by a method."""
    return grouped(x, cluster(matrix_of(x), None, spec).labels.tolist(), first)


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_one_segment_more_in_a_family_tree_splits_one_and_keeps_the_others(k: int) -> None:
    x = blobs((90, 70, 50, 40, 30, 20))
    reference, study = (fitted(x, Cluster(algorithm="hierarchical", k=n)) for n in (k, k + 1))
    found = match(reference, study, "k=2")
    fates = sorted(found.fate(t) for t in found.then)
    assert fates == ["kept"] * (k - 1) + ["split"]
    assert sorted(n.number for n in found.now) == list(range(1, k + 2))
    back = match(study, reference, "k=3")
    assert sorted(back.fate(t) for t in back.then) == ["kept"] * (k - 1) + ["merged"] * 2


def test_with_newer_customers_segments_keep_their_numbers() -> None:
    x = blobs((60, 50, 40, 30), seed=1)
    order = np.random.default_rng(0).permutation(len(x))
    reference = fitted(x[order][:120], Cluster(k=4))
    study = fitted(x[order], Cluster(k=4))
    found = match(reference, study, "k=4")
    assert all(t.kept for t in found.then) and all(n.kept for n in found.now)
    assert (found.by, found.shared, found.joined) == ("customers", 120, 60)
    assert "60 customers came after it" in sentences(found)[-1]


def test_other_customers_are_matched_by_their_centres() -> None:
    reference = fitted(blobs((60, 50, 40, 30), seed=1), Cluster(k=4))
    study = fitted(blobs((30, 40, 50, 60), seed=2), Cluster(k=4), first=500)
    found = match(reference, study, "k=4")
    assert (found.by, found.shared, found.joined) == ("centres", 0, 180)
    for t, n in ((t, n) for t in found.then for n in found.now if t.number == n.number):
        apart = reference.clustering.centres[t.number - 1] - study.clustering.centres[found.now.index(n)]
        assert n.kept and np.abs(apart).max() < 0.3
    assert len(found.now) == sum(n.kept for n in found.now) == 4
    assert "typical" in sentences(found)[-1]


def test_crowds_at_other_places_are_new() -> None:
    x = blobs((60, 50), seed=1)
    found = match(fitted(x, Cluster(k=2)), fitted(x + [0.0, 40.0], Cluster(k=2), first=500), "k=2")
    assert kept_in(found) == [(3, False), (4, False)]
    assert sentences(found)[0] == "None of the 2 segments is found again."


def test_row_numbers_are_no_customers() -> None:
    x = blobs((60, 50, 40))
    found = match(fitted(x, Cluster(k=3)), fitted(x[::-1], Cluster(k=3)), "", by_id=False)
    assert found.by == "centres" and all(n.kept for n in found.now)


@pytest.mark.parametrize("labels", [[0] * 20, [1] * 20])
def test_nobody_or_everybody_in_one_segment_is_matched_with_itself(labels: list[int]) -> None:
    one = grouped(blobs((10, 10)), labels)
    assert all(n.kept for n in match(one, one, "").now)


# What is said


def test_a_split_is_said_with_its_shares() -> None:
    found = matched([[61, 39, 0], [0, 0, 50]])
    a, b, c = (n.name for n in found.now)
    assert f"“{a}” became “{a}” and “{b}”: 61 % / 39 % of its customers." in sentences(found)
    assert [found.fate(t) for t in found.then] == ["split", "kept"]
    assert note(found) == "Compared with saved: all 2 segments keep their number, name and colour; 1 is new."
    assert not any("is new" in said for said in sentences(found))
    assert c == found.then[1].name


def test_a_merge_is_said() -> None:
    found = matched([[60, 0], [30, 0], [0, 50]])
    assert f"“{found.then[0].name}” and “{found.then[1].name}” became “{found.now[0].name}”." in sentences(
        found
    )
    assert [found.fate(t) for t in found.then] == ["merged", "merged", "kept"]


def test_of_a_segment_that_is_gone_it_is_said_where_its_customers_are() -> None:
    found = matched([[61, 39, 0], [200, 0, 0], [0, 200, 0], [0, 0, 90]])
    gone = found.gone(1)
    assert gone is not None and found.fate(gone) == "merged"
    found = matched([[50, 50, 0], [200, 0, 0], [0, 200, 0], [0, 0, 90]])
    gone = found.gone(1)
    assert gone is not None and found.fate(gone) == "gone"
    assert "no longer exists; its customers are now in" in sentences(found)[1]
    assert found.gone(2) is None and found.gone(99) is None


def test_a_match_survives_the_cache() -> None:
    found = matched([[61, 39, 0], [0, 0, 50]])
    assert decode(Match, encode(found)) == found
