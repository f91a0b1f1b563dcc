"""What segments are compared with: all customers, another segment, or themselves 30 days ago."""

from dataclasses import dataclass

import numpy as np
from dash import html

from core.features.cohort import AGO, ASIDE, DOWN, UP, in_other, moved_since, of_segment
from core.figures.base import of_place
from core.figures.gaps import name_of, sentence, value
from core.figures.theme import segment_colours
from core.profile import Profile, Segment
from core.profile.profile import SMALL
from core.words import about, day, number
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles.links import dot
from webapp.parts import Component
from webapp.people import People
from webapp.selection import segment_number
from webapp.shell import kept_query, path_of

BEFORE = "before"
MOST_CHIPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """What is compared with: nothing (all customers, or the rest), a `segment`, or 30 days `before`.

    `missing` says why what the link asks for is not there.
    """

    segment: Segment | None = None
    before: bool = False
    missing: str = ""


def versus_of(scene: Scene, profile: Profile, own: int | None = None) -> Versus:
    """What the link asks to compare with; `own` is the number of the segment that is open."""
    asked = scene.study.lens.versus
    if not asked:
        return Versus()
    if asked == BEFORE:
        found = scene.results.change
        reason = "This was not computed." if found is None else found.reason
        return Versus(missing=reason) if reason else Versus(before=True)
    number_ = segment_number(asked, scene.results)
    if number_ is None:
        return Versus(missing=f"There is no segment {asked[:20]} in this view to compare with.")
    if number_ == own:  # so says a link from another segment: the first other one instead
        other = next((s for s in profile.segments if s.number and s.number != own), None)
        return Versus(segment=other)
    return Versus(segment=profile.segment(number_))


def chips(scene: Scene, profile: Profile, everybody: str, own: int | None = None) -> Component:
    """What can be compared with, as links; the one in force is marked."""
    found = versus_of(scene, profile, own)
    plain = found.segment is None and not found.before
    offered = [_chip(scene, everybody, "", plain)]
    change = scene.results.change
    if change is not None and not change.reason:
        offered.append(_chip(scene, "30 days ago", BEFORE, found.before))
    colours = segment_colours(profile.segments)
    others = [s for s in profile.segments if s.number and s.number != own][:MOST_CHIPS]
    offered += [
        _chip(
            scene,
            [dot(colours[s.number]), html.Bdi(s.name)],
            str(s.number),
            found.segment is not None and found.segment.number == s.number,
        )
        for s in others
        if len(profile.segments) > 1
    ]
    missing = [html.P(found.missing, className="atlas-notes")] if found.missing else []
    return html.Div(
        [*missing, html.Div([html.Span("Compare with"), *offered], className="atlas-options atlas-versus")]
    )


def _chip(scene: Scene, word: Component, value_: str, on: bool) -> Component:
    if on:
        return html.Span(word, className="atlas-option", **{"aria-current": "true"})
    study = scene.study.with_(versus=value_)
    return parts.option(word, path_of("/profiles", scene.study) + kept_query(study))


def point_by_point(scene: Scene, profile: Profile, one: Segment, other: Segment) -> Component:
    """Two segments beside each other, attribute by attribute, what differs most first."""
    found = scene.results.differences
    title = f"“{one.name}” and “{other.name}”, point by point"
    if found is None:
        return None
    if min(one.size, other.size) < SMALL:
        return parts.card_table(title, f"One of them has fewer than {SMALL} customers: not shown.", None)
    gaps = found.between(profile.at(one.number), profile.at(other.number))[: scene.study.lens.attributes]
    if not gaps:
        return parts.card_table(
            title, "Segments are compared with each other where there are up to 12 of them.", None
        )
    currency = scene.results.customers.currency
    columns = [("what", "Attribute"), ("one", one.name), ("other", other.name), ("gap_range", "In words")]
    rows = [
        [
            name_of(g, 60),
            value(g.own, g, currency),
            value(g.other, g, currency),
            sentence(g, "the others", currency),
        ]
        for g in gaps
    ]
    apart = len(gaps) - sum(g.same for g in gaps)
    told = f"They differ clearly in {apart} of {len(gaps)} attributes; what differs most stands first."
    return parts.card_table(title, told, parts.table(columns, rows, title, cards=True), anchor="versus")


def since(scene: Scene, profile: Profile) -> Component:
    """Each segment then and now, and where its customers came from and went."""
    found = scene.results.change
    if found is None or found.reason:
        return None
    currency, people = scene.results.customers.currency, People(scene)
    money = found.net_now is not None
    columns = [("name", "Segment"), ("then", f"{day(found.day)}"), ("now", "Now"), ("change", "Change")]
    columns += [("came", "came from others"), ("left", "went to others"), ("new", "new"), ("gone", "gone")]
    columns += [("net", "Net sales then"), ("net_now", "now")] if money else []
    rows = []
    for at, segment in enumerate(profile.segments):
        m = found.of(at)
        here = of_segment(segment.number)
        row = [segment.name, f"{m.then:,}", people.link(m.now, here), _signed(m.now - m.then)]
        row += [
            people.link(m.came, here, moved_since(UP, DOWN, ASIDE)),
            people.link(m.left, in_other(AGO, segment.number), moved_since(UP, DOWN, ASIDE)),
            people.link(m.new, here, in_other(AGO, -1)),
            f"{m.gone:,}",
        ]
        row += [about(m.net_then, "money", currency), about(m.net_now, "money", currency)] if money else []
        rows.append(row)
    up, down = found.moved([s.number for s in profile.segments])
    told = [
        people.link(up, moved_since(UP)),
        f" customer{'s' if up != 1 else ''} moved up and ",
        people.link(down, moved_since(DOWN)),
        f" down since {day(found.day)}, by the same rules; ",
        people.link(found.new, in_other(AGO, -1)),
        f" {'are' if found.new != 1 else 'is'} new.",
    ]
    return parts.card_table(
        "What changed in 30 days?", told, parts.table(columns, rows, "Change in 30 days"), anchor="change"
    )


def measures_since(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """A segment's measures then and now: of the customers that were in it then, and are now."""
    found = scene.results.change
    if found is None or found.reason:
        return None
    at, average = profile.at(segment.number), scene.study.lens.average
    now = {m.slug: m for m in profile.measures}
    currency = scene.results.customers.currency
    rows = []
    for then in found.measures:
        m = now.get(then.slug)
        was = of_place(then.medians if average == "median" else then.means, at)
        if m is None or np.isnan(was) or segment.size < SMALL:
            continue
        value_ = getattr(m.segments[at], average)
        rows.append([m.label, number(was, m.unit, currency), number(value_, m.unit, currency)])
    word = "middle customer (median)" if average == "median" else "mean"
    return parts.card_table(
        "The same segment 30 days ago",
        f"Each figure is the {word} of those who were in it on {day(found.day)}, and of those in it now.",
        parts.table(
            [("what", "Attribute"), ("then", f"{day(found.day)}"), ("now", "Now")], rows, "Then and now"
        ),
        anchor="versus",
    )


def _signed(n: int) -> str:
    return f"+{n:,}" if n > 0 else f"−{-n:,}" if n else "0"
