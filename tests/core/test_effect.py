"""What a choice does to the segments, beside scikit-learn and every possible matching."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

from core.choose import Clustering
from core.effect import Effect, effect, sentence
from core.features.customers import Customers
from core.features.matrix import Matrix
from tests.core.blobs import matrix_of
from tests.core.small import sheet


@dataclass(frozen=True, kw_only=True)
class Result:
    """Customers with their segments."""

    customers: Customers
    matrix: Matrix | None
    clustering: Clustering | None


def grouped(labels: np.ndarray, ids: list[str], rows: np.ndarray | None = None) -> Result:
    """Customers of these ids, of whom those in `rows` have these labels."""
    rows = np.arange(len(ids)) if rows is None else rows
    customers = sheet({"x": np.arange(len(ids), dtype=float)})
    matrix = matrix_of(np.zeros((rows.size, 1)))
    return Result(
        customers=replace(customers, table=customers.table.set_column(0, "id", pa.array(ids, pa.string()))),
        matrix=replace(matrix, rows=rows),
        clustering=Clustering(
            algorithm="kmeans", k=int(labels.max(initial=0)), labels=labels.astype(np.int16),
            centres=np.zeros((0, 0)), inertia=0.0, silhouette=None, candidates=(), suggested_k=None,
            reason="", elbow=None, start_agreement=None, coords=np.zeros((0, 2)), explained=0.0, eps=None,
            curve=None, tree=None, notes=(),
        ),
    )  # fmt: skip


def numbered(n: int) -> list[str]:
    """Ids of n customers, in their order as text."""
    return [f"c{i:05d}" for i in range(n)]


def fewest_moves(was: np.ndarray, now: np.ndarray) -> int:
    """Customers in another segment under the best of all matchings, tried one by one."""
    size = max(int(was.max()), int(now.max()))
    best = was.size
    for order in itertools.permutations(range(1, size + 1)):
        renamed = np.array([0, *order])[now]
        best = min(best, int((renamed != was).sum()))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_as_few_customers_as_possible_change_and_agreement_is_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    was = rng.integers(0, 5, 60)
    now = np.where(rng.random(60) < 0.3, rng.integers(0, 6, 60), np.array([0, 3, 1, 2, 5])[was])
    found = effect(grouped(was, numbered(60)), grouped(now, numbered(60)))
    assert found.changed == fewest_moves(was, now)
    assert found.agreement == pytest.approx(adjusted_rand_score(was, now))
    assert (found.shared, found.left, found.joined) == (60, 0, 0)
    assert (found.k_before, found.k_after) == (was.max(), now.max())


def test_other_numbers_for_the_same_groups_change_nobody() -> None:
    was = np.array([1, 1, 2, 3, 3, 3])
    found = effect(grouped(was, numbered(6)), grouped(np.array([0, 3, 1, 2])[was], numbered(6)))
    assert (found.changed, found.share, found.agreement) == (0, 0.0, 1.0)


def test_no_segment_is_matched_with_itself_alone() -> None:
    was, now = np.array([0, 0, 0, 1]), np.array([1, 1, 1, 1])
    found = effect(grouped(was, numbered(4)), grouped(now, numbered(4)))
    assert found.changed == 3


def test_who_is_in_one_grouping_only_is_counted_apart() -> None:
    one = grouped(np.array([1, 2, 2]), numbered(5), np.array([0, 2, 3]))
    other = grouped(np.array([1, 2, 1]), numbered(5), np.array([2, 3, 4]))
    assert effect(one, other) == Effect(
        shared=2, changed=1, agreement=0.0, left=1, joined=1, k_before=2, k_after=2
    )


def test_customers_are_matched_by_id_where_the_sheets_differ() -> None:
    one = grouped(np.array([1, 1, 2, 2]), ["a", "b", "d", "e"])
    other = grouped(np.array([2, 2, 1, 1, 1]), ["a", "b", "c", "d", "e"])
    found = effect(one, other)
    assert (found.shared, found.changed, found.left, found.joined) == (4, 0, 0, 1)


def test_rows_of_a_repeated_id_are_matched_in_their_order() -> None:
    one = grouped(np.array([1, 2, 1]), ["a", "a", "b"])
    other = grouped(np.array([1, 1]), ["a", "b"])
    found = effect(one, other)
    assert (found.shared, found.changed, found.left) == (2, 0, 1)


def test_nobody_in_both_has_no_agreement() -> None:
    found = effect(grouped(np.array([1]), ["a"]), grouped(np.array([1]), ["b"]))
    assert (found.shared, found.agreement, found.share) == (0, None, 0.0)


FOUND = Effect(shared=4327, changed=312, agreement=0.9123, left=0, joined=0, k_before=5, k_after=5)


@pytest.mark.parametrize(
    ("changes", "without", "expected"),
    [
        (
            {},
            True,
            "Without this step 312 of 4,327 customers (7.2 %) would be in another segment; agreement 0.91.",
        ),
        (
            {"joined": 24, "left": 3, "k_after": 4},
            False,
            "With this step 312 of 4,327 customers (7.2 %) would be in another segment; 24 more would be"
            " grouped; 3 would not be grouped; there would be 4 segments instead of 5; agreement 0.91.",
        ),
        ({"changed": 0}, True, "Without this step every customer would be in the same segment."),
    ],
)
def test_an_effect_is_a_sentence(changes: dict[str, int], without: bool, expected: str) -> None:
    assert sentence(replace(FOUND, **changes), without) == expected
