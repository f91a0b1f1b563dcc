"""Clustering: how many segments, how they lie to each other, how big they are."""

from webapp import parts
from webapp.page import Page, Scene
from webapp.pages import reference
from webapp.pages.clustering import drawings
from webapp.pages.clustering.evidence import evidence
from webapp.pages.clustering.heading import comparing, heading
from webapp.pages.clustering.key_figures import key_figures
from webapp.pages.clustering.segments import segments
from webapp.parts import Component, Step
from webapp.shell import kept_query


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    primary = Step(text="See who they are", href=f"/profiles{kept_query(scene.study)}")
    return [
        heading(scene, primary),
        parts.figures(key_figures(scene)),
        # in the order of a small screen; on a wide one the map fills the place beside the sizes
        parts.grid(
            drawings.numbers(scene),
            drawings.neighbours(scene),
            drawings.sizes(scene),
            drawings.tree(scene),
            segments(scene),
            drawings.positions(scene),
        ),
        reference.card(scene),
        evidence(scene),
        parts.next_step(
            "Next: who the segments are, in spend, habits and demographics.", primary, comparing(scene.study)
        ),
    ]


PAGE = Page(
    name="clustering",
    path="/clustering",
    title="Clustering",
    need="profile",
    visible=("cols", "k", "algorithm", "eps", "min_samples", "min_share"),
    more=(
        *("transform", "scaling", "weight", "k_low", "k_high"),
        *("linkage", "components", "n_init", "seed", "sample"),
    ),
    view=view,
)
