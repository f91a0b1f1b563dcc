"""Which sale each return undid: brackets of one customer, product and quantity."""

from typing import Final

import ibis
import ibis.expr.types as ir

_KEY: Final = ("customer", "_thing", "_size", "alike")
NO_PRODUCT: Final = -(2**63)
"""Stands for the product of a line without one, where products are whole numbers."""


def with_matches(lines: ir.Table, returned: ir.Table | None = None) -> ir.Table:
    """Mark each sale line that a return undid.

    A return is matched to the latest earlier sale line of the same customer, product and quantity, each once
    (without a product or quantity column, of the same amount paid: 5 back do not undo an order of 100).
    Sales and returns of one key are brackets, and a sale is matched when its bracket closes. The depth of a
    bracket is a running sum held at zero, so the pairs come out of window functions on any engine.

    Parameters
    ----------
    returned : ibis Table, optional
        `returned` of the lines, where it was computed before, or some of its columns: an engine that knows
        how few they are reads the lines past them instead of the other way round.

    Returns
    -------
    ibis Table
        The sale and return lines of every key that has a return, with `matched` (false for every return).
        Lines of other keys can't be matched and are not looked at, which on most logs is nearly all of them.
    """
    moves = _with_a_return(_keyed(lines), returned)
    # a tie in time is settled by the order's number as text, whatever the type of the column
    moves = moves.mutate(_number=moves.order_key.cast("string"))
    order = ["at", "_back", "_number", "row"]
    so_far = ibis.window(group_by=_KEY, order_by=order, preceding=None, following=0)
    moves = moves.mutate(_sum=(1 - 2 * moves._back.cast("int64")).sum().over(so_far))
    moves = moves.mutate(_depth=moves._sum - ibis.least(0, moves._sum.min().over(so_far)))
    before = moves._depth.lag(1).over(ibis.window(group_by=_KEY, order_by=order)).fill_null(0)
    moves = moves.mutate(_level=ibis.ifelse(moves._back == 1, before, moves._depth))
    level = ibis.window(group_by=[*_KEY, "_level"], order_by=order)
    closed = moves._back.lead(1).over(level).fill_null(0) == 1
    return moves.mutate(matched=(moves._back == 0) & closed).drop(
        "_size", "_thing", "_back", "_number", "_sum", "_depth", "_level"
    )


def returned(lines: ir.Table) -> ir.Table:
    """What returns are matched by, each once: customer, product, quantity and amount of what came back."""
    return _returned(_keyed(lines.filter(lines.back)))


def returned_schema(lines: ibis.Schema) -> ibis.Schema:
    """Names and types of what is returned of lines with this schema."""
    types = {"customer": lines["customer"], "_thing": lines["product"], "_size": "float64"}
    return ibis.schema({**types, "alike": lines["alike"]})


def undone(lines: ir.Table, returned: ir.Table) -> ir.Table:
    """Orders with lines that a return undid: `customer`, `order_key` and `undone`, their number."""
    found = with_matches(lines, returned)
    found = found.filter(found.matched)
    return found.group_by("customer", "order_key").agg(undone=found.count())


def unmatched(lines: ir.Table, back: ir.Table) -> ir.Table:
    """Return lines that undo no sale, by the rule of `with_matches`: `row` and what they are matched by.

    In a running count of sales less returns, such a return leads below all that was before, and below zero.

    Parameters
    ----------
    back : ibis Table
        `returned` of the lines, computed: asked for in the same query it would keep all lines in memory.
    """
    moves = _with_a_return(_keyed(lines), back)
    order = ["at", "_back", "row"]
    so_far = ibis.window(group_by=_KEY, order_by=order, preceding=None, following=0)
    before = ibis.window(group_by=_KEY, order_by=order, preceding=(None, 1))
    moves = moves.mutate(_sum=(1 - 2 * moves._back.cast("int64")).sum().over(so_far))
    moves = moves.mutate(_lowest=moves._sum.min().over(before).fill_null(0))
    return moves.filter((moves._back == 1) & (moves._sum < ibis.least(0, moves._lowest)))


def _keyed(lines: ir.Table) -> ir.Table:
    moves = lines.filter(lines.sold | lines.back)
    thing = moves["product"]
    missing = "" if thing.type().is_string() else NO_PRODUCT
    return moves.select(
        "row",
        "customer",
        "order_key",
        "at",
        "kind",
        "alike",
        _size=moves.units.abs(),
        _thing=thing.fill_null(missing),
        _back=moves.back.cast("int8"),
    )


def _with_a_return(moves: ir.Table, returned: ir.Table | None = None) -> ir.Table:
    keys = _returned(moves) if returned is None else returned
    return moves.semi_join(keys, list(keys.columns))


def _returned(moves: ir.Table) -> ir.Table:
    return moves.filter(moves._back == 1).select(*_KEY).distinct()
