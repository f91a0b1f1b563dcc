"""Who was in which segment 30 days ago, by the rules of today."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """One segment then and now.

    Attributes
    ----------
    then, now : int
        Customers; then = stayed + left + gone, now = stayed + came + new.
    came, left : int
        From and to other segments (or “No segment”) of the study.
    new, gone : int
        Who was no customer of the study then, and who is none now.
    net_then, net_now : float or None
        Spend of its customers then and now; None without money.
    """

    then: int
    now: int
    stayed: int
    came: int
    left: int
    new: int
    gone: int
    net_then: float | None
    net_now: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureThen:
    """A measure 30 days ago: means and medians (s,) of the segments' customers of then, NaN without any.

    Groups of under five customers have no median.
    """

    slug: str
    means: np.ndarray
    medians: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelThen:
    """A label 30 days ago by today's thresholds: customers that had it and that could be judged, of the
    study's customers of then, and those of today who have it."""

    key: str
    then: int
    judged: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The segments of 30 days ago, of customers whose measures are those of then.

    Attributes
    ----------
    reason : str
        Why it can't be said, in a sentence; empty where it can. Then everything else is empty.
    day : date or None
        The snapshot day less 30 days.
    flow : int array (k + 2, k + 2)
        Customers by where they were (rows) and are (columns): the segments in the order of
        `Profile.segments`, no segment, not among the study's customers.
    net_then, net_now : float array (k + 2,) or None
        Spend of who was and who is there; None without money.
    measures : tuple of MeasureThen
    labels : tuple of LabelThen
    order_then : float array (s,) or None
        Sales of who was in a segment, divided by their orders; NaN without orders, None without money.
    before : int array (n,)
        Where each customer of the study was, as a row of `flow`.
    """

    reason: str = ""
    day: dt.date | None = None
    flow: np.ndarray = field(default_factory=lambda: np.zeros((2, 2), np.int64))
    net_then: np.ndarray | None = None
    net_now: np.ndarray | None = None
    measures: tuple[MeasureThen, ...] = ()
    labels: tuple[LabelThen, ...] = ()
    order_then: np.ndarray | None = None
    before: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))

    def of(self, place: int) -> Moves:
        """One segment then and now, by its place in `Profile.segments`."""
        at, out = place, len(self.flow) - 1
        stayed, new, gone = (int(n) for n in (self.flow[at, at], self.flow[out, at], self.flow[at, out]))
        then, now = int(self.flow[at].sum()), int(self.flow[:, at].sum())
        return Moves(
            then=then,
            now=now,
            stayed=stayed,
            came=now - stayed - new,
            left=then - stayed - gone,
            new=new,
            gone=gone,
            net_then=None if self.net_then is None else float(self.net_then[at]),
            net_now=None if self.net_now is None else float(self.net_now[at]),
        )

    def moved(self, numbers: Sequence[int]) -> tuple[int, int]:
        """Customers that moved up and down: to a smaller and to a larger segment number.

        Who is or was without a segment, or not among the study's customers, is in neither.

        Parameters
        ----------
        numbers : sequence of int
            Of `Profile.segments` as they are shown, “No segment” (0) left out or last.
        """
        of = [n for n in numbers if n]
        inner = self.flow[: len(of), : len(of)]
        to, was = np.meshgrid(of, of)
        return int(inner[to < was].sum()), int(inner[to > was].sum())

    @property
    def new(self) -> int:
        """Customers of the study who were none then."""
        return int(self.flow[-1].sum())

    @property
    def gone(self) -> int:
        """Customers of the study then who are none now."""
        return int(self.flow[:, -1].sum())
