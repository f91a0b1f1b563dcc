"""Small tables written as CSV and added to a store, for tests of what columns mean."""

from collections.abc import Mapping
from pathlib import Path

from core.io.dataset import Column, Dataset
from core.io.store import Store

Table = dict[str, list[object]]


def add(store: Store, table: Table, **options: Mapping[str, str]) -> Dataset:
    """Write the table as CSV beside the store and add it."""
    path = store.home.parent / f"table-{len(list(store.home.parent.iterdir()))}.csv"
    rows = zip(*table.values(), strict=True)
    lines = [";".join(table), *(";".join("" if v is None else str(v) for v in row) for row in rows)]
    Path(path).write_text("\n".join(lines) + "\n")
    return store.add(path, **options)  # type: ignore[arg-type]


def column(dataset: Dataset, name: str) -> Column:
    """The column with this shown name."""
    return next(c for c in dataset.columns if c.name == name)
