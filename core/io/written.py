"""Texts with their numbers and days written as a data set's settings say."""

import datetime as dt
import re
from typing import Final

from core.io.settings import DATES, Display
from core.words import MONTHS

_NUMBER: Final = re.compile(r"(?<![\w.,:/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/-]|[.,:]\d)")
_DAY: Final = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")


def written(text: str, display: Display) -> str:
    """A text of ours with its numbers and days written as the settings say."""
    if display.dates != "words":
        text = _DAY.sub(lambda found: _day(found, display), text)
    if display.numbers != "comma":
        text = _NUMBER.sub(lambda found: _number(found[0], display.separators), text)
    return text


def _number(text: str, separators: str) -> str:
    whole, point, decimals = text.partition(".")
    return whole.replace(",", separators[1]) + (separators[0] if point else "") + decimals


def _day(found: re.Match[str], display: Display) -> str:
    try:
        date = dt.date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:  # a word of the file that only looks like a day
        return found[0]
    return date.strftime(DATES[display.dates][0])
