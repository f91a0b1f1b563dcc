"""Tables of very many columns, a few at a time: compiling takes longer the more a query knows of."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from core.io.dataset import Column

CLOSELY: Final = 100
"""So many columns are looked at with quartiles, histograms and checks; each costs a twentieth of a second."""

_AT_ONCE: Final = 40
_UNUSED: Final = ("ignore", "personal", "email", "consent")


def used(column: Column) -> bool:
    """Whether anything is computed from the column."""
    return column.role not in _UNUSED and not column.personal


def closely(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that are looked at closely: those that are used before the others, in the file's order."""
    if len(columns) <= CLOSELY:
        return tuple(columns)
    ranked = sorted(columns, key=lambda c: not used(c))[:CLOSELY]
    chosen = {c.slug for c in ranked}
    return tuple(c for c in columns if c.slug in chosen)


def in_parts(columns: Sequence[Column]) -> Iterator[Sequence[Column]]:
    """The columns in groups small enough for one query."""
    return (columns[at : at + _AT_ONCE] for at in range(0, len(columns), _AT_ONCE))


def narrow(table: ir.Table, slugs: Iterable[str]) -> ir.Table:
    """A stored table as if it had no other columns than these and the row's number.

    The time to compile a query grows with the columns of its tables, whether it asks for them or not.
    """
    schema = table.schema()
    return ibis.table({slug: schema[slug] for slug in dict.fromkeys(("_row", *slugs))}, name=table.get_name())
