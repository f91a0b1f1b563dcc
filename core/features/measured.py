"""The measures of the customers in the view `lines`: the engine adds lines up, sorted arrays do the rest."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.asked import Asker
from core.features.coded import number_of, numbers
from core.features.folded import Blocks, Folded, folded, keys_of, lived_blocks, named, others, with_undone
from core.features.matches import returned, undone
from core.features.measures import measures
from core.features.pairs import Bought, Packing, bought, packed, packing
from core.features.variety import variety, variety_of

_NONE: Final = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`core.features.measures.measures` of all customers, and what they were made of."""

    sheet: pa.Table
    blocks: Blocks
    folded: tuple[Folded, ...]


def measured(ask: Asker, table: pa.Table, products: tuple[int, int] | None) -> Measured:
    """Measure the customers of the view `lines`; the table `others` is there from then on.

    Parameters
    ----------
    table : pyarrow Table
        `core.features.blocks.dated` blocks of these lines.
    products : (low, high) or None
        Between which the lines' products lie, where these are whole numbers and nothing else stands in.
    """
    scene = ask.scene
    with ThreadPoolExecutor(ask.engine.threads) as pool:
        blocks = lived_blocks(table, pool)
        reading = pool.submit(_packed, ask, blocks, products)  # the engine reads while orders are folded
        parts = list(pool.map(folded, blocks.some()))
        lines = reading.result()
        found = None if lines is None else bought(*lines, pool)
        undone = _undone(ask, found)
        key, gone = keys_of(blocks, undone), numbers(undone["undone"])
        if key.size:
            parts = [with_undone(some, key, gone) for some in parts]
        start = number_of(scene.start)
        left = named(blocks, np.concatenate([_NONE, *(others(some.orders, start) for some in parts)]))
        ask.work.lend("others", left)
        kinds = variety_of(blocks, _variety(ask, found, left))
        sheets = pool.map(
            lambda some: measures(some, kinds, scene.as_of, scene.window, scene.returns),
            parts or [folded(blocks)],
        )
        return Measured(sheet=pa.concat_tables(sheets), blocks=blocks, folded=tuple(parts))


def _packed(
    ask: Asker, blocks: Blocks, products: tuple[int, int] | None
) -> tuple[np.ndarray, Packing] | None:
    """The packed lines; None where lines can't be packed into one number each."""
    who, scene = blocks.customer, ask.scene
    if products is None or who.words is not None or not len(blocks):
        return None
    how = packing((who.low, who.low + who.size - 1), products)
    if how is None:
        return None
    sql = ask.sql("packed", lambda: packed(scene.lived_lines, how, scene.start), how)
    return ask.work.numbers(sql, blocks.lines), how


def _undone(ask: Asker, found: Bought | None) -> pa.Table:
    """`core.features.matches.undone` of the lines."""
    scene, work = ask.scene, ask.work
    if found is None:
        work.keep("returned", ask.sql("returned", lambda: returned(scene.lived_lines)))
        gone = ask.run("undone", lambda: undone(scene.lived_lines, scene.returned))
        work.drop("returned")
        return gone
    if not found.suspects.num_rows:
        return pa.table(
            {"customer": pa.nulls(0, pa.int64()), "order_key": pa.nulls(0), "undone": pa.nulls(0)}
        )
    work.lend("suspects", found.suspects)
    gone = ask.run("undone of suspects", lambda: undone(scene.lived_lines, scene.suspects))
    work.take_back("suspects")
    return gone


def _variety(ask: Asker, found: Bought | None, left: pa.Table) -> pa.Table:
    """`core.features.variety.variety` per customer, without the orders that are `left` out."""
    scene = ask.scene
    if not scene.varied:
        return pa.table({"customer": left["customer"].slice(0, 0), "variety": pa.nulls(0, pa.int64())})
    if found is None:
        return ask.run("variety", lambda: variety(scene.sales_counted, scene.mixed))
    if not left.num_rows:
        return found.variety
    theirs = pc.is_in(found.variety["customer"], value_set=pc.unique(left["customer"]))
    again = ask.run(
        "variety again",
        lambda: variety(scene.sales_counted.semi_join(scene.others, "customer"), scene.mixed),
    )
    return pa.concat_tables([found.variety.filter(pc.invert(theirs)), again])
