"""The line under the finding: colour, name with its pencil, seal, labels, and what makes the segment."""

from dash import html

from core.figures.theme import segment_colours
from core.profile import Profile, Segment
from webapp.kept import pencil
from webapp.page import Scene
from webapp.pages.profiles.links import dot, seal, why
from webapp.parts import Component


def named(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """Who the segment is, in one line."""
    colour = segment_colours(profile.segments)[segment.number]
    said = [f"{label} {own} (all {overall})" for label, own, overall in why(scene, segment)]
    labels = [html.Span(name, className="atlas-label") for name in segment.labels]
    return html.Div(
        [
            html.Span([dot(colour), html.Strong(html.Bdi(segment.name)), pencil(scene, segment)]),
            seal(scene, segment),
            *labels,
            html.Span(" · ".join(said) or segment.because, className="atlas-scope"),
        ],
        className="atlas-named-segment",
    )
