"""Small data sets written in a test, and the way from one to its results."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from core import pipeline
from core.features.customers import Customers, Measure
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Study

SAMPLE = Study.parse("k=3&sample=200")
"""A quick study of the demo with three segments."""

LOG_ROLES = {
    "order": "order",
    "customer": "id",
    "day": "date",
    "product": "product",
    "quantity": "quantity",
    "price": "unit_price",
    "discount": "discount",
    "status": "status",
    "country": "country",
}


def add(store: Store, text: str, roles: Mapping[str, str], **answers: str) -> Dataset:
    """Store a CSV text under a name of its own."""
    store.home.mkdir(exist_ok=True)
    path = store.home / f"{uuid.uuid4().hex}.csv"
    path.write_text(text.strip().replace(" ", "") + "\n")
    try:
        return store.add(path, roles=roles, answers=answers)
    finally:
        path.unlink()


def add_log(store: Store, text: str, **answers: str) -> Dataset:
    """Store a log; its first line names the columns, of which `LOG_ROLES` are known."""
    columns = text.strip().splitlines()[0].replace(" ", "").split(",")
    return add(store, text, {c: LOG_ROLES[c] for c in columns}, **answers)


def customers_of(store: Store, dataset: Dataset, query: str = "") -> Customers:
    """The customer sheet of a data set."""
    study = Study.parse(query).with_(ds=dataset.id)
    return pipeline.run(study, store, need="customers").customers


def column(customers: Customers, slug: str) -> dict[str, Any]:
    """A column of the sheet by customer; numbers rounded to nine digits."""
    values = customers.table[slug].to_pylist()
    rounded = [round(v, 9) if isinstance(v, float) else v for v in values]
    return dict(zip(customers.table["id"].to_pylist(), rounded, strict=True))


def sheet(
    columns: Mapping[str, Sequence[Any] | np.ndarray],
    units: Mapping[str, str] | None = None,
    levels: Mapping[str, tuple[str, ...]] | None = None,
    kind: str = "log",
) -> Customers:
    """A customer sheet of these columns, made by hand; numbers where no unit is given."""
    units, levels = units or {}, levels or {}
    n = len(next(iter(columns.values())))
    table: dict[str, Any] = {"id": [f"c{i:05d}" for i in range(n)]}
    table |= {slug: pa.array(list(values)) for slug, values in columns.items()}
    measures = tuple(
        Measure(slug=s, label=s.capitalize(), unit=units.get(s, "number"), levels=levels.get(s, ()))
        for s in columns
    )
    return Customers(kind=kind, table=pa.table(table), measures=measures, labels=(), ledger=())
