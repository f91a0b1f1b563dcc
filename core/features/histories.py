"""The orders of one customer of a log, asked from its lines."""

import datetime as dt
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.features.fates import BEFORE, USED, key_of_log, lines_with_fates, register
from core.features.history import MOST, History
from core.features.lines import key_type, net
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean, Source


def history(
    engine: Engine, dataset: Dataset, source: Source, clean: Clean, as_of: dt.date, customer: str
) -> History:
    """The orders of the customer with this id in a log, up to a snapshot day; none where nobody has the id.

    The net of those in the period adds up to the customer's spend after returns.
    """
    register(engine, dataset)
    days = replace(source, as_of=as_of)
    key = ("history", *key_of_log(dataset, clean), days.as_of, days.window)
    sql = engine.compiled(key, lambda: _orders(engine, dataset, days, clean))
    with engine.work() as work:
        work.lend("asked", pa.table({"customer": [_key(dataset, customer)]}, schema=_asked(dataset)))
        found = work.run(sql)
    return History(orders=found.slice(0, MOST), count=found.num_rows)


def _orders(engine: Engine, dataset: Dataset, source: Source, clean: Clean) -> ir.Table:
    kind = key_type(dataset.table.one("id"))
    lines = lines_with_fates(engine, dataset, source, clean)
    own = lines.semi_join(ibis.table({"customer": kind}, name="asked"), "customer")
    own = own.filter(own.fate.isin([USED, BEFORE]))
    found = own.group_by("day", order=own.order_key.cast("string")).agg(
        lines=own.count(),
        net=net(own).cast("float64").sum(),
        counted=(own.fate == USED).max(),
    )
    return found.order_by(found.day.desc(), found.order)


def _asked(dataset: Dataset) -> pa.Schema:
    whole = key_type(dataset.table.one("id")) == "int64"
    return pa.schema([("customer", pa.int64() if whole else pa.string())])


def _key(dataset: Dataset, customer: str) -> int | str | None:
    if key_type(dataset.table.one("id")) != "int64":
        return customer
    try:
        return int(customer)
    except ValueError:
        return None
