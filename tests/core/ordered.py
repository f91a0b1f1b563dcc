"""The orders of a log, as the customer sheet is made from them."""

import pyarrow as pa

from core.features.folded import order_table
from core.features.gathered import measured_at_once, opened
from core.features.scene import scene_of
from core.io.dataset import Dataset
from core.io.store import Store
from core.spec import Clean, Source


def orders_of(store: Store, dataset: Dataset) -> pa.Table:
    """`core.features.folded.order_table` of a log under the default recipe."""
    scene = scene_of(dataset, Source(), Clean())
    with store.engine.work() as work:
        log = opened(store.engine, work, dataset, Source(), Clean(), scene, parts=1)
        found = measured_at_once(log)
        return order_table(found.blocks, found.folded, timed=True)
