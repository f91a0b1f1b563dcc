"""A segment's page as somebody sees it: its rule, what may be claimed, and very small or missing segments."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from plotly.utils import PlotlyJSONEncoder

from core.change import Change, MeasureThen
from tests.webapp.looked import Looker
from tests.webapp.test_profiles import looker, shop
from tests.webapp.visitor import Tree, text
from webapp.pages import customers, profiles, segment


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Looker:
    """Three segments of a customer table."""
    return looker(tmp_path_factory.mktemp("table"), shop(3, 24))


def seen(looker: Looker, query: str = "k=3", number: str = "1", **changed: object) -> Tree:
    return looker.look(segment.PAGE, query, number, **changed)


def card(tree: Tree, title: str) -> str:
    """The text of the card with this title."""
    return next(t for p in tree.of_class("atlas-card") if (t := text(p)).startswith(title))


def test_the_finding_says_shares_and_the_strongest_difference(table: Looker) -> None:
    found = seen(table)
    assert "33 % of customers" in found.finding and "of net sales" in found.finding
    assert 3 <= len(found.figures) <= 5
    assert all("all" in figure for figure in found.figures)


def test_what_made_the_segments_is_no_finding_and_the_rest_is_claimed_or_not(table: Looker) -> None:
    told = [text(p) for p in seen(table).of_class("atlas-told")]
    gaps = table.scene("k=3").results.differences.of(0)[:6]
    made = sum(gap.made for gap in gaps)
    assert made and told[0].count("segments were built on this") == made
    assert told[0].count("may be chance") == sum(not gap.made and not gap.claimed for gap in gaps)


def test_a_plain_rule_stands_in_words_and_as_sql(table: Looker) -> None:
    said = card(seen(table), "Who is in?")
    plain = table.scene("k=3").results.plain
    assert plain.rules[0].rule.said() in said
    assert "Finds 100 of 100 of its customers, 0 in 100 wrongly." in said
    assert plain.sql[0]["duckdb"] in said and "Copy for Postgres" in said
    assert 'AS "segment"' in said  # the exact way


def test_a_rule_that_does_not_fit_is_shown_and_not_to_be_used(table: Looker) -> None:
    plains = table.scene("k=3").results.plain
    weak = dataclasses.replace(plains.rules[0], f1=0.79, recall=0.7, precision=0.9)
    said = card(seen(table, plain=dataclasses.replace(plains, rules=(weak, *plains.rules[1:]))), "Who is in?")
    assert "Finds 70 of 100 of its customers, 10 in 100 wrongly." in said
    assert "Not faithful: shown, not to be used" in said


def test_a_shorter_rule_can_be_chosen(table: Looker) -> None:
    plain = table.scene("k=3").results.plain
    short, said = plain.of(1, 1)
    found = card(seen(table, "k=3&questions=1", "2"), "Who is in?")
    assert short is not None and short.rule.alternatives[0][0].said() in found.lower()
    assert said["duckdb"] in found and all(len(one) == 1 for one in short.rule.alternatives)


def test_how_near_the_next_segment_is_stands_in_shares_of_the_segment(table: Looker) -> None:
    margins = table.scene("k=3").results.margins
    counts, next_to = np.array([[0, 1, 2, 3, 4]] * 3), np.zeros((3, 3), int)
    next_to[0, 2] = 1
    found = seen(table, margins=dataclasses.replace(margins, counts=counts, next_to=next_to))
    name = table.scene("k=3").results.profile.segments[2].name
    said = card(found, "How far is the next segment?")
    assert f"10 % of them lie about as near to another segment: 10 % to “{name}”." in said
    assert "Far nearer to this segment 40 %" in said and "A little nearer to this segment 20 %" in said


def test_compared_with_itself_means_the_first_other_segment(table: Looker) -> None:
    name = table.scene("k=3").results.profile.segments[0].name
    assert f"What makes them different from “{name}”?" in text(seen(table, "k=3&versus=2", "2").root)


def test_another_segment_can_be_compared_with(table: Looker) -> None:
    found = seen(table, "k=3&versus=2")
    assert "point by point" in text(found.root)
    assert "more than chance" not in text(found.of_class("atlas-told")[0])


def test_what_was_30_days_before_stands_in_the_figures(table: Looker) -> None:
    flow = np.zeros((5, 5), np.int64)
    flow[0, 0] = 20
    was = MeasureThen(slug="orders", means=np.full(3, 2.0), medians=np.full(3, 1.5))
    change = Change(flow=flow, measures=(was,), order_then=np.array([12.0, 1.0, 1.0]))
    found = seen(table, "k=3&versus=before", change=change)
    assert "30 days ago: 20" in found.figures[0]
    (order,) = [figure for figure in found.figures if figure.startswith("Average order")]
    assert "30 days ago: 12" in order
    assert "1.5" in card(found, "The same segment 30 days ago")


@pytest.mark.parametrize("method", ["dbscan&min_samples=5&eps=0.1", "hdbscan&min_samples=5"])
def test_who_is_without_a_segment_has_every_page_and_no_past(
    tmp_path_factory: pytest.TempPathFactory, method: str
) -> None:
    strays = "".join(f"s{i},{4000 + 900 * i**2},{90 + 40 * i},Rome,30\n" for i in range(9))
    look = looker(tmp_path_factory.mktemp("strays"), shop(3, 24) + strays)
    query = f"algorithm={method}&cols=monetary,orders&transform=none&versus=before"
    profile = look.scene(query).results.profile
    k = len(profile.segments) - 1
    assert profile.segments[k].number == 0
    was = MeasureThen(slug="orders", means=np.full(k, 2.0), medians=np.full(k, 1.5))
    change = Change(flow=np.zeros((k + 2, k + 2), np.int64), measures=(was,))
    found = look.look(segment.PAGE, query, "none", change=change)
    assert found.finding.startswith("No segment: ") and "30 days ago: 0" in found.figures[0]
    assert "No segment" in text(look.look(profiles.PAGE, query, change=change).root)
    listed = look.look(customers.PAGE, f"{query}&show=segment:eq:0", change=change)
    assert listed.finding == f"{profile.segments[k].size} customers without a segment."


def test_a_segment_that_is_not_there_offers_the_others(table: Looker) -> None:
    found = seen(table, number="7")
    assert found.finding == "There is no segment 7 in this view; it has 3 segments."
    assert len([p for p in found.of_type("Link") if str(p["href"]).startswith("/profiles/")]) == 3


def test_a_segment_of_the_view_before_says_where_its_customers_are(
    table: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, before = table.scene("k=2", "3"), table.scene("k=3")
    monkeypatch.setattr(type(scene.services), "grouped", lambda *_: before.results)
    view = segment.PAGE.view(dataclasses.replace(scene, before=before.study))
    names = [s.name for s in scene.results.profile.segments]
    finding = Tree(json.loads(json.dumps(view, cls=PlotlyJSONEncoder))).finding
    assert finding in {
        f"This segment no longer exists; its customers are now in “{name}” (100 %)." for name in names
    }


def test_nobody_to_show_offers_all_of_the_segment(table: Looker) -> None:
    found = seen(table, "k=3&show=age:gt:1000")
    assert "No customer of this segment matches what is shown." in text(found.root)
    assert [p["href"] for p in found.of_type("Link") if text(p) == "Show all of the segment"]


def test_very_small_groups_show_no_medians_and_no_demographics(table: Looker) -> None:
    profile = table.scene("k=3").results.profile
    tiny = dataclasses.replace(profile.segments[0], size=4)
    few = dataclasses.replace(profile, segments=(tiny, *profile.segments[1:]))
    found = seen(table, "k=3&average=mean", profile=few)  # no chart of it is kept yet
    assert "Medians and demographics are hidden: 4 customers would be recognisable." in text(found.root)
    charts = {str(p["id"]["chart"]) for p in found.of_type("Graph")}
    assert not [name for name in charts if name.startswith(("segment_mix", "segment_histogram"))]
    assert "Fewer than 5 customers" in card(found, "What makes them different?")


def test_a_name_from_right_to_left_stands_apart(tmp_path: Path, table: Looker) -> None:
    profile = table.scene("k=3").results.profile
    named = dataclasses.replace(profile.segments[0], name="לקוחות <b>גדולים</b>")
    found = seen(table, profile=dataclasses.replace(profile, segments=(named, *profile.segments[1:])))
    assert [p for p in found.of_type("Bdi") if text(p) == named.name]
