"""Two measures against each other."""

from typing import Any

import numpy as np

from core.explore import Pair
from core.figures.correlation import sentence
from core.figures.drawn import Drawn, Table, axis_title, figure, on_axis, shown, small, table
from core.figures.theme import HIGH, INK, MAX_POINTS, SEQUENTIAL, group_colour
from core.words import cut, escape, plural


def pair(result: Pair, currency: str = "", r: float | None = None) -> Drawn:
    """A point per customer up to 20,000, coloured by group; above that how many stand where.

    Parameters
    ----------
    r : float, optional
        Their correlation, for the sentence above the chart.
    """
    traces = [_density(result)] if result.points is None else _points(result)
    x, y = result.x, result.y
    grouped = result.points is not None and len(traces) > 1
    where = "" if result.points is not None else ", by how many stand in each place"
    said = f" {sentence(x.label, y.label, r)}." if r is not None else ""
    return Drawn(
        figure=figure(
            traces,
            showlegend=grouped,
            xaxis={
                "title": {"text": axis_title(x.label, x.unit, currency)},
                "showgrid": True,
                **_suffix(x.unit),
            },
            yaxis={"title": {"text": axis_title(y.label, y.unit, currency)}, **_suffix(y.unit)},
        ),
        table=_table(result, currency),
        alt=f"{plural(result.customers, 'customer')} by “{x.label}” (across) and “{y.label}” (up)"
        f"{where}.{said}",
        answer=said.strip() or f"{plural(result.customers, 'customer')} by “{x.label}” and “{y.label}”.",
        title=f"How do “{x.label}” and “{y.label}” go together?",
        caption=f"{plural(result.missing, 'customer')} without both values" if result.missing else "",
        height=HIGH,
    )


def _suffix(unit: str) -> dict[str, Any]:
    return {"ticksuffix": " %"} if unit == "share" else {}


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
        "x": small(on_axis(points[:, 0], result.x.unit)),
        "y": small(on_axis(points[:, 1], result.y.unit)),
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


def _density(result: Pair) -> dict[str, Any]:
    assert result.grid is not None and result.x_edges is not None and result.y_edges is not None
    counts = np.where(result.grid > 0, result.grid, np.nan)
    return {
        "type": "heatmap",
        "x": small(on_axis((result.x_edges[:-1] + result.x_edges[1:]) / 2, result.x.unit)),
        "y": small(on_axis((result.y_edges[:-1] + result.y_edges[1:]) / 2, result.y.unit)),
        "z": small(np.log10(counts)),
        "customdata": result.grid.astype(np.int32),
        "colorscale": SEQUENTIAL,
        "showscale": False,
        "hoverongaps": False,
        "meta": [escape(cut(result.x.label)), escape(cut(result.y.label))],
        "hovertemplate": "%{customdata:,} customers<br>%{meta[0]}: about %{x:,.3~r}"
        "<br>%{meta[1]}: about %{y:,.3~r}<extra></extra>",
    }


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
