"""Who they are: how a category divides all customers and each segment."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from core.figures.mix import READABLE
from core.figures.theme import level_colours
from core.profile import Mix, Profile
from core.profile.profile import SMALL
from core.report.drawn.paper import HALF, MOST, ROW, TEXT, Say, axes_in, sheet, svg
from core.words import cut, number


def mix(profile: Profile, found: Mix, say: Say) -> str:
    """A bar of 100 % for all customers and one per segment; its levels are named beside the figure."""
    bars = [("All customers", found.overall)]
    bars += [
        (s.name, () if s.size < SMALL else counts)
        for s, counts in zip(profile.segments[:MOST], found.segments, strict=False)
    ]
    colours = level_colours(found.levels)
    with sheet(HALF, 2.1 * ROW * len(bars) + 0.05) as drawn:
        ax = axes_in(drawn, 0.05, 0.02, 0.05, 0.02)
        ax.set(xlim=(0, 1), ylim=(2.1 * len(bars), 0), xticks=[], yticks=[])
        ax.spines["bottom"].set_visible(False)
        for at, (name, counts) in enumerate(bars):
            weight = "normal" if at else "bold"
            ax.text(0, 2.1 * at + 0.5, cut(name, 56), va="center", size=8.5, weight=weight)
            _pieces(ax, 2.1 * at + 1.4, counts, colours, say)
        return svg(drawn)


def _pieces(ax: Axes, y: float, counts: Sequence[int], colours: Sequence[str], say: Say) -> None:
    total, left = sum(counts), 0.0
    for n, colour in zip(counts, colours, strict=False):
        share = n / total if total else 0.0
        ax.barh(y, share, left=left, height=0.95, color=colour, edgecolor="white", linewidth=0.5)
        if share >= READABLE:
            text = say(number(share, "share"))
            ink = TEXT if _light(colour) else "white"
            ax.text(left + share / 2, y, text, ha="center", va="center", size=8, color=ink)
        left += share


def _light(colour: str) -> bool:
    """Whether dark text reads better on a colour than white (relative luminance, WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) > 0.183
