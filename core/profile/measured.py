"""One measure over all customers of a study and over each segment."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.features.customers import Measure
from core.features.prepare import LARGEST
from core.profile.likely import median_rank

QUARTERS: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """One measure over a group: NaN-free customers `known`, mean, median and the middle half.

    `low` and `high` are the likely range of the median (`core.profile.likely`); None below 6 values.
    """

    known: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A segment against the rest on one measure.

    Attributes
    ----------
    effect : float
        (mean − mean of the rest) / standard deviation over all.
    low, high : float
        95 % interval of `effect` (Welch, normal approximation).
    times : float or None
        mean / mean of the rest, where both are above zero.
    """

    effect: float
    low: float
    high: float
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureProfile:
    """One measure over all customers of the study and per segment (in the order of `Profile.segments`).

    `z` is the standardised difference (mean − mean over all) / standard deviation over all; `made` says
    whether the measure made the segments.
    """

    slug: str
    label: str
    unit: str
    made: bool
    overall: Stats
    segments: tuple[Stats, ...]
    z: tuple[float | None, ...]
    rest: tuple[Difference | None, ...]


def stats(values: np.ndarray) -> Stats:
    """Mean, median with its likely range, and middle half of the values that are not missing."""
    return _stats(values[~np.isnan(values)])


def _stats(known: np.ndarray) -> Stats:
    n = int(known.size)
    if not n:
        return Stats(known=0, mean=None, median=None, q1=None, q3=None)
    rank = median_rank(n)
    placed = np.sort(known)  # vectorised, a third of what a partition at eight places takes
    q1, median, q3 = (_between(placed, q * (n - 1)) for q in QUARTERS)
    low, high = (None, None) if rank is None else (float(placed[rank]), float(placed[n - 1 - rank]))
    return Stats(known=n, mean=float(known.mean()), median=median, q1=q1, q3=q3, low=low, high=high)


def _between(placed: np.ndarray, at: float) -> float:
    """The value at a place between two, as `numpy.quantile` has it (Hyndman and Fan 1996, type 7)."""
    below = int(at)
    one, other = float(placed[below]), float(placed[min(below + 1, placed.size - 1)])
    part, step = at - below, other - one
    return one + step * part if part < 0.5 else other - step * (1 - part)


def measured(parts: list[np.ndarray], m: Measure, made: bool) -> MeasureProfile:
    """A measure over the segments.

    Parameters
    ----------
    parts : list of float array
        Its values in each segment, NaN where missing.
    made : bool
        Whether it made the segments.
    """
    parts = [part[~np.isnan(part)] for part in parts]
    known = np.concatenate(parts)
    overall, own = _stats(known), tuple(_stats(part) for part in parts)
    unit = _unit(known)
    moments = [_moments(part, unit) for part in parts]
    every = _moments(known, unit)
    spread = float(np.sqrt(every.squares / every.n)) if every.n else 0.0
    z = tuple(None if not one.n or spread == 0 else (one.mean - every.mean) / spread for one in moments)
    return MeasureProfile(
        slug=m.slug,
        label=m.label,
        unit=m.unit,
        made=made,
        overall=overall,
        segments=own,
        z=z,
        rest=tuple(_against_rest(one, every, spread) for one in moments),
    )


@dataclass(frozen=True, slots=True)
class _Moments:
    """Number, mean, and sum of squares about it."""

    n: int
    mean: float
    squares: float

    def without(self, other: "_Moments") -> "_Moments":
        """Those of the rest (Chan, Golub and LeVeque 1983)."""
        n = self.n - other.n
        if not n:
            return _Moments(0, 0.0, 0.0)
        mean = (self.n * self.mean - other.n * other.mean) / n
        between = other.n * n / self.n * (other.mean - mean) ** 2
        return _Moments(n, mean, max(0.0, self.squares - other.squares - between))


def _moments(known: np.ndarray, unit: float) -> _Moments:
    """Those of the numbers in this unit."""
    known = known / unit if unit != 1 else known
    mean = float(known.mean()) if known.size else 0.0
    apart = known - mean
    apart *= apart
    return _Moments(int(known.size), mean, float(apart.sum()))


def _unit(known: np.ndarray) -> float:
    """What values are divided by so that their squares are floats: 1 but for numbers such as 1e200."""
    top = float(max(known.max(initial=0.0), -known.min(initial=0.0)))
    return top if top > LARGEST else 1.0


def _against_rest(own: _Moments, every: _Moments, spread: float) -> Difference | None:
    rest = every.without(own)
    if own.n < 2 or rest.n < 2 or spread == 0:
        return None
    effect = (own.mean - rest.mean) / spread
    errors = [one.squares / (one.n - 1) / one.n for one in (own, rest)]
    half = 1.96 * float(np.sqrt(sum(errors))) / spread
    times = own.mean / rest.mean if own.mean > 0 and rest.mean > 0 else None
    return Difference(effect=effect, low=effect - half, high=effect + half, times=times)
