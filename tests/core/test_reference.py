"""A study that names a reference, through the pipeline."""

from collections.abc import Callable

import numpy as np
import pytest

from core import pipeline
from core.cluster.contract import silent
from core.errors import UserError
from core.io.dataset import Dataset
from core.io.store import Store
from core.match import note
from core.pipeline.named import Keep, reference
from core.spec import Study
from tests.core.blobs import blobs
from tests.core.small import add


@pytest.fixture(scope="module")
def shop(store: Store) -> Dataset:
    """A customer table of 160 in four crowds."""
    x = blobs((60, 45, 35, 20), seed=4, spread=0.12)
    rows = [f"k{i},{a:.4f},{b:.4f},{i % 7}" for i, (a, b) in enumerate(x)]
    text = "customer,visits,points,spend\n" + "\n".join(rows)
    return add(store, text, {"customer": "id", "visits": "number", "points": "number", "spend": "spend"})


STORED: dict[str, bytes] = {}


def through(key: str, make: Callable[[], bytes]) -> bytes:
    """Keep every stage for the tests of this file."""
    if key not in STORED:
        STORED[key] = make()
    return STORED[key]


def study_of(dataset: Dataset, **values: object) -> Study:
    """A study of the data set, compared by visits and points."""
    return Study().with_(**{"ds": dataset.id, "cols": ["visits,points"], "n_init": 2, **values})


def ran(store: Store, study: Study) -> pipeline.Results:
    """A study's results."""
    return pipeline.run(study, store, through=through)


def names(results: pipeline.Results) -> dict[int, str]:
    """The segments' names by their numbers."""
    assert results.profile is not None
    return {s.number: s.name for s in results.profile.segments}


def labels(results: pipeline.Results) -> np.ndarray:
    """The number of each customer's segment."""
    assert results.clustering is not None
    return results.clustering.labels


@pytest.mark.parametrize(
    "own", [{}, {"k": 3}, {"algorithm": "hierarchical", "k": 5}, {"algorithm": "dbscan"}, {"seed": 5, "k": 6}]
)
def test_with_itself_as_reference_nothing_changes(
    store: Store, shop: Dataset, own: dict[str, object]
) -> None:
    study = study_of(shop, **own)
    alone, again = ran(store, study), ran(store, study.with_(ref=study.query()))
    assert np.array_equal(labels(again), labels(alone))
    assert again.profile == alone.profile
    assert again.match is not None and again.match.moved == 0


def test_a_reference_changes_numbers_and_names_and_no_stage_before(store: Store, shop: Dataset) -> None:
    four, five = study_of(shop, k=4), study_of(shop, k=5)
    ran(store, four), ran(store, five)
    before = set(STORED)
    results = ran(store, five.with_(ref=four.query()))
    assert {key.split("-")[0] for key in set(STORED) - before} == {"match"}
    assert sorted(names(results)) == [1, 2, 3, 4, 5]
    assert results.notes[-1].startswith("Compared with saved: all 4 segments keep their number")


@pytest.mark.parametrize("need", ["profile", "effects", "compare", "data"])
def test_with_a_reference_a_job_is_another_one(need: str) -> None:
    study = Study().with_(k=5)
    assert pipeline.job_key(study, need) != pipeline.job_key(study.with_(ref="k=4"), need)


def test_a_reference_that_is_not_there_is_a_note(store: Store, shop: Dataset) -> None:
    study = study_of(shop, k=4)
    alone, lost = ran(store, study), ran(store, study.with_(ref="ds=ffffffffffff"))
    assert lost.profile == alone.profile
    assert lost.match is not None and lost.match.problem
    assert lost.notes == (*alone.notes, note(lost.match))
    with pytest.raises(UserError):
        store.get("ffffffffffff")


def test_a_frozen_link_freezes_the_reference(store: Store, shop: Dataset) -> None:
    study = study_of(shop, ref=f"ds={shop.id}")
    frozen = pipeline.resolved(study, ran(store, study))
    assert frozen.reference is not None and frozen.reference.cluster.k is not None


def test_a_reference_of_a_reference_is_followed_one_step(store: Store, shop: Dataset) -> None:
    base = study_of(shop)
    second = base.with_(k=3, ref=base.with_(k=4).query())
    third = base.with_(k=4, ref=second.query())
    assert set(names(ran(store, second))) < {1, 2, 3, 4}
    assert set(names(ran(store, second))) < set(names(ran(store, third)))
    deep = base.with_(ref=base.with_(ref=third.query()).query())
    assert deep.reference is not None and deep.reference.reference is not None
    assert deep.reference.reference.reference is None


@pytest.mark.parametrize(("k", "seed"), [(4, 1), (6, 1), (6, 2)])
def test_another_start_gives_the_same_numbers_and_names(
    store: Store, shop: Dataset, k: int, seed: int
) -> None:
    same_start(store, study_of(shop, k=k), seed)


@pytest.mark.parametrize("seed", [3, 6])  # two segments then change sizes
def test_segments_of_nearly_one_size_keep_their_numbers_with_another_start(
    store: Store, mall: Dataset, seed: int
) -> None:
    columns = "annual_income_k,spending_score_1_100"
    same_start(store, Study().with_(ds=mall.id, cols=[columns], k=8), seed)


def same_start(store: Store, study: Study, seed: int) -> None:
    """Hold DEFINITIONS.md: where another start agrees by 0.95, numbers and names are the same."""
    from sklearn.metrics import adjusted_rand_score

    keep = Keep(ds=study.source.ds, through=through, elsewhere=pipeline.keep_nothing)
    dataset = store.get(study.source.ds)
    first, other = (reference(one, store, dataset, keep, silent) for one in (study, study.with_(seed=seed)))
    if adjusted_rand_score(labels(first), labels(other)) >= 0.95:
        assert names(other) == names(first)
        assert (labels(other) == labels(first)).mean() >= 0.95
