"""Numbers, days and data strings as a page says them (PAGES.md §0): one home for all of them."""

import datetime as dt
import html
import math
from collections.abc import Callable
from typing import Final

NOTHING: Final = "–"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MILLION: Final = 1_000_000
_FLAGS: Final = {"true": "yes", "false": "no"}
NO_CENTS: Final = 10_000


def number(value: float | None, unit: str, currency: str = "") -> str:
    """A value with the digits it deserves.

    Parameters
    ----------
    value : float or None
    unit : str
        A measure's unit (`money`, `days`, `count`, `share` from 0 to 1, `rate`, `number`, `score`, `age`), or
        `times` (2.6×) or `r` (a correlation or silhouette). Any other unit is read as `number`.
    currency : str
        A sign (£) stands before an amount, a code (EUR) after it.

    Returns
    -------
    str
        `–` for None, NaN and infinities.
    """
    return _said(value, unit, currency, SHORT)


def exact(value: float | None, unit: str, currency: str = "") -> str:
    """A value with the digits it has, for tables and for pointing at a mark: `1,238,412.33`, `49.3 %`."""
    return _said(value, unit, currency, EXACT)


def about(value: float | None, unit: str, currency: str = "") -> str:
    """A value for a sentence: amounts of ten and more without cents, else as `number`."""
    if unit == "money" and value is not None and math.isfinite(value) and 10 <= abs(value) < NO_CENTS:
        return _said(float(f"{value:.3g}") if abs(value) < 1_000 else value, "whole", currency, SHORT)
    return number(value, unit, currency)


def day(date: dt.date | None) -> str:
    """A day: `9 Dec 2011`."""
    return NOTHING if date is None else f"{date.day} {month(date)}"


def month(date: dt.date | None) -> str:
    """A month: `Dec 2011`."""
    return NOTHING if date is None else f"{MONTHS[date.month - 1]} {date.year}"


def flag(value: object) -> str:
    """A flag, held as a bool or as the text of one: `yes` or `no`; anything else as it is."""
    return _FLAGS.get(str(value).lower(), str(value))


def plural(n: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 customer`, `4,327 customers`; `many` where adding an s is not enough."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def clearly_apart(value: float | None) -> str:
    """The word for a silhouette: clear, fair or weak."""
    if value is None:
        return "not known"
    return "clear" if value > 0.5 else "fair" if value >= 0.25 else "weak"


def escape(text: object) -> str:
    """A data string for a figure: plotly reads `<b>` and `&lt;` in all text it draws. Not for Dash's HTML."""
    return html.escape(str(text), quote=False)


def cut(text: str, most: int = 28) -> str:
    """The beginning of a long text, ended by an ellipsis; not escaped."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _said(value: float | None, unit: str, currency: str, table: dict[str, Callable[[float], str]]) -> str:
    if value is None or not math.isfinite(value):
        return NOTHING
    value = float(value)
    form = table.get(unit, table["number"])
    text = form(abs(value))
    if currency and unit in ("money", "whole"):
        text = f"{text} {currency}" if currency.isalpha() and currency.isascii() else f"{currency}{text}"
    zero = not any(c in "123456789" for c in text)
    return f"−{text}" if value < 0 and not zero else text


def _money(value: float) -> str:
    if round(value) >= MILLION:
        return _millions(value)
    return f"{value:,.0f}" if round(value, 2) >= NO_CENTS else f"{value:,.2f}"


def _whole(value: float) -> str:
    return _millions(value) if round(value) >= MILLION else f"{value:,.0f}"


def _millions(value: float) -> str:
    value /= MILLION
    return f"{value:,.{2 if round(value, 2) < 10 else 1 if round(value, 1) < 100 else 0}f} M"


def _share(value: float) -> str:
    percent = 100 * value
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.5 <= percent < 100 - 1e-9:
        return "> 99 %"
    return f"{percent:.0f} %" if percent == 0 or round(percent, 1) >= 10 else f"{percent:.1f} %"


def _exact_share(value: float) -> str:
    percent = 100 * value
    if 0 < percent < 0.01:
        return "< 0.01 %"
    return f"{percent:.1f} %" if percent == 0 or round(percent, 2) >= 10 else f"{percent:.2f} %"


def _count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else _rate(value)


def _rate(value: float) -> str:
    return f"{value:,.{0 if round(value, 1) >= 100 else 1 if round(value, 2) >= 1 else 2}f}"


def _number(value: float) -> str:
    if value == round(value):
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:,.0f}"
    return _trimmed(f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}")


def _fine(value: float) -> str:
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if value >= 0.1 else f"{value:.2g}"


def _days(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


SHORT: Final[dict[str, Callable[[float], str]]] = {
    "money": _money,
    "whole": _whole,
    "share": _share,
    "days": lambda v: f"{v:,.0f}",
    "age": lambda v: f"{v:,.0f}",
    "count": _count,
    "rate": _rate,
    "number": _number,
    "score": _number,
    "times": lambda v: f"{_rate(v)}×",
    "r": lambda v: f"{v:.2f}",
}
EXACT: Final[dict[str, Callable[[float], str]]] = {
    "money": lambda v: f"{v:,.2f}",
    "whole": lambda v: f"{v:,.0f}",
    "share": _exact_share,
    "days": _days,
    "age": _days,
    "count": _fine,
    "rate": lambda v: f"{v:,.2f}",
    "number": _fine,
    "score": _fine,
    "times": lambda v: f"{v:,.2f}×",
    "r": lambda v: f"{v:.3f}",
}
