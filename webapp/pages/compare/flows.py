"""Where customers go in another model."""

from typing import Final

from dash import dcc, html

from core.compare import Comparison, Model, Moves, Part, said
from core.words import plural
from webapp import parts
from webapp.page import Scene
from webapp.pages.compare.links import between, list_of, moving
from webapp.parts import Component, Step

MOST_NARROW: Final = 5
"""Columns of a table of moves in half of the page."""


def flow(scene: Scene, found: Comparison, moves: Moves) -> Component:
    """From each segment here to each segment there; a count opens its customers as a list."""
    here, there = found.models[0], found.models[moves.model]
    columns = sorted(there.parts, key=lambda p: (_row_of(here, moves, p), p.number == 0, p.number))
    head = [html.Th("From here", scope="col")]
    head += [html.Th(p.name, scope="col", className="num") for p in columns]
    rows = [
        html.Tr([html.Th(a.name, scope="row"), *[_cell(scene, found, moves, a, b) for b in columns]])
        for a in here.parts
    ]
    table = html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="atlas-table atlas-flow"),
        className="atlas-table-wrap",
        tabIndex=0,
        role="region",
        **{"aria-label": f"From here to {there.name}"},
    )
    open_ = Step(text=f"Open the {moves.moved:,} who move", href=moving(scene, found, moves))
    listed = Step(text=f"Download the {moves.moved:,} who move", href=list_of(scene, moves), download=True)
    ways = [parts.button(open_, False), parts.button(listed, False)]
    content = [table, *([html.Div(ways, className="atlas-flow-list")] if moves.moved else [])]
    return parts.card_table(
        f"Where do customers go in “{there.name}”?",
        said.moving(found, moves),
        html.Div(content),
        wide=len(columns) > MOST_NARROW,
    )


def _row_of(here: Model, moves: Moves, part: Part) -> int:
    """Place of the segment here that a segment there is, so that those who stay stand on the diagonal."""
    found = [at for at, p in enumerate(here.parts) if moves.match[p.number] == part.number]
    return found[0] if found else len(here.parts)


def _cell(scene: Scene, found: Comparison, moves: Moves, one: Part, other: Part) -> Component:
    count = moves.count(one.number, other.number)
    if not count:
        return html.Td("·", className="num")
    kept = moves.match[one.number] == other.number
    link = dcc.Link(
        f"{count:,}",
        href=between(scene, found, moves, one.number, other.number),
        title=f"Open {plural(count, 'customer')}: from “{one.name}” to “{other.name}”",
    )
    share = count / one.size if one.size else 0.0
    return html.Td(link, className="num atlas-kept" if kept else "num", style={"--share": f"{share:.4f}"})
