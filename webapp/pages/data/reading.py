"""How the file was read and how the data set is shown: what was decided, to be decided otherwise."""

from typing import Final

import dash_bootstrap_components as dbc
from dash import html

from core.io.dataset import WEEKDAYS, Dataset, ReaderChoice
from core.io.names import listed
from core.io.sets.decided import AUTO
from core.io.settings import CURRENCIES, DATES, NUMBERS, TAXES, Display
from webapp import parts
from webapp.datasets import joinable
from webapp.parts import Component
from webapp.results import Services

LABELS: Final = {
    "separator": "Between the values",
    "encoding": "Encoding",
    "decimal": "Before the decimals",
    "dayfirst": "Dates",
    "sheet": "Sheet",
    "header": "Line with the column names",
    "member": "File in the archive",
}
JUDGED: Final = "Automatic"


def reading_card(dataset: Dataset) -> Component:
    """What the reader decided, each to be chosen otherwise, and the settings of the data set."""
    decided = [html.Li(text) for text in dataset.decisions]
    choices = [_choice(c) for c in dataset.choices] if dataset.original else []
    again = (
        [html.Div([*choices, _button("Read the file like this", "reread-use")], className="atlas-fields")]
        if choices
        else []
    )
    return parts.card_table(
        "How the file was read",
        "Decided by the file's content. Another reading is a new version; old links stay.",
        html.Div([html.Ul(decided), *again, html.P(id="reread-said", role="status")]),
        wide=False,
    )


def settings_card(services: Services, dataset: Dataset) -> Component:
    """Currency, tax, formats, time zone and first weekday; a customer table to join."""
    if services.store.is_demo(dataset.id):
        return None
    display = services.store.display(dataset.id)
    fields = [
        _setting("currency", "Currency", _currencies(dataset), _code(display)),
        _setting("tax", "Amounts are", tuple(TAXES.items()), display.tax),
        _setting("numbers", "Numbers", tuple((k, v[1]) for k, v in NUMBERS.items()), display.numbers),
        _setting("dates", "Dates", tuple((k, v[1]) for k, v in DATES.items()), display.dates),
        _zone(dataset),
        _setting("first_weekday", "Week begins on", _weekdays(), str(dataset.first_weekday)),
    ]
    return parts.card_table(
        "Settings of this data set",
        f"How it is shown to everybody. Another time zone or weekday is a new version.{_zoned(dataset)}",
        html.Div(
            [
                html.Div([*fields, _button("Use these settings", "settings-use")], className="atlas-fields"),
                html.P(id="settings-said", role="status"),
                *_join(services, dataset),
            ]
        ),
        wide=False,
        anchor="settings",
    )


def _join(services: Services, dataset: Dataset) -> list[Component]:
    """A customer table beside a log: joined, to be taken off; or those that could be."""
    if dataset.people is not None:
        said = f"A customer table of {dataset.people.rows:,} rows is joined on the customer number."
        button = _button("Take it off again", "join-undo")
        hidden = html.Div([dbc.Select(id="join-people"), html.Button(id="join-use")], hidden=True)
    else:
        tables = joinable(services, dataset)
        if not tables:
            return []
        said = "Join a customer table, so that segments are described by age, city and the like."
        options = [{"value": d.id, "label": d.name} for d in tables]
        select = dbc.Select(id="join-people", options=options, value=options[0]["value"])
        button = html.Div(
            [parts.named("Customer table", select), _button("Join it", "join-use")], className="atlas-fields"
        )
        hidden = html.Div(html.Button(id="join-undo"), hidden=True)
    return [html.P(said), button, hidden, html.P(id="join-said", role="status")]


def _choice(found: ReaderChoice) -> Component:
    """A field for one decision; empty leaves it to the content."""
    label = LABELS[found.key]
    ident = {"choice": found.key}
    if not found.options:
        field = dbc.Input(
            id=ident,
            value=found.value if found.chosen else "",
            placeholder=found.value or JUDGED,
            type="text",
        )
        return _field(label, field)
    shown = dict(found.options).get(found.value, found.value)
    options = [{"value": AUTO, "label": f"{JUDGED}: {shown}" if not found.chosen else JUDGED}]
    options += [{"value": value, "label": text} for value, text in found.options]
    chosen = found.value if found.chosen else AUTO
    return _field(label, dbc.Select(id=ident, options=options, value=chosen))


def _setting(key: str, label: str, options: tuple[tuple[str, str], ...], value: str) -> Component:
    listed = [{"value": v, "label": text} for v, text in options]
    return _field(label, dbc.Select(id={"setting": key}, options=listed, value=value))


def _zoned(dataset: Dataset) -> str:
    """What the time zone does to the times of the file; empty without any."""
    times = [c for c in dataset.columns if c.type == "datetime"]
    found = [c.name for c in times if c.zoned]
    if found:
        return f" The times of {listed(found)} were written with their zone: they fall on the days of yours."
    return " No times in this file say their zone, so they stay on their days." if times else ""


def _zone(dataset: Dataset) -> Component:
    field = dbc.Input(id={"setting": "time_zone"}, value=dataset.time_zone, placeholder="Europe/Berlin")
    return _field("Time zone", field)


def _currencies(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    found = f"As in the file ({dataset.currency})" if dataset.currency else "Not said"
    return ((AUTO, found), *((code, label) for code, (_, label) in CURRENCIES.items()))


def _weekdays() -> tuple[tuple[str, str], ...]:
    return tuple((str(i), name) for i, name in enumerate(WEEKDAYS))


def _field(label: str, field: Component) -> Component:
    return html.Label([html.Span(label, className="form-label"), field], className="atlas-field")


def _button(text: str, ident: str) -> Component:
    return html.Button(text, id=ident, className="btn btn-outline-secondary", type="button")


def _code(display: Display) -> str:
    return AUTO if display.currency is None else display.currency
