"""A segment's name, colour and note: the pencil that changes them, and the note's card."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dash import html

from core.figures.theme import SEGMENTS
from core.io.sets.kept_rows import Given
from core.profile import Segment
from core.profile.coloured import places
from webapp import parts
from webapp.kept.form import AUTHOR, Field, Form, by_whom, note_field, opener
from webapp.parts import Component

if TYPE_CHECKING:
    from webapp.page import Scene

COLOURS: Final = (
    "Blue",
    "Orange",
    "Green",
    "Pink",
    "Sky blue",
    "Red",
    "Yellow",
    "Brown",
    "Mint",
    "Violet",
    "Magenta",
    "Lilac",
)
"""What the places of the palette are called."""

assert len(COLOURS) == len(SEGMENTS)


def pencil(scene: "Scene", segment: Segment) -> Component:
    """The button that renames a segment; None for “No segment”."""
    form = _form(scene, segment)
    if form is None:
        return None
    automatic = f" Automatic name: “{segment.automatic}”." if segment.automatic else ""
    said = f"Rename “{segment.name}”.{automatic}"
    return opener(parts.icon("pencil"), form, said, style="atlas-pencil")


def notes_card(scene: "Scene", segment: Segment) -> Component:
    """What the team has noted about a segment; None for “No segment”."""
    form = _form(scene, segment)
    if form is None:
        return None
    given = _given(scene, segment)
    lines = [html.P(line) for line in given.note.splitlines() if line]
    said = [html.P(by_whom(given.author, given.changed), className="atlas-scope")] if lines else []
    content = html.Div([*lines, *said], className="atlas-data")
    answer = "What your team knows about these customers." if lines else "Nothing noted yet."
    button = opener("Change the note" if lines else "Add a note", _of_note(form, segment, given))
    return parts.card_table("Notes", answer, html.Div([content, button]), wide=False, anchor="notes")


def _of_note(form: Form, segment: Segment, given: Given) -> Form:
    """The form of the note alone: name and colour go along as they are."""
    return replace(
        form,
        title=f"Note on “{segment.name}”",
        fields=(note_field(given.note), AUTHOR),
        send={**form.send, "name": given.name, "colour": given.colour},
    )


def _given(scene: "Scene", segment: Segment) -> Given:
    titles = scene.results.titles
    return titles.given.get(segment.number, Given()) if titles is not None else Given()


def _form(scene: "Scene", segment: Segment) -> Form | None:
    titles, profile = scene.results.titles, scene.results.profile
    if titles is None or profile is None or segment.number not in titles.origins:
        return None
    query, number = titles.origins[segment.number]
    given = _given(scene, segment)
    automatic = segment.automatic or segment.name
    return Form(
        post="/api/kept/segment",
        title=f"Rename “{segment.name}”",
        told=_told(given),
        fields=(
            Field(
                name="name",
                label="Name",
                value=given.name,
                instead=automatic,
                hint="Empty: the automatic name.",
            ),
            _colours(scene, segment, given),
            note_field(given.note),
            AUTHOR,
        ),
        send={"query": query, "number": number, "seen": given.changed},
    )


def _told(given: Given) -> str:
    last = f" Last changed by {by_whom(given.author, given.changed)}." if given.changed else ""
    return f"Everybody sees it, wherever this segment appears.{last}"


def _colours(scene: "Scene", segment: Segment, given: Given) -> Field:
    assert scene.results.profile is not None
    segments = scene.results.profile.segments
    of = {place: s.name for s in segments if (place := places(segments)[s.number]) and s != segment}
    options = [{"value": "0", "label": "Automatic", "colour": ""}]
    for place, (word, colour) in enumerate(zip(COLOURS, SEGMENTS, strict=True), 1):
        taken = f", now “{of[place]}”" if place in of else ""
        options.append({"value": str(place), "label": word + taken, "colour": colour})
    return Field(
        name="colour",
        label="Colour",
        kind="colour",
        value=str(given.colour),
        hint="One that another segment has is swapped with it.",
        options=options,
    )
