"""The page of a segment that is no longer there: where its customers are now."""

import numpy as np
from dash import dcc, html

from core import describe
from core.match import Part, listed
from core.matched import shared, together
from core.pipeline import Results
from core.profile import Profile
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles.links import profiles_href, segment_href
from webapp.pages.reference import no_longer
from webapp.parts import Component, Step


def gone(scene: Scene, profile: Profile, asked: str) -> list[Component]:
    """What became of the segment that the link names, and the ways to those that there are."""
    finding, was = no_longer(scene, asked) or (_since_the_last_view(scene, profile, asked), "")
    links = [html.Li(dcc.Link(html.Bdi(s.name), href=segment_href(scene, s))) for s in profile.segments]
    back = Step(text="Back to all segments", href=profiles_href(scene.study))
    said = f"{was} Choose one of the segments of this view.".strip()
    return [parts.head(finding or describe.gone(asked, profile), said, back), html.Ul(links)]


def _since_the_last_view(scene: Scene, profile: Profile, asked: str) -> str:
    """Of a segment that the view before the last change had: where its customers are; empty if unknown."""
    before, number = scene.before, int(asked) if asked.isascii() and asked.isdigit() else 0
    if before is None or not number or before.source.ds != scene.study.source.ds or before.reference:
        return ""
    was = scene.services.grouped(before)
    if was is None or was.clustering is None or not number <= was.clustering.k:
        return ""
    found = _parts(was, scene.results, profile, number)
    return f"This segment no longer exists; its customers are now in {listed(found)}." if found else ""


def _parts(was: Results, now: Results, profile: Profile, number: int) -> list[Part]:
    """The segments that hold the customers of one of before, the largest share first."""
    one, other = was.clustering, now.clustering
    assert was.matrix is not None and one is not None and now.matrix is not None and other is not None
    at_was, at_now = shared(was.customers, was.matrix, now.customers, now.matrix)
    labels = other.labels[at_now].astype(np.int64)
    counts = together(one.labels[at_was], labels, one.k, int(labels.max(initial=0)))[number]
    names = {s.number: s.name for s in profile.segments}
    order = [int(n) for n in np.argsort(-counts, kind="stable") if counts[n] and int(n) in names]
    return [Part(number=n, name=names[n] if n else "", share=counts[n] / counts.sum()) for n in order]
