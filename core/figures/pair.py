"""Two measures against each other."""

from typing import Any

import numpy as np

from core.explore import Pair
from core.features.area import LOG
from core.features.customers import Measure
from core.figures.correlation import sentence
from core.figures.drawn import HOVER, LOG_AXIS, Drawn, Mark, Table, axis_title, figure, shown, small, table
from core.figures.theme import HIGH, INK, MAX_POINTS, SEQUENTIAL, group_colour
from core.words import about, cut, escape, plural


def pair(result: Pair, currency: str = "", r: float | None = None) -> Drawn:
    """A point per customer up to 20,000, coloured by group; above that how many stand where.

    Parameters
    ----------
    r : float, optional
        Their correlation, for the sentence above the chart.
    """
    traces = [_density(result, currency)] if result.points is None else _points(result)
    x, y = result.x, result.y
    grouped = result.points is not None and len(traces) > 1
    where = "" if result.points is not None else ", by how many stand in each place"
    said = f" {sentence(x.label, y.label, r)}." if r is not None else ""
    return Drawn(
        figure=figure(
            traces,
            showlegend=grouped,
            xaxis={**_axis(x, result.x_log, currency), "showgrid": True},
            yaxis=_axis(y, result.y_log, currency),
        ),
        table=_table(result, currency),
        alt=f"{plural(result.customers, 'customer')} by “{x.label}” (across) and “{y.label}” (up)"
        f"{where}.{said}",
        answer=said.strip()
        or f"{plural(result.customers, 'customer')} by “{cut(x.label)}” and “{cut(y.label)}”.",
        title=f"How do “{cut(x.label)}” and “{cut(y.label)}” go together?",
        caption=_left_out(result),
        height=HIGH,
        marks=_marks(result, currency),
        axes={"x": _named(x, result.x_log), "y": _named(y, result.y_log)},
    )


def _named(m: Measure, log: bool) -> str:
    return f"{LOG}{m.slug}" if log else m.slug


def _axis(m: Measure, log: bool, currency: str) -> dict[str, Any]:
    form = {"tickformat": ".0%"} if m.unit == "share" else {}
    title = axis_title(m.label, "" if m.unit == "share" else m.unit, currency)
    return {"title": {"text": title}, **form, **(LOG_AXIS if log else {})}


def _left_out(result: Pair) -> str:
    said = []
    if result.below:
        said.append(f"{plural(result.below, 'customer')} with zero or less not shown on these axes")
    if result.beyond:
        said.append(f"{plural(result.beyond, 'customer')} with far-off values not shown on these axes")
    if result.missing:
        said.append(f"{plural(result.missing, 'customer')} without both values")
    if result.points is None and len(result.groups) > 1:
        said.append("so many customers are counted in cells, without groups")
    return "; ".join(said)


def _points(result: Pair) -> list[dict[str, Any]]:
    assert result.points is not None
    points = result.points[:MAX_POINTS]
    group = None if result.group is None else result.group[:MAX_POINTS]
    if group is None or len(result.groups) < 2:
        return [_scatter(result, points, "", INK)]
    return [
        _scatter(result, points[group == at], name, group_colour(at))
        for at, name in enumerate(result.groups)
        if (group == at).any()
    ]


def _scatter(result: Pair, points: np.ndarray, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scattergl",
        "mode": "markers",
        "name": shown(name),
        "x": small(points[:, 0]),
        "y": small(points[:, 1]),
        "marker": {
            "color": colour,
            "size": 5 if len(points) < 5_000 else 4,
            "opacity": 0.65 if len(points) < 2_000 else 0.45,
        },
        # labels are data: they stand in meta, never in the template itself
        "meta": [
            escape(cut(result.x.label)),
            escape(cut(result.y.label)),
            f"<br>{escape(name)}" if name else "",
        ],
        "hovertemplate": "%{meta[0]}: %{x:,.4~r}<br>%{meta[1]}: %{y:,.4~r}%{meta[2]}<extra></extra>",
    }


def _density(result: Pair, currency: str) -> dict[str, Any]:
    assert result.grid is not None and result.x_edges is not None and result.y_edges is not None
    rows, columns = result.grid.shape
    return {
        "type": "heatmap",
        "x": result.x_edges,
        "y": result.y_edges,
        "z": small(np.log10(np.where(result.grid > 0, result.grid, np.nan))),
        "customdata": [[f"{row}.{column}" for column in range(columns)] for row in range(rows)],
        "colorscale": SEQUENTIAL,
        "showscale": False,
        "hoverongaps": False,
        "hovertext": [
            [_sentence(result, row, column, currency) for column in range(columns)] for row in range(rows)
        ],
        "hovertemplate": HOVER,
    }


def _sentence(result: Pair, row: int, column: int, currency: str) -> str:
    n = int(result.grid[row, column]) if result.grid is not None else 0
    return f"{plural(n, 'customer')}<br>{escape(_who(result, row, column, currency))}" if n else ""


def _who(result: Pair, row: int, column: int, currency: str) -> str:
    assert result.x_edges is not None and result.y_edges is not None
    across = _range(result.x, result.x_edges, column, currency)
    return f"{across}, {_range(result.y, result.y_edges, row, currency)}"


def _range(m: Measure, edges: np.ndarray, at: int, currency: str) -> str:
    low, high = (about(float(edges[i]), m.unit, currency) for i in (at, at + 1))
    return f"{cut(m.label)} {low} to {high}"


def _marks(result: Pair, currency: str) -> tuple[Mark, ...]:
    if result.grid is None:
        return ()
    return tuple(
        Mark(
            key=f"{row}.{column}",
            conditions=result.conditions(int(row), int(column)),
            customers=int(result.grid[row, column]),
            said=f"with {_who(result, int(row), int(column), currency)}",
        )
        for row, column in np.argwhere(result.grid)
    )


def _table(result: Pair, currency: str) -> Table:
    """A few steps of the first measure, with the middle customer of the second."""
    columns = (
        ("from", f"{result.x.label}, from", result.x.unit),
        ("to", "to", result.x.unit),
        ("customers", "Customers", "count"),
        ("middle", f"{result.y.label}, median", result.y.unit),
    )
    return table(columns, _of_grid(result) if result.points is None else _of_points(result.points), currency)


def _of_points(points: np.ndarray, parts: int = 10) -> list[tuple[float, float, int, float]]:
    order = np.argsort(points[:, 0], kind="stable")
    return [
        (
            float(points[own, 0].min()),
            float(points[own, 0].max()),
            int(own.size),
            float(np.median(points[own, 1])),
        )
        for own in np.array_split(order, parts)
        if own.size
    ]


def _of_grid(result: Pair, step: int = 6) -> list[tuple[float, float, int, float]]:
    assert result.grid is not None and result.x_edges is not None and result.y_edges is not None
    middles = (result.y_edges[:-1] + result.y_edges[1:]) / 2
    rows = []
    for start in range(0, result.grid.shape[1], step):
        counts = result.grid[:, start : start + step].sum(axis=1)
        total = int(counts.sum())
        end = min(start + step, result.grid.shape[1])
        if total:
            middle = float(middles[int(np.searchsorted(np.cumsum(counts), total / 2))])
            rows.append((float(result.x_edges[start]), float(result.x_edges[end]), total, middle))
    return rows
