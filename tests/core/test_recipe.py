"""The recipe in words, and what each of its steps does to the segments."""

from collections.abc import Callable

import numpy as np
import pytest

from core import pipeline
from core.codec import decode, encode
from core.effect import effect
from core.features.matrix import Matrix
from core.io.dataset import Dataset
from core.io.store import Store
from core.pipeline import NEEDS, STAGES, Results, job_key, key_of
from core.recipe import RecipeStep, recipe
from core.spec import Study
from tests.core.small import add, add_log


def table_text(n: int = 120) -> str:
    """A customer table: two groups by income and visits, some gaps, three extreme incomes, rare jobs."""
    rng = np.random.default_rng(4)
    rows = ["customer,income,visits,age,job"]
    for i in range(n):
        group = i % 2
        income = (
            "" if i % 15 == 0 else f"{rng.normal(20 + 40 * group, 3) * (20 if i in (7, 8, 9) else 1):.2f}"
        )
        job = "clerk" if i % 5 else "smith" if i % 10 else "cook"
        rows.append(f"k{i:03d},{income},{rng.normal(5 + 10 * group, 1):.2f},{30 + i % 40},{job}")
    return "\n".join([*rows, rows[-1]])


TABLE_ROLES = {"customer": "id", "income": "number", "visits": "number", "age": "age", "job": "category"}
FAST = "k=2&n_init=1"
COLUMNS = f"{FAST}&cols=income,visits"


@pytest.fixture(scope="module")
def table(store: Store) -> Dataset:
    """A customer table of 121 rows, the last one twice."""
    return add(store, table_text(), TABLE_ROLES)


@pytest.fixture(scope="module")
def log(store: Store) -> Dataset:
    """A log of 40 customers with returns and a cancelled order."""
    rng = np.random.default_rng(5)
    rows = ["order,customer,day,product,quantity,price,status"]
    for i in range(40):
        for at in range(1 + i % 4):
            day = f"2024-{1 + (i + at) % 9:02d}-{1 + i % 27:02d}"
            rows.append(f"o{i}_{at},c{i:02d},{day},tea,{1 + i % 3},{rng.uniform(1, 30):.2f},done")
            if (i, at) in ((3, 0), (7, 1)):
                rows.append(f"r{i}_{at},c{i:02d},{day},cup,-1,5.00,done")
    rows.append("x1,c05,2024-05-05,tea,50,9.00,cancelled")
    return add_log(store, "\n".join(rows))


def run(store: Store, dataset: Dataset, query: str = "", need: str = "profile") -> tuple[Study, Results]:
    """A study of a data set with its results."""
    study = Study.parse(query).with_(ds=dataset.id)
    return study, pipeline.run(study, store, need)


def steps(store: Store, dataset: Dataset, query: str = FAST) -> dict[str, RecipeStep]:
    """The recipe by key."""
    study, results = run(store, dataset, query)
    return {step.key: step for step in recipe(study, results, dataset)}


def matrix_of(results: Results) -> Matrix:
    """The matrix, which must be there."""
    assert results.matrix is not None
    return results.matrix


# In words


def test_a_customer_tables_recipe_has_the_steps_that_can_apply(store: Store, table: Dataset) -> None:
    assert list(steps(store, table, f"{COLUMNS},job")) == [
        "types", "duplicates", "impossible", "missing", "outliers", "rare", "transforms",
    ]  # fmt: skip
    assert "rare" not in steps(store, table, COLUMNS)


def test_a_logs_recipe_has_its_own_steps(store: Store, log: Dataset) -> None:
    assert list(steps(store, log)) == [
        "types", "duplicates", "impossible", "cancelled", "services", "returns", "missing", "outliers",
        "transforms",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "",
        "duplicates=drop&impossible=missing&missing=leave&outliers=flag&rare=10&transform=none",
        "missing=category&outliers=drop&duplicates=report&transform=log1p",
    ],
)
def test_every_step_is_switched_by_its_values(store: Store, table: Dataset, query: str) -> None:
    study, results = run(store, table, f"{COLUMNS},job&{query}")
    for step in recipe(study, results, table):
        if step.field:
            for values, on in ((step.off_value, False), (step.on_value, True)):
                other = study.with_(**{step.field: list(values)})
                assert not other.notes
                again = {s.key: s for s in recipe(other, results, table)}
                assert again[step.key].on == on


def test_a_step_says_what_it_did_in_numbers(store: Store, table: Dataset) -> None:
    found = steps(store, table, f"{COLUMNS},job&outliers=cap-iqr&rare=15")
    assert (found["missing"].rows, found["missing"].values) == (8, 8)
    assert "8 in income" in found["missing"].text and "middle value" in found["missing"].text
    assert found["outliers"].rows == found["outliers"].values >= 3
    assert found["rare"].text == "Rare categories: 2 categories of job (24 customers) merged into “Other”."
    assert "evened out" in found["transforms"].text or "taken as it is" in found["transforms"].text
    assert found["duplicates"].rows == 1


def test_who_leaves_for_a_step_is_told_with_the_money(store: Store) -> None:
    text = "customer,spend,visits\n" + "".join(
        f"k{i:02d},{10 + i % 7 if i else ''},{i % 5 if i > 1 else 400}\n" for i in range(40)
    )
    dataset = add(store, text, {"customer": "id", "spend": "spend", "visits": "number"})
    step = steps(store, dataset, f"{FAST}&cols=monetary,visits&outliers=drop")["outliers"]
    assert step.rows == 2 and step.money == 11
    assert step.text.endswith("these customers are left out (2 customers, worth 11).")


def test_returns_are_told_by_the_policy(store: Store, log: Dataset) -> None:
    words = {"net": "are taken off spend.", "exclude": "not taken off", "flag": "customers are marked"}
    for policy, word in words.items():
        study, results = run(store, log, f"returns={policy}", "customers")
        (step,) = [s for s in recipe(study, results, log) if s.key == "returns"]
        assert step.text.startswith("Returns of 2 customers, worth 10") and word in step.text
        assert step.on == (policy != "exclude")


def test_cancelled_orders_are_told_with_rows_and_money(store: Store, log: Dataset) -> None:
    step = steps(store, log)["cancelled"]
    assert (step.on, step.rows, step.money) == (True, 1, 450)
    assert step.text.startswith("1 line of cancelled or test orders of 1 customer (")
    assert step.text.endswith(", worth 450): left out.")


def test_without_segments_only_the_steps_on_rows_are_listed(store: Store, table: Dataset) -> None:
    study, results = run(store, table, need="customers")
    assert {s.key for s in recipe(study, results, table)} == {"types", "duplicates", "impossible"}


def test_rows_left_out_are_in_before_only(store: Store, table: Dataset) -> None:
    kept, dropped = (
        matrix_of(run(store, table, f"{COLUMNS}&duplicates={how}")[1]) for how in ("report", "drop")
    )
    assert [c.slug for c in kept.changes] == ["income"]  # its gaps are filled
    counts = {c.slug: (c.before.sum() + c.empty_before, c.after.sum()) for c in dropped.changes}
    assert counts == {"income": (121, 120), "visits": (121, 120)}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("drop", "Rows that equal an earlier row: 1 row"),
        ("id-last", "Rows of a customer who has a later row: 2 rows"),
    ],
)
def test_repeated_customers_are_told_as_the_ledger_does(store: Store, how: str, said: str) -> None:
    text = table_text() + "\nk001,50.00,5.00,31,clerk"
    twice = add(store, text, TABLE_ROLES)
    step = steps(store, twice, f"{COLUMNS}&duplicates={how}")["duplicates"]
    assert step.text.startswith(said) and step.on
    _, results = run(store, twice, f"{COLUMNS}&duplicates={how}", "effects")
    assert results.effects is not None and "duplicates" in {e.key for e in results.effects.steps}


def test_an_answer_about_repeated_rows_leaves_nothing_to_switch(store: Store) -> None:
    rows = "order,customer,day,product,quantity,price\n"
    lines = [f"o{i},c{i % 20},2024-01-{1 + i % 20:02d},P,1,{5 + i % 7}" for i in range(60)]
    dataset = add_log(store, rows + "\n".join([*lines, *lines[:3]]), duplicates="duplicates")
    step = steps(store, dataset)["duplicates"]
    assert (step.rows, step.on, step.field) == (3, True, "")
    assert "As answered above." in step.text


def test_words_that_may_mean_missing_are_offered_and_counted(store: Store) -> None:
    rows = "".join(
        f"k{i:02d},{i % 7 - (i % 7 == 0)},{'unknown' if i % 4 == 0 else 'Bonn'}\n" for i in range(40)
    )
    dataset = add(
        store, f"customer,visits,city\n{rows}", {"customer": "id", "visits": "number", "city": "category"}
    )
    offered = steps(store, dataset, f"{FAST}&cols=visits,city")["blanks"]
    assert not offered.on and "city:unknown" in offered.on_value
    assert "“unknown” in city" in offered.text
    chosen = steps(store, dataset, f"{FAST}&cols=visits,city&blanks=city:unknown")
    assert chosen["blanks"].on and (chosen["blanks"].rows, chosen["blanks"].values) == (10, 10)
    assert chosen["missing"].rows == 10
    (change,) = matrix_of(run(store, dataset, f"{FAST}&cols=visits,city&blanks=city:unknown")[1]).changes
    assert (change.slug, change.levels, change.empty_before) == ("city", ("Bonn", "unknown"), 0)
    assert (change.before.tolist(), change.after.tolist()) == ([30, 10], [40, 0])
    _, results = run(store, dataset, f"{FAST}&cols=visits,city&blanks=city:unknown", "effects")
    assert results.effects is not None and "blanks" in {e.key for e in results.effects.steps}


# What a step does to the segments


def test_an_effect_is_the_study_without_the_step(store: Store, table: Dataset) -> None:
    query = f"{COLUMNS}&outliers=cap-iqr&transform=none&missing=leave"
    _, results = run(store, table, query, "effects")
    assert results.effects is not None
    found = {e.key: e for e in results.effects.steps}
    assert set(found) == {"outliers", "missing", "transforms"}
    changes = {"outliers": "report", "missing": "median", "transforms": "auto"}
    fields = {"transforms": "transform"}
    for key, value in changes.items():
        _, other = run(store, table, f"{query}&{fields.get(key, key)}={value}")
        assert found[key].effect == effect(results, other)
    assert found["missing"].text.startswith("With this step")
    assert found["outliers"].text.startswith("Without this step")
    assert found["missing"].effect is not None and found["missing"].effect.shared == 121


def test_a_step_that_did_nothing_is_not_tried(store: Store, table: Dataset) -> None:
    _, results = run(store, table, f"{FAST}&cols=visits&transform=yeo-johnson", "effects")
    assert results.effects is not None
    assert [e.key for e in results.effects.steps] == ["transforms"]


def test_a_step_without_which_nobody_is_left_is_told_in_words(store: Store) -> None:
    text = "customer,a,b\n" + "".join(f"k{i},{i if i % 2 else ''},{'' if i % 2 else i}\n" for i in range(40))
    dataset = add(store, text, {"customer": "id", "a": "number", "b": "number"})
    _, results = run(store, dataset, f"{FAST}&cols=a,b&missing=mode", "effects")
    assert results.effects is not None
    (missing,) = [e for e in results.effects.steps if e.key == "missing"]
    assert missing.effect is None
    assert missing.text.startswith("Without this step there would be no segments: No customer is left")


def test_only_changed_steps_are_tried(store: Store, table: Dataset) -> None:
    _, results = run(store, table, f"{COLUMNS}&outliers=cap-iqr", "effects")
    assert results.effects is not None
    assert [e.key for e in results.effects.steps] == ["outliers"]


def test_stages_are_shared_with_the_studies_that_are_compared(store: Store, table: Dataset) -> None:
    made: dict[str, bytes] = {}

    def through(key: str, make: Callable[[], bytes]) -> bytes:
        if key not in made:
            made[key] = make()
        return made[key]

    query = f"{COLUMNS}&outliers=flag&transform=none&duplicates=drop"
    study = Study.parse(query).with_(ds=table.id)
    first = pipeline.run(study, store, "effects", through)
    names = [key.split("-")[0] for key in made]
    assert {name: names.count(name) for name in STAGES if name in names} == {
        "customers": 2, "matrix": 4, "verdict": 1, "clustering": 3, "profile": 1,
        "belonging": 1, "effects": 1,
    }  # fmt: skip
    again = pipeline.run(study.with_(average="mean"), store, "effects", through)
    assert len(made) == len(names) and again.effects == first.effects


def test_progress_never_runs_backwards(store: Store, table: Dataset) -> None:
    told: list[float] = []
    study = Study.parse(f"{COLUMNS}&outliers=cap-iqr").with_(ds=table.id)
    pipeline.run(study, store, "effects", progress=lambda _, share: told.append(share))
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1


@pytest.mark.parametrize("need", NEEDS)
def test_what_is_needed_is_there_and_nothing_else(store: Store, table: Dataset, need: str) -> None:
    _, results = run(store, table, f"{COLUMNS}", need)
    there = {name for name in STAGES if getattr(results, name) is not None}
    assert there == set(NEEDS[need])
    assert encode(decode(Results, encode(results))) == encode(results)


# Keys


def test_the_sheet_does_not_depend_on_what_is_done_to_compared_columns() -> None:
    one, other = Study(), Study.parse("missing=drop&constant=3&outliers=flag&rare=5&k=4")
    assert key_of(one, "customers") == key_of(other, "customers")
    assert key_of(one, "customers") != key_of(Study.parse("duplicates=drop"), "customers")
    assert key_of(one, "matrix") != key_of(other, "matrix")


def test_the_quality_report_depends_on_the_data_set_alone() -> None:
    assert key_of(Study(), "quality") == key_of(Study.parse("returns=exclude&k=4&window=365"), "quality")
    assert key_of(Study(), "quality") != key_of(Study.parse("ds=4f1c09ab72de"), "quality")


def test_every_need_of_every_study_has_a_job_of_its_own() -> None:
    studies = [Study(), Study.parse("k=4"), Study.parse("returns=exclude")]
    keys = {job_key(study, need) for study in studies for need in NEEDS}
    same = 2  # the sheet and what was spent do not depend on segments
    assert len(keys) == len(studies) * len(NEEDS) - same
    assert job_key(Study(), "data") == job_key(Study.parse("average=mean"), "data")
