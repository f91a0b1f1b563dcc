"""A segment's own page: what differs, who is in, and the list to take away."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from dash import dcc, html

from core import describe, explore
from core.features.customers import Customers
from core.figures import Drawn
from core.figures.theme import segment_colour
from core.profile import MeasureProfile, Profile, Segment
from core.profile.profile import SMALL
from core.words import number, plural
from webapp import parts
from webapp.charts import chart
from webapp.grid import grid
from webapp.page import Page, Scene
from webapp.pages.profiles import LABEL_WORDS
from webapp.pages.reference import no_longer
from webapp.parts import Component, Figure, Step
from webapp.selection import NONE, segment_number, shown
from webapp.shell import kept_query

TOP = 6
HISTOGRAMS = ("monetary", "orders", "recency", "average_order_value")


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    profile = scene.results.profile
    assert profile is not None
    asked = scene.study.lens.segment
    found = segment_number(asked, scene.results)
    back = Step(text="Back to all segments", href=f"/profiles{kept_query(scene.study)}")
    if found is None:
        finding, was = no_longer(scene, asked) or (describe.gone(asked, profile), "")
        return [
            parts.head(finding, f"{was} Choose one of the segments of this view.".strip(), back),
            html.Ul([html.Li(dcc.Link(s.name, href=_href(scene, s))) for s in profile.segments]),
        ]
    segment = profile.segment(found)
    assert segment is not None
    return _found(scene, profile, segment, back)


def _href(scene: Scene, segment: Segment) -> str:
    return f"/profiles/{segment.number or NONE}{kept_query(scene.study)}"


def _found(scene: Scene, profile: Profile, segment: Segment, back: Step) -> list[Component]:
    results = scene.results
    currency, customers = results.customers.currency, results.customers
    count = int(shown(results, scene.study, scene.study.lens.segment).sum())
    export = Step(text="Export this list", href=_export_href(scene), download=True)
    assert results.matrix is not None and results.clustering is not None
    rows, inside = results.matrix.rows, results.clustering.labels == segment.number
    mixes = _mixes(scene, profile)
    return [
        html.P(dcc.Link("‹ all segments", href=back.href), className="atlas-scope"),
        parts.head(
            describe.segment_finding(profile, segment),
            scene.scope,
            export,
            back,
        ),
        html.P(
            [
                html.Span(className="atlas-dot", style={"--segment-colour": segment_colour(segment.number)}),
                html.Strong(f" {segment.name}. "),
                segment.because,
                " ",
                *[html.Span(name, className="atlas-label") for name in segment.labels],
            ]
        ),
        parts.figures(_figures(profile, segment, currency)),
        *([_too_few(segment)] if segment.size < SMALL else []),
        parts.grid(
            chart(scene, "rest", lambda draw: draw(profile, segment.number, TOP, currency)),
            card_of_sentences(profile, segment),
            *_histograms(scene, rows, inside, segment),
            *[
                chart(scene, "segment_mix", partial(_mix, profile, segment, m.slug), part=m.slug)
                for m in mixes
            ],
        ),
        _list(scene, segment, count, customers.kind),
        parts.next_step("Next: take the list with you, every customer with every measure.", export, back),
    ]


def _export_href(scene: Scene) -> str:
    query = kept_query(scene.study)
    return f"/export/customers.csv{query}{'&' if query else '?'}segment={scene.study.lens.segment}"


def _figures(profile: Profile, segment: Segment, currency: str) -> list[Figure]:
    at = profile.at(segment.number)
    by_slug = {m.slug: m for m in profile.measures}
    found = [
        Figure(label="Customers", value=f"{segment.size:,}", sub=f"{number(segment.share, 'share')} of all")
    ]
    if segment.value_share is not None:
        found.append(
            Figure(
                label="Net sales",
                value=number(segment.net, "money", currency),
                sub=f"{number(segment.value_share, 'share')} of all,"
                f" {number(segment.index, 'times')} its share",
                help="Customers below zero count as 0 in the share.",
            )
        )
    for slug in ("purchase_frequency", "orders", "recency"):
        m = by_slug.get(slug)
        if m is not None and len(found) < 4:
            found.append(_median_figure(m, at, currency, segment))
    if segment.average_order_value is not None:
        overall = by_slug.get("average_order_value")
        sub = f"all: {number(overall.overall.mean, 'money', currency)} a customer" if overall else ""
        found.append(
            Figure(
                label="Average order", value=number(segment.average_order_value, "money", currency), sub=sub
            )
        )
    others = [m for m in profile.measures if m.made and m.slug not in ("orders", "recency", "monetary")]
    for m in others[: max(0, 3 - len(found))]:
        found.append(_median_figure(m, at, currency, segment))
    return found


def _median_figure(m: MeasureProfile, at: int, currency: str, segment: Segment) -> Figure:
    value = m.segments[at].median if segment.size >= SMALL else None
    return Figure(
        label=m.label,
        value=number(value, m.unit, currency),
        sub=f"all: {number(m.overall.median, m.unit, currency)}",
        help=f"{m.label} of the middle customer.",
    )


def _too_few(segment: Segment) -> Component:
    return html.P(
        f"Medians and demographics are hidden: {plural(segment.size, 'customer')} would be recognisable.",
        className="atlas-notes",
    )


def card_of_sentences(profile: Profile, segment: Segment) -> Component:
    """What makes the segment different, a sentence an attribute, strongest first."""
    at = profile.at(segment.number)
    known = [m for m in profile.measures if m.rest[at] is not None]
    ranked = sorted(known, key=lambda m: -abs(rest.effect if (rest := m.rest[at]) else 0.0))[:TOP]
    items = [
        html.Li(
            [
                _capital(describe.difference(m, at)),
                *([html.Small(" segments were built on this")] if m.made else []),
            ]
        )
        for m in ranked
    ]
    return parts.card_table(
        "What makes them different, in words",
        "The strongest differences from the rest, in real units.",
        html.Ul(items),
        wide=False,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _histograms(scene: Scene, rows: np.ndarray, inside: np.ndarray, segment: Segment) -> list[Component]:
    customers = scene.results.customers
    matrix = scene.results.matrix
    assert matrix is not None
    slugs = [
        s for s in (*HISTOGRAMS, *matrix.columns) if (m := customers.measure(s)) is not None and m.numeric
    ]
    found: list[Component] = []
    for slug in dict.fromkeys(slugs):
        if len(found) == 4:
            break
        found.append(
            chart(
                scene,
                "segment_histogram",
                partial(_histogram, customers, rows, inside, segment, slug),
                part=slug,
            )
        )
    return found


def _histogram(
    customers: Customers,
    rows: np.ndarray,
    inside: np.ndarray,
    segment: Segment,
    slug: str,
    draw: Callable[..., Drawn],
) -> Drawn:
    found = explore.histograms(customers, rows, inside, slug)
    return draw(*found, segment.number, segment.name, customers.currency)


def _mix(profile: Profile, segment: Segment, slug: str, draw: Callable[..., Drawn]) -> Drawn:
    return draw(profile, slug, segment.number)


def _mixes(scene: Scene, profile: Profile) -> Sequence:
    segment = profile.segment(segment_number(scene.study.lens.segment, scene.results) or 0)
    if segment is None or segment.size < SMALL:
        return []
    chosen = [m for m in profile.mixes if m.slug == scene.study.lens.group]
    return [*chosen, *[m for m in profile.mixes if m not in chosen]][:2]


def _list(scene: Scene, segment: Segment, count: int, kind: str) -> Component:
    label = scene.study.lens.label
    only = f", only {LABEL_WORDS[label].lower()}" if label != "all" else ""
    text = f"{plural(count, 'customer')}{only}. Click a heading to sort."
    if not count:
        empty = html.Div(
            [
                html.P("No customer of this segment matches what is shown."),
                parts.button(Step(text="Show all of the segment", href=_href(_all(scene), segment)), True),
            ],
            className="atlas-empty",
        )
        return parts.card_table("Customers", text, empty)
    return parts.card_table("Customers", text, grid(scene.results))


def _all(scene: Scene) -> Scene:
    from dataclasses import replace

    return replace(scene, study=scene.study.with_(label="all", show=[]))


PAGE = Page(
    name="segment",
    path="/profiles/<segment>",
    title="Segment",
    need="profile",
    visible=("label", "group"),
    more=("average",),
    view=view,
)
