"""The plain rules of all segments of a study."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.customers import Customers
from core.features.sampled import of_rows
from core.plain.columns import columns_of
from core.plain.found import MADE_FROM, MEASURED_ON, Finder, Plain
from core.plain.sql import DIALECTS, sql

_SEED: Final = 0


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
    """

    rules: tuple[Plain | None, ...]
    sql: tuple[dict[str, str], ...]
    customers: int


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
    rules: list[Plain | None] = [finder.rule(own == number) for number in range(1, k + 1)]
    said = [{dialect: sql(one.rule, dialect) for dialect in DIALECTS} for one in rules if one is not None]
    if (labels == 0).any():
        rules, said = [*rules, None], [*said, {}]
    return Plains(rules=tuple(rules), sql=tuple(said), customers=int(some.size))


def _drawn(n: int) -> np.ndarray:
    """Places of all of n customers, or of a sample as large as rules can use."""
    most = MADE_FROM + MEASURED_ON
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng([_SEED, n]).choice(n, most, replace=False))
