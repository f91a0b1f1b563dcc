"""Under More: every attribute with its likely range, and how far the segment is from the next one."""

from typing import Final

from dash import html

from core.figures.gaps import likely, name_of, value
from core.figures.theme import segment_colours
from core.margins import Margins
from core.profile import Profile, Segment
from core.profile.profile import SMALL
from core.words import number
from webapp import parts
from webapp.page import Scene
from webapp.pages.segment.charts import gaps_of, remark
from webapp.parts import Component

STEPS: Final = (
    "Nearer to the middle of another segment",
    "About as near to another segment",
    "A little nearer to this segment",
    "Clearly nearer to this segment",
    "Far nearer to this segment",
)
"""How the steps of `core.margins.LEADS` are said, the smallest lead first."""

MOST_NEAR: Final = 3


def everything(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """The full list of attributes, folded."""
    cards = [_attributes(scene, profile, segment), _margin(scene, profile, segment)]
    shown = [card for card in cards if card is not None]
    if not shown:
        return None
    return html.Details(
        [html.Summary("More: every attribute, and how clearly they belong"), parts.grid(*shown)],
        className="atlas-more atlas-evidence",
    )


def _attributes(scene: Scene, profile: Profile, segment: Segment) -> Component:
    gaps, other = gaps_of(scene, profile, segment)
    if not gaps or segment.size < SMALL:
        return None
    currency = scene.results.customers.currency
    columns = [
        ("what", "Attribute"),
        ("own", "Segment"),
        ("other", other[:1].upper() + other[1:]),
        ("times", "Times as much"),
        ("likely", "Likely range"),
        ("problem", "What it is worth"),
    ]
    rows = [
        [
            name_of(g, 60),
            value(g.own, g, currency),
            value(g.other, g, currency),
            number(g.times, "times"),
            likely(g, currency).removeprefix("likely "),
            html.Div(remark(g, other)),
        ]
        for g in gaps
    ]
    return parts.card_table(
        "Every attribute",
        "Means, or shares of customers, the strongest difference first, with its likely range.",
        parts.table(columns, rows, "Every attribute", cards=True),
    )


def _margin(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """How clearly its customers belong to it rather than to the next segment."""
    found = scene.results.margins
    at = profile.at(segment.number)
    if found is None or not segment.number or at >= len(found.counts) or not found.counts[at].any():
        return None
    title = "How far is the next segment?"
    content = html.Div([_steps(profile, segment, found, at), _apart(scene, segment)])
    return parts.card_table(title, [_nearest(profile, found, at), " ", parts.term("lead")], content)


def _steps(profile: Profile, segment: Segment, found: Margins, at: int) -> Component:
    """A bar per step, the clearest first."""
    colour = segment_colours(profile.segments)[segment.number]
    items = [
        html.Li(
            [
                html.Span([html.Span(text), html.Strong(number(found.share(at, step), "share"))]),
                html.Span(className="atlas-part-bar"),
            ],
            style={"--segment-colour": colour, "--share": f"{found.share(at, step):.4f}"},
        )
        for step, text in enumerate(STEPS)
    ]
    return html.Ul(items[::-1], className="atlas-parts")


def _nearest(profile: Profile, found: Margins, at: int) -> str:
    """`8 % of them lie about as near to another segment: 6 % to “Small buyers”, 2 % to “Big buyers”.`"""
    near = {other: found.near(at, other) for other in range(len(found.counts)) if found.near(at, other)}
    if not near:
        return "None of them lies about as near to another segment."
    strongest = sorted(near, key=lambda other: -near[other])[:MOST_NEAR]
    to = [f"{number(near[other], 'share')} to “{profile.segments[other].name}”" for other in strongest]
    most = "most of them " if len(near) > len(strongest) else ""
    said = number(sum(near.values()), "share")
    return f"{said} of them lie about as near to another segment: {most}{', '.join(to)}."


def _apart(scene: Scene, segment: Segment) -> Component:
    """The same by the distances to single customers."""
    found, clustering = scene.results.belonging, scene.results.clustering
    if found is None or clustering is None or not found.mean.size:
        return None
    place = clustering.place(segment.number)
    nearer = number(int(found.nearer[place]) / max(segment.size, 1), "share")
    said = (
        f"How clearly apart from the next segment, on average: {number(float(found.mean[place]), 'r')}"
        f" (1 is clearly apart, 0 is touching). By the distance to single customers"
        f" {'about ' if found.sampled else ''}{nearer} of them are nearer to another segment."
    )
    return html.P(said, className="atlas-scope")
