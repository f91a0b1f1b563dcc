"""The demo data set as the store keeps it: its generator's tables, with what their columns mean."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pyarrow as pa

from core import demo
from core.child import Progress
from core.io.columns.values import settle
from core.io.dataset import Dataset
from core.io.readers.parquet import raw
from core.io.sets.arrival import Arrival, arrived
from core.io.sets.versions import settled

NAME: Final = "Demo shop"

_ROLES: Final = {
    "order_id": "order",
    "order_date": "date",
    "customer_id": "id",
    "product": "product",
    "category": "category",
    "country": "country",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "discount": "discount",
}
_PEOPLE_ROLES: Final = {
    "customer_id": "id",
    "age": "age",
    "gender": "gender",
    "city": "category",
    "income_band": "band",
}
_ANSWERS: Final = {"discount": "before"}


def made(ds: str, tell: Progress) -> tuple[Dataset, tuple[Arrival, Arrival]]:
    """The demo under the id `ds`, and its two tables: order lines, people."""
    tell("Making the demo shop", 0.1)
    shop = demo.generate()
    tell("Storing the demo shop", 0.7)
    lines, people = _known(shop.lines, _ROLES), _known(shop.people, _PEOPLE_ROLES)
    whole = settled(replace(lines.dataset, people=people.dataset.table, name=NAME), {}, _ANSWERS)
    return replace(whole, id=ds, currency="€", decisions=(), warnings=()), (lines, people)


def _known(table: pa.Table, roles: Mapping[str, str]) -> Arrival:
    found = arrived(settle(raw(table)))
    dataset = settled(found.dataset, roles, {})
    columns = tuple(replace(c, reason="known from the demo") for c in dataset.columns)
    return replace(found, dataset=replace(dataset, table=replace(dataset.table, columns=columns)))
