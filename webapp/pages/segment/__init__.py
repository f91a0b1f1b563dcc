"""A segment's own page: what differs, who is in, what to do, and the list to take away."""

from dash import dcc, html

from core import describe
from core.profile import Profile, Segment
from core.profile.profile import SMALL
from core.words import plural
from webapp import parts
from webapp.kept import action_card, notes_card
from webapp.page import Page, Scene
from webapp.pages.profiles.links import profiles_href
from webapp.pages.segment import charts
from webapp.pages.segment.everything import everything
from webapp.pages.segment.gone import gone
from webapp.pages.segment.heading import named
from webapp.pages.segment.key_figures import key_figures
from webapp.pages.segment.listed import export_href, listed
from webapp.pages.segment.rule import who_is_in
from webapp.parts import Component, Step
from webapp.selection import segment_number


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    profile, asked = scene.results.profile, scene.study.lens.segment
    assert profile is not None
    found = segment_number(asked, scene.results)
    segment = None if found is None else profile.segment(found)
    return gone(scene, profile, asked) if segment is None else _found(scene, profile, segment)


def _back(scene: Scene) -> Step:
    return Step(text="Back to all segments", href=profiles_href(scene.study))


def _found(scene: Scene, profile: Profile, segment: Segment) -> list[Component]:
    export = Step(text="Export this list", href=export_href(scene), download=True)
    return [
        html.P(dcc.Link("‹ all segments", href=profiles_href(scene.study)), className="atlas-scope"),
        parts.head(
            describe.segment_finding(profile, segment, scene.results.customers.currency),
            scene.scope,
            export,
            _back(scene),
            said=named(scene, profile, segment),
        ),
        parts.figures(key_figures(scene, profile, segment)),
        *_too_few(segment),
        parts.grid(
            charts.apart(scene, profile, segment),
            _beside(
                who_is_in(scene, profile, segment), action_card(scene, segment), notes_card(scene, segment)
            ),
            charts.point_by_point(scene, profile, segment),
            *charts.histograms(scene, profile, segment),
            *charts.mixes(scene, profile, segment),
        ),
        listed(scene, segment),
        everything(scene, profile, segment),
        parts.next_step(
            "Next: take the list with you, every customer with every measure.", export, _back(scene)
        ),
        html.Div(parts.button(export, True), className="atlas-narrow atlas-sticky-export"),
    ]


def _beside(*cards: Component) -> Component:
    """Cards under each other, in one column of the grid."""
    return html.Div([card for card in cards if card is not None], className="atlas-stack")


def _too_few(segment: Segment) -> list[Component]:
    """Why a very small group shows no medians and no demographics."""
    if segment.size >= SMALL:
        return []
    said = f"Medians and demographics are hidden: {plural(segment.size, 'customer')} would be recognisable."
    return [html.P([parts.icon("eye-slash"), " ", said], className="atlas-notes")]


PAGE = Page(
    name="segment",
    path="/profiles/<segment>",
    title="Segment",
    need="profiles",
    visible=("versus", "label"),
    more=("questions", "average", "attributes"),
    view=view,
)
