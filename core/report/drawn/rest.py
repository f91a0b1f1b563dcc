"""What makes one segment different from the rest: dots with their likely ranges."""

from collections.abc import Sequence

from core.differences.result import Gap
from core.figures.gaps import ends, name_of
from core.report.drawn.paper import EDGE, HALF, ROW, SOFT, above, axes_in, sheet, svg


def rest(gaps: Sequence[Gap], colour: str) -> str:
    """A row per attribute, in standard deviations over all customers from the rest."""
    ranges = [ends(gap) for gap in gaps]
    far = max([abs(v) for pair in ranges for v in pair] + [0.5])
    with sheet(HALF, 1.9 * ROW * len(gaps) + 0.35) as drawn:
        ax = axes_in(drawn, 0.1, 0.33, 0.1, 0.02)
        ax.set(xlim=(-1.06 * far, 1.06 * far), ylim=(1.9 * len(gaps), 0), yticks=[], xticks=[])
        ax.axvline(0, color=SOFT, linewidth=1)
        for at, (gap, span) in enumerate(zip(gaps, ranges, strict=True)):
            y = 1.9 * at + 1.3
            above(ax, 1.9 * at + 0.5, name_of(gap, 44))
            ax.plot(span, [y, y], color=colour, linewidth=2)
            ax.plot([gap.effect], [y], "o", color=colour, markeredgecolor=EDGE, markeredgewidth=0.6)
        ax.set_xlabel("← less than the rest · more than the rest →")
        return svg(drawn)
