"""The plain rules of all segments of a study."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.customers import Customers
from core.features.sampled import of_rows
from core.plain.columns import columns_of
from core.plain.found import DEPTH, MADE_FROM, MEASURED_ON, Finder, Plain
from core.plain.sql import DIALECTS, sql

_SEED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shorter:
    """The rules of fewer questions; both as of `Plains`."""

    rules: tuple[Plain | None, ...]
    sql: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plains:
    """A plain rule per segment.

    Attributes
    ----------
    rules : tuple of (Plain or None)
        In the order of `Profile.segments`; None for “No segment”. Its sentence is
        `Plain.rule.said(currency)`.
    sql : tuple of dict of str to str
        In the same order, by dialect (`core.plain.DIALECTS`): the rule as a condition for `where` over the
        columns of the customer sheet; empty for “No segment”.
    customers : int
        Those that the rules were made from and measured on: all of the study, or a sample of them.
    shorter : tuple of Shorter
        The same of at most 1, 2, … questions, up to one less than those in `rules` may ask.
    """

    rules: tuple[Plain | None, ...]
    sql: tuple[dict[str, str], ...]
    customers: int
    shorter: tuple[Shorter, ...] = ()

    def of(self, at: int, questions: int = DEPTH) -> tuple[Plain | None, dict[str, str]]:
        """A segment's rule of at most so many questions, and its SQL."""
        found = self.shorter[questions - 1] if questions <= len(self.shorter) else self
        return found.rules[at], found.sql[at]


def plain_rules(customers: Customers, rows: np.ndarray, labels: np.ndarray, k: int) -> Plains:
    """The plainest rule that tells each segment from the rest of a study's customers.

    Parameters
    ----------
    rows : int array (n,)
        Of the customer sheet: the study's customers.
    labels : int array (n,)
        1…k, 0 for no segment.
    """
    some = _drawn(rows.size)
    sheet, own = of_rows(customers, rows[some]), labels[some]
    finder = Finder(columns_of(sheet, np.arange(some.size)), some.size, _SEED)
    found = [finder.rules(own == number) for number in range(1, k + 1)]
    without = bool((labels == 0).any())
    *shorter, longest = (_shorter([one[most] for one in found], without) for most in range(DEPTH))
    return Plains(rules=longest.rules, sql=longest.sql, customers=int(some.size), shorter=tuple(shorter))


def _shorter(rules: list[Plain], without: bool) -> Shorter:
    """Rules and their SQL, in the order of the segments; `without` says that some have no segment."""
    said = [{dialect: sql(one.rule, dialect) for dialect in DIALECTS} for one in rules]
    nobody: list[tuple[Plain | None, dict[str, str]]] = [(None, {})] if without else []
    both = [*zip(rules, said, strict=True), *nobody]
    return Shorter(rules=tuple(rule for rule, _ in both), sql=tuple(text for _, text in both))


def _drawn(n: int) -> np.ndarray:
    """Places of all of n customers, or of a sample as large as rules can use."""
    most = MADE_FROM + MEASURED_ON
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng([_SEED, n]).choice(n, most, replace=False))
