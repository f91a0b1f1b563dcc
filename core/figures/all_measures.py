"""All segments and all their measures as rows: the last table of Profiles, and a table of the report."""

from core.profile import MeasureProfile, Profile
from core.profile.profile import SMALL
from core.words import number

TITLE = "All segments, all measures"


def columns(profile: Profile) -> list[tuple[str, str]]:
    """Key and label of each column."""
    found = [("segment", "Segment"), ("size", "Customers"), ("share", "Share")]
    if profile.value is not None:
        found += [("value_share", "Share of net sales"), ("index", "Times its share"), ("net", "Net sales")]
    return found + [(m.slug, m.label) for m in profile.measures]


def said(profile: Profile, average: str, currency: str) -> list[list[str]]:
    """A row per segment and one for all customers, as a page shows them; `average` is `median` or `mean`."""
    return [
        *(_segment(profile, at, average, currency) for at in range(len(profile.segments))),
        _overall(profile, average, currency),
    ]


def exact(profile: Profile, average: str) -> list[list[object]]:
    """The same rows with all digits."""
    money = profile.value is not None
    rows: list[list[object]] = []
    for at, s in enumerate(profile.segments):
        worth = [s.value_share, s.index, s.net] if money else []
        rows.append(
            [s.name, s.size, s.share, *worth, *(_of(m, at, average, s.size) for m in profile.measures)]
        )
    worth = [1.0, 1.0, profile.net] if money else []
    overall = [getattr(m.overall, average) for m in profile.measures]
    return [*rows, ["All customers", profile.customers, 1.0, *worth, *overall]]


def caption(average: str) -> str:
    """What each figure is."""
    word = "middle customer (median)" if average == "median" else "mean"
    return f"Each figure is the {word} of the segment, in real units."


def _segment(profile: Profile, at: int, average: str, currency: str) -> list[str]:
    s = profile.segments[at]
    row = [s.name, f"{s.size:,}", number(s.share, "share")]
    if profile.value is not None:
        net = number(s.net, "money", currency)
        row += [number(s.value_share, "share"), number(s.index, "times"), net]
    return row + [number(_of(m, at, average, s.size), m.unit, currency) for m in profile.measures]


def _overall(profile: Profile, average: str, currency: str) -> list[str]:
    row = ["All customers", f"{profile.customers:,}", "100 %"]
    row += ["100 %", "1.0×", number(profile.net, "money", currency)] if profile.value is not None else []
    return row + [number(getattr(m.overall, average), m.unit, currency) for m in profile.measures]


def _of(m: MeasureProfile, at: int, average: str, size: int) -> float | None:
    return getattr(m.segments[at], average) if size >= SMALL else None
