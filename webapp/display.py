"""How a data set is shown, put on last: the signs in numbers, the way dates are written, the currency."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Final

from dash.development.base_component import Component as Element

from core.io.settings import DATES, Display
from core.pipeline import Results
from core.words import MONTHS
from webapp.parts import Component

DATA: Final = "atlas-data"
"""Class of what stands as it is in the file."""

_NUMBER: Final = re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/-]|[.,:]\d)")
_DAY: Final = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_TEXTS: Final = ("text", "ticktext", "hovertext", "name", "title")


def in_currency(results: Results, display: Display) -> Results:
    """The results with the currency sign of the data set's settings."""
    customers = results.customers
    return replace(results, customers=replace(customers, currency=display.sign(customers.currency)))


def written(text: str, display: Display) -> str:
    """A text of ours with its numbers and days written as the settings say."""
    if display.dates != "words":
        text = _DAY.sub(lambda found: _day(found, display), text)
    if display.numbers != "comma":
        text = _NUMBER.sub(lambda found: _number(found[0], display.separators), text)
    return text


def shown(view: Any, display: Display) -> Any:
    """A view written as the settings say, but for what is marked as the file's own (class `atlas-data`)."""
    if display.numbers == "comma" and display.dates == "words":
        return view
    return _shown(view, display)


def _shown(view: Any, display: Display) -> Any:
    if isinstance(view, str):
        return written(view, display)
    if isinstance(view, list | tuple):
        return [_shown(one, display) for one in view]
    if isinstance(view, Element) and DATA not in str(getattr(view, "className", "")):
        _rewrite(view, display)
    return view


def _rewrite(element: Component, display: Display) -> None:
    if getattr(element, "children", None) is not None:
        element.children = _shown(element.children, display)
    if getattr(element, "figure", None) is not None:
        figure = _drawn(element.figure, display)
        element.figure = {**figure, "layout": {**figure["layout"], "separators": display.separators}}


def _drawn(part: Any, display: Display) -> Any:
    """A figure's texts; its numbers stay, plotly writes them with the figure's separators."""
    if isinstance(part, list):
        return [_drawn(one, display) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: _texts(key, value, display) for key, value in part.items()}


def _texts(key: str, value: Any, display: Display) -> Any:
    if key == "template":
        return value
    if key in _TEXTS and isinstance(value, str):
        return written(value, display)
    if key in _TEXTS and isinstance(value, list):
        return [written(one, display) if isinstance(one, str) else one for one in value]
    return _drawn(value, display)


def _number(text: str, separators: str) -> str:
    whole, point, decimals = text.partition(".")
    return whole.replace(",", separators[1]) + (separators[0] if point else "") + decimals


def _day(found: re.Match[str], display: Display) -> str:
    try:
        date = dt.date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:  # a word of the file that only looks like a day
        return found[0]
    return date.strftime(DATES[display.dates][0])
