"""The columns of a file without which some measures of its customers can't be what they are elsewhere."""

from collections.abc import Collection
from typing import Final

from core.features.catalog import columns_as_measures, synthesised
from core.io.dataset import Column, Dataset, TableRef

_ALWAYS: Final = (
    *("id", "order", "date", "quantity", "unit_price", "line_amount", "discount", "status", "product"),
)
"""Roles of a log that say which orders stand, when, and what they come to."""

_SUMS: Final[dict[str, tuple[str, ...]]] = {
    "monetary": ("spend",),
    "orders": ("frequency",),
    "average_order_value": ("spend", "frequency"),
    "recency": ("recency",),
    "tenure": ("since",),
}
"""Measure of a customer table -> roles of the columns that it is made of."""


def needed_columns(dataset: Dataset, slugs: Collection[str]) -> tuple[Column, ...]:
    """The columns of a data set's main table that columns of its customer sheet rest on, and its ids."""
    table = dataset.table
    if dataset.kind == "log":
        more = [role for role in ("country", "category") if any(_of(slug, role) for slug in slugs)]
        return table.by_role(*_ALWAYS, *more)
    roles = {role for slug in slugs for role in _SUMS.get(slug, ()) if slug in synthesised(table)}
    own = {column.slug for measure, column in _own(table) if measure in slugs}
    return tuple(c for c in table.columns if c.role in {"id", *roles} or c.slug in own)


def _of(slug: str, role: str) -> bool:
    """Whether a measure of a log is about a column of this role."""
    return slug == role if role == "country" else slug == "variety" or slug.startswith("cat_")


def _own(table: TableRef) -> list[tuple[str, Column]]:
    return [(measure.slug, column) for measure, column in columns_as_measures(table, synthesised(table))]
