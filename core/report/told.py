"""What a report says, ready to be set: every text is finished, nothing is computed after this."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from core.figures.drawn import Table
from core.io.sets.kept_rows import Edit
from core.io.settings import Display
from core.io.written import written

WIDEST: Final = 9
"""Columns of a table that a page of paper has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a report says beside the results.

    Attributes
    ----------
    name : str
        Of the data set.
    display : Display
        How numbers and days are written, and what is said about tax.
    made : date or None
        The day it is made.
    address : str
        Where the view can be opened, without its query; empty where that is not known.
    edits : mapping of str to tuple of Edit
        What a team has written in place of a suggested action, by its kind, the latest first.
    """

    name: str
    display: Display = field(default_factory=Display)
    made: dt.date | None = None
    address: str = ""
    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """A text of ours with its numbers and days as the settings say."""
        return written(text, self.display)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column, and whether numbers stand in it."""

    label: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """A number with its label over and a line under it."""

    label: str
    value: str
    sub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure with the question it answers; `legend` has a colour and a label each."""

    title: str
    answer: str
    alt: str
    svg: Markup
    caption: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Drawings under one heading."""

    title: str
    drawings: tuple[Drawing, ...]
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do with a segment, and who says so."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One segment."""

    target: str
    name: str
    colour: str
    size: str
    because: str
    labels: tuple[str, ...]
    sentences: tuple[str, ...]
    rule: str
    fit: str
    actions: tuple[Advice, ...]
    note: str
    drawing: Drawing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A number and what it means."""

    label: str
    help: str
    formula: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A whole report, from the top to the bottom of the page."""

    title: str
    name: str
    made: str
    finding: str
    scope: str
    notes: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    sentence: str
    segments: Sheet
    segment_marks: tuple[tuple[str, str], ...]
    change: str
    groups: tuple[Group, ...]
    labels: Sheet
    rules: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    how: tuple[str, ...]
    query: str
    address: str
    versions: str
    ledger: Sheet
    tables: tuple[tuple[str, str, Sheet], ...]
    terms: tuple[Term, ...]


def sheet_of(table: Table, about: About) -> Sheet:
    """A chart's table as its page shows it, turned where that is too wide for paper.

    Text of the data stays as it is.
    """
    rows = [
        tuple(about.say(cell) if unit else cell for cell, unit in zip(row, table.units, strict=True))
        for row in table.said()
    ]
    labels = [label for _, label in table.columns]
    return fitting([(label, bool(unit)) for label, unit in zip(labels, table.units, strict=True)], rows)


def fitting(columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> Sheet:
    """A table, turned where it is too wide for paper."""
    labels = [label for label, _ in columns]
    if len(labels) <= WIDEST or len(rows) >= len(labels):
        return sheet(columns, rows)
    heads = [(labels[0], False), *((row[0], True) for row in rows)]
    return sheet(heads, list(zip(labels[1:], *(row[1:] for row in rows), strict=True)))


def sheet(columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> Sheet:
    """A table from (label, whether numbers stand in it) and finished rows."""
    return Sheet(
        columns=tuple(Column(label=label, number=number) for label, number in columns),
        rows=tuple(tuple(row) for row in rows),
    )
