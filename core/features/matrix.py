"""From the customer sheet to the numbers that are clustered: filled, capped, evened out, scaled, weighted."""

from dataclasses import dataclass

import numpy as np

from core.clean import Change, Compared, Step, changes, filled, limited, merged, rare_step
from core.errors import UserError
from core.features.compared import compared, default_columns, default_slugs
from core.features.customers import Customers, LedgerRow
from core.features.kept import Kept, kept
from core.features.prepare import Prepared, prepare, prepare_group
from core.spec import Clean, Features

__all__ = ["Matrix", "Prepared", "default_columns", "default_slugs", "matrix"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The compared numbers.

    Attributes
    ----------
    rows : int array (n,)
        Rows of the customer sheet, ascending: the customers of the study.
    x : float64 array (m, p)
        Compared numbers of the m ≤ n customers that have all of them.
    fitted : bool array (n,)
        Which of the n have all of them (all, unless missing values are left).
    names : tuple of str
        Names of the p columns; `gender=Female` for a level.
    unusual : bool array (n,) or None
        Which of the n have an unusually high or low compared number; None unless these are marked.
    changes : tuple of Change
        The columns that cleaning changed, before and after.
    """

    rows: np.ndarray
    x: np.ndarray
    fitted: np.ndarray
    names: tuple[str, ...]
    prepared: tuple[Prepared, ...]
    steps: tuple[Step, ...]
    ledger: tuple[LedgerRow, ...]
    notes: tuple[str, ...]
    unusual: np.ndarray | None = None
    changes: tuple[Change, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Slugs of the compared columns."""
        return tuple(p.slug for p in self.prepared)


def matrix(
    customers: Customers,
    mask: np.ndarray,
    features: Features,
    clean: Clean,
    came: tuple[Compared, ...] = (),
    met: np.ndarray | None = None,
) -> Matrix:
    """Prepare the compared columns of the included customers.

    Parameters
    ----------
    mask : bool array (len(customers),)
        Who is included.
    came : tuple of Compared, optional
        The compared columns as they came, where the recipe has changed rows of the file before: what is shown
        as before cleaning.
    met : bool array (len(customers),), optional
        Who meets the conditions, where only a sample of them is included.

    Raises
    ------
    UserError
        When nobody is left, or no column can be compared.
    """
    rows = np.flatnonzero(mask)
    if not rows.size:
        raise UserError("Nobody meets the conditions of “Who is included”.", "Remove or widen a condition.")
    raw, notes = compared(customers, rows, features)
    who = kept(customers, mask, mask if met is None else met, rows, raw, clean)
    before = tuple(c.of(who.stays & who.fitted) for c in raw)
    whole = filled(limited(before, clean.outliers), clean)
    after = tuple(merged(c, clean.rare) for c in whole)
    made = _prepared(before, after, features, notes)
    return Matrix(
        rows=rows[who.stays].astype(np.int64),
        x=np.ascontiguousarray(np.hstack([block for block, _ in made])),
        fitted=who.fitted[who.stays],
        names=tuple(name for _, p in made for name in p.names),
        prepared=tuple(p for _, p in made),
        steps=(*who.steps, *((rare_step(whole, after),) if clean.rare else ())),
        ledger=who.ledger,
        notes=tuple(notes),
        unusual=None if who.unusual is None else who.unusual[who.stays],
        changes=_changed(raw, after, who, came),
    )


def _prepared(
    before: tuple[Compared, ...], after: tuple[Compared, ...], features: Features, notes: list[str]
) -> list[tuple[np.ndarray, Prepared]]:
    """Blocks of the matrix with what was done, in the order of the columns; constant ones are noted."""
    found: dict[str, tuple[np.ndarray, Prepared]] = {}
    groups: dict[str, list[Compared]] = {}
    for was, column in zip(before, after, strict=True):
        made = prepare(column, was, features)
        if made is None:
            notes.append(f"{column.label} is the same for every customer and was left out of the grouping.")
            continue
        found[column.slug] = made
        if column.group:
            groups.setdefault(column.group, []).append(column)
    for together in groups.values():
        if len(together) > 1:
            blocks = prepare_group(together, features)
            found |= {c.slug: block for c, block in zip(together, blocks, strict=True)}
    if not found:
        raise UserError(
            "Every attribute chosen has one value only.", "Choose attributes in which customers differ."
        )
    return list(found.values())


def _changed(
    raw: tuple[Compared, ...], after: tuple[Compared, ...], who: Kept, came: tuple[Compared, ...]
) -> tuple[Change, ...]:
    """The columns of the included customers of which cleaning changed a value, or left one out."""
    used = who.stays & who.fitted
    first = {c.slug: c for c in came}
    found = []
    for was, column in zip(raw, after, strict=True):
        same = np.array_equal(was.values[used], column.values, equal_nan=True) and who.stays.all()
        change = changes(first.get(column.slug, was), column)
        if not same or (came and change.moved):
            found.append(change)
    return tuple(found)
