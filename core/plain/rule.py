"""A rule: what it says in words, and whom it picks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.words import flag, number

Table = Mapping[str, np.ndarray]
"""Column name -> values (m,): numbers with NaN where missing, words with an empty one where missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one column must be.

    Attributes
    ----------
    low, high : float or None
        Of a number: at least `low`, under `high`.
    words : tuple of str
        Of a category: one of these; with `but` none of these.
    known : bool or None
        Whether there is a value at all.
    whole : bool
        Whether the column holds whole numbers, for the words: “at most 2” is “under 3”.

    A missing value meets no other condition, as in SQL.
    """

    column: str
    label: str
    unit: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    but: bool = False
    known: bool | None = None
    whole: bool = False

    def meets(self, table: Table) -> np.ndarray:
        """Which rows meet it, bool (m,)."""
        values = table[self.column]
        if self.known is not None:
            return np.asarray(_is_known(values) == self.known)
        if self.words:
            among = np.isin(values, np.array(self.words, dtype=object))
            return np.asarray(~among & (values != "") if self.but else among)
        found = ~np.isnan(values)
        if self.low is not None:
            found &= values >= self.low
        if self.high is not None:
            found &= values < self.high
        return np.asarray(found)

    def said(self, currency: str = "") -> str:
        """In words: `orders at least 5`."""
        label = self.label[:1].lower() + self.label[1:] if self.label[1:2].islower() else self.label
        if self.known is not None:
            return f"{label} {'known' if self.known else 'not known'}"
        if self.words:
            words = map(flag, self.words) if self.unit == "flag" else self.words
            return f"{label} {'not ' if self.but else ''}{' or '.join(words)}"
        if self.whole and self.high is not None and self.unit == "count":
            return f"{label} {_counted(self.low, self.high - 1)}"
        low, high = (_value(v, self.unit, currency) for v in (self.low, self.high))
        if low is not None and high is not None:
            return f"{label} from {low} to under {high}"
        return f"{label} at least {low}" if low is not None else f"{label} under {high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Alternatives, each of conditions that must all be met; nobody meets a rule without alternatives."""

    alternatives: tuple[tuple[Condition, ...], ...]

    @property
    def conditions(self) -> int:
        """How many there are in all."""
        return sum(len(one) for one in self.alternatives)

    def picks(self, table: Table) -> np.ndarray:
        """Which rows meet it, bool (m,)."""
        rows = len(next(iter(table.values())))
        found = np.zeros(rows, dtype=bool)
        for conditions in self.alternatives:
            every = np.ones(rows, dtype=bool)
            for condition in conditions:
                every &= condition.meets(table)
            found |= every
        return found

    def said(self, currency: str = "") -> str:
        """In words, without a full stop; empty where nobody meets it."""
        spoken = [" and ".join(c.said(currency) for c in one) for one in self.alternatives]
        text = "; or ".join(spoken)
        return text[:1].upper() + text[1:]


def _is_known(values: np.ndarray) -> np.ndarray:
    return np.asarray(~np.isnan(values) if values.dtype.kind == "f" else values != "")


def _counted(low: float | None, most: float) -> str:
    """The whole numbers from one to another, both included."""
    if low is None:
        return f"at most {most:,.10g}"
    return f"{low:,.10g}" if low == most else f"{low:,.10g} to {most:,.10g}"


def _value(value: float | None, unit: str, currency: str) -> str | None:
    """A round number with all of its digits: a rule's words are the rule."""
    if value is None:
        return None
    if unit == "share":
        return f"{round(100 * value, 8):,.10g} %"
    plain, sign = f"{abs(value):,.10g}", "−" if value < 0 else ""
    if unit != "money" or not currency:
        return sign + plain
    return sign + number(0, "whole", currency).replace("0", plain, 1)
