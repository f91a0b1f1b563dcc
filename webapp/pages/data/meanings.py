"""What each column means: the guess with its reason, to be changed, beside what the column holds."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import html

from core.io.dataset import ROLES, Column, Dataset
from core.io.meaning.confidence import sure
from core.quality import ColumnQuality, Quality
from core.words import day, number, plural
from webapp import parts
from webapp.pages.data.spark import spark
from webapp.parts import Component

HEADS = ("Column", "Meaning, and why", "Values", "Range", "Missing", "Different", "Unusual")
YEARS = 10_000
NUMBERS = ("Missing", "Different", "Unusual")
CLASSES = "atlas-table atlas-meanings atlas-as-cards"


def meanings_card(dataset: Dataset, quality: Quality | None) -> Component:
    """The columns of the data set, each with its meaning; those of a customer table beside a log follow."""
    known = {c.slug: c for c in quality.columns} if quality is not None else {}
    rows = [_row(i, c, known) for i, c in enumerate(dataset.columns)]
    beside = {c.slug: c for c in quality.people} if quality is not None else {}
    people = [_row(None, c, beside) for c in dataset.people.columns] if dataset.people is not None else []
    return html.Section(
        [
            html.H2("What the columns mean", className="atlas-chart-title", id="meanings"),
            html.P(
                "Guessed from names and values. Another meaning makes a new version; old links stay.",
                className="atlas-chart-answer",
            ),
            _table(rows, "What the columns mean"),
            html.Div(
                [
                    html.Button(
                        "Use these meanings",
                        id="meanings-use",
                        className="btn btn-outline-secondary",
                        type="button",
                    ),
                    html.Span(id="meanings-said", role="status"),
                ],
                className="atlas-answers",
            ),
            *(
                [
                    html.H3("The customer table beside it", className="atlas-chart-title"),
                    _table(people, "Joined columns"),
                ]
                if people
                else []
            ),
        ],
        className="atlas-card atlas-wide-card",
    )


def _table(rows: Sequence[Component], label: str) -> Component:
    heads = [html.Th(h, scope="col", className="num" if h in NUMBERS else "") for h in HEADS]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr(heads)), html.Tbody(rows)],
            className=CLASSES,
        ),
        className="atlas-table-wrap atlas-table-tall",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def _row(at: int | None, column: Column, known: Mapping[str, ColumnQuality]) -> Component:
    found = known.get(column.slug)
    unusual = found.outliers if found is not None else None
    return html.Tr(
        [
            html.Th([column.name, *_marks(column)], scope="row", className="atlas-data"),
            html.Td([_meaning(at, column), html.Small(f"{sure(column).capitalize()}: {column.reason}")]),
            html.Td(spark(found) or "–", className="atlas-data"),
            html.Td(_range(column, found), className="atlas-data"),
            _count("Missing", column.missing),
            _count("Different", column.distinct),
            _count("Unusual", unusual or 0),
        ]
    )


def _count(label: str, value: int) -> Component:
    return html.Td(f"{value:,}" if value else "–", className="num", **{"data-label": label})


def _meaning(at: int | None, column: Column) -> Component:
    if at is None:
        return ROLES[column.role]
    select = dbc.Select(
        id={"role": at},
        options=[{"value": role, "label": text} for role, text in ROLES.items()],
        value=column.role,
    )
    return parts.named(f"Meaning of {column.name}", select)


def _marks(column: Column) -> list[Component]:
    """What should be known of a column at a glance."""
    said = []
    if column.personal:
        said.append((f"personal: {column.personal}", "Points at a person; never used to group customers."))
    if column.group:
        said.append(
            (f"one of {column.group}", "One of several yes-or-no columns that count as one attribute.")
        )
    if column.blanks:
        words = ", ".join(f"“{word}” ({plural(rows, 'row')})" for word, rows in column.blanks)
        said.append(("missing?", f"{words} may mean that the value is missing. See the cleaning recipe."))
    return [html.Small(text, className="atlas-mark", title=title) for text, title in said]


def _range(column: Column, found: ColumnQuality | None) -> Component:
    """Smallest, middle and largest value, or the first examples."""
    if found is not None and found.spread is not None:
        spread = found.spread
        low, middle, high = (_value(v) for v in (spread.minimum, spread.median, spread.maximum))
        return [f"{low} to {high}", html.Small(f"middle {middle}")]
    if found is not None and found.period is not None:
        return [f"{day(found.period.first)} to {day(found.period.last)}"]
    return ", ".join(column.examples[:3])


def _value(value: float) -> str:
    """A number of the file; a whole one of four digits may be a year."""
    return f"{value:.0f}" if value == round(value) and abs(value) < YEARS else number(value, "number")
