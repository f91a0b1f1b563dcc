"""Which of the included customers stay and can be compared, and the ledger of those who leave."""

from dataclasses import dataclass

import numpy as np

from core.clean import Compared, Step, missing_step, outlier_step, outside
from core.errors import UserError
from core.features.customers import Customers, LedgerRow
from core.spec import Clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Who stays of the n included customers.

    Attributes
    ----------
    stays : bool array (n,)
        Who is one of the study's customers.
    fitted : bool array (n,)
        Who has all compared values, or gets those that are missing.
    unusual : bool array (n,) or None
        Who has an unusually high or low value, where these are marked.
    """

    stays: np.ndarray
    fitted: np.ndarray
    unusual: np.ndarray | None
    steps: tuple[Step, ...]
    ledger: tuple[LedgerRow, ...]


def kept(
    customers: Customers,
    mask: np.ndarray,
    met: np.ndarray,
    rows: np.ndarray,
    columns: tuple[Compared, ...],
    clean: Clean,
) -> Kept:
    """Settle missing values first; what is unusual is judged among the customers who are then compared.

    Parameters
    ----------
    mask : bool array (len(customers),)
        Who is included; `rows` are these rows.
    met : bool array (len(customers),)
        Who meets the conditions; more than are included where only a sample of them is.
    columns : tuple of Compared
        Of the included customers.
    """
    ledger = []
    if not met.all():
        ledger.append(_out(customers, ~met, "outside_cohort", "Customers who are not included"))
    if not np.array_equal(met, mask):
        ledger.append(_out(customers, met & ~mask, "not_sampled", "Customers who are not in the sample"))
    complete = ~np.logical_or.reduce([np.isnan(c.values) for c in columns])
    fitted = complete if clean.missing in ("drop", "leave") else np.ones(rows.size, dtype=bool)
    _refuse_nobody(fitted)
    stays = fitted if clean.missing == "drop" else np.ones(rows.size, dtype=bool)
    if not stays.all():
        ledger.append(_out(customers, rows[~stays], "missing", "Customers with a missing value"))
    numbers = {c.label: c.values[fitted] for c in columns if c.kind == "number"}
    steps = (missing_step(columns, clean), outlier_step(numbers, clean.outliers))
    far = _far(numbers, fitted)
    if clean.outliers == "drop" and far.any():
        stays = stays & ~far
        _refuse_nobody(stays & fitted)
        ledger.append(_out(customers, rows[far], "outliers", "Customers with an unusually high or low value"))
    ledger.append(_out(customers, rows[stays], "segmented", "Customers in the segments", "total"))
    return Kept(
        stays=stays,
        fitted=fitted,
        unusual=far if clean.outliers == "flag" else None,
        steps=steps,
        ledger=tuple(ledger),
    )


def _far(numbers: dict[str, np.ndarray], fitted: np.ndarray) -> np.ndarray:
    """Who of all included has a value outside the limits of the middle half."""
    far = np.zeros(fitted.size, dtype=bool)
    if numbers:
        far[fitted] = np.logical_or.reduce([outside(values, "drop") for values in numbers.values()])
    return far


def _refuse_nobody(left: np.ndarray) -> None:
    if not left.any():
        raise UserError(
            "No customer is left after leaving out missing and extreme values.",
            "Fill or limit them instead, or choose fewer attributes.",
        )


def _out(customers: Customers, rows: np.ndarray, key: str, text: str, kind: str = "out") -> LedgerRow:
    log = customers.kind == "log" and customers.has("gross")  # else the name of a column of the file
    size = int(rows.sum()) if rows.dtype == bool else int(rows.size)

    def total(slug: str) -> float:
        return float(np.nansum(customers.number(slug)[rows]))

    money = None
    if log:
        money = total("gross") - total("discount") - total("returns")
    elif customers.has("monetary"):
        money = total("monetary")
    lines = int(total("lines")) if log else size
    return LedgerRow(
        key=key,
        kind=kind,
        text=text,
        rows=lines,
        customers=size,
        money=None if money is None else round(money, 4),
    )
