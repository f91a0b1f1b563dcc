"""Many customers on the map: how many stand where, and the outlines of segments."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.features.cohort import area_of_map
from core.figures.drawn import HOVER, Mark, shown, small
from core.figures.theme import SEQUENTIAL, segment_colours
from core.profile.profile import Segment
from core.words import plural

GRID: Final = 70
INSIDE: Final = 0.8
"""Share of a segment's customers that its outline holds, at least."""

BLUR: Final = (0.06, 0.24, 0.4, 0.24, 0.06)
FINE: Final = 2
"""Edges have so many digits more than the width of a cell: a link to a cell is short and exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Customers in the cells of a picture of the map.

    Attributes
    ----------
    coords : float array (n, 2)
    labels : int array (n,)
        Their segments.
    edges : (float array, float array)
        Across and up. A cell holds its first edge and not its last.
    cells : int array (n,)
        The cell of each, row by row from below.
    """

    coords: np.ndarray
    labels: np.ndarray
    edges: tuple[np.ndarray, np.ndarray]
    cells: np.ndarray

    @classmethod
    def of(cls, coords: np.ndarray, labels: np.ndarray, window: Sequence[tuple[float, float]]) -> "Crowd":
        """Customers with places on the map, in a picture from and to these."""
        across, up = (_edges(values, *span) for values, span in zip(coords.T, window, strict=True))
        column, row = (
            np.searchsorted(edges, values.astype(np.float64), side="right") - 1
            for edges, values in zip((across, up), coords.T, strict=True)
        )
        return cls(coords=coords, labels=labels, edges=(across, up), cells=row * (across.size - 1) + column)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.edges[1].size - 1, self.edges[0].size - 1

    def counts(self, segment: int | None = None) -> np.ndarray:
        """How many stand in each cell, of one segment or of all: int (rows, columns)."""
        cells = self.cells if segment is None else self.cells[self.labels == segment]
        rows, columns = self.shape
        return np.bincount(cells, minlength=rows * columns).reshape(rows, columns)

    def marks(self) -> tuple[tuple[Mark, ...], np.ndarray]:
        """A mark for each cell with customers, and which of them each customer is in: int (n,)."""
        counts, columns = self.counts().ravel(), self.shape[1]
        full = np.flatnonzero(counts)
        across, up = self.edges
        marks = tuple(
            Mark(
                key=f"{row}.{column}",
                conditions=(area_of_map(across[column], across[column + 1], up[row], up[row + 1]),),
                customers=n,
                said="in an area of the map",
            )
            for row, column, n in zip(
                (full // columns).tolist(), (full % columns).tolist(), counts[full].tolist(), strict=True
            )
        )
        return marks, np.searchsorted(full, self.cells)

    def traces(self, segments: Sequence[Segment], named: Sequence[Segment]) -> list[dict[str, Any]]:
        """How many stand where, all of them, and the outlines of the segments that have names."""
        colours = segment_colours(segments)
        here = [s for s in named if (self.labels == s.number).any()]
        outlines = [self._outline(self.counts(s.number), colours[s.number], s) for s in here]
        return [self._density(), *outlines]

    def _density(self) -> dict[str, Any]:
        counts, (rows, columns) = self.counts(), self.shape
        ticks = [t * 10**power for power in range(8) for t in (1, 2, 5) if t * 10**power <= counts.max()]
        return {
            "type": "heatmap",
            "x": small(self.edges[0]),
            "y": small(self.edges[1]),
            "z": small(np.log10(np.where(counts > 0, counts, np.nan))),
            "customdata": [[f"{row}.{column}" for column in range(columns)] for row in range(rows)],
            "colorscale": SEQUENTIAL,
            "colorbar": {
                "title": {"text": "Customers", "side": "right", "font": {"size": 12}},
                "tickvals": [float(np.log10(tick)) for tick in ticks],
                "ticktext": [f"{tick:,}" for tick in ticks],
                "thickness": 10,
                "outlinewidth": 0,
            },
            "hoverongaps": False,
            "hovertext": [
                [f"{plural(n, 'customer')} here" if n else "" for n in row] for row in counts.tolist()
            ],
            "hovertemplate": HOVER,
        }

    def _outline(self, counts: np.ndarray, colour: str, segment: Segment) -> dict[str, Any]:
        smooth = _blurred(counts)
        order = np.argsort(-smooth, axis=None)
        inside = np.cumsum(counts.ravel()[order]) >= INSIDE * counts.sum()
        level = float(smooth.ravel()[order][int(inside.argmax())])
        return {
            "type": "contour",
            "name": shown(segment.name),
            "x": small(_middles(self.edges[0])),
            "y": small(_middles(self.edges[1])),
            "z": small(smooth),
            "autocontour": False,
            "contours": {"coloring": "none", "start": level, "end": level, "size": 1},
            "line": {"color": colour, "width": 2.5},
            "showscale": False,
            "hoverinfo": "skip",
        }


def _edges(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Edges of about even cells over the picture, and of one on either side of it for those farther out."""
    high = high if high > low else low + 1.0
    scale = 10.0 ** max(FINE - math.floor(math.log10((high - low) / GRID)), 0)

    def before(value: float) -> float:
        return (math.floor(value * scale - 1e-9)) / scale

    def after(value: float) -> float:
        return (math.floor(value * scale + 1e-9) + 1) / scale

    inner = np.rint(np.linspace(low, high, GRID + 1)[1:-1] * scale) / scale
    ends = [
        before(min(float(values.min()), low)),
        before(low),
        after(high),
        after(max(float(values.max()), high)),
    ]
    return np.unique([*ends, *inner])


def _blurred(counts: np.ndarray) -> np.ndarray:
    """Counts spread over their neighbours, so that an outline has no holes of single cells."""
    found = counts.astype(np.float64)
    for axis in (0, 1):
        found = np.apply_along_axis(np.convolve, axis, found, BLUR, "same")
    return found


def _middles(edges: np.ndarray) -> np.ndarray:
    return (edges[:-1] + edges[1:]) / 2
