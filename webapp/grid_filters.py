"""The conditions that AG Grid's column filters send, as questions to a list of customers."""

from collections.abc import Mapping
from typing import Any, Final

from core.features.customers import Customers
from core.roll import Asked, in_words
from core.words import flag

ID: Final = "id"
LONGEST: Final = 1_000
"""Characters of a text; a word that is longer is found by its beginning."""

NUMBERS: Final = {
    "equals": "is",
    "notEqual": "not",
    "lessThan": "under",
    "lessThanOrEqual": "at most",
    "greaterThan": "over",
    "greaterThanOrEqual": "at least",
    "inRange": "between",
}
WORDS: Final = {
    "contains": "contains",
    "notContains": "lacks",
    "equals": "is",
    "notEqual": "not",
    "startsWith": "begins",
    "endsWith": "ends",
}
BLANK: Final = {"blank": "missing", "notBlank": "known"}
FLAGS: Final = ("true", "false")

Conditions = tuple[tuple[Asked, ...], ...]


def conditions(customers: Customers, model: Any) -> Conditions:
    """What a `filterModel` asks: all of these are to be met, and of each one question.

    What can't be read, or is about no column of the list, is left out.
    """
    found: list[tuple[Asked, ...]] = []
    for slug, asked in (model if isinstance(model, Mapping) else {}).items():
        if not isinstance(asked, Mapping) or not (slug == ID or customers.measure(str(slug)) is not None):
            continue
        several = asked.get("conditions")
        pieces = several[:10] if isinstance(several, list) else [asked]
        read = [one for piece in pieces if (one := _asked(customers, str(slug), piece)) is not None]
        if asked.get("operator") == "OR" and read:
            found.append(tuple(read))
        else:
            found += [(one,) for one in read]
    return tuple(found)


def whole(value: Any, default: int) -> int:
    """A number of a request as a whole one."""
    return int(value) if isinstance(value, (int, float)) and abs(value) < 1e12 else default


def _asked(customers: Customers, slug: str, piece: Any) -> Asked | None:
    kind = str(piece.get("type")) if isinstance(piece, Mapping) else ""
    if kind in BLANK:
        return Asked(slug=slug, what=BLANK[kind])
    if not isinstance(piece, Mapping):
        return None
    measure = customers.measure(slug)
    if measure is not None and measure.numeric:
        return _of_numbers(slug, kind, piece, 100 if measure.unit == "share" else 1)
    text = str(piece.get("filter") or "")[:LONGEST]
    if kind not in WORDS or not text.strip():
        return None
    if measure is not None and measure.unit == "flag":
        return _of_flag(slug, kind, text, in_words(customers, slug))
    return Asked(slug=slug, what=WORDS[kind], text=text)


def _of_numbers(slug: str, kind: str, piece: Mapping[str, Any], parts: int) -> Asked | None:
    given = [piece.get("filter"), *([piece.get("filterTo")] if kind == "inRange" else [])]
    numbers = [float(v) / parts for v in given if isinstance(v, (int, float)) and abs(v) < 1e300]
    if kind not in NUMBERS or len(numbers) < len(given):
        return None
    return Asked(slug=slug, what=NUMBERS[kind], values=tuple(numbers))


def _of_flag(slug: str, kind: str, text: str, words: bool) -> Asked | None:
    """Yes and no as the page writes them, of a column that holds words or bools."""
    meant = [value for value in FLAGS if flag(value).startswith(text.strip().lower())]
    if len(meant) != 1:
        return None
    what = "not" if kind in ("notContains", "notEqual") else "is"
    asked = {"text": meant[0]} if words else {"values": (float(meant[0] == "true"),)}
    return Asked(slug=slug, what=what, **asked)
