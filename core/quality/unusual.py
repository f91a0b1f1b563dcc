"""Rows whose numbers rarely occur together (isolation forest, Liu, Ting and Zhou 2008), on a sample."""

from typing import Final

import numpy as np
import pyarrow as pa

from core.io.names import listed
from core.quality.columns import is_amount
from core.quality.contract import Problem
from core.quality.narrow import closely, used
from core.quality.sample import sample
from core.quality.subject import RAW, Subject, Touched

MOST_ROWS: Final = 20_000
FEWEST_ROWS: Final = 50
SEED: Final = 0
SCORE: Final = 0.6
"""From this anomaly score on a row is unusual; half of a cloud without any has 0.5 (Liu et al., 2008, §2)."""


def unusual(values: np.ndarray) -> np.ndarray:
    """Which rows are much easier to tell apart from the rest than most: an anomaly score of at least 0.6.

    Parameters
    ----------
    values : float array (n, p)
        NaN where missing.

    Returns
    -------
    bool array (n,)
    """
    from sklearn.ensemble import IsolationForest  # takes a second to load

    forest = IsolationForest(random_state=SEED).fit(values)
    # like rows one after the other take the same way through each tree, which is a third less time
    order = np.argsort(values[:, 0])
    found = np.empty(len(values), dtype=bool)
    found[order] = -forest.score_samples(values[order]) >= SCORE
    return found


def unusual_combinations(subject: Subject) -> Problem | None:
    """Unusual combinations of the amounts of at most 20,000 rows; None with under two amounts or 50 rows."""
    ref = subject.dataset.table
    columns = [c for c in closely(ref.columns) if used(c) and is_amount(c) and c.distinct > 1]
    if len(columns) < 2 or ref.rows < FEWEST_ROWS:
        return None
    rows = subject.rows([c.slug for c in columns])
    some = sample(rows.rename(_row="row"), ref.rows, MOST_ROWS)
    kept = {RAW + c.slug: some[RAW + c.slug].cast("float64") for c in columns}
    found = subject.engine.run(some.select("_row", "customer", "money", **kept)).sort_by("_row")
    flags = unusual(np.column_stack([_numbers(found[name]) for name in kept]))
    if not flags.any():
        return None
    return _problem(subject, found, flags, [c.name for c in columns], ref.rows > MOST_ROWS)


def _problem(
    subject: Subject, found: pa.Table, flags: np.ndarray, names: list[str], sampled: bool
) -> Problem:
    touched = _touched(subject, found.filter(pa.array(flags)))
    of = f"a sample of {len(found):,}" if sampled else f"{len(found):,}"
    return Problem(
        key="unusual",
        text=f"{touched.rows:,} of {of} {subject.noun}s have values that rarely occur together"
        f" ({listed(names, 4)}).",
        rows=touched.rows,
        customers=touched.customers,
        money=touched.money,
        severity="low",
        sampled=sampled,
    )


def _touched(subject: Subject, rows: pa.Table) -> Touched:
    table = pa.table(
        {
            "rows": [len(rows)],
            "customers": [len(rows["customer"].drop_null().unique())],
            "money": [sum(float(m) for m in rows["money"].drop_null().to_pylist())],
        }
    )
    return subject.touched(table)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return np.array(column.to_numpy(), dtype=np.float64)
