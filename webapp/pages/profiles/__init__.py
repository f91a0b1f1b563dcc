"""Profiles: who the segments are, and where the value is."""

from core import describe
from core.profile import Profile, Segment
from webapp import parts
from webapp.page import Page, Scene
from webapp.pages.profiles import charts
from webapp.pages.profiles.cards import cards, segment_card
from webapp.pages.profiles.chance import chance
from webapp.pages.profiles.key_figures import key_figures
from webapp.pages.profiles.labels import labels
from webapp.pages.profiles.links import LABEL_WORDS, segment_href
from webapp.pages.profiles.measures import all_measures
from webapp.pages.profiles.versus import point_by_point, since, versus_of
from webapp.parts import Component, Step
from webapp.shell import kept_query

__all__ = ["LABEL_WORDS", "PAGE", "segment_card", "segment_href"]


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    profile = scene.results.profile
    assert profile is not None and scene.results.clustering is not None
    best = _best(profile)
    primary = Step(text=f"Open “{best.name}”", href=segment_href(scene, best)) if best else None
    query = kept_query(scene.study)
    report = Step(text="Report", href=f"/report.html{query}", beside=True)
    export = Step(text="Export all customers", href=f"/export/customers.csv{query}", download=True)
    return [
        parts.head(describe.profiles_finding(profile), scene.scope, primary, report),
        parts.figures(key_figures(scene, profile)),
        cards(scene, profile),
        parts.grid(
            charts.value(scene, profile),
            charts.wide_mix(scene, profile),
            *charts.heatmap(scene, profile),
            charts.folded_mix(scene, profile),
            _compared(scene, profile, best),
            *charts.habits(scene, profile),
            charts.baskets(scene, profile),
            charts.label_shares(scene, profile),
            labels(scene, profile),
            charts.separating(scene),
            charts.beside_rules(scene, profile),
            chance(scene, profile),
        ),
        all_measures(scene, profile),
        parts.next_step("Next: one segment, its customers and their list.", primary, export),
    ]


def _best(profile: Profile) -> Segment | None:
    real = [s for s in profile.segments if s.number]
    return max(real, key=lambda s: (s.value_share or 0, s.size)) if real else None


def _compared(scene: Scene, profile: Profile, best: Segment | None) -> Component:
    """The card of what is compared with: another segment, or 30 days ago."""
    found = versus_of(scene, profile)
    if found.before:
        return since(scene, profile)
    if found.segment is None or best is None:
        return None
    if best.number != found.segment.number:
        return point_by_point(scene, profile, best, found.segment)
    other = next((s for s in profile.segments if s.number and s.number != best.number), None)
    return None if other is None else point_by_point(scene, profile, best, other)


PAGE = Page(
    name="profiles",
    path="/profiles",
    title="Profiles",
    need="profiles",
    visible=("label", "measure", "versus"),
    more=("average", "heat", "attributes", "tests"),
    view=view,
)
