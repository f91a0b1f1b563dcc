"""Ordered bands written as text: `<25`, `35-49K`, `65+`, `2) $100 - $200`, low / medium / high."""

import math
import re
from collections.abc import Sequence
from typing import Final

_NUMBER: Final = (
    r"[$£€¥]?\s?(\d+(?:[.,]\d{3})*(?:\.\d+)?)\s?(k|m|mio|tsd)?\s?(?:[$£€¥%]|years?|yrs?|eur|usd|gbp)?"
)
_ORDINAL: Final = re.compile(r"^(\d+)\s?[).:]\s+(?=\S)")
_SHAPES: Final = (
    (
        "below",
        re.compile(rf"^(?:<=?|≤|under|below|less than|up to|unter|bis|moins de|menos de)\s?{_NUMBER}$"),
    ),
    (
        "above",
        re.compile(rf"^(?:>=?|≥|over|above|more than|from|über|ab|plus de|más de|mais de)\s?{_NUMBER}$"),
    ),
    ("above", re.compile(rf"^{_NUMBER}\s?(?:\+|and over|and above|or more|and more|plus|und mehr)$")),
    ("between", re.compile(rf"^{_NUMBER}\s?(?:-|–|—|to|bis|à|a|until)\s?{_NUMBER}$")),
    ("exactly", re.compile(rf"^{_NUMBER}$")),
)
_TIMES: Final = {"": 1.0, "k": 1e3, "tsd": 1e3, "m": 1e6, "mio": 1e6}
_WORDS: Final = {
    word: place
    for place, words in enumerate(
        (
            ("very low", "lowest", "sehr niedrig"),
            ("low", "niedrig", "bajo", "faible", "basso"),
            ("medium", "mid", "middle", "average", "mittel", "medio", "moyen"),
            ("high", "hoch", "alto", "élevé"),
            ("very high", "highest", "sehr hoch"),
        )
    )
    for word in words
}


def ordered_levels(values: Sequence[str]) -> tuple[str, ...]:
    """The values from low to high when all of them are bands of one scale, else ().

    Single numbers alone are no bands: one of the values has to be a range or open to one side.
    """
    if len(values) < 2:
        return ()
    if all(value.lower() in _WORDS for value in values):
        places = [float(_WORDS[value.lower()]) for value in values]
        return _sorted(values, [(place, place) for place in places])
    ordinals = [_ORDINAL.match(value) for value in values]
    if all(ordinals):
        return _sorted(values, [(float(found.group(1)), 0.0) for found in ordinals if found])
    spans = [_span(value) for value in values]
    known = [span for span in spans if span is not None]
    if len(known) < len(values) or all(low == high for low, high in known):
        return ()
    return _sorted(values, known)


def by_number_or_name(values: Sequence[str]) -> tuple[str, ...]:
    """The values from low to high where they are bands; else by the first number in each; else by name."""
    found = [re.search(r"\d+(?:\.\d+)?", value) for value in values]
    if levels := ordered_levels(values):
        return levels
    if all(found):
        return _sorted(values, [(float(number.group()), 0.0) for number in found if number])
    return tuple(sorted(values))


def _sorted(values: Sequence[str], keys: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    return tuple(value for _, value in sorted(zip(keys, values, strict=True)))


def _span(value: str) -> tuple[float, float] | None:
    text = value.lower().strip()
    for shape, pattern in _SHAPES:
        if found := pattern.match(text):
            return _limits(shape, found.groups())
    return None


def _limits(shape: str, parts: Sequence[str | None]) -> tuple[float, float] | None:
    if shape == "between":
        low_digits, low_unit, high_digits, high_unit = parts
        low = _amount(low_digits, low_unit or high_unit)
        high = _amount(high_digits, high_unit)
        return (low, high) if low < high else None
    amount = _amount(*parts)
    return {"below": (-math.inf, amount), "above": (amount, math.inf), "exactly": (amount, amount)}[shape]


def _amount(digits: str | None, unit: str | None) -> float:
    return float(re.sub(r"[.,](?=\d{3}(?!\d))", "", digits or "0")) * _TIMES[unit or ""]
