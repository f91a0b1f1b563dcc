"""Controls: what they hold, what comes back from them, and one callback a move."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.features.catalog import measures_of
from core.features.matrix import default_slugs
from core.io.store import Store
from core.spec import DEMO, PARAMS, Study
from tests.webapp.visitor import Tree, Visitor, text
from webapp.controls import control, raw_value, widget_value
from webapp.pages import PAGES

CONTROLS = sorted({(page.name, name) for page in PAGES.values() for name in page.controls})


@pytest.mark.parametrize(("page", "name"), CONTROLS)
def test_a_control_holds_what_the_study_reads_back(store: Store, page: str, name: str) -> None:
    dataset = store.get(DEMO)
    study = Study.parse("k=5&weight=age:2,monetary:0.5&as_of=2025-06-30&eps=0.4&cols=age,monetary&label=new")
    held = widget_value(name, study, dataset)
    again = Study().with_(**{name: raw_value(name, held, dataset)})
    assert again.value(name) == study.value(name) and not again.notes


RECIPE = (
    "blanks=age:-1&blanks=city:50 %25&blanks=city:a;b&extras=trend,gaps&rare=2.5&constant=-7"
    "&duplicates=id-last&impossible=missing&missing=nearest&outliers=flag"
)


@pytest.mark.parametrize("name", [n for n, (part, _) in PARAMS.items() if part in ("source", "clean")])
def test_a_control_of_the_recipe_holds_what_the_study_reads_back(store: Store, name: str) -> None:
    dataset, study = store.get(DEMO), Study.parse(RECIPE)
    held = widget_value(name, study, dataset)
    again = Study().with_(**{name: raw_value(name, held, dataset)})
    assert again.value(name) == study.value(name) and not again.notes and not study.notes
    assert control("data", name, study, dataset) is not None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9), max_size=4))
def test_any_word_for_missing_survives_its_control(store: Store, words: list[str]) -> None:
    study, dataset = Study().with_(blanks=[f"city:{word}" for word in words]), store.get(DEMO)
    held = widget_value("blanks", study, dataset)
    assert Study().with_(blanks=raw_value("blanks", held, dataset)).clean.blanks == study.clean.blanks


def test_words_for_missing_are_typed_with_semicolons_between(store: Store) -> None:
    typed = " age:-1; city: not known ;; city:n/a"
    study = Study().with_(blanks=raw_value("blanks", typed, store.get(DEMO)))
    assert study.clean.blanks == (("age", "-1"), ("city", "n/a"), ("city", "not known"))


@pytest.mark.parametrize("odd", [None, "", 5, {}, [None, 3], [["gaps"]], "gaps"])
def test_more_measures_of_a_wrong_kind_are_none(store: Store, odd: Any) -> None:
    assert Study().with_(extras=raw_value("extras", odd, store.get(DEMO))).source.extras == ()


@pytest.mark.parametrize("odd", [None, "", 5, {}, [None, 3], [["age"]], 1e308, True, "age"])
def test_columns_of_a_wrong_kind_are_automatic(store: Store, odd: Any) -> None:
    study = Study().with_(cols=raw_value("cols", odd, store.get(DEMO)))
    assert study.value("cols") == PARAMS["cols"][1].default


def test_the_proposed_columns_are_automatic(store: Store) -> None:
    dataset = store.get(DEMO)
    proposed = list(default_slugs(dataset.kind, measures_of(dataset)))
    assert raw_value("cols", proposed, dataset) == []


def test_a_control_moved_is_one_answer_with_view_and_address(visitor: Visitor) -> None:
    visitor.open("/clustering?k=4")
    visitor.open("/clustering?k=5")
    told = visitor.change("clustering", {"k": 4})
    view = Tree(told["response"]["clustering-view"]["children"])
    assert view.finding.startswith("4 segments")
    assert told["sideUpdate"]["view-out"]["data"] == "?k=4"
    assert told["response"]["clustering-query"]["data"] == "?k=4"


@pytest.mark.parametrize("value", ["banana", -3, 10_000, 2.5, [], {"k": 3}])
def test_a_value_that_cannot_be_is_corrected_in_its_control(visitor: Visitor, value: Any) -> None:
    visitor.open("/clustering?k=4")
    told = visitor.change("clustering", {"k": value})
    assert "clustering-k" in told["response"]
    assert told["response"]["clustering-k"]["value"] != value


def test_back_sets_the_controls(visitor: Visitor) -> None:
    visitor.open("/clustering?k=4")
    visitor.open("/clustering?k=5")
    told = visitor.move("clustering", "?k=4")
    assert told["response"]["clustering-k"]["value"] == 4
    assert "view-out" not in told.get("sideUpdate", {})


def test_reset_takes_back_every_control_of_the_page(visitor: Visitor) -> None:
    visitor.open("/profiles?k=5&measure=orders&average=mean")
    told = visitor.send(
        visitor.body("profiles-top.children", {"profiles-reset.n_clicks": 1}, "profiles-reset.n_clicks")
    ).get_json()
    assert told["sideUpdate"]["view-out"]["data"] == "?k=5"


def test_more_opens_by_itself_and_counts_what_differs(visitor: Visitor) -> None:
    assert not more_of(visitor.open("/clustering?k=5"))["open"]
    opened = more_of(visitor.open("/clustering?k=5&scaling=robust"))
    assert opened["open"] and text(opened["children"][0]) == "More · 1 changed"


def test_a_condition_is_added_and_its_chip_takes_it_away(visitor: Visitor) -> None:
    visitor.open("/eda?where=age:ge:30")
    form = {"eda-attribute.value": "gender", "eda-op.value": "eq", "eda-value.value": "Female"}
    told = visitor.send(
        visitor.body("eda-top.children", {**form, "eda-add.n_clicks": 1}, "eda-add.n_clicks")
    ).get_json()
    added = Study.parse(told["sideUpdate"]["view-out"]["data"])
    assert [f.write() for f in added.cohort.where] == ["age:ge:30", "gender:eq:Female"]
    page = visitor.open(f"/eda{added.query()}")
    removals = [p["href"] for p in page.of_class("atlas-chip-remove")]
    assert [len(Study.parse(href.partition("?")[2]).cohort.where) for href in removals] == [1, 1]


def more_of(page: Tree) -> dict[str, Any]:
    """The closed part of the controls."""
    (found,) = [p for p in page.of_type("Details") if text(p["children"][0]).startswith("More")]
    return found


def test_which_other_segment_is_compared_with_is_not_lost_by_the_control(store: Store) -> None:
    dataset = store.get(DEMO)
    held = [widget_value("versus", Study().with_(versus=v), dataset) for v in ("", "before", "3")]
    assert held == ["", "before", "1"]


@pytest.mark.parametrize("name", ["versus", "questions", "average"])
def test_the_radio_buttons_of_a_control_are_a_group_of_their_own(store: Store, name: str) -> None:
    """The arrow keys of a radio button move among those of its name."""
    made = control("segment", name, Study(), store.get(DEMO)).children[1]
    assert made.name == made.id == f"segment-{name}"
