"""The charts of a segment's page."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dash import html

from core import explore
from core.differences import Gap
from core.features.cohort import of_segment
from core.figures import Drawn
from core.figures.gaps import REST, sentence
from core.figures.theme import QUIET, segment_colours
from core.profile import Mix, Profile, Segment
from core.profile.coloured import places
from core.profile.profile import SMALL
from webapp import parts
from webapp.charts import chart
from webapp.page import Scene
from webapp.pages.profiles import versus
from webapp.pages.profiles.links import segment_href
from webapp.parts import Component

TOP = 6
HISTOGRAMS = ("monetary", "orders", "recency", "average_order_value")


def gaps_of(scene: Scene, profile: Profile, segment: Segment) -> tuple[tuple[Gap, ...], str]:
    """What differs, strongest first, and from whom: the rest, or the segment that the link names."""
    found, at = scene.results.differences, profile.at(segment.number)
    if found is None:
        return (), REST
    other = versus.versus_of(scene, profile, segment.number).segment
    if other is not None and (gaps := found.between(at, profile.at(other.number))):
        return gaps, f"“{other.name}”"
    return found.of(at), REST


def apart(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """What makes them different: dots with likely ranges, a sentence each, and who they are compared with."""
    gaps, other = gaps_of(scene, profile, segment)
    colour, currency = segment_colours(profile.segments)[segment.number], scene.results.customers.currency
    told = [_told(g, other, currency, colour) for g in gaps[:TOP]] if segment.size >= SMALL else []
    more = html.Div(
        [
            html.Ul(told, className="atlas-told"),
            versus.chips(scene, profile, "The rest", segment.number),
        ]
    )
    drawn = chart(
        scene,
        "rest",
        lambda draw: draw(segment, gaps, most=TOP, currency=currency, other=other, colour=colour),
        more=more,
    )
    return html.Div(drawn, className="atlas-differences atlas-table-on-phone")


def _told(gap: Gap, other: str, currency: str, colour: str) -> Component:
    """A difference in words, as bars on a phone, and what may be claimed of it."""
    return html.Li([html.Span(sentence(gap, other, currency)), _bars(gap, colour), *remark(gap, other)])


def _bars(gap: Gap, colour: str) -> Component:
    """The segment's bar over that of the others, both from zero."""
    most = max(gap.own, gap.other, 0.0) or 1.0
    bars = [
        html.Span(
            className="atlas-part-bar",
            style={"--share": f"{max(amount, 0.0) / most:.3f}", "--segment-colour": tone},
        )
        for amount, tone in ((gap.own, colour), (gap.other, QUIET))
    ]
    return html.Span(bars, className="atlas-told-bars", **{"aria-hidden": "true"})


def remark(gap: Gap, other: str = REST) -> list[Component]:
    """What may be claimed of a difference."""
    if gap.made:
        return [html.Small("segments were built on this")]
    said = []
    if gap.few:
        said.append(html.Small("a few customers decide this"))
    if other == REST:
        said.append(
            html.Small("more than chance", className="atlas-claimed")
            if gap.claimed
            else html.Small("may be chance")
        )
    return said


def point_by_point(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """The comparison that the link asks for: another segment, or the same one 30 days ago."""
    found = versus.versus_of(scene, profile, segment.number)
    if found.before:
        return versus.measures_since(scene, profile, segment)
    return None if found.segment is None else versus.point_by_point(scene, profile, segment, found.segment)


def histograms(scene: Scene, profile: Profile, segment: Segment) -> list[Component]:
    """Up to four measures: the segment over all customers."""
    if segment.size < SMALL:
        return []
    customers, matrix = scene.results.customers, scene.results.matrix
    assert matrix is not None
    wanted = dict.fromkeys((*HISTOGRAMS, *matrix.columns))
    slugs = [s for s in wanted if (m := customers.measure(s)) is not None and m.numeric]
    return [
        chart(scene, "segment_histogram", partial(_histogram, scene, profile, segment, slug), part=slug)
        for slug in slugs[:4]
    ]


def _histogram(
    scene: Scene, profile: Profile, segment: Segment, slug: str, draw: Callable[..., Drawn]
) -> Drawn:
    customers, matrix, clustering = scene.results.customers, scene.results.matrix, scene.results.clustering
    assert matrix is not None and clustering is not None
    inside = clustering.labels == segment.number
    own, whole = explore.histograms(customers, matrix.rows, inside, slug, (of_segment(segment.number),))
    place = places(profile.segments)[segment.number]
    return draw(own, whole, place, segment.name, customers.currency)


def mixes(scene: Scene, profile: Profile, segment: Segment) -> list[Component]:
    """Who they are, beside all: two categories, the link's first; more of them as links."""
    if segment.size < SMALL or not profile.mixes:
        return []
    chosen = [m for m in profile.mixes if m.slug == scene.study.lens.group]
    two = [*chosen, *[m for m in profile.mixes if m not in chosen]][:2]
    return [
        chart(
            scene,
            "segment_mix",
            partial(_mix, profile, segment, m.slug),
            part=m.slug,
            more=_others(scene, profile, segment, two) if at == 0 else None,
        )
        for at, m in enumerate(two)
    ]


def _mix(profile: Profile, segment: Segment, slug: str, draw: Callable[..., Drawn]) -> Drawn:
    return draw(profile, slug, segment.number)


def _others(scene: Scene, profile: Profile, segment: Segment, two: list[Mix]) -> Component:
    if len(profile.mixes) < 3:
        return None
    offered = [
        parts.option(m.label, segment_href(_with_group(scene, m.slug), segment))
        for m in profile.mixes
        if m not in two
    ]
    return html.Div([html.Span("Also by"), *offered], className="atlas-options atlas-versus")


def _with_group(scene: Scene, slug: str) -> Scene:
    return replace(scene, study=scene.study.with_(group=slug))
