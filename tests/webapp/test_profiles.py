"""Profiles as somebody sees it: what cards, figures and charts say, and what data and links may do to it."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.change import Change
from core.io.settings import Display
from core.io.store import Store
from tests.webapp.looked import Looker
from tests.webapp.visitor import Tree, text
from webapp.explained import with_terms
from webapp.pages import profiles
from webapp.results import Services
from webapp.settings import Settings

CITIES = ("<b>bold</b>", "__proto__", "=1+1", "🙂 Ünïcode", "שלום עולם", "x" * 300)
ROLES = {"customer": "id", "paid": "spend", "visits": "frequency", "city": "category", "age": "age"}


def shop(crowds: int, each: int, cities: tuple[str, ...] = CITIES) -> str:
    """A customer table in crowds that lie apart."""
    rng = np.random.default_rng(3)
    lines = ["customer,paid,visits,city,age"]
    for at in range(crowds * each):
        crowd = at % crowds
        paid, visits = 50 + 400 * (crowd % 8) + 3 * rng.random(), 2 + 6 * (crowd // 8) + crowd % 2
        lines.append(f"k{at},{paid:.2f},{visits},{cities[at % len(cities)]},{20 + at % 50}")
    return "\n".join(lines) + "\n"


def looker(folder: Path, content: str) -> Looker:
    """Somebody who looks at the pages of a table of their own."""
    store = Store(folder)
    folder.mkdir(exist_ok=True)
    path = folder / "shop.csv"
    path.write_text(content)
    ds = store.add(path, roles=ROLES).id
    return Looker(Services.of(Settings.from_env({"DATA_DIR": str(folder)})), ds)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Looker:
    """Three segments of a customer table whose words mean harm."""
    return looker(tmp_path_factory.mktemp("table"), shop(3, 24))


def seen(looker: Looker, query: str = "k=3", **changed: object) -> Tree:
    return looker.look(profiles.PAGE, query, **changed)


def figures(tree: Tree) -> Iterator[str]:
    """Every chart as JSON."""
    yield from (json.dumps(p["figure"], ensure_ascii=False) for p in tree.of_type("Graph"))


def test_a_card_says_who_how_many_what_they_bring_and_how_sure(table: Looker) -> None:
    cards = [text(p) for p in seen(table).of_class("atlas-segment-card")]
    profile = table.results(table.scene("k=3").study).profile
    assert profile is not None and len(cards) == 3
    for card, segment in zip(cards, profile.segments, strict=True):
        assert segment.name in card and "Customers" in card and "Net sales" in card
        assert f"{segment.size}" in card and "its share" in card and "Open" in card
        assert "reliable" in card or "pattern" in card or "returns" in card


def test_show_only_counts_the_customers_that_it_leaves_of_each_segment(table: Looker) -> None:
    scene = table.scene("k=3&show=age:lt:30")
    shown = [text(p) for p in seen(table, "k=3&show=age:lt:30").of_class("atlas-shown")]
    customers, labels = scene.results.customers, scene.results.clustering.labels
    young = customers.number("age")[scene.results.matrix.rows] < 30
    assert [int(said.split()[0]) for said in shown] == [int((young & (labels == s)).sum()) for s in (1, 2, 3)]


def test_under_show_only_marks_hovers_and_tables_say_how_many_of_a_segment_open(table: Looker) -> None:
    found = seen(table, "k=3&show=age:lt:30")
    marks = [m for _, p in found.components() if "data-marks" in p for m in json.loads(p["data-marks"])]
    opens = {conditions[0]: (left, said) for _, conditions, left, _, said in marks if len(conditions) == 1}
    profile = table.results(table.scene("k=3").study).profile
    assert profile is not None
    value = next(f for f in figures(found) if "of these are shown" in f)
    for segment in profile.segments:
        left, said = opens[f"segment:eq:{segment.number}"]
        assert (
            left < segment.size
            and said.endswith(f", of {segment.size} in all")
            and f"{left} of these are shown" in value
        )
    folded = [str(p["data-table"]) for _, p in found.components() if "data-table" in p]
    assert any('"Of these shown"' in table for table in folded)


def test_nobody_left_to_show_is_said_as_none_of_each(table: Looker) -> None:
    found = seen(table, "k=3&show=age:gt:1000")
    assert [text(p).split()[0] for p in found.of_class("atlas-shown")] == ["0", "0", "0"]


def test_a_filter_on_a_column_that_is_gone_leaves_the_page_as_it_is(table: Looker) -> None:
    assert seen(table, "k=3&show=nope:eq:1").finding == seen(table).finding


def test_a_label_says_how_many_could_be_judged(table: Looker) -> None:
    (card,) = [p for p in seen(table).of_class("atlas-card") if "Which labels" in text(p)]
    assert "of 72 judged" in text(card)
    assert "Can't be judged. A customer table has no order dates." in text(card)


def test_a_change_that_can_not_be_computed_says_why(table: Looker) -> None:
    changed = next(f for f in seen(table).figures if f.startswith("Change in 30 days"))
    assert "A customer table says how customers are, not how they were." in changed
    (note,) = seen(table, "k=3&versus=before").of_class("atlas-notes")[:1]
    assert "not how they were" in text(note)


def test_who_moved_is_counted_by_segment_numbers(table: Looker) -> None:
    flow = np.zeros((5, 5), np.int64)
    flow[1, 0], flow[0, 2], flow[4, 1] = 7, 4, 9  # 2 to 1, 1 to 3, new in 2
    found = seen(table, "k=3&versus=before", change=Change(flow=flow))
    figure = next(f for f in found.figures if f.startswith("Change in 30 days"))
    assert "▲ 7 ▼ 4" in figure
    assert "7 customers moved up and 4 down" in text(found.root)


def test_two_segments_are_compared_point_by_point(table: Looker) -> None:
    found = seen(table, "k=3&versus=3")
    (card,) = [p for p in found.of_class("atlas-card") if "point by point" in text(p)]
    gaps = table.scene("k=3").results.differences.between(0, 2)
    assert "as the others: " in text(card)
    assert text(card).count("likely") == len(gaps)


def test_a_segment_to_compare_with_that_is_not_there_is_said(table: Looker) -> None:
    assert "There is no segment <b>9 in this view" in text(seen(table, "k=3&versus=%3Cb%3E9").root)


def test_words_of_the_file_are_never_markup_and_never_names(table: Looker) -> None:
    found = seen(table)
    for figure in figures(found):
        assert "<b>bold" not in figure
        assert "x" * 60 not in figure
    ids = [json.dumps(p["id"], sort_keys=True) for _, p in found.components() if "id" in p]
    assert len(ids) == len(set(ids)) and not [i for i in ids if "proto" in i or "=1" in i]


def test_the_file_of_all_measures_has_every_digit(table: Looker) -> None:
    exact = [p["data-exact"] for _, p in seen(table).components() if "data-exact" in p][-1]
    rows = json.loads(exact)["rows"]
    profile = table.scene("k=3").results.profile
    assert [row[1] for row in rows] == [*(s.size for s in profile.segments), 72]
    assert rows[0][2] == profile.segments[0].share


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Looker:
    """Forty small crowds."""
    return looker(tmp_path_factory.mktemp("many"), shop(40, 12, ("Rome", "Oslo")))


def test_forty_segments_are_all_listed_and_twelve_have_a_colour(many: Looker) -> None:
    found = seen(many, "algorithm=dbscan&eps=0.05&min_samples=5&cols=monetary,orders&transform=none")
    cards = found.of_class("atlas-segment-card")
    colours = [p["style"]["--segment-colour"] for p in cards]
    assert len(cards) == 40 and len(set(colours)) == 13
    assert max(colours.count(c) for c in set(colours)) == 28  # the neutral one


def test_one_segment_is_a_page_too(many: Looker) -> None:
    found = seen(many, "algorithm=dbscan&eps=50&min_samples=5&cols=monetary,orders")
    assert found.finding == "All 480 customers are in one segment."
    assert "nothing to separate" in text(found.root) or "separates" not in text(found.root)


def test_stages_that_are_not_there_leave_their_places_empty(table: Looker) -> None:
    bare = dict.fromkeys(("differences", "drivers", "crossed", "change", "plain"))
    found = seen(table, "k=3&versus=2", **bare)
    assert found.of_class("atlas-segment-card")
    assert dataclasses.is_dataclass(profiles.PAGE)


def test_a_number_in_an_i_is_written_as_the_settings_say(table: Looker) -> None:
    view = [{"props": {"data-term": "silhouette"}}]
    (found,) = with_terms(view, table.results(table.scene("k=3").study), Display(numbers="point"))
    assert "Over 0,5 clear" in found["props"]["title"]


def test_the_tests_are_a_table_that_is_asked_for(table: Looker) -> None:
    assert "more than chance?" not in text(seen(table).root)
    (card,) = [p for p in seen(table, "k=3&tests=shown").of_class("atlas-card") if "than chance?" in text(p)]
    assert "corrected for their number" in text(card) and "Not tested, since" in text(card)
    differences = table.scene("k=3").results.differences
    tested = [one for one in differences.numbers if not one.made]
    assert text(card).count("p ") >= 3 * len(tested) > 0


def test_the_columns_of_all_measures_can_be_chosen(table: Looker) -> None:
    (chooser,) = [p for _, p in seen(table).components() if "data-choose" in p]
    assert text(chooser) == "Columns"
