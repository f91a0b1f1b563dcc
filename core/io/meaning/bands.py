"""Ordered bands written as text: `<25`, `35-49K`, `65+`, `2) $100 - $200`, low / medium / high."""

import math
import re
from collections.abc import Sequence
from typing import Final

from core.io.meaning.blanks import is_blank_word

_SIGN: Final = r"(?:r\$|us\$|[$£€¥₹]|rs\.?|eur|usd|gbp|chf)?"
_UNIT: Final = (
    r"(?:[$£€¥₹%]|eur|usd|gbp|chf|percent|years?(?: old)?|yrs?|y/?o|jahren?|jahre|ans|años|anos|anni|jaar"
    r"|months?|monaten?|monate|mois|weeks?|days?|tagen?|tage|hours?|hrs?|minutes?|mins?|times?|x|orders?"
    r"|items?|pieces?|visits?|children|child|kids?|persons?|people|adults?|employees|km|miles?|kg|cm)?"
)
_NUMBER: Final = rf"{_SIGN}\s?(\d+(?:[.,]\d{{3}})*(?:[.,]\d+)?)\s?(k|m|mn|mio|tsd|bn)?\s?{_UNIT}"
_AND: Final = r"(?:and|or|und|oder|ou|et|y|o|e)"
_MORE: Final = r"(?:over|above|more|up|older|plus|greater|higher|mehr|älter|darüber|más|mais)"
_LESS: Final = r"(?:under|below|less|younger|lower|fewer|weniger|jünger|darunter|menos|moins)"
_BELOW: Final = (
    r"(?:<=?|≤|under|below|(?:less|fewer|lower|younger) than|up to|at most|unter|bis(?: zu| unter)?"
    r"|weniger als|moins de|menos de|meno di|hasta|até)"
)
_ABOVE: Final = (
    r"(?:>=?|≥|over|above|(?:more|greater|older) than|at least|from|über|ab|mehr als|plus de|más de|mais de"
    r"|più di|oltre|desde)"
)
_BETWEEN: Final = r"(?:-|–|—|\.\.|to|until|and|bis(?: unter)?|und|à|a|y)"
_SHAPES: Final = tuple(
    (shape, re.compile(pattern))
    for shape, pattern in (
        ("below", rf"^{_BELOW}\s?{_NUMBER}$"),
        ("below", rf"^{_NUMBER}\s{_AND}\s{_LESS}$"),
        ("below", rf"^[\[(]\s?-inf\s?[,;]\s?{_NUMBER}\s?[\])]$"),
        ("above", rf"^{_ABOVE}\s?{_NUMBER}$"),
        ("above", rf"^{_NUMBER}\s?(?:\+|plus|{_AND}\s{_MORE})\s?{_UNIT}$"),
        ("above", rf"^[\[(]\s?{_NUMBER}\s?[,;]\s?inf\s?[\])]$"),
        ("between", rf"^(?:from|von|between|zwischen|entre|de)?\s?{_NUMBER}\s?{_BETWEEN}\s?{_NUMBER}$"),
        ("between", rf"^[\[(]\s?{_NUMBER}\s?[,;]\s?{_NUMBER}\s?[\])]$"),
        ("exactly", rf"^{_NUMBER}$"),
    )
)
_LABEL: Final = re.compile(r"^(?:aged?|ages|alter)\s+")
_ORDINAL: Final = re.compile(r"^(?:(\d+)|([a-z]))(?:\s?[).:]\s+|\s-\s+(?=[^\d\s]))(?=\S)", re.IGNORECASE)
_NOUGHT: Final = frozenset(("none", "no", "zero", "nothing", "keine", "aucun", "ninguno", "nessuno"))
_TIMES: Final = {"": 1.0, "k": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "bn": 1e9}
_SCALES: Final = (
    (
        ("very low", "lowest", "sehr niedrig", "muy bajo"),
        ("low", "niedrig", "bajo", "faible", "basso", "laag"),
        ("medium", "mid", "middle", "average", "moderate", "mittel", "medio", "moyen", "midden"),
        ("high", "hoch", "alto", "élevé", "hoog"),
        ("very high", "highest", "sehr hoch", "muy alto"),
    ),
    (("small", "klein"), ("medium", "mittel"), ("large", "big", "groß"), ("very large", "extra large")),
    (("never", "nie"), ("rarely", "seldom", "selten"), ("sometimes", "manchmal"), ("often",), ("always",)),
    (("very bad", "very poor"), ("bad", "poor"), ("fair", "okay"), ("good",), ("very good",), ("excellent",)),
    (("basic", "standard"), ("bronze",), ("silver",), ("gold",), ("platinum",), ("diamond",)),
    (("strongly disagree",), ("disagree",), ("neutral", "neither"), ("agree",), ("strongly agree",)),
    (("beginner",), ("intermediate",), ("advanced",), ("expert",)),
)  # fmt: skip
"""Words in their order; the values of a column all have to be of one scale."""


def ordered_levels(values: Sequence[str]) -> tuple[str, ...]:
    """The values from low to high when all of them are bands of one scale, else ().

    Words such as `Unknown` have no place between bands and are in no level. Single numbers alone are no
    bands: one of the values has to be a range or open to one side.
    """
    known = [value for value in values if _has_place(value)]
    if len(known) < 2:
        return ()
    return _by_words(known) or _by_ordinals(known) or _by_spans(known)


def by_number_or_name(values: Sequence[str]) -> tuple[str, ...]:
    """The values from low to high where they are bands; else by the first number in each; else by name."""
    if levels := ordered_levels(values):
        return levels
    known = [value for value in values if not is_blank_word(value)] or list(values)
    found = [re.search(r"\d+(?:\.\d+)?", value) for value in known]
    if all(found):
        return _sorted(known, [(float(number.group()), 0.0) for number in found if number])
    return tuple(sorted(known))


def _has_place(value: str) -> bool:
    return value.strip().lower() in _NOUGHT or not is_blank_word(value)


def _by_words(values: Sequence[str]) -> tuple[str, ...]:
    lower = [value.strip().lower() for value in values]
    for scale in _SCALES:
        place = {word: float(i) for i, words in enumerate(scale) for word in words}
        if all(word in place for word in lower):
            return _sorted(values, [(place[word], 0.0) for word in lower])
    return ()


def _by_ordinals(values: Sequence[str]) -> tuple[str, ...]:
    """By a number before each value (`2) …`), or a letter where they are a, b, c …: `M: male` is a code."""
    found = [_ORDINAL.match(value.strip()) for value in values]
    marks = [(number, letter.lower()) for number, letter in (f.groups("") for f in found if f)]
    if len(set(marks)) < len(values):
        return ()
    if all(number for number, _ in marks):
        return _sorted(values, [(float(number), 0.0) for number, _ in marks])
    letters = [ord(letter) - ord("a") for _, letter in marks if letter]
    return _sorted(values, [(i, 0.0) for i in letters]) if sorted(letters) == list(range(len(values))) else ()


def _by_spans(values: Sequence[str]) -> tuple[str, ...]:
    spans = [_span(value) for value in values]
    known = [span for span in spans if span is not None]
    if len(known) < len(values) or all(low == high for low, high in known):
        return ()
    return _sorted(values, known)


def _sorted(values: Sequence[str], keys: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    return tuple(value for _, value in sorted(zip(keys, values, strict=True)))


def _span(value: str) -> tuple[float, float] | None:
    text = _LABEL.sub("", " ".join(value.lower().split()))
    if text in _NOUGHT:
        return 0.0, 0.0
    for shape, pattern in _SHAPES:
        if found := pattern.match(text):
            return _limits(shape, found.groups())
    return None


def _limits(shape: str, parts: Sequence[str | None]) -> tuple[float, float] | None:
    if shape == "between":
        low_digits, low_unit, high_digits, high_unit = parts
        high = _amount(high_digits, high_unit)
        lows = (_amount(low_digits, low_unit or high_unit), _amount(low_digits, low_unit))
        return next(((low, high) for low in lows if low < high), None)  # 35-49K is 35K, 500-1M is 500
    amount = _amount(*parts)
    return {"below": (-math.inf, amount), "above": (amount, math.inf), "exactly": (amount, amount)}[shape]


def _amount(digits: str | None, unit: str | None) -> float:
    whole = re.sub(r"[.,](?=\d{3}(?!\d))", "", digits or "0")
    return float(whole.replace(",", ".")) * _TIMES[unit or ""]
