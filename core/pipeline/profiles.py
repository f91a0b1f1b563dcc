"""What pages about segments ask beyond a profile, each a stage of its own."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import numpy as np

from core.change import DAYS, Change, change
from core.cluster.contract import Progress, silent
from core.crossed import Crossed, crossed
from core.differences import Differences, differences, made_of
from core.drivers import Drivers, drivers
from core.errors import UserError
from core.features.customers import Customers
from core.io.dataset import Dataset
from core.margins import Margins, margins
from core.pipeline.stages import Results, Through, key_of, no_cache, staged
from core.plain import Plains, plain_rules
from core.profile import Bought
from core.profile.baskets import baskets
from core.spec import Study

LINES: Final = 2_000_000
"""Lines of a log up to which it is read once more for its categories: about 4 seconds of a processor."""

KEPT_LINES: Final = 20_000_000
"""Lines of a log up to which a second sheet of its customers is kept."""


def profiled(
    study: Study, store: Any, dataset: Dataset, results: Results, through: Through, progress: Progress
) -> Results:
    """Results with a clustering, and all that is said of its segments beyond their profile.

    Whatever is said of a segment stands at its place in `Profile.segments`: a reference, which gives the
    segments other numbers and names, keeps their places.
    """
    customers, matrix, found = results.customers, results.matrix, results.clustering
    assert matrix is not None and found is not None
    made = made_of(matrix, found)
    progress("Comparing the segments with the rest", 0.0)
    apart = staged(
        Differences, key_of(study, "differences"), through, lambda: differences(customers, matrix, found)
    )
    progress("Asking what separates the segments", 0.15)
    ranked = staged(
        Drivers,
        key_of(study, "drivers"),
        through,
        lambda: drivers(customers, matrix.rows, made, found.labels),
    )
    progress("Putting each segment into a plain rule", 0.35)
    rules = staged(
        Plains,
        key_of(study, "plain"),
        through,
        lambda: plain_rules(customers, matrix.rows, found.labels, found.k),
    )
    table = staged(Crossed, key_of(study, "crossed"), through, lambda: crossed(customers, matrix, found))
    leads = staged(Margins, key_of(study, "margins"), through, lambda: margins(matrix, found))
    progress("Adding up what they buy", 0.55)
    sold = staged(
        Bought, key_of(study, "bought"), through, lambda: _bought(study, store, dataset, results, through)
    )
    progress("Looking at who was where 30 days before", 0.6)
    moved = staged(
        Change, key_of(study, "change"), through, lambda: _change(study, store, dataset, results, through)
    )
    return replace(
        results,
        differences=apart,
        drivers=ranked,
        plain=rules,
        crossed=table,
        margins=leads,
        bought=sold,
        change=moved,
    )


def _bought(study: Study, store: Any, dataset: Dataset, results: Results, through: Through) -> Bought:
    """What the segments buy, from a customer sheet with shares of categories that is not kept."""
    customers, matrix, found = results.customers, results.matrix, results.clustering
    assert matrix is not None and found is not None
    asked, ref = study.source.extras, dataset.table
    if customers.kind != "log" or "categories" in asked or ref.one("category") is None or ref.rows > LINES:
        return Bought()
    other = study.alone.with_(extras=",".join([*asked, "categories"]))
    try:
        sheet = _sheet(other, store, dataset, through)
    except MemoryError:  # the rest of the page stands without it
        return Bought()
    numbers = [*range(1, found.k + 1), *([0] if (found.labels == 0).any() else [])]
    groups = [np.asarray(found.labels == number) for number in numbers]
    return Bought(baskets=baskets(sheet, matrix.rows, groups))


def _change(study: Study, store: Any, dataset: Dataset, results: Results, through: Through) -> Change:
    customers, matrix, found = results.customers, results.matrix, results.clustering
    assert matrix is not None and found is not None
    try:
        then = _then(study, store, dataset, customers, through)
        return change(customers, matrix, found, study.cohort, then)
    except UserError as error:
        return Change(reason=str(error))
    except MemoryError:  # the rest of the page stands without it
        return Change(reason="There is not enough memory to look at the customers of 30 days before as well.")


def _then(study: Study, store: Any, dataset: Dataset, customers: Customers, through: Through) -> Customers:
    """The customer sheet as it was 30 days before the snapshot day.

    Raises
    ------
    UserError
        Where there was none.
    """
    if customers.kind != "log" or customers.as_of is None:
        raise UserError(
            "A customer table says how customers are, not how they were.", "Add the log of orders."
        )
    day = customers.as_of - dt.timedelta(days=DAYS)
    if customers.first_day is not None and day < customers.first_day:
        raise UserError(f"The orders of this file go back under {DAYS} days.", "Add older orders.")
    other = study.alone.with_(as_of=day.isoformat())
    return _sheet(other, store, dataset, through)


def _sheet(study: Study, store: Any, dataset: Dataset, through: Through) -> Customers:
    """A second customer sheet of a log, without what answers to questions would move.

    It depends on no choice about the segments, and is kept for the next one; of a very large log it would
    take the room of what people look at.
    """
    from core.features.log_sheet import log_sheet

    return staged(
        Customers,
        f"beside-{key_of(study, 'customers')}",
        through if dataset.table.rows <= KEPT_LINES else no_cache,
        lambda: log_sheet(store.engine, dataset, study.source, study.clean, silent),
    )
