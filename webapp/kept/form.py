"""Small forms as buttons: assets/kept.js opens the dialog that a button describes, and posts it."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dash import html

from core.io.sets.kept_rows import LONGEST_NAME, LONGEST_TEXT
from core.words import day
from webapp.parts import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form.

    Attributes
    ----------
    kind : str
        `text`, `area`, `colour` (one of the options), or `author` (remembered by the browser).
    instead : str
        What holds where the field is left empty.
    options : sequence of mapping
        `value`, `label`, `colour` of each.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    most: int = LONGEST_NAME
    instead: str = ""
    hint: str = ""
    needed: bool = False
    options: Sequence[Mapping[str, str]] = ()


AUTHOR = Field(
    name="author",
    label="Your name",
    kind="author",
    hint="Shown beside what you write. This browser remembers it.",
    needed=True,
)
"""Who says so: there is no login yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a dialog asks and where it is posted to as JSON.

    Attributes
    ----------
    send : mapping
        Goes along with the fields.
    here : bool
        Whether the address of the view goes along, as `path` and `query`.
    asks : bool
        Whether there is a dialog at all; else the click alone posts.
    """

    post: str
    title: str
    told: str = ""
    fields: Sequence[Field] = ()
    send: Mapping[str, Any] = field(default_factory=dict)
    button: str = "Save"
    danger: bool = False
    here: bool = False
    asks: bool = True


def note_field(value: str, label: str = "Note") -> Field:
    """A field of several lines."""
    return Field(name="note", label=label, kind="area", value=value, most=LONGEST_TEXT)


def opener(
    content: Any, form: Form, said: str = "", style: str = "btn btn-outline-secondary", why: str = ""
) -> Component:
    """A button that opens a form; `said` is its name where its content is an icon, `why` a tooltip."""
    named = {"aria-label": said} if said else {}
    return html.Button(
        content,
        className=style,
        type="button",
        title=why or said or None,
        **{"data-kept": json.dumps(asdict(form), ensure_ascii=False), **named},
    )


def when(changed: str) -> str:
    """The day of a change, in words; empty where it is not known."""
    try:
        return day(dt.datetime.fromisoformat(changed).date())
    except ValueError:
        return ""


def by_whom(author: str, changed: str) -> str:
    """Who and when: `Ann, 23 Nov 2026`."""
    return ", ".join(filter(None, [author, when(changed)]))
