"""Which customer table goes with which log."""

from core.errors import UserError
from core.io.dataset import Dataset


def check_join(log: Dataset, people: Dataset) -> None:
    """Refuse two tables that can't be joined on the customer's number.

    Raises
    ------
    UserError
        When the one is no log, the other no customer table, or one of them lacks the number.
    """
    if log.kind != "log":
        raise UserError(
            f"{log.name} has one row per customer: nothing can be joined to it.", "Choose an order log."
        )
    if people.kind != "customers":
        raise UserError(
            f"{people.name} has one row per order line, not one per customer.", "Choose a customer table."
        )
    for dataset in (log, people):
        if dataset.table.one("id") is None:
            raise UserError(
                f"{dataset.name} has no column with the customer number.",
                "Choose the column under What the columns mean.",
            )
