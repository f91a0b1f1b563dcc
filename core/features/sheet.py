"""From a stored data set to the customer sheet: the log's way, and the customer table's."""

from collections.abc import Callable
from dataclasses import replace

from core.features.customers import Customers
from core.features.effects import effects
from core.features.log_sheet import log_sheet
from core.features.table_sheet import table_sheet
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean, Source


def customer_sheet(
    engine: Engine,
    dataset: Dataset,
    source: Source,
    clean: Clean,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Customers:
    """The customer sheet of a data set.

    Parameters
    ----------
    progress : callable, optional
        Called with (stage in plain words, share 0..1).

    Raises
    ------
    UserError
        When no customer is left to segment.
    """
    if dataset.kind == "log":
        found = log_sheet(engine, dataset, source, clean, progress)
        return replace(found, effects=effects(engine, dataset, _net_now(dataset, clean, found)))
    return replace(table_sheet(engine, dataset, source, clean), effects=effects(engine, dataset))


def _net_now(dataset: Dataset, clean: Clean, found: Customers) -> float | None:
    """Net sales of the lines with a customer, where the ledger adds up just the same lines."""
    if dataset.table.one("status") is not None or clean.blanks or clean.duplicates == "drop":
        return None
    return next(row.money for row in found.ledger if row.key == "known")
