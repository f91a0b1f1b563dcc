"""How a data set is shown, put on last: the signs in numbers, the way dates are written, the currency."""

from typing import Any, Final

from dash.development.base_component import Component as Element

from core.io.settings import Display
from core.io.written import written
from core.pipeline import in_currency
from webapp.parts import Component

__all__ = ["DATA", "in_currency", "shown", "written"]

DATA: Final = "atlas-data"
"""Class of what stands as it is in the file."""

_TEXTS: Final = ("text", "ticktext", "hovertext", "name", "title")


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
        return [_texts(key, one, display) if isinstance(one, str | list) else one for one in value]
    return _drawn(value, display)
