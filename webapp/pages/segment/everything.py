"""Under More: every attribute with its likely range, and how far the segment is from the next one."""

from dash import html

from core.figures.gaps import likely, name_of, value
from core.profile import Profile, Segment
from core.profile.profile import SMALL
from core.words import number, plural
from webapp import parts
from webapp.page import Scene
from webapp.pages.segment.charts import gaps_of
from webapp.parts import Component


def everything(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """The full list of attributes, folded."""
    cards = [_attributes(scene, profile, segment), _margin(scene, segment)]
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
        ("own", "Segment, mean or share"),
        ("other", other[:1].upper() + other[1:]),
        ("times", "Times as much"),
        ("likely", "Likely range of the difference"),
        ("problem", "What it is worth"),
    ]
    rows = [
        [
            name_of(g, 60),
            value(g.own, g, currency),
            value(g.other, g, currency),
            number(g.times, "times"),
            likely(g, currency),
            _worth(g.made, g.claimed),
        ]
        for g in gaps
    ]
    return parts.card_table(
        "Every attribute", "Strongest difference first.", parts.table(columns, rows, "Every attribute")
    )


def _worth(made: bool, claimed: bool) -> str:
    if made:
        return "segments were built on this"
    return "more than chance" if claimed else "may be chance"


def _margin(scene: Scene, segment: Segment) -> Component:
    """How clearly its customers belong to it rather than to the next segment."""
    found, clustering = scene.results.belonging, scene.results.clustering
    if found is None or clustering is None or not segment.number or not found.mean.size:
        return None
    place = clustering.place(segment.number)
    near = int(found.nearer[place])
    about = "About " if found.sampled else ""
    text = (
        f"{about}{plural(near, 'customer')} of {segment.size:,} are nearer to another segment than to this."
    )
    said = f"How clearly apart from the next segment, on average: {number(float(found.mean[place]), 'r')}"
    return parts.card_table(
        "How far is the next segment?", text, html.P(f"{said} (1 is clearly apart, 0 is touching).")
    )
