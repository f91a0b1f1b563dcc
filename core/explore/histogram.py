"""How one measure is spread over customers."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.explore.levels import Conditions, both, groups_of, taken
from core.explore.steps import STEPS, digits, edges_of, nearly_all, place_of, wide, within
from core.features.customers import Customers
from core.param import Filter

MAX_GROUPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts per step of one measure, whole and per group.

    Attributes
    ----------
    edges : float array (b + 1,)
        Readable numbers; a step holds its lower edge, the last one its upper edge too if nobody is `beyond`.
    counts : int array (g, b)
        One row per group; one row where there is no group.
    within : tuple
        Per group who is in it; None where a condition can't say it.
    log : bool
        Whether the steps are even on a logarithmic axis; values of zero or below are then counted in `below`.
    beyond : int
        Customers at or over the last edge, where the highest values are left off.
    """

    slug: str
    label: str
    unit: str
    edges: np.ndarray
    counts: np.ndarray
    groups: tuple[str, ...]
    log: bool
    below: int
    missing: int
    median: float | None
    mean: float | None
    within: tuple[Conditions | None, ...] = ()
    beyond: int = 0

    def conditions(self, group: int, at: int) -> Conditions | None:
        """Who is counted in a group's step."""
        if not self.within:
            return None
        return both(self.within[group], within(self.slug, self.edges, at, ends=not self.beyond))

    @property
    def of_beyond(self) -> Conditions:
        """Who is counted in `beyond`, of all groups."""
        return (Filter(self.slug, "ge", (digits(self.edges[-1]),)),)


def histogram(
    customers: Customers,
    rows: np.ndarray,
    slug: str,
    group: str = "",
    scale: str = "auto",
    about: int | None = None,
    far: str = "shown",
) -> Histogram:
    """Histogram of a measure over some customers.

    Parameters
    ----------
    scale : str
        `auto`, `linear` or `log`.
    about : int, optional
        About so many steps.
    far : str
        `cut` where the highest 1 % are left off, as far as the last readable step lets them be.
    """
    m = customers.measure(slug)
    assert m is not None
    x = taken(customers.number(slug), rows)
    known = x[~np.isnan(x)]
    log = scale == "log" or (scale == "auto" and wide(known))
    usable = known[known > 0] if log else known
    usable = nearly_all(usable) if far == "cut" else usable
    edges = edges_of(usable, log, m.unit == "count", about or STEPS)
    beyond = int((known >= edges[-1]).sum()) if far == "cut" and (known > edges[-1]).any() else 0
    groups = groups_of(customers, rows, group, MAX_GROUPS)
    return Histogram(
        slug=slug,
        label=m.label,
        unit=m.unit,
        edges=edges,
        counts=_counts(
            place_of(x, edges, ends=not beyond), groups.codes, (len(groups.names), edges.size - 1)
        ),
        groups=groups.names,
        log=log,
        below=int((known <= 0).sum()) if log else 0,
        missing=int(np.isnan(x).sum()),
        median=float(np.median(known)) if known.size else None,
        mean=float(known.mean()) if known.size else None,
        within=groups.conditions,
        beyond=beyond,
    )


def histograms(
    customers: Customers, rows: np.ndarray, inside: np.ndarray, slug: str, who: Conditions | None = None
) -> tuple[Histogram, Histogram]:
    """A measure over a segment (`inside`, bool over `rows`) and over all, on the same edges.

    Parameters
    ----------
    who : tuple of Filter, optional
        The conditions that find the segment again.
    """
    whole = histogram(customers, rows, slug)
    x = taken(customers.number(slug), rows)[inside]
    known = x[~np.isnan(x)]
    at = place_of(x, whole.edges)
    own = replace(
        whole,
        counts=_counts(at, np.zeros(at.size, dtype=np.int64), (1, whole.edges.size - 1)),
        groups=("This segment",),
        below=int((known <= 0).sum()) if whole.log else 0,
        missing=int(x.size - known.size),
        median=float(np.median(known)) if known.size else None,
        mean=float(known.mean()) if known.size else None,
        within=() if who is None else (who,),
    )
    return own, whole


def _counts(at: np.ndarray, codes: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    inside = at >= 0
    if shape[0] == 1:
        return np.bincount(at[inside], minlength=shape[1])[None, :]
    cell = (codes * shape[1] + at)[inside]
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
