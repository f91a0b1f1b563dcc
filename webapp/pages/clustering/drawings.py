"""The charts of Clustering, and where a click on each leads."""

from typing import Final

import dash_bootstrap_components as dbc
from dash import html

from core.choose import Clustering
from core.cluster import ALGORITHMS
from core.features.matrix import Matrix
from core.profile import Profile
from core.spec import PARAMS
from webapp import parts
from webapp.charts import chart
from webapp.page import Scene
from webapp.parts import Component

FEWEST: Final = int(PARAMS["k"][1].low or 2)
MOST: Final = int(PARAMS["k"][1].high or 12)


def numbers(scene: Scene) -> Component:
    """How clearly apart the segments are, by their number; a click takes that number."""
    found, _ = made(scene)
    by_number = ALGORITHMS[found.algorithm].chooses_k
    links = {str(c.k): _with_number(scene, c.k) for c in found.candidates if FEWEST <= c.k <= MOST}
    return chart(scene, "k", lambda draw: draw(found) if by_number else None, wide=True, links=links)


def neighbours(scene: Scene) -> Component:
    """How near the neighbours are, and the reach; for dense groups only."""
    found, _ = made(scene)
    proposed = scene.study.cluster.eps is None
    return chart(
        scene, "k_distance", lambda draw: None if found.curve is None else draw(found, proposed), wide=True
    )


def sizes(scene: Scene) -> Component:
    """How big the segments are; a click offers to open one."""
    _, profile = made(scene)
    currency = scene.results.customers.currency
    return chart(scene, "sizes", lambda draw: draw(profile.segments, currency))


def tree(scene: Scene) -> Component:
    """The family tree; a click on a height cuts it there."""
    found, profile = made(scene)
    if found.tree is None:
        return None
    cuts = range(FEWEST, min(MOST, len(found.tree) + 1) + 1)
    links = {str(k): _with_number(scene, k) for k in cuts}
    here = str(found.k)
    options = [
        html.Span(k, className="atlas-option", **{"aria-current": "true"})
        if k == here
        else parts.option(k, href)
        for k, href in links.items()
    ]
    cut = html.Div([html.Span("Cut into"), *options], className="atlas-options atlas-cuts")
    return chart(scene, "tree", lambda draw: draw(found, profile.segments), wide=True, links=links, more=cut)


def positions(scene: Scene) -> Component:
    """The map and, folded, what its directions mean; on a phone behind a switch."""
    found, profile = made(scene)
    matrix = scene.results.matrix
    assert matrix is not None
    drawn = chart(scene, "map", lambda draw: draw(found, profile.segments))
    meaning = chart(
        scene, "loadings", lambda draw: None if found.loadings is None else draw(found, names(matrix))
    )
    folded = html.Details([html.Summary("What the directions mean"), meaning], className="atlas-more")
    show = dbc.Checkbox(label="Show map", value=False, id="clustering-show-map")
    return html.Div([show, drawn, folded], className="atlas-stack atlas-later")


def belonging(scene: Scene) -> Component:
    """How well customers belong to their segments, one by one; a click offers to open a segment."""
    clustering, profile = made(scene)
    found = scene.results.belonging
    some = found is not None and bool(found.values.size)
    return chart(
        scene,
        "silhouettes",
        lambda draw: draw(found, clustering, profile.segments) if some else None,
    )


def elbow(scene: Scene) -> Component:
    """The spread inside segments, by their number."""
    found, _ = made(scene)
    by_number = ALGORITHMS[found.algorithm].chooses_k
    return chart(scene, "elbow", lambda draw: draw(found) if by_number else None)


def names(matrix: Matrix) -> list[str]:
    """What the compared numbers are called on a page: a level of a category with its attribute."""
    labels = {p.slug: p.label for p in matrix.prepared}
    said = []
    for name in matrix.names:
        slug, mark, level = name.partition("=")
        said.append(labels.get(slug, slug) + (f": {level}" if mark else ""))
    return said


def made(scene: Scene) -> tuple[Clustering, Profile]:
    """The scene's clustering and profile; on this page they are there."""
    found, profile = scene.results.clustering, scene.results.profile
    assert found is not None and profile is not None
    return found, profile


def _with_number(scene: Scene, k: int) -> str:
    return f"/clustering{scene.study.with_(k=k).query()}"
