"""What each customer spent and ordered month by month, from the lines of a log."""

import datetime as dt
from dataclasses import replace

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.blocks import dated
from core.features.customers import Customers
from core.features.folded import order_table
from core.features.gathered import Progress, each_part, opened
from core.features.lines import net
from core.features.measured import measured
from core.features.order_months import number_of
from core.features.scene import Scene, scene_of
from core.features.spent import Spent
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.spec import Clean, Source


def spending(
    engine: Engine,
    dataset: Dataset,
    source: Source,
    clean: Clean,
    customers: Customers,
    progress: Progress = lambda stage, share: None,
    parts: int = 0,
) -> Spent:
    """What each customer of a log's sheet spent and ordered, month by month.

    Parameters
    ----------
    parts : int
        In how many parts of customers it is gathered; 0 as the engine's memory allows.
    """
    days = replace(source, as_of=customers.as_of, extras=())
    found = []
    with engine.work() as work:
        log = opened(engine, work, dataset, days, clean, scene_of(dataset, days, clean), parts)
        ask, scene = log.asker, log.asker.scene
        for blocks in each_part(log, progress):
            table = dated(blocks, scene.as_of, scene.start)
            orders = measured(ask, table, log.products)
            work.lend("blocks", table)
            work.lend("orders", order_table(orders.blocks, orders.folded, scene.timed))
            found.append(ask.run("spent", lambda: _spent(scene)))
            del blocks, table, orders  # room for the next part
    return _of_sheet(pa.concat_tables(found), customers)


def _spent(scene: Scene) -> ir.Table:
    """`customer` (text), `month` (date), `net` and `orders`, as `core.features.counts.months` counts them."""
    used = scene.used.mutate(month=scene.used.day.truncate("M").cast("date"))
    sums = used.group_by("customer", "month").agg(
        gross=used.gross.sum(), discount=used.discount.sum(), returned=used.returned.sum()
    )
    standing = scene.counted.mutate(month=scene.counted.day.truncate("M").cast("date"))
    made = standing.group_by("customer", "month").agg(orders=standing.count())
    kept = sums.gross - sums.discount if scene.returns == "exclude" else net(sums)
    joined = sums.mutate(net=kept).left_join(made, ["customer", "month"])
    return joined.select(
        customer=joined.customer.cast("string"),
        month=joined.month,
        net=joined.net.cast("float64"),
        orders=joined.orders.fill_null(0),
    )


def _of_sheet(found: pa.Table, customers: Customers) -> Spent:
    """The rows of customers who are on the sheet, by their place there."""
    at = pc.index_in(found["customer"], value_set=customers.table["id"].combine_chunks())
    known = np.asarray(at.is_valid().to_numpy(), dtype=bool)
    days = found["month"].cast(pa.date32()).to_numpy()
    months = days.astype("datetime64[M]").astype(np.int64) + number_of(dt.date(1970, 1, 1))
    return Spent(
        customer=at.fill_null(0).to_numpy()[known].astype(np.int32),
        month=months[known].astype(np.int32),
        net=found["net"].fill_null(0).to_numpy()[known].astype(np.float64),
        orders=found["orders"].to_numpy()[known].astype(np.int32),
    )
