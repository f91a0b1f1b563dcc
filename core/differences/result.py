"""How segments differ from the rest and from each other: what is kept, and single comparisons of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.differences.evidence import LEVEL
from core.differences.shares import against, times_of

RATIOS: Final = ("money", "count", "rate")
"""Units in which “2.4 times as much” means something."""

FEW: Final = 20
"""A mean that rests on fewer customers of equal value than this is decided by a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One group of customers beside others, on one column (or one level of a category).

    Attributes
    ----------
    slug, label, unit : str
        Of the column; `level` is empty but for a category, where `own` and `other` are shares of customers.
    own, other : float
        Means in the unit of the column, or shares from 0 to 1.
    apart, low, high : float
        own − other and its 95 % interval, in the same unit.
    times, times_low, times_high : float or None
        own / other and its 95 % interval, where both are above zero and the unit allows it.
    effect : float
        `apart` in standard deviations over all customers of the study: what columns are ranked by.
    made : bool
        Whether the segments were built on the column: then a difference is what they are, and no finding.
    claimed : bool
        Whether the difference is shown to be more than chance (Holm-corrected p < 0.01, see `Differences`).
        False for columns that made the segments, and between two segments, where nothing is tested.
    few : bool
        Whether a few customers decide a mean of the two: then its interval is too narrow.
    """

    slug: str
    label: str
    unit: str
    level: str
    own: float
    other: float
    apart: float
    low: float
    high: float
    times: float | None
    times_low: float | None
    times_high: float | None
    effect: float
    made: bool
    claimed: bool
    few: bool

    @property
    def same(self) -> bool:
        """Whether the interval holds no difference."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number over s segments, in the order of `Profile.segments`.

    Attributes
    ----------
    spread : float
        Standard deviation over all.
    each : float array (5, s)
        Of each segment: customers that have it; its mean; the mean of all others; how many customers of equal
        value its mean rests on, (Σ|x|)² / Σx² (Kish 1965); Holm-corrected p against the rest, NaN where
        nothing was tested. Means are NaN without anybody.
    ranges : float array (4, s, s)
        95 % interval of mean i − mean j (low, high) and of their ratio (low, high); at (i, i) of segment i
        and the rest. NaN where not computed, and for ratios where a mean is not above zero.
    """

    slug: str
    label: str
    unit: str
    made: bool
    spread: float
    each: np.ndarray
    ranges: np.ndarray

    def claimed(self, place: int) -> bool:
        """Whether a segment differs from the rest for sure: by the test, and by the likely range."""
        low, high = self.ranges[:2, place, place]
        return bool(self.each[4, place] < LEVEL and (low > 0 or high < 0))

    def gap(self, one: int, other: int | None = None) -> Gap | None:
        """A segment beside the rest, or beside another one, by their places; None where not comparable."""
        at = one if other is None else other
        _, means, rests, weights, _ = self.each
        own, beside = means[one], rests[one] if other is None else means[at]
        apart_low, apart_high, low, high = self.ranges[:, one, at].tolist()
        if self.spread == 0 or np.isnan([own, beside, apart_low]).any():
            return None
        ratio = self.unit in RATIOS and own > 0 and beside > 0 and np.isfinite([low, high]).all()
        return Gap(
            slug=self.slug,
            label=self.label,
            unit=self.unit,
            level="",
            own=float(own),
            other=float(beside),
            apart=float(own - beside),
            low=apart_low,
            high=apart_high,
            times=float(own / beside) if ratio else None,
            times_low=low if ratio else None,
            times_high=high if ratio else None,
            effect=float((own - beside) / self.spread),
            made=self.made,
            claimed=other is None and self.claimed(one),
            few=bool(min(weights[one], weights[at]) < FEW),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category, band or flag over s segments, in the order of `Profile.segments`.

    Attributes
    ----------
    levels : tuple of str
        Beyond 12 the rarest are one, “other”.
    counts : int array (s, q)
        Customers of each level; who has none is not counted.
    p : float array (s, q)
        Of how common each level is in the segment and in the rest, times all levels of all tests
        (Bonferroni); NaN where nothing was tested.
    """

    slug: str
    label: str
    unit: str
    made: bool
    levels: tuple[str, ...]
    counts: np.ndarray
    p: np.ndarray

    def gaps(self, one: int, other: int | None = None) -> tuple[Gap, ...]:
        """A segment's levels beside those of the rest, or of another segment, by their places."""
        own = self.counts[one]
        beside = self.counts.sum(axis=0) - own if other is None else self.counts[other]
        n, m, every = int(own.sum()), int(beside.sum()), int(self.counts.sum())
        if not n or not m:
            return ()
        found = []
        for at, level in enumerate(self.levels):
            share, rest = own[at] / n, beside[at] / m
            apart = against(int(own[at]), n, int(beside[at]), m)
            times = times_of(int(own[at]), n, int(beside[at]), m)
            overall = float(self.counts[:, at].sum() / every)
            spread = float(np.sqrt(overall * (1 - overall)))
            found.append(
                Gap(
                    slug=self.slug,
                    label=self.label,
                    unit=self.unit,
                    level=level,
                    own=float(share),
                    other=float(rest),
                    apart=float(share - rest),
                    low=apart[0],
                    high=apart[1],
                    times=float(share / rest) if times else None,
                    times_low=times[0] if times else None,
                    times_high=times[1] if times else None,
                    effect=float(share - rest) / spread if spread else 0.0,
                    made=self.made,
                    claimed=bool(other is None and self.p[one, at] < LEVEL),
                    few=False,
                )
            )
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Every column of the customer sheet over the segments of a study.

    Attributes
    ----------
    sizes : int array (s,)
        Customers of each segment, in the order of `Profile.segments` (“No segment” last, where there is one).
    tested : int
        Customers that the tests looked at: all, or a sample of so many.
    tests : int
        Tests made: (segment, column that did not make the segments), over which p is Holm-corrected.
    """

    sizes: np.ndarray
    numbers: tuple[Number, ...]
    categories: tuple[Category, ...]
    tested: int
    tests: int

    def of(self, place: int) -> tuple[Gap, ...]:
        """A segment beside the rest of the study's customers: the strongest difference of each column.

        Parameters
        ----------
        place : int
            Of the segment in `Profile.segments` (`Profile.at(number)`).
        """
        return self._found(place, None)

    def between(self, one: int, other: int) -> tuple[Gap, ...]:
        """One segment beside another, by their places in `Profile.segments`, strongest first.

        Empty with more than 12 segments, for which only the comparison with the rest is kept.
        """
        return self._found(one, other)

    def levels(self, slug: str, one: int, other: int | None = None) -> tuple[Gap, ...]:
        """Every level of one category of a segment, beside the rest or another segment."""
        found = next((c for c in self.categories if c.slug == slug), None)
        return found.gaps(one, other) if found is not None else ()

    def _found(self, one: int, other: int | None) -> tuple[Gap, ...]:
        numbers = [n.gap(one, other) for n in self.numbers]
        levels = [c.gaps(one, other) for c in self.categories]
        strongest = [max(found, key=_strength) for found in levels if found]
        return tuple(sorted([g for g in numbers if g is not None] + strongest, key=_strength, reverse=True))


def _strength(gap: Gap) -> float:
    return abs(gap.effect)
