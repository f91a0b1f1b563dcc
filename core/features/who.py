"""Conditions as what customers have in common: `who spent 20 to 50, in “Big buyers”`."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from core.features import order_months
from core.features.area import Area
from core.features.cohort import AGO, DOWN, MOVED, SEGMENT, UP, WITHIN, is_about, of_other
from core.features.customers import Customers, Measure
from core.features.labels import LABELS
from core.param import BARE, Filter
from core.words import about, cut, flag, plural

Names = Mapping[int | tuple[int, int], str]
"""Names of the segments by their numbers; of another model of a comparison by its place and their numbers,
and its own by its place and −1."""

_NO_NAMES: Final[Names] = {}
_MOST_WORDS: Final = 3
_MOVED: Final[Mapping[tuple[str, ...], str]] = {
    (str(UP),): "who moved up in the last 30 days",
    (str(DOWN),): "who moved down in the last 30 days",
    ("0",): "who were in the same segment 30 days ago",
}
_SCORES: Final = {
    "r": "last order",
    "f": "how often",
    "m": "how much",
    "fm": "how much and how often",
}
_LIMITS: Final = {"lt": "under {}", "le": "at most {}", "gt": "over {}", "ge": "{} or more"}
_HALF_OPEN: Final = "from"
"""Stands for two conditions, `ge` and `lt`, where they are said as one; no link has it."""

_SAME: Final = 1e-6
"""Values nearer to each other than this part of them are said as one: points are sent in single precision."""

_LABEL_CODES: Final = {"1": "marked “{}”", "0": "not marked “{}”", "-1": "who can't be judged for “{}”"}
_SAID: Final[dict[str, str]] = {
    "monetary": "who spent {}",
    "recency": "who last ordered {} ago",
    "tenure": "who came {} ago",
    "orders": "with {}",
}
"""How the most usual measures are said, by slug; `with Age 25 to 34` for any other."""


def who(customers: Customers, filters: Sequence[Filter], names: Names = _NO_NAMES) -> str:
    """Several conditions, to stand after a number of customers; empty without one. Not escaped."""
    joined = _joined(customers, tuple(dict.fromkeys(filters)))
    found = list(dict.fromkeys(phrase(customers, one, names) for one in joined))
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _joined(customers: Customers, filters: tuple[Filter, ...]) -> list[Filter]:
    """Conditions, where two that give a measure a first and an end value are one: `5 to under 10`."""
    ends = _single(filters, "lt")
    starts = _single(filters, "ge")
    found = []
    for one in filters:
        measure = customers.measure(one.column)
        if measure is None or one.column not in ends or one.column not in starts:
            found.append(one)
        elif one.op == "ge":
            found.append(_between(measure, one, ends[one.column]))
        elif one.op != "lt":
            found.append(one)
    return found


def _single(filters: tuple[Filter, ...], op: str) -> dict[str, Filter]:
    """The conditions of a kind by column, where it is the only one of its kind there."""
    counts = Counter(f.column for f in filters if f.op == op)
    return {f.column: f for f in filters if f.op == op and counts[f.column] == 1}


def _between(measure: Measure, start: Filter, end: Filter) -> Filter:
    """From a value to under another; of whole numbers to the last that is under it."""
    low, high = start.values[0], end.values[0]
    if measure.unit in ("count", "age") and low.isdigit() and high.isdigit():
        last = str(int(high) - 1)
        return (
            Filter(start.column, "eq", (low,))
            if low == last
            else Filter(start.column, "between", (low, last))
        )
    return Filter(start.column, _HALF_OPEN, (low, high))


def phrase(customers: Customers, condition: Filter, names: Names = _NO_NAMES) -> str:
    """One condition: `who spent 20 to 50`, `in “Big buyers”`, `without Income`."""
    special = special_phrase(customers, condition, names)
    if special:
        return special
    measure = customers.measure(condition.column)
    label = measure.label if measure is not None else condition.column.replace("_", " ")
    label = _SCORES[condition.column] if _is_score(customers, condition) else label
    if condition.op == "missing":
        return f"without “{cut(label, 60)}”"
    if condition.op == "known":
        return f"whose “{cut(label, 60)}” is known"
    flags = measure is not None and measure.unit == "flag"
    values = replace(condition, values=tuple(map(flag, condition.values))) if flags else condition
    if condition.op == "not":
        return f"whose “{cut(label, 60)}” is not {_words(values.values)}"
    if measure is None or not measure.numeric:
        return f"with “{cut(label, 60)}” {_ordered(values, _words)}"
    return _measured(measure, condition, customers.currency)


def special_phrase(customers: Customers, condition: Filter, names: Names = _NO_NAMES) -> str:
    """A condition that is not on a measure: segments, areas, months, labels, scores; empty for another."""
    other = of_other(condition)
    if other is not None:
        return _in_other(condition, *other, names)
    if is_about(customers, condition, SEGMENT):
        return _in_segments(condition, names)
    if is_about(customers, condition, WITHIN):
        return _in_area(customers, condition)
    if order_months.about_months(customers, condition):
        said = order_months.in_words(customers, condition)
        return f"who {said[:1].lower()}{said[1:]}".replace("who first order in", "whose first order was in")
    if condition.column in LABELS and condition.op == "eq":
        return _LABEL_CODES.get(condition.values[0], "").format(LABELS[condition.column])
    if _is_score(customers, condition) and condition.op not in ("not", *BARE):
        return f"with {_SCORES[condition.column]} {_ordered(condition, ' or '.join)} of 5"
    return ""


def _is_score(customers: Customers, condition: Filter) -> bool:
    return condition.column in _SCORES and customers.measure(condition.column) is None


def _in_segments(condition: Filter, names: Mapping[Any, str]) -> str:
    numbers = [int(text) if text.isascii() and text.isdigit() else -1 for text in condition.values[:60]]
    said = [f"“{cut(names[n], 60)}”" if n in names else f"segment {n}" for n in numbers if n > 0]
    told = [f"in {_either(said)}"] if said else []
    told += ["without a segment"] if 0 in numbers else []
    return " or ".join(told) or "in no segment of this view"


def _in_other(condition: Filter, word: str, model: int, names: Names) -> str:
    """In a segment of another model, or in another one than here; the model is known by its place."""
    if model == AGO:
        return _ago(condition, word, names)
    there = f"“{cut(names[model, -1], 60)}”" if (model, -1) in names else f"grouping {model + 1}"
    if word == MOVED:
        moves = condition.values[:1] != ("0",)
        return f"who are in another segment in {there}" if moves else f"who keep their segment in {there}"
    said = {key[1]: name for key, name in names.items() if isinstance(key, tuple) and key[0] == model}
    return f"{_in_segments(condition, said)} of {there}"


def _ago(condition: Filter, word: str, names: Names) -> str:
    if word == MOVED:
        return _MOVED.get(condition.values, "who were in another segment 30 days ago")
    if condition.values == ("-1",):
        return "who came in the last 30 days"
    return f"{_in_segments(condition, names)} 30 days ago"


def _in_area(customers: Customers, condition: Filter) -> str:
    try:
        area = Area.read(condition)
    except ValueError:
        return "in an area of a chart"
    if area.on_map:
        return "in an area of the map"
    found = [customers.measure(slug) for slug in area.columns]
    across, up = (cut(m.label, 60) if m is not None else "a column" for m in found)
    return f"in an area of “{across}” and “{up}”"


def _measured(measure: Measure, condition: Filter, currency: str) -> str:
    def one(text: str) -> str:
        return _valued(text, measure.unit, currency)

    condition = plainly(measure, condition)
    said = _ordered(condition, lambda values: _either([one(v) for v in values]), one)
    days = measure.unit == "days" and measure.slug in _SAID
    if measure.slug == "orders":
        said = f"{said} {'order' if said == '1' else 'orders'}"
    said = f"{said} {'day' if said == '1' else 'days'}" if days else said
    return _SAID.get(measure.slug, f"with “{cut(measure.label, 60)}” {{}}").replace("{}", said)


def plainly(measure: Measure, condition: Filter) -> Filter:
    """A condition between two values as it was meant: the one value of a point, the first and last whole
    number of a box over whole numbers; any other as it is."""
    if condition.op != "between" or not measure.numeric:
        return condition
    try:
        low, high = sorted(float(value) for value in condition.values)
    except ValueError:
        return condition
    if low < high and high - low <= _SAME * max(abs(low), abs(high)):
        return replace(condition, op="eq", values=(f"{(low + high) / 2:.9g}",))
    if measure.unit in ("count", "age") and math.ceil(low) <= math.floor(high):
        return replace(condition, values=(str(math.ceil(low)), str(math.floor(high))))
    return condition


def _ordered(
    condition: Filter,
    several: Callable[[Sequence[str]], str],
    one: Callable[[str], str] = str,
) -> str:
    """The values of a condition with what it asks of them."""
    if condition.op == "between":
        low, high = condition.values
        return f"{one(low)} to {one(high)}"
    if condition.op == _HALF_OPEN:
        return f"{one(condition.values[0])} to under {one(condition.values[1])}"
    if condition.op in _LIMITS:
        return _LIMITS[condition.op].replace("{}", one(condition.values[0]))
    return several(condition.values)


def _valued(text: str, unit: str, currency: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return cut(text, 40)
    return about(value, "whole" if unit == "money" and value.is_integer() else unit, currency)


def _words(values: Sequence[str]) -> str:
    return _either([f"“{cut(value, 40)}”" for value in values])


def _either(said: Sequence[str]) -> str:
    rest = len(said) - _MOST_WORDS
    if rest > 0:
        said = [*said[:_MOST_WORDS], plural(rest, "other")]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
