"""Who is included, or shown: conditions on the columns of the customer sheet."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from core.features.customers import Customers
from core.features.sampled import first_by_hash
from core.param import Filter
from core.spec import Cohort

_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


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


def included(customers: Customers, filters: tuple[Filter, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which customers meet every condition.

    A condition on a column that is not there, or whose value can't be read, is ignored with a note.

    Returns
    -------
    mask : bool array (n,)
    notes : tuple of str
    """
    mask = np.ones(len(customers), dtype=bool)
    notes = []
    for condition in filters:
        if not customers.has(condition.column):
            notes.append(
                f"This data set has no column “{condition.column}”; the condition on it was ignored."
            )
            continue
        try:
            mask &= meets(customers, condition)
        except ValueError as error:
            notes.append(f"The condition “{condition.write()}” was ignored: {error}.")
    return mask, tuple(notes)


def meets(customers: Customers, condition: Filter) -> np.ndarray:
    """Which customers meet one condition; ValueError where its values can't be read as the column's kind."""
    found = customers.measure(condition.column)
    textual = condition.column == "id" or (found is not None and not found.numeric)
    if textual and condition.op in ("eq", "in", "missing"):
        return _words(customers, condition)
    if textual and not (found is not None and found.levels):
        raise ValueError("words have no order; use “is” or “is one of”")
    if found is None and not _holds_numbers(customers, condition.column):
        raise ValueError("this column can't be compared")
    x = customers.number(condition.column)
    if condition.op == "missing":
        return np.isnan(x)
    values = (
        _level_ranks(found.levels, condition) if found is not None and found.levels else _numbers(condition)
    )
    with np.errstate(invalid="ignore"):
        if condition.op == "between":
            low, high = sorted(values)
            return (x >= low) & (x <= high)
        if condition.op in ("eq", "in"):
            return np.isin(x, values)
        return np.asarray(_COMPARE[condition.op](x, values[0]), dtype=bool)


def _holds_numbers(customers: Customers, slug: str) -> bool:
    kind = customers.table.schema.field(slug).type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _words(customers: Customers, condition: Filter) -> np.ndarray:
    codes, levels = customers.codes(condition.column)
    if condition.op == "missing":
        return codes < 0
    return np.isin(codes, [i for i, level in enumerate(levels) if level in condition.values])


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
