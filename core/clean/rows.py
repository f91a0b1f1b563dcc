"""Repeated rows of a table."""

import ibis
import ibis.expr.types as ir


def mark_duplicates(table: ir.Table) -> ir.Table:
    """The table with `_duplicate`: true where an earlier row has the same value in every column."""
    columns = [c for c in table.columns if c != "_row"]
    same = ibis.window(group_by=columns, order_by="_row")
    return table.mutate(_duplicate=ibis.row_number().over(same) > 0)
