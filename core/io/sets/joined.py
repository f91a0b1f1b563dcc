"""Which customer table goes with which log, and what stays of one that is deleted."""

from collections.abc import Sequence

from core.errors import UserError
from core.io.dataset import KINDS, Dataset


def check_join(log: Dataset, people: Dataset) -> None:
    """Refuse two tables that can't be joined on the customer's number.

    Raises
    ------
    UserError
        When the one is no log, the other no customer table, or one of them lacks the number.
    """
    if log.kind != "log":
        raise UserError(
            f"{log.name} has {KINDS[log.kind]}: nothing can be joined to it.", "Choose an order log."
        )
    if people.kind != "customers":
        raise UserError(
            f"{people.name} has {KINDS[people.kind]}, not one per customer.", "Choose a customer table."
        )
    for dataset in (log, people):
        if dataset.table.one("id") is None:
            raise UserError(
                f"{dataset.name} has no column with the customer number.",
                "Choose the column under What the columns mean.",
            )


def stays(logs: Sequence[str]) -> str:
    """The sentence on a customer table whose rows outlive it in the logs of these names; "" without any."""
    named = ", ".join(f"“{name}”" for name in logs)
    return f"Its rows stay in {named}, to which it is joined." if logs else ""
