"""Moments as the business lives them: those that were written with a time zone, in the data set's own."""

import ibis
import ibis.expr.types as ir

from core.io.dataset import Column, Dataset

_UTC = "UTC"


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp(6)"), "timestamp('UTC')"))
def _known_as(zone, moment):  # type: ignore[no-untyped-def]
    """A moment whose clock showed this in the zone."""


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp(6)"))
def _shown_in(zone, moment):  # type: ignore[no-untyped-def]
    """What a clock in the zone shows at a moment."""


def local(value: ir.Value, column: Column, dataset: Dataset) -> ir.Value:
    """A column of days or times, as a clock in the data set's time zone shows them.

    Times that were written with a zone are stored in UTC; all others stand as they were written, which is the
    time of the place they come from.
    """
    if not column.zoned or column.type != "datetime" or dataset.time_zone == _UTC:
        return value
    return _shown_in(dataset.time_zone, _known_as(_UTC, value.cast("timestamp(6)")))
