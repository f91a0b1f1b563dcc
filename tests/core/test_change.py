"""Who was in which segment 30 days before, by the rules of today; and the RFM rules beside segments."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

from core import pipeline
from core.change import Change, change
from core.change.labels import labels_then
from core.cluster.assigner import by_nearest
from core.cluster.rules import NAMES, rules_of
from core.codec import decode, encode
from core.crossed import Crossed, crossed, filters
from core.features.cohort import AGO, ASIDE, DOWN, UP, in_other, included, moved_since, of_segment
from core.features.customers import Customers
from core.features.labels import Evidence, rfm_scores
from core.io.store import Store
from core.param import Filter
from core.pipeline import Results, grouping_of, job_key, key_of
from core.pipeline.stages import PROFILES
from core.spec import Cohort, Study
from tests.core.blobs import matrix_of
from tests.core.grouped import grouping
from tests.core.small import add_log, sheet

NEAREST = by_nearest(np.array([[100], [50], [10]]), np.array([0, 1, 2]), 1.0)
"""Segments 1, 2 and 3 around 100, 50 and 10."""


def of(day: int, spends: dict[str, float]) -> Customers:
    """A sheet of customers with their spend on a day."""
    made = sheet({"monetary": list(spends.values())}, {"monetary": "money"})
    table = made.table.set_column(0, "id", [list(spends)])
    return replace(made, table=table.sort_by("id"), as_of=dt.date(2026, 1, day))


def moved(now: dict[str, float], then: dict[str, float], cohort: Cohort | None = None) -> Change:
    """The change of segments by spend."""
    return since(of(1, then), now, cohort)


def since(then: Customers, now: dict[str, float], cohort: Cohort | None = None) -> Change:
    """The same with the whole sheet of then."""
    today = of(31, now)
    mask = included(today, cohort.where if cohort else ())[0]
    rows = np.flatnonzero(mask)
    x = today.number("monetary")[rows]
    labels = 1 + np.abs(x[:, None] - [100, 50, 10]).argmin(axis=1)
    matrix = matrix_of(x[:, None])
    prepared = (replace(matrix.prepared[0], slug="monetary"),)
    matrix = replace(matrix, rows=rows, prepared=prepared)
    return change(today, matrix, grouping(labels, NEAREST), cohort or Cohort(), then)


NOW = {"a": 100.0, "b": 90.0, "c": 55.0, "d": 12.0, "e": 10.0, "new": 49.0}
THEN = {"a": 98.0, "b": 52.0, "c": 50.0, "d": 48.0, "e": 9.0, "gone": 11.0}


def test_who_was_and_who_is_where() -> None:
    found = moved(NOW, THEN)
    assert found.day == dt.date(2026, 1, 1)
    one, two, three = (found.of(place) for place in range(3))
    assert (one.then, one.now, one.stayed, one.came, one.left) == (1, 2, 1, 1, 0)
    assert (two.then, two.now, two.stayed, two.came, two.left, two.new) == (3, 2, 1, 0, 2, 1)
    assert (three.then, three.now, three.gone, three.net_then, three.net_now) == (2, 2, 1, 20.0, 22.0)
    assert (found.new, found.gone) == (1, 1)


def test_up_is_to_a_smaller_number_and_new_customers_are_neither() -> None:
    found = moved(NOW, THEN)
    assert found.moved([1, 2, 3]) == (1, 1)  # b up to 1, d down to 3
    assert moved({**NOW, "d": 95.0}, THEN).moved([1, 2, 3]) == (2, 0)
    assert moved({**NOW, "d": 95.0}, THEN).moved([3, 1, 2]) == (0, 2)  # as a reference numbers them


def test_means_are_those_of_the_customers_of_then() -> None:
    (spend,) = moved(NOW, THEN).measures
    assert spend.means.tolist() == pytest.approx([98.0, 50.0, 10.0]) and np.isnan(spend.medians).all()


def test_sales_per_order_are_those_of_a_segment_s_customers_of_then_together() -> None:
    then = of(1, THEN)  # a, b, c, d, e, gone
    with_orders = then.table.append_column("orders", [[7.0, 1.0, 2.0, 5.0, 1.0, 4.0]])
    found = since(replace(then, table=with_orders), NOW).order_then
    assert found is not None and found.tolist() == pytest.approx([98 / 7, 150 / 8, 20 / 5])
    assert since(then, NOW).order_then is None


def test_who_is_included_is_asked_of_then() -> None:
    found = moved(NOW, THEN, Cohort(where=(Filter("monetary", "ge", ("11",)),)))
    assert int(found.flow[:, -1].sum()) == 1 and found.gone == 1  # “gone”; e was under 11 on both days
    assert found.flow.sum() == 6


def test_a_method_without_a_rule_says_so() -> None:
    today = of(31, NOW)
    matrix = matrix_of(today.number("monetary")[:, None])
    found = change(today, matrix, grouping(np.ones(6, np.int64)), Cohort(), of(1, THEN))
    assert "no rule" in found.reason


def scored(n: int = 400, seed: int = 0) -> Customers:
    """Customers with scores by the RFM rules, some of them new."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(1, 9, n).astype(float)
    seen = {
        "recency": rng.integers(0, 300, n).astype(float),
        "orders": orders,
        "monetary": orders * rng.lognormal(3, 0.6, n),
    }
    scores = rfm_scores(Evidence(n=n, **seen))
    assert scores is not None
    made = sheet(seen, {"recency": "days", "orders": "count", "monetary": "money"})
    table = made.table
    for name, values in {**scores, "new": (rng.random(n) < 0.1).astype(np.int8)}.items():
        table = table.append_column(name, pa.array(values, pa.int8()))
    return replace(made, table=table)


def test_rules_and_segments_are_counted_in_each_pair() -> None:
    customers = scored()
    labels = np.random.default_rng(1).integers(0, 4, 400)
    found = crossed(customers, matrix_of(np.zeros((400, 1))), grouping(labels))
    named = rules_of(customers, np.arange(400)).labels
    assert found.counts.sum() == 400 and not found.unscored.any()
    for place, number in enumerate((1, 2, 3, 0)):
        counts = np.bincount(named[labels == number], minlength=len(NAMES))
        assert counts[[NAMES.index(name) for name in found.names]].tolist() == found.counts[place].tolist()
    inside = labels > 0
    assert found.agreement == pytest.approx(adjusted_rand_score(labels[inside], named[inside]))
    assert "hardly alike" in found.said()
    assert decode(Crossed, encode(found)).names == found.names


def test_the_conditions_of_a_name_are_met_by_exactly_its_customers() -> None:
    customers = scored()
    named = rules_of(customers, np.arange(400)).labels
    for place, name in enumerate(NAMES):
        met, notes = included(customers, filters(name))
        assert not notes and met.tolist() == (named == place).tolist()


def test_without_scores_the_rules_say_what_is_missing() -> None:
    few = sheet({"age": np.arange(40.0)}, kind="customers")
    found = crossed(few, matrix_of(np.zeros((40, 1))), grouping(np.ones(40, np.int64)))
    assert found.reason.endswith("Give a column the meaning Days since last order on the Data page.")


def test_a_study_has_them_all_and_none_depends_on_names_or_on_what_is_shown(store: Store) -> None:
    dataset = add_log(store, log())
    study = Study().with_(ds=dataset.id, k=2, n_init=1, cols=["orders,monetary"])
    results = pipeline.run(study, store, need="profiles")
    assert all(getattr(results, name) is not None for name in PROFILES)
    found, profile = results.change, results.profile
    assert found is not None and profile is not None and not found.reason
    assert [found.of(at).now for at in range(2)] == [s.size for s in profile.segments]
    assert found.new == 4 and found.gone == 0
    assert {one.key for one in found.labels} >= {"high_value", "infrequent", "lapsed"}
    customers, rows = results.customers, np.arange(len(results.customers))
    for one in labels_then(customers, rows, customers, rows):  # of the same day they are those of today
        (info,) = (label for label in customers.labels if label.key == one.key)
        assert (one.then, one.judged, one.now) == (info.yes, info.judged, info.yes)
    shown = study.with_(segment=2, show=["monetary:gt:5"])
    assert job_key(shown, "profiles") == job_key(study, "profiles")
    referred = study.with_(ref=study.with_(k=3).query()[1:])
    assert [key_of(referred, name) for name in PROFILES] == [key_of(study, name) for name in PROFILES]


def log() -> str:
    """Orders of 40 customers through half a year; four of them come in the last 30 days."""
    rng, lines = np.random.default_rng(0), ["order,customer,day,quantity,price"]
    for customer in range(40):
        first = 160 if customer < 4 else 0
        for _ in range(1 + (customer % 5) * 2):
            day = dt.date(2026, 1, 1) + dt.timedelta(days=int(rng.integers(first, 180)))
            lines.append(f"{len(lines)},c{customer},{day},1,{rng.integers(2, 9) * (1 + customer % 5)}")
        if customer >= 4:
            lines.append(f"{len(lines)},c{customer},2026-01-0{1 + customer % 9},1,5")
    return "\n".join(lines)


def test_who_moved_is_found_again_by_its_conditions(demo_results: Results) -> None:
    found, profile, made = demo_results.change, demo_results.profile, grouping_of(demo_results)
    assert found is not None and profile is not None

    def those(*conditions: Filter) -> int:
        return int(included(demo_results.customers, conditions, made)[0].sum())

    numbers = [s.number for s in profile.segments]
    assert (those(moved_since(UP)), those(moved_since(DOWN))) == found.moved(numbers)
    assert those(in_other(AGO, -1)) == found.new > 0
    for at, segment in enumerate(numbers):
        here, moves = of_segment(segment), found.of(at)
        assert those(here, moved_since(UP, DOWN, ASIDE)) == moves.came
        assert those(in_other(AGO, segment), moved_since(UP, DOWN, ASIDE)) == moves.left
        assert those(here, in_other(AGO, -1)) == moves.new
        assert those(here, moved_since(0)) == moves.stayed > 0


def test_a_condition_on_an_earlier_day_is_ignored_with_a_note_where_there_is_none(
    demo_results: Results,
) -> None:
    made = grouping_of(replace(demo_results, change=None))
    mask, notes = included(demo_results.customers, (moved_since(UP),), made)
    assert mask.all() and notes == (
        "This view is compared with no earlier day; the condition on its segments was ignored.",
    )


def test_another_number_of_segments_reads_no_order_again(store: Store) -> None:
    dataset, kept, made = add_log(store, log()), dict[str, bytes](), []

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        if key not in kept:
            kept[key] = make()
            made.append(key.partition("-")[0])
        return kept[key]

    first, second = (Study().with_(ds=dataset.id, k=k, n_init=1, cols=["orders,monetary"]) for k in (2, 3))
    pipeline.run(first, store, need="profiles", through=through)
    assert made.count("beside") == 1  # 30 days ago; this log has no categories
    own = pipeline.run(second, store, need="profiles", through=through)
    assert made.count("change") == 2 and made.count("beside") == 1
    assert encode(own.change) == encode(pipeline.run(second, store, need="profiles").change)
