"""Several ways to group the same customers beside each other: who moves where, and how far they agree."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from core import pipeline
from core.codec import decode, encode
from core.compare import Comparison, Model, said
from core.compare.agreement import adjusted_information, adjusted_rand
from core.compare.build import usual
from core.compare.words import details, distinct, title
from core.figures import CHARTS
from core.io.store import Store
from core.matched import matched, together
from core.pipeline import Results
from core.silhouette import Silhouette
from core.spec import Study
from core.takeaway import moved_rows
from tests.core.small import add, sheet

ROLES = {"customer": "id", "income": "number", "visits": "number", "since": "number"}
N = 150


def _crowds() -> str:
    """Three crowds in income and visits; every tenth customer has no age."""
    rng = np.random.default_rng(3)
    at = np.arange(N) % 3
    income = np.array([10, 50, 90])[at] + rng.normal(0, 2, N)
    visits = np.array([10, 90, 30])[at] + rng.normal(0, 2, N)
    lines = [f"=c{i:03d},{income[i]:.3f},{visits[i]:.3f},{'' if i % 10 == 0 else i % 7}" for i in range(N)]
    return "\n".join(["customer,income,visits,since", *lines])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("compare"))


@pytest.fixture(scope="module")
def base(store: Store) -> Study:
    return Study.parse("cols=income,visits&k=3&transform=none").with_(ds=add(store, _crowds(), ROLES).id)


KEPT: dict[str, bytes] = {}
"""Stages of all tests of this file: each model is made once."""


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    if key not in KEPT:
        KEPT[key] = make()
    return KEPT[key]


def results_of(store: Store, study: Study, against: tuple[str, ...]) -> Results:
    return pipeline.run(study.with_(against=list(against)), store, "compare", kept)


def compared(store: Store, study: Study, *against: str) -> Comparison:
    found = results_of(store, study, against).comparison
    assert found is not None
    return found


def labelings(
    seed: int, kinds: tuple[int, int], noise: float, size: int = 400
) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    one = rng.integers(0, kinds[0], size)
    return one, np.where(rng.random(size) < noise, rng.integers(0, kinds[1], size), one % kinds[1])


CASES = (
    labelings(0, (5, 4), 0.2),
    labelings(1, (3, 9), 0.9),
    labelings(2, (6, 6), 0.0),
    labelings(3, (2, 1), 0.0),
    labelings(4, (1, 1), 0.0),
    (np.arange(1, 41), np.arange(1, 41)),
)


@pytest.mark.parametrize("case", CASES)
def test_both_indices_are_those_of_scikit_learn(case: tuple[np.ndarray, np.ndarray]) -> None:
    one, other = case
    pairs = together(one, other, int(one.max()), int(other.max()))
    assert adjusted_rand(pairs) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_information(pairs) == pytest.approx(adjusted_mutual_info_score(one, other), abs=1e-10)


def test_no_segment_is_a_group_of_its_own() -> None:
    one, other = np.array([0, 0, 1, 1, 2, 2]), np.array([1, 1, 2, 2, 0, 0])
    assert adjusted_rand(together(one, other, 2, 2)) == 1.0
    assert matched(together(one, other, 2, 2)).tolist() == [0, 2, -1]


def test_segments_go_together_so_that_as_many_stay_as_can() -> None:
    pairs = np.array([[0, 0, 0, 0], [0, 9, 8, 0], [0, 8, 0, 0]])
    assert matched(pairs).tolist() == [0, 2, 1]


def test_a_segment_that_shares_nobody_with_another_is_not_that_one() -> None:
    assert matched(np.array([[0, 0, 0], [0, 5, 0], [0, 4, 0]])).tolist() == [0, 1, -1]


def test_without_a_wish_one_fewer_and_one_more_are_compared(store: Store, base: Study) -> None:
    found = compared(store, base)
    assert [m.differs for m in found.models] == ["", "k:2", "k:4"]
    assert [m.k for m in found.models] == [3, 2, 4]


@pytest.mark.parametrize(
    ("query", "k", "expected"),
    [
        ("", 5, ("k:4", "k:6")),
        ("", 2, ("k:3",)),
        ("", 12, ("k:11",)),
        ("algorithm=rules", 10, ("algorithm:kmeans~k:10",)),
        ("algorithm=dbscan", 0, ("algorithm:kmeans~k:2",)),
        ("algorithm=hdbscan", 30, ("algorithm:kmeans~k:12",)),
    ],
)
def test_the_usual_question_stays_within_what_may_be_asked(
    query: str, k: int, expected: tuple[str, ...]
) -> None:
    assert usual(Study.parse(query), k) == expected


def test_those_who_stay_are_counted_customer_by_customer(store: Store, base: Study) -> None:
    results = results_of(store, base, ("k:2", "algorithm:hierarchical"))
    found = results.comparison
    assert found is not None and results.clustering is not None
    here = results.clustering.labels
    stay = [(m.there >= 0) & (m.match[here] == m.there) for m in found.moves]
    assert [m.kept for m in found.moves] == [int(one.sum()) for one in stay]
    assert [m.moved for m in found.moves] == [N - int(one.sum()) for one in stay]
    assert (found.kept, found.customers) == (int((stay[0] & stay[1]).sum()), N)
    for moves in found.moves:
        again = np.zeros_like(moves.pairs)
        np.add.at(again, (here, moves.there), 1)
        assert np.array_equal(again, moves.pairs)


def test_the_same_grouping_by_another_method_keeps_everybody(store: Store, base: Study) -> None:
    found = compared(store, base, "algorithm:hierarchical")
    assert (found.kept, found.customers) == (N, N)
    assert found.rand.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert said.finding(found) == "150 of 150 customers keep their segment."


def test_customers_of_one_model_only_count_apart(store: Store, base: Study) -> None:
    found = compared(store, base.with_(cols="income,visits,since"), "missing:drop")
    (moves,) = found.moves
    assert (moves.shared, moves.left, moves.joined) == (135, 15, 0)
    assert found.customers == 135 and int((moves.there < 0).sum()) == 15
    assert "15 customers are only here" in said.moving(found, moves)


def test_other_numbers_stand_apart_and_are_not_ranked(store: Store, base: Study) -> None:
    found = compared(store, base, "scaling:robust", "k:2")
    assert [m.space for m in found.models] == [0, 1, 0]
    assert {m.space for m in said.clearest(found)} == {0}
    assert "can't be compared" in said.apart(found)


def test_a_model_that_can_not_be_made_says_why_and_the_others_stay(store: Store, base: Study) -> None:
    found = compared(store, base, "algorithm:rules", "k:2")
    assert [m.made for m in found.models] == [True, False, True]
    assert found.models[1].problem and found.models[1].hint
    assert [m.model for m in found.moves] == [2]
    assert np.isnan(found.rand[1]).all() and found.rand[0, 2] < 1
    assert CHARTS["agreement"].draw(found).table.rows[0][:2] == (found.models[0].name, found.models[2].name)


def test_the_view_itself_is_not_compared_with_itself(store: Store, base: Study) -> None:
    found = compared(store, base, "k:3", "k:2")
    assert [m.differs for m in found.models] == ["", "k:2"]
    assert found.notes == ("“k:3” is how this view groups customers already.",)


def test_each_segment_says_which_one_of_the_view_it_is(store: Store, base: Study) -> None:
    found = compared(store, base, "k:4")
    (moves,) = found.moves
    likes = {p.number: p.like for p in found.models[1].parts}
    assert sorted(likes.values()) == [-1, 1, 2, 3]
    assert all(moves.match[like] == number for number, like in likes.items() if like > 0)


def test_a_link_with_everything_written_out_gives_the_same_comparison(store: Store, base: Study) -> None:
    study = base.with_(k=None, transform=None)
    before = results_of(store, study, ("algorithm:hierarchical", "cols:income,since"))
    frozen = pipeline.resolved(study.with_(against=["algorithm:hierarchical", "cols:income,since"]), before)
    again = pipeline.run(frozen, store, "compare", kept).comparison
    assert before.comparison is not None and again is not None
    assert [m.parts for m in again.models] == [m.parts for m in before.comparison.models]
    assert np.array_equal(again.rand, before.comparison.rand)


def test_how_a_result_is_looked_at_makes_no_other_comparison(base: Study) -> None:
    one = base.with_(against=["k:2"])
    assert pipeline.job_key(one, "compare") == pipeline.job_key(one.with_(measure="orders"), "compare")
    assert pipeline.job_key(one, "compare") != pipeline.job_key(base, "compare")
    assert pipeline.job_key(one, "profile") == pipeline.job_key(base, "profile")


def test_a_comparison_is_kept_as_it_is(store: Store, base: Study) -> None:
    found = compared(store, base, "k:2", "algorithm:rules")
    again = decode(Comparison, encode(found))
    assert again.models == found.models and again.kept == found.kept
    assert np.array_equal(again.moves[0].there, found.moves[0].there)
    assert np.array_equal(again.rand, found.rand, equal_nan=True)


def test_models_already_made_are_not_made_again(store: Store, base: Study) -> None:
    made: list[str] = []

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        made.extend([key.split("-")[0]] if key not in KEPT else [])
        return kept(key, make)

    for k in (2, 3):
        pipeline.run(base.with_(k=k), store, through=kept)
    pipeline.run(base.with_(k=2, against=["k:3"]), store, "compare", through)
    assert made == ["comparison"]


def test_the_list_of_those_who_move_is_safe_and_complete(store: Store, base: Study) -> None:
    results = results_of(store, base, ("k:2",))
    assert results.comparison is not None and results.clustering is not None
    (moves,) = results.comparison.moves
    head, *rows = moved_rows(results, moves)
    assert head == ["id", "segment", "segment_name", "other_segment", "other_segment_name"]
    assert len(rows) == moves.moved > 0
    assert all(row[0].startswith("'=c") and moves.match[row[1]] != row[3] for row in rows)
    pair = (rows[0][1], rows[0][3])
    assert len(list(moved_rows(results, moves, pair))) - 1 == moves.count(*pair)


def test_the_agreement_chart_says_its_answer(store: Store, base: Study) -> None:
    drawn = CHARTS["agreement"].draw(compared(store, base, "k:2", "algorithm:hierarchical"))
    assert len(drawn.table.rows) == 3
    assert "“3 segments, balanced groups” and “3 segments, family tree” 1.00" in drawn.answer
    assert drawn.alt.count(";") == 2


def test_titles_say_method_and_number() -> None:
    assert title(Study.parse("k=4"), 4) == "4 segments, balanced groups"
    assert title(Study.parse("algorithm=rules"), 9) == "9 segments, RFM rules"
    assert title(Study.parse("algorithm=dbscan"), None) == "Dense groups"


def test_only_what_a_method_looks_at_is_said_to_differ() -> None:
    study, customers = Study.parse("algorithm=dbscan&eps=2"), sheet({"income": [1.0, 2.0]})
    assert details(study, study.other("algorithm:kmeans~eps:auto~scaling:robust"), customers) == (
        "Weigh attributes: equally, ignoring extremes",
    )
    assert details(study, study.other("eps:3~cols:income"), customers) == ("Grouped by: Income", "Reach: 3")


def test_equal_names_are_told_apart() -> None:
    told = distinct(["a", "a", "b", "a"], [(), ("x: 1",), (), ()])
    assert told == ["a", "a (x: 1)", "b", "a, 4"]


def test_what_a_sample_leaves_open_is_as_clear() -> None:
    def model(name: str, value: float, high: float | None) -> Model:
        return Model(name=name, differs="", silhouette=Silhouette(value=value, high=high))

    models = (model("a", 0.50, None), model("b", 0.485, None), model("c", 0.40, 0.51), model("d", 0.4, 0.45))
    found = Comparison(
        models=models,
        rand=np.eye(4),
        information=np.eye(4),
        shared=np.eye(4),
        moves=(),
        kept=0,
        customers=0,
    )
    assert [m.name for m in said.clearest(found)] == ["a", "b", "c"]
