"""Why a customer is in a segment: what speaks for it adds up, and the next one is the nearest other."""

from dataclasses import replace

import numpy as np
import pytest

from core.features.matrix import matrix
from core.pipeline import Results
from core.placed import placed
from core.spec import Clean, Study
from tests.core.small import sheet
from tests.core.test_profile import divided

VALUES = {
    "spend": [10.0, 11.0, 12.0, 50.0, 52.0, 54.0, 90.0, 91.0, 95.0],
    "orders": [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 8.0, 9.0, 7.0],
    "city": ["Ulm", "Ulm", "Bonn", "Bonn", "Ulm", "Bonn", "Ulm", "Bonn", "Ulm"],
}
LABELS = [1, 1, 1, 2, 2, 2, 3, 3, 0]


def results() -> Results:
    """Three segments of customers compared by spend, orders and city; one customer without a segment."""
    customers = sheet(VALUES, {"spend": "money", "orders": "count", "city": "category"})
    features = Study().with_(cols="spend,orders,city").features
    compared = matrix(customers, np.ones(9, dtype=bool), features, Clean())
    _, clustering = divided(LABELS, compared.x)
    return Results(customers=customers, matrix=compared, clustering=replace(clustering, k=3))


def test_the_next_segment_is_the_nearest_other_one_and_the_distances_are_euclidean() -> None:
    made = results()
    assert made.matrix is not None and made.clustering is not None
    found = placed(made, 4)
    far = np.linalg.norm(made.matrix.x[4] - made.clustering.centres, axis=1)
    assert (found.own, found.next) == (2, int(np.argmin(np.where(np.arange(3) == 1, np.inf, far))) + 1)
    assert found.to_own == pytest.approx(far[1]) and found.to_next == pytest.approx(far[found.next - 1])
    assert found.lead == pytest.approx(1 - far[1] / far[found.next - 1])


@pytest.mark.parametrize("place", range(8))
def test_what_speaks_for_and_against_are_the_parts_of_the_difference_of_the_squared_distances(
    place: int,
) -> None:
    made = results()
    assert made.matrix is not None and made.clustering is not None
    found, x = placed(made, place), made.matrix.x[place]
    assert found.next is not None
    own, other = made.clustering.centres[found.own - 1], made.clustering.centres[found.next - 1]
    parts = dict.fromkeys(VALUES, 0.0)
    for name, part in zip(made.matrix.names, (x - other) ** 2 - (x - own) ** 2, strict=True):
        parts[name.partition("=")[0]] += part
    whole = sum(part for part in parts.values() if part > 0)
    shares = {r.slug: r.share for r in found.reasons} | {r.slug: -r.share for r in found.against}
    for slug, part in parts.items():
        assert shares.get(slug, 0.0) == pytest.approx(part / whole, abs=0.01)
    assert list(found.reasons) == sorted(found.reasons, key=lambda r: -r.share)


def test_a_customer_without_a_segment_has_a_nearest_one_and_no_reasons() -> None:
    found = placed(results(), 8)
    assert (found.own, found.next, found.to_own, found.lead, found.reasons) == (0, 3, None, None, ())


def test_a_customer_who_could_not_be_compared_lies_nowhere() -> None:
    made = results()
    assert made.matrix is not None and made.clustering is not None
    fitted = np.arange(9) != 4
    gap = replace(made.matrix, fitted=fitted, x=made.matrix.x[fitted])
    labels = made.clustering.labels.copy()
    labels[4] = 0
    unfitted = replace(made, matrix=gap, clustering=replace(made.clustering, labels=labels))
    assert placed(unfitted, 4).next is None
    assert placed(unfitted, 5).own == 2 and placed(unfitted, 5).to_own == placed(made, 5).to_own


def test_numbers_that_segments_keep_from_a_reference_are_those_of_the_answer() -> None:
    made = results()
    assert made.clustering is not None
    place = np.array([0, 7, 4, 9], dtype=np.int16)
    kept = replace(made.clustering, labels=place[made.clustering.labels], numbers=(7, 4, 9))
    own, found = placed(made, 0), placed(replace(made, clustering=kept), 0)
    assert own.next is not None and (found.own, found.next) == (7, int(place[own.next]))


def test_one_segment_alone_has_no_next() -> None:
    made = results()
    assert made.clustering is not None and made.matrix is not None
    alone = replace(
        made.clustering, k=1, labels=np.ones(9, np.int16), centres=made.matrix.x.mean(axis=0)[None]
    )
    found = placed(replace(made, clustering=alone), 0)
    assert found.next is None and found.to_own is not None and found.reasons == ()
