"""Customers by the levels of a measure: their codes, and the conditions that find each level again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from core.features.customers import AGES, Customers, age_bands
from core.param import TEXT_LIMIT, Filter
from core.words import flag

Conditions = tuple[Filter, ...]
OTHER: Final = "other"
NOT_KNOWN: Final = "not known"
EVERYBODY: Final = "All customers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Some customers by the levels of a measure.

    Attributes
    ----------
    codes : int array (n,)
        The place of each customer's level in `names`, −1 without a value.
    names : tuple of str
        As in the data, `OTHER` last where there are too many to name.
    conditions : tuple
        Per level who has it; None where a condition can't say it.
    """

    codes: np.ndarray
    names: tuple[str, ...]
    conditions: tuple[Conditions | None, ...]


def taken(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The values of some rows, which ascend, each once; of all of them without a copy."""
    everybody = rows.size == values.size > 0 and rows[0] == 0 and rows[-1] == rows.size - 1
    return values if everybody else values[rows]


def levels_of(customers: Customers, rows: np.ndarray, slug: str, most: int) -> Levels:
    """Customers by the levels of a category, band, flag or (in tens) age; at most so many levels."""
    m = customers.measure(slug)
    assert m is not None
    if m.unit == "age":
        codes, names = age_bands(customers, slug)
        return Levels(codes=taken(codes, rows), names=names, conditions=_of_ages(slug))
    codes, names = customers.codes(slug)
    codes = taken(codes, rows)
    if not m.levels:
        codes, names = _present(codes, names)
    conditions = _of_words(slug, names, most)
    if len(names) > most:
        codes, names = np.minimum(codes, most - 1), (*names[: most - 1], OTHER)
    shown = tuple(flag(name) for name in names) if m.unit == "flag" else names
    return Levels(codes=codes, names=shown, conditions=conditions)


def groups_of(customers: Customers, rows: np.ndarray, slug: str, most: int) -> Levels:
    """The same with everybody in a level: one without a measure or customers, else `NOT_KNOWN` last."""
    if customers.measure(slug) is None or not rows.size:
        return Levels(codes=np.zeros(rows.size, dtype=np.int32), names=(EVERYBODY,), conditions=((),))
    found = levels_of(customers, rows, slug, most)
    unknown = found.codes < 0
    if not unknown.any():
        return found
    return Levels(
        codes=np.where(unknown, len(found.names), found.codes),
        names=(*found.names, NOT_KNOWN),
        conditions=(*found.conditions, (Filter(slug, "missing"),)),
    )


def both(*parts: Conditions | None) -> Conditions | None:
    """Conditions that all hold; None where one of them can't be said."""
    found: list[Filter] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return tuple(dict.fromkeys(found))


def _present(codes: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The words that somebody has, most frequent first, and the codes of these."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
    places = np.full(len(names) + 1, -1, dtype=np.int32)
    places[order] = np.arange(order.size)
    return places[codes], tuple(names[at] for at in order)


def _of_words(slug: str, names: Sequence[str], most: int) -> tuple[Conditions | None, ...]:
    named = names if len(names) <= most else names[: most - 1]
    single: list[Conditions | None] = [_readable(Filter(slug, "eq", (name,))) for name in named]
    if len(names) <= most:
        return tuple(single)
    return (*single, _readable(Filter(slug, "not", tuple(named))))


def _readable(condition: Filter) -> Conditions | None:
    """The condition, if it is the same once it has been written into a link."""
    try:
        same = Filter.read(condition.write()) == condition
    except ValueError:
        return None
    return (condition,) if same and all(len(value) < TEXT_LIMIT for value in condition.values) else None


def _of_ages(slug: str) -> tuple[Conditions, ...]:
    ages = [str(age) for age in AGES]
    between = [(Filter(slug, "ge", (low,)), Filter(slug, "lt", (high,))) for low, high in pairwise(ages)]
    return ((Filter(slug, "lt", (ages[0],)),), *between, (Filter(slug, "ge", (ages[-1],)),))
