"""Who is included, or shown: conditions on the columns of the customer sheet."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import held, texts
from core.features import order_months
from core.features.area import Area, box_on_map, on_map
from core.features.customers import Customers
from core.features.grouping import Grouping, Other
from core.features.sampled import first_by_hash
from core.param import BARE, Filter
from core.spec import Cohort

_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


SEGMENT: Final = "segment"
"""The column of a condition that stands for the segments of the study: `segment:eq:2`, 0 for none."""

WITHIN: Final = "within"
"""The column of a condition that stands for a polygon over two columns: `core.features.area`."""

OURS: Final = "__"
"""After these words where a column of the file has the name; a file's slugs never end so."""


MOVED: Final = "moved"
"""`moved__1:eq:1`: who is in another segment in the first other model of a comparison. `segment__1:eq:2`: who
is in segment 2 there. `segment__0:eq:2`: who was in segment 2 30 days ago, −1 for who was new."""

AGO: Final = 0
UP, DOWN, ASIDE = 1, 2, 3
"""The numbers of `moved__0`: to a segment of higher value, of lower value, from or to no segment."""

_OF_OTHER: Final = re.compile(rf"({SEGMENT}|{MOVED}){OURS}([0-9])\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """Who of n customers is in a study.

    Attributes
    ----------
    mask : bool array (n,)
        Who is included.
    met : bool array (n,)
        Who meets the conditions; more than are included where a sample of them is.
    notes : tuple of str
    """

    mask: np.ndarray
    met: np.ndarray
    notes: tuple[str, ...]


def of_study(customers: Customers, cohort: Cohort) -> Included:
    """Who meets the conditions and, where a study asks for a sample, is one of so many of them.

    A sample is chosen by a hash of the ids: it is the same for any order of the rows, and a larger one holds
    every customer of a smaller one.
    """
    met, notes = included(customers, cohort.where)
    mask, rows = met, np.flatnonzero(met)
    if cohort.sample is not None and cohort.sample < rows.size:
        mask = np.zeros_like(met)
        mask[rows[first_by_hash(customers.table["id"].take(rows), cohort.sample)]] = True
    return Included(mask=mask, met=met, notes=notes)


def column_for(customers: Customers, word: str) -> str:
    """What `SEGMENT` or `WITHIN` is called in conditions on these customers.

    A column of the file of that name keeps it; two signs `_` never stand in a file's slugs.
    """
    return f"{word}{OURS}" if customers.has(word) else word


def is_about(customers: Customers, condition: Filter, word: str) -> bool:
    """Whether a condition is about `SEGMENT` or `WITHIN`, in its short form or in ours alone."""
    return condition.column in (f"{word}{OURS}", column_for(customers, word))


def in_segment(customers: Customers, *numbers: int) -> Filter:
    """The condition to be in one of these segments, 0 for none, as links say it."""
    return spelled(customers, of_segment(*numbers))


def of_segment(*numbers: int) -> Filter:
    """The condition to be in one of these segments, 0 for none, whatever columns the file has."""
    op = "eq" if len(numbers) == 1 else "in"
    return Filter(f"{SEGMENT}{OURS}", op, tuple(str(number) for number in numbers))


def spelled(customers: Customers, condition: Filter) -> Filter:
    """A condition as links say it: `segment:eq:2`, unless the file has a column of that name."""
    word = condition.column.removesuffix(OURS)
    ours = condition.column.endswith(OURS) and word in (SEGMENT, WITHIN)
    return replace(condition, column=column_for(customers, word)) if ours else condition


def area_of_map(*box: float) -> Filter:
    """The condition to lie in a box of the map (left, right, bottom, top), whatever columns the file has."""
    return Filter(f"{WITHIN}{OURS}", "in", box_on_map(*box))


def in_other(model: int, number: int) -> Filter:
    """The condition to be in a segment, 0 for none, of the other model at this place of a comparison."""
    return Filter(f"{SEGMENT}{OURS}{model}", "eq", (str(number),))


def moving_to(model: int, moves: bool = True) -> Filter:
    """The condition to be in another segment there, or in the one that is matched with the own."""
    return Filter(f"{MOVED}{OURS}{model}", "eq", (str(int(moves)),))


def moved_since(*how: int) -> Filter:
    """The condition to have moved in 30 days: `UP`, `DOWN`, `ASIDE`, or any of several."""
    return Filter(f"{MOVED}{OURS}{AGO}", "in" if len(how) > 1 else "eq", tuple(str(one) for one in how))


def of_other(condition: Filter) -> tuple[str, int] | None:
    """`SEGMENT` or `MOVED` and the other model that a condition is about; None for any other condition.

    A model is its place in a comparison, or `AGO` for the own segments of 30 days ago.
    """
    found = _OF_OTHER.match(condition.column)
    return (found[1], int(found[2])) if found else None


def asks_others(filters: tuple[Filter, ...]) -> bool:
    """Whether a condition is about other models: it takes a comparison to know who meets it."""
    return any(asked[1] != AGO for asked in map(of_other, filters) if asked)


def asks_ago(filters: tuple[Filter, ...]) -> bool:
    """Whether a condition is about 30 days ago: it takes the stage `change` to know who meets it."""
    return any(asked[1] == AGO for asked in map(of_other, filters) if asked)


def asks_fit(filters: tuple[Filter, ...]) -> bool:
    """Whether a condition may be about segments or the map: it takes a fit to know who meets it."""
    words = (SEGMENT, f"{SEGMENT}{OURS}")
    return any(f.column in words or on_map(f) or of_other(f) for f in filters)


def of_fit(customers: Customers, condition: Filter) -> bool:
    """Whether a condition is about the segments of a study, its map, or what it is compared with."""
    if is_about(customers, condition, SEGMENT) or of_other(condition):
        return True
    return is_about(customers, condition, WITHIN) and on_map(condition)


def included(
    customers: Customers, filters: tuple[Filter, ...], grouping: Grouping | None = None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which customers meet every condition.

    A condition on a column that is not there, or whose value can't be read, is ignored with a note.

    Parameters
    ----------
    grouping : Grouping, optional
        What a study has made of them; without it a condition on segments or the map is ignored with a note.

    Returns
    -------
    mask : bool array (n,)
    notes : tuple of str
    """
    mask = np.ones(len(customers), dtype=bool)
    notes = []
    for condition in filters:
        try:
            mask &= _who_meets(customers, condition, grouping)
        except _Ignored as said:
            notes.append(str(said))
        except ValueError as error:
            notes.append(f"The condition “{condition.write()[:60]}” was ignored: {error}.")
    return mask, tuple(notes)


class _Ignored(ValueError):
    """A condition that can't be asked; the text is its note."""


def _who_meets(customers: Customers, condition: Filter, grouping: Grouping | None) -> np.ndarray:
    if of_fit(customers, condition):
        return _of_fit(condition, grouping)
    if is_about(customers, condition, WITHIN):
        return Area.read(condition).holds(customers)
    if order_months.about_months(customers, condition):
        return order_months.met(customers, condition)
    if not customers.has(condition.column):
        raise _Ignored(f"This data set has no column “{condition.column}”; the condition on it was ignored.")
    return meets(customers, condition)


def _of_fit(condition: Filter, grouping: Grouping | None) -> np.ndarray:
    if grouping is None:
        raise _Ignored(
            "Segments and their map are made of those who are included: a condition on them can only be "
            "shown, and was ignored."
        )
    asked = of_other(condition)
    if asked is not None:
        return _of_other(condition, asked[0], _other(asked[1], grouping))
    if on_map(condition):
        return Area.read(condition).around(*grouping.places().T.astype(np.float64))
    return _of_segments(condition, grouping.segments)


def _other(model: int, grouping: Grouping) -> Other:
    others = grouping.others() if model != AGO else ()
    found = grouping.ago() if model == AGO else others[model - 1] if model <= len(others) else None
    if found is None:
        what = "no such other grouping" if model != AGO else "no earlier day"
        raise _Ignored(f"This view is compared with {what}; the condition on its segments was ignored.")
    return found


def _of_other(condition: Filter, word: str, other: Other) -> np.ndarray:
    if word == SEGMENT:
        return _of_segments(condition, other.segments)
    if condition.op not in ("eq", "in"):
        raise ValueError("whether somebody moves is one of a few numbers; use “is”")
    return np.asarray((other.segments >= 0) & np.isin(other.moved, _numbers(condition)))


def _of_segments(condition: Filter, segments: np.ndarray) -> np.ndarray:
    if condition.op not in ("eq", "in"):
        raise ValueError("segments have no order; use “is” or “is one of”")
    return np.isin(segments, _numbers(condition))


def meets(customers: Customers, condition: Filter) -> np.ndarray:
    """Which customers meet one condition; ValueError where its values can't be read as the column's kind."""
    found = customers.measure(condition.column)
    textual = condition.column == "id" or (found is not None and not found.numeric)
    if textual and condition.op in ("eq", "in", "not", "missing", "known"):
        return _words(customers, condition)
    if textual and not (found is not None and found.levels):
        raise ValueError("words have no order; use “is” or “is one of”")
    if found is None and not _holds_numbers(customers, condition.column):
        raise ValueError("this column can't be compared")
    x = customers.number(condition.column)
    if condition.op in BARE:
        return np.isnan(x) == (condition.op == "missing")
    values = (
        _level_ranks(found.levels, condition) if found is not None and found.levels else _numbers(condition)
    )
    with np.errstate(invalid="ignore"):
        if condition.op == "between":
            low, high = sorted(values)
            return (x >= low) & (x <= high)
        if condition.op in ("eq", "in"):
            return np.isin(x, values)
        if condition.op == "not":
            return ~np.isnan(x) & ~np.isin(x, values)
        return np.asarray(_COMPARE[condition.op](x, values[0]), dtype=bool)


def _holds_numbers(customers: Customers, slug: str) -> bool:
    kind = customers.table.schema.field(slug).type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _words(customers: Customers, condition: Filter) -> np.ndarray:
    known, named = _named(customers, condition)
    if condition.op in BARE:
        return ~known if condition.op == "missing" else known
    return known & ~named if condition.op == "not" else named


def _named(customers: Customers, condition: Filter) -> tuple[np.ndarray, np.ndarray]:
    """Who has a word at all, and who one of the condition's; there may be as many words as customers."""
    column, found = customers.table[condition.column], customers.measure(condition.column)
    if pa.types.is_string(column.type) and not (found is not None and found.levels):
        named = pc.is_in(column, value_set=texts(condition.values), skip_nulls=True)
        return held(column.is_valid(), 0) > 0, held(named, 0) > 0
    codes, levels = customers.codes(condition.column)
    return codes >= 0, np.isin(codes, [i for i, level in enumerate(levels) if level in condition.values])


def _level_ranks(levels: tuple[str, ...], condition: Filter) -> list[float]:
    unknown = [v for v in condition.values if v not in levels]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(levels)}")
    return [float(levels.index(v)) for v in condition.values]


def _numbers(condition: Filter) -> list[float]:
    found = []
    for text in condition.values:
        try:
            found.append(float(text))
        except ValueError:
            raise ValueError(f"{text!r} is not a number") from None
    return found
