"""The customers of a segment as a list, and their export."""

from dash import html

from core.profile import Segment
from core.words import plural
from webapp import parts
from webapp.grid import grid, said_of
from webapp.page import Scene
from webapp.pages.profiles.links import LABEL_WORDS
from webapp.parts import Component, Step
from webapp.selection import shown
from webapp.shell import kept_query


def export_href(scene: Scene) -> str:
    """Where the list of what is shown is taken away."""
    query = kept_query(scene.study)
    return f"/export/customers.csv{query}{'&' if query else '?'}segment={scene.study.lens.segment}"


def listed(scene: Scene, segment: Segment) -> Component:
    """The list, or why nobody is in it."""
    study = scene.study
    count = int(shown(scene.results, study, study.lens.segment).sum())
    only = f", only {LABEL_WORDS[study.lens.label].lower()}" if study.lens.label != "all" else ""
    if count:
        text = said_of(f"{plural(count, 'customer')}{only}")
        return parts.card_table("Customers", text, grid(scene), anchor="customers")
    every = study.with_(label="all", show=[])
    href = f"/profiles/{study.lens.segment}{kept_query(every)}"
    empty = html.Div(
        [
            html.P("No customer of this segment matches what is shown."),
            parts.button(Step(text="Show all of the segment", href=href), True),
        ],
        className="atlas-empty",
    )
    return parts.card_table("Customers", f"0 of {plural(segment.size, 'customer')}{only}.", empty)
