"""Attributes × segments: real values in the cells, colour for the difference from all."""

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from core.figures.differences import LIMIT, middle, strongest
from core.figures.theme import CELL_INK, DIVERGING, segment_colours
from core.profile import Profile
from core.profile.profile import SMALL
from core.report.drawn.paper import MOST, ROW, WHOLE, Say, axes_in, broken, lines, sheet, svg
from core.words import about, cut

_COLOURS = LinearSegmentedColormap.from_list("difference", list(DIVERGING))


def differences(profile: Profile, currency: str, statistic: str, say: Say, most: int) -> str:
    """A row per attribute, those that made the segments first, and a column per segment."""
    chosen, segments = strongest(profile, most), profile.segments[:MOST]
    hidden = [s.size < SMALL for s in segments]
    z = np.array(
        [
            [np.nan if h or m.z[at] is None else float(m.z[at] or 0.0) for at, h in enumerate(hidden)]
            for m in chosen
        ],
        dtype=np.float64,
    )
    cells = np.array(
        [
            [
                "" if h else say(about(middle(m.segments[at], statistic), m.unit, currency))
                for at, h in enumerate(hidden)
            ]
            for m in chosen
        ]
    )
    height = 1.4 * ROW * len(chosen) + 0.55
    with sheet(WHOLE, height) as drawn:
        ax = axes_in(drawn, 2.0, 0.05, 0.05, 0.5)
        sns.heatmap(
            np.clip(z, -LIMIT, LIMIT),
            ax=ax,
            vmin=-LIMIT,
            vmax=LIMIT,
            cmap=_COLOURS,
            cbar=False,
            annot=cells,
            fmt="",
            annot_kws={"color": CELL_INK, "size": 9 if len(segments) <= 8 else 7.5},
            linewidths=1.5,
            linecolor="white",
            xticklabels=False,
            yticklabels=False,
        )
        for at, m in enumerate(chosen):
            ax.text(-0.08, at + 0.5, cut(m.label, 28), ha="right", va="center")
        _heads(ax, profile, len(segments))
        return svg(drawn)


def _heads(ax: Axes, profile: Profile, shown: int) -> None:
    """The segments' names over their columns, with a stripe of their colour."""
    colours, row = segment_colours(profile.segments), 0.55
    wide = 7.1 / shown  # inches of a column
    for at, s in enumerate(profile.segments[:shown]):
        ax.plot([at + 0.03, at + 0.97], [-0.14, -0.14], color=colours[s.number], linewidth=4, clip_on=False)
        most = max(5, round(wide / 0.073))
        top = -0.45 - row * (len(broken(s.name, most)) - 1)
        lines(ax, at + 0.5, top, s.name, most, row, ha="center", va="bottom", size=8.5)
