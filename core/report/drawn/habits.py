"""How the segments buy: one measure, medians and middle halves."""

from html import unescape

from core.figures.drawn import axis_title, on_axis
from core.figures.theme import segment_colours
from core.profile import MeasureProfile, Profile
from core.profile.profile import SMALL
from core.report.drawn.paper import (
    HALF,
    MOST,
    PALE,
    ROW,
    SOFT,
    Say,
    above,
    axes_in,
    sheet,
    svg,
    ticks,
)
from core.words import about, cut


def habits(profile: Profile, m: MeasureProfile, currency: str, say: Say) -> str:
    """A dot for the median, a thin line for its likely range, a broad one for the middle half."""
    segments, colours = profile.segments[:MOST], segment_colours(profile.segments)
    with sheet(HALF, 2.1 * ROW * len(segments) + 0.5) as drawn:
        ax = axes_in(drawn, 0.1, 0.48, 0.75, 0.02)
        ax.set(ylim=(2.1 * len(segments), 0), yticks=[])
        if m.overall.median is not None:
            at = float(on_axis(m.overall.median, m.unit))
            ax.axvline(at, color=SOFT, linestyle=(0, (2, 2)), linewidth=1)
        for at, s in enumerate(segments):
            own, y = m.segments[at], 2.1 * at + 1.45
            above(ax, 2.1 * at + 0.5, cut(s.name, 52))
            if s.size < SMALL or own.median is None:
                continue
            low, middle, high = (float(on_axis(v, m.unit)) for v in (own.q1, own.median, own.q3))
            ax.plot([low, high], [y, y], color=colours[s.number], alpha=PALE, linewidth=6)
            if own.low is not None and own.high is not None:
                likely = [float(on_axis(v, m.unit)) for v in (own.low, own.high)]
                ax.plot(likely, [y, y], "|-", color="#5A6270", linewidth=1.2, markersize=5)
            ax.plot(
                [middle], [y], "o", color=colours[s.number], markeredgecolor="#5A6270", markeredgewidth=0.6
            )
            said = say(about(own.median, m.unit, currency))
            ax.text(
                1.02, y, said, va="center", transform=ax.get_yaxis_transform(), clip_on=False, weight="bold"
            )
        ax.margins(x=0.05)
        ticks(ax, m.unit, currency, say)
        ax.set_xlabel(say(unescape(axis_title(m.label, m.unit, currency))))  # it was made for plotly
        return svg(drawn)
