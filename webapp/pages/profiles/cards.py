"""A card per segment: who it is, how big, what it brings, how sure, and the way in."""

import numpy as np
from dash import dcc, html

from core.features.cohort import of_segment
from core.figures.theme import segment_colours
from core.profile import Profile, Segment
from core.words import about, number, plural
from webapp import kept
from webapp.marks import exactly, href
from webapp.page import Scene
from webapp.pages.profiles.links import LABEL_WORDS, seal, segment_href, why
from webapp.parts import Component
from webapp.people import People
from webapp.selection import shown

MOST = 12
"""Segments with a whole card; those after them have a short one, or a browser is busy for a minute."""


def cards(scene: Scene, profile: Profile) -> Component:
    """The cards by value, three a row."""
    counts = _shown_of(scene, profile)
    found = []
    for at, s in enumerate(profile.segments):
        left = None if counts is None else int(counts[at])
        found.append(segment_card(scene, s, left) if at < MOST else _short_card(scene, s, left))
    return html.Div(found, className="atlas-grid atlas-grid-3")


def _shown_of(scene: Scene, profile: Profile) -> np.ndarray | None:
    """With “Show only” on: how many customers of each segment it leaves."""
    study, results = scene.study, scene.results
    if study.lens.label == "all" and not study.lens.show:
        return None
    assert results.clustering is not None
    labels = results.clustering.labels[shown(results, study)]
    numbers = [s.number for s in profile.segments]
    return np.bincount(labels, minlength=max(numbers, default=0) + 1)[numbers]


def segment_card(scene: Scene, segment: Segment, left: int | None = None) -> Component:
    """One segment in short; `left` is how many of its customers “Show only” leaves."""
    profile = scene.results.profile
    assert profile is not None
    colour = segment_colours(profile.segments)[segment.number]
    most = max(share for s in profile.segments for share in (s.share, s.value_share or 0.0))
    address = segment_href(scene, segment)
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [_name(scene, segment, address), kept.pencil(scene, segment)],
                        className="atlas-named-head",
                    ),
                    seal(scene, segment),
                ]
            ),
            html.Div(_reasons(scene, segment), className="atlas-wide"),
            _bars(scene, segment, most, f"{segment.size:,}" if left is not None else _people(scene, segment)),
            *_left(scene, segment, left),
            html.Div(_said(scene, profile, segment), className="atlas-wide"),
            _folded(scene, profile, segment),
            kept.action_line(scene, segment),
            html.Div(
                [
                    html.Div([html.Span(name, className="atlas-label") for name in segment.labels]),
                    dcc.Link("Open", href=address, title=f"Open “{segment.name}”"),
                ],
                className="atlas-card-foot",
            ),
        ],
        className="atlas-card atlas-segment-card",
        style={"--segment-colour": colour},
    )


def _short_card(scene: Scene, segment: Segment, left: int | None) -> Component:
    """Of one of many: its name, its size and value, and the way in."""
    said = [f"{plural(segment.size, 'customer')} ({number(segment.share, 'share')})"]
    if segment.value_share is not None:
        net = about(segment.net, "money", scene.results.customers.currency)
        said.append(f"net sales {net} ({number(segment.value_share, 'share')})")
    address = segment_href(scene, segment)
    assert scene.results.profile is not None
    return html.Section(
        [
            html.Div(
                [_name(scene, segment, address), kept.pencil(scene, segment)], className="atlas-named-head"
            ),
            html.P(" · ".join(said), className="atlas-scope"),
            *_left(scene, segment, left),
            dcc.Link("Open", href=address, title=f"Open “{segment.name}”"),
        ],
        className="atlas-card atlas-segment-card",
        style={"--segment-colour": segment_colours(scene.results.profile.segments)[segment.number]},
    )


def _name(scene: Scene, segment: Segment, href: str) -> Component:
    link = dcc.Link(html.Bdi(segment.name), href=href, className="atlas-plain-link")
    return html.H2([html.Span(className="atlas-dot"), link], className="atlas-chart-title")


def _reasons(scene: Scene, segment: Segment) -> Component:
    """The two differences behind the name; what the segment is where there is none."""
    found = why(scene, segment)
    if not found:
        return html.P(segment.because, className="atlas-scope")
    rows = [
        html.Li([html.Span(label), html.Strong(own), html.Small(f"all {overall}" if overall else "")])
        for label, own, overall in found
    ]
    return html.Ul(rows, className="atlas-reasons")


def _people(scene: Scene, segment: Segment) -> Component:
    return People(scene).link(segment.size, of_segment(segment.number))


def _bars(scene: Scene, segment: Segment, most: float, size: Component) -> Component:
    """Share of customers beside share of net sales, as two thin bars on the scale of all cards."""
    shares: list[tuple[str, float, Component, str]] = [("Customers", segment.share, size, "atlas-pale")]
    if segment.value_share is not None:
        net = about(segment.net, "money", scene.results.customers.currency)
        shares.append(("Net sales", segment.value_share, net, ""))
    rows = [
        html.Div(
            [
                html.Dt(word),
                html.Dd([html.Strong(text), f" {number(share, 'share')}"]),
                html.Dd(
                    html.Span(
                        className=f"atlas-part-bar {style}", style={"--share": f"{share / (most or 1):.4f}"}
                    )
                ),
            ]
        )
        for word, share, text, style in shares
    ]
    return html.Dl(rows, className="atlas-shares")


def _folded(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """On a phone: what makes it, and its trend."""
    return html.Details(
        [html.Summary("Why, and trend"), _reasons(scene, segment), _said(scene, profile, segment)],
        className="atlas-narrow atlas-more",
    )


def _said(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """Times its share, and the trend."""
    times = [] if segment.index is None else [f"{number(segment.index, 'times')} its share"]
    return html.P(" · ".join([*times, *trend(scene, profile.at(segment.number))]), className="atlas-scope")


def _left(scene: Scene, segment: Segment, left: int | None) -> list[Component]:
    """How many of its customers “Show only” leaves."""
    if left is None:
        return []
    word = LABEL_WORDS.get(scene.study.lens.label, "shown").lower()
    share = number(left / segment.size, "share") if segment.size else "–"
    asked = exactly((of_segment(segment.number),), scene.results)
    opens = dcc.Link(f"{left:,}", href=href(scene.study, asked)) if left else "0"
    return [html.P([html.Strong(opens), f" {word}, {share} of them"], className="atlas-shown")]


def trend(scene: Scene, place: int) -> list[str]:
    """How a segment's size changed in 30 days; nothing where it can't be said."""
    found = scene.results.change
    if found is None or found.reason:
        return []
    moves = found.of(place)
    if moves.now == moves.then:
        return ["as many as 30 days ago"]
    word = "more" if moves.now > moves.then else "fewer"
    arrow = "▲" if moves.now > moves.then else "▼"
    return [f"{arrow} {plural(abs(moves.now - moves.then), f'{word}', word)} than 30 days ago"]
