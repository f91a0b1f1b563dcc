"""Why a customer is in a segment: what speaks for it adds up, and the next one is the nearest other."""

from dataclasses import replace

import numpy as np
import pytest

from core.features.matrix import matrix
from core.pipeline import Results
from core.placed import ByRules, Placed, by_rules, placed
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


def of(made: Results, place: int) -> Placed:
    """Where the customer at a place of the study lies."""
    assert made.matrix is not None and made.clustering is not None
    return placed(made, int(made.clustering.labels[place]), made.matrix.x[place])


def test_the_next_segment_is_the_nearest_other_one_and_the_distances_are_euclidean() -> None:
    made = results()
    assert made.matrix is not None and made.clustering is not None
    found = of(made, 4)
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
    found, x = of(made, place), made.matrix.x[place]
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
    found = of(results(), 8)
    assert (found.own, found.next, found.to_own, found.lead, found.reasons) == (0, 3, None, None, ())


def test_a_customer_who_could_not_be_compared_lies_nowhere() -> None:
    assert placed(results(), 0, np.full(3, np.nan)) == Placed(own=0)


def test_numbers_that_segments_keep_from_a_reference_are_those_of_the_answer() -> None:
    made = results()
    assert made.clustering is not None
    place = np.array([0, 7, 4, 9], dtype=np.int16)
    kept = replace(made.clustering, labels=place[made.clustering.labels], numbers=(7, 4, 9))
    own, found = of(made, 0), of(replace(made, clustering=kept), 0)
    assert own.next is not None and (found.own, found.next) == (7, int(place[own.next]))


def test_one_segment_alone_has_no_next() -> None:
    made = results()
    assert made.clustering is not None and made.matrix is not None
    alone = replace(
        made.clustering, k=1, labels=np.ones(9, np.int16), centres=made.matrix.x.mean(axis=0)[None]
    )
    found = of(replace(made, clustering=alone), 0)
    assert found.next is None and found.to_own is not None and found.reasons == ()


def ruled(names: tuple[str, ...]) -> Results:
    """Segments 1, 2, … of these names under the RFM rules."""
    made = results()
    assert made.clustering is not None
    return replace(made, clustering=replace(made.clustering, k=len(names), names=names))


def test_the_next_segment_under_rules_takes_the_fewest_steps_of_the_scores() -> None:
    made = ruled(("Champions", "Loyal", "Hibernating"))
    assert by_rules(made, 2, 4, 4) == ByRules(r=4, fm=4, next=1, next_r=5, next_fm=4)
    assert by_rules(made, 3, 2, 1) == ByRules(r=2, fm=1, next=2, next_r=3, next_fm=4)
    assert by_rules(ruled(("Loyal",)), 1, 4, 4) is None


def test_a_new_customer_is_told_the_segment_of_its_scores() -> None:
    made = ruled(("New", "Hibernating", "Loyal"))
    assert by_rules(made, 1, 1, 2) == ByRules(r=1, fm=2, next=2, next_r=1, next_fm=2)
    assert by_rules(made, 1, 0, 2) is None
