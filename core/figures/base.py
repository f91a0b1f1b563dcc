"""What segments are compared with in the heatmap: all customers, one segment, or themselves 30 days ago."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.change import MeasureThen
from core.profile.measured import MeasureProfile, Stats
from core.profile.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What is compared with: all customers, without anything given.

    Attributes
    ----------
    place : int or None
        Of a segment in `Profile.segments`.
    then : mapping of str to MeasureThen
        Measures of 30 days ago, by their names; each segment is then compared with itself.
    """

    place: int | None = None
    then: Mapping[str, MeasureThen] = field(default_factory=dict)

    def apart(self, m: MeasureProfile, at: int) -> float:
        """How far a segment's mean is from it, in standard deviations over all; NaN where not known."""
        found = m.z[at]
        if found is None:
            return float("nan")
        if not self.then:
            base = 0.0 if self.place is None else m.z[self.place]
            return float("nan") if base is None else found - base
        was, spread, own = self.then.get(m.slug), _spread(m), m.segments[at].mean
        if was is None or not spread or own is None:
            return float("nan")
        return (own - of_place(was.means, at)) / spread

    def value(self, m: MeasureProfile, at: int, statistic: str) -> float | None:
        """Its median or mean, in real units."""
        if not self.then:
            return middle(m.overall if self.place is None else m.segments[self.place], statistic)
        was = self.then.get(m.slug)
        value = np.nan if was is None else of_place(was.medians if statistic == "median" else was.means, at)
        return None if np.isnan(value) else value

    def said(self, profile: Profile, statistic: str) -> str:
        """What it is, in words."""
        if self.then:
            return "30 days ago"
        if self.place is None:
            return "the median of all" if statistic == "median" else "the average"
        return f"the {statistic} of “{profile.segments[self.place].name}”"

    def short(self, profile: Profile) -> str:
        """The same for a caption."""
        if self.then:
            return "30 days ago"
        return "all" if self.place is None else f"“{profile.segments[self.place].name}”"


def of_place(values: np.ndarray, at: int) -> float:
    """The value of a segment of 30 days ago; NaN for “No segment”, of which nothing is known."""
    return float(values[at]) if at < values.size else float("nan")


def middle(stats: Stats, statistic: str) -> float | None:
    """Median or mean."""
    return stats.median if statistic == "median" else stats.mean


def _spread(m: MeasureProfile) -> float | None:
    """The standard deviation over all, from any segment that is apart from them."""
    for z, own in zip(m.z, m.segments, strict=True):
        if z and own.mean is not None and m.overall.mean is not None:
            return (own.mean - m.overall.mean) / z
    return None
