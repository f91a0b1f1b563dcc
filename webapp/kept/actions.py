"""What to do with a segment: the suggestions, the team's own words instead, and what stood there before."""

from typing import TYPE_CHECKING

from dash import html

from core.actions import JUDGEMENT, Action, actions_for
from core.io.sets.kept_rows import LONGEST_TEXT, Edit
from core.profile import Segment
from core.words import cut, plural
from webapp import parts
from webapp.kept.form import AUTHOR, Field, Form, by_whom, opener
from webapp.parts import Component

if TYPE_CHECKING:
    from webapp.page import Scene

SHORT = 110
"""Signs of a suggestion on a card."""

MOST_EARLIER = 20


def action_card(scene: "Scene", segment: Segment) -> Component:
    """Everything that is suggested for a segment, each to be changed by the team; None for “No segment”."""
    if not segment.number or scene.results.profile is None:
        return None
    edits = scene.services.store.kept.actions(scene.dataset.id)
    found = actions_for(scene.results.profile, segment)
    items = [_item(scene, action, edits.get(action.kind, ()), len(found) > 1) for action in found]
    return parts.card_table(
        "What to do?",
        "A suggestion to start from. Hold some customers back, so that you see whether it worked.",
        html.Div(items, className="atlas-suggestions"),
        wide=False,
        anchor="actions",
    )


def action_line(scene: "Scene", segment: Segment) -> Component:
    """The first suggestion in short, for a card; None for “No segment”."""
    if not segment.number or scene.results.profile is None:
        return None
    first = actions_for(scene.results.profile, segment)[0]
    edits = scene.services.store.kept.actions(scene.dataset.id).get(first.kind, ())
    said = edits[0].text if edits and edits[0].text else first.text
    return html.P([parts.icon("lightbulb"), " ", _short(said)], className="atlas-suggestion-short")


def _short(said: str) -> str:
    """The first sentence, cut where it is long."""
    first, mark, _ = " ".join(said.split()).partition(". ")
    return cut(first + (mark.strip() if mark else ""), SHORT)


def _item(scene: "Scene", action: Action, edits: tuple[Edit, ...], several: bool) -> Component:
    own = edits[0] if edits and edits[0].text else None
    text = own.text if own else action.text
    lines = [html.P(line) for line in text.splitlines() if line]
    heading = [html.H3(action.title, className="atlas-suggestion-for")] if several else []
    return html.Div(
        [
            *heading,
            html.Div(lines, className="atlas-data") if own else html.Div(lines),
            html.P(_source(action, own), className="atlas-scope"),
            *_earlier(edits),
            opener("Change", _form(scene, action, text, edits), f"Change what to do for “{action.title}”"),
        ],
        className="atlas-suggestion",
    )


def _source(action: Action, own: Edit | None) -> list[Component]:
    if own is not None:
        return [f"By {by_whom(own.author, own.changed)}"]
    if action.source == JUDGEMENT:
        return ["Source: our judgement"]
    return ["Source: ", html.A(action.source, href=action.address, rel="noopener", target="_blank")]


def _earlier(edits: tuple[Edit, ...]) -> list[Component]:
    """Every text but the one that holds; none where nothing was changed before."""
    before = edits[1:] if edits and edits[0].text else edits
    if not before:
        return []
    items = [
        html.Li([e.text or "Taken back to the suggestion", html.Small(f" {by_whom(e.author, e.changed)}")])
        for e in before[:MOST_EARLIER]
    ]
    summary = html.Summary(plural(len(before), "earlier text"))
    return [html.Details([summary, html.Ul(items, className="atlas-data")], className="atlas-more")]


def _form(scene: "Scene", action: Action, text: str, edits: tuple[Edit, ...]) -> Form:
    return Form(
        post="/api/kept/action",
        title=f"What to do: {action.title}",
        told="Holds for every segment of this kind in this data set. Empty takes our suggestion again.",
        fields=(Field(name="text", label="What to do", kind="area", value=text, most=LONGEST_TEXT), AUTHOR),
        send={"ds": scene.dataset.id, "kind": action.kind, "seen": edits[0].changed if edits else ""},
    )
