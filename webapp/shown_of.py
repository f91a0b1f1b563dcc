"""Charts of whole segments under “Show only”: marks say how many they count and how many of these open."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.figures.drawn import Drawn, Mark, Table


def both_said(drawn: Drawn, whole: Sequence[Mark], left: Sequence[int]) -> Drawn:
    """A drawing whose marks, hovers and table say both numbers where they differ.

    Parameters
    ----------
    whole : sequence of Mark
        As drawn.
    left : sequence of int
        How many of each mark's customers are shown.
    """
    fewer = {
        m.key: f"<br>{n:,} of these are shown" for m, n in zip(whole, left, strict=True) if n != m.customers
    }
    marks = tuple(_mark(m, n) for m, n in zip(whole, left, strict=True))
    if not fewer:
        return replace(drawn, marks=marks)
    for trace in drawn.figure.data:
        _hovers(trace, fewer)
    rows = {m.row: n for m, n in zip(whole, left, strict=True) if m.row is not None}
    return replace(drawn, marks=marks, table=_table(drawn.table, rows) if rows else drawn.table)


def _mark(mark: Mark, left: int) -> Mark:
    said = mark.said if left == mark.customers else f"{mark.said}, of {mark.customers:,} in all"
    return replace(mark, customers=left, said=said)


def _table(table: Table, shown: Mapping[int, int]) -> Table:
    return replace(
        table,
        columns=(*table.columns, ("shown", "Of these shown")),
        rows=tuple((*row, shown.get(at)) for at, row in enumerate(table.rows)),
        units=(*table.units, "count"),
    )


def _hovers(trace: Any, fewer: Mapping[str, str]) -> None:
    texts = trace.hovertext
    if texts is None:
        return
    keys = trace.customdata
    usual = fewer.get(str(trace.legendgroup), "") if keys is None else ""
    trace.hovertext = _longer(texts, keys, fewer, usual)


def _longer(text: Any, key: Any, fewer: Mapping[str, str], usual: str) -> Any:
    """Each text with what is said of its key, whose first value counts; both may be nested alike."""
    if text is None:
        return None
    if isinstance(text, str):
        first = key[0] if key is not None and not isinstance(key, str) and _many(key) else key
        return text + fewer.get(str(first), usual)
    keys = key if key is not None else [None] * len(text)
    return [_longer(one, own, fewer, usual) for one, own in zip(text, keys, strict=True)]


def _many(key: Any) -> bool:
    return hasattr(key, "__len__") and len(key) > 0
