"""The heading of Clustering: what was found, the button that goes with it, and what the last change moved."""

from typing import Final

from dash import dcc, html

from core import describe
from core.effect import movers
from core.spec import PARAMS, Study
from core.words import number, plural
from webapp import parts
from webapp.moved import moved_from
from webapp.page import Scene
from webapp.parts import Component, Step
from webapp.shell import kept_query

FURTHER: Final = 4
MOST: Final = int(PARAMS["k_high"][1].high or 0)
MOST_MATCHED: Final = 100
"""Above so many segments a page does not match them: that would take longer than a page may."""


def heading(scene: Scene, primary: Step) -> Component:
    """The finding with its next steps and, after a change, how many customers changed segment."""
    finding = describe.clustering_finding(scene.study, scene.results)
    return parts.head(finding, scene.scope, primary, _secondary(scene), _moved(scene))


def _secondary(scene: Scene) -> Step:
    """What helps where there are no clear groups, or the best number is the most allowed; else Compare."""
    study, results = scene.study, scene.results
    if describe.no_groups(results) and results.customers.has("fm"):
        return Step(text="Use RFM rules", href=_here(study.with_(algorithm="rules").query()))
    if describe.most_allowed(study, results):
        most = min(max(study.cluster.k_low, study.cluster.k_high) + FURTHER, MOST)
        return Step(text=f"Try up to {most}", href=_here(study.with_(k=None, k_high=most).query()))
    return comparing(study)


def comparing(study: Study) -> Step:
    """The button that leads to Compare."""
    return Step(text="Compare with another number", href=f"/compare{kept_query(study)}")


def _moved(scene: Scene) -> Component:
    """How many changed segment in the last change, while the segments before it are kept."""
    if scene.before is None or scene.before.source.ds != scene.study.source.ds:
        return None
    was = scene.services.grouped(scene.before)
    if was is None or was.clustering is None or scene.results.clustering is None:
        return None
    if max(was.clustering.k, scene.results.clustering.k) > MOST_MATCHED:
        return None
    changed, shared = movers(was, scene.results)
    if not shared:
        return None
    undo = parts.link("Undo", _here(scene.before.query()))
    return html.P([*_said(scene, changed, shared), " ", undo], className="atlas-moved", role="status")


def _said(scene: Scene, changed: int, shared: int) -> list[Component]:
    """How many changed segment; they open where the two ways to group are of the same customers."""
    if not changed:
        return ["Nobody changed segment."]
    who = plural(changed, "customer")
    address = moved_from(scene.study, scene.before)
    rest = f" ({number(changed / shared, 'share')}) changed segment."
    return [dcc.Link(who, href=address) if address else who, rest]


def _here(query: str) -> str:
    return f"/clustering{query}"
