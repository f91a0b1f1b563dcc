"""What a choice does to the segments: who would be in another one without it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.choose import Clustering
from core.features.customers import Customers
from core.features.matrix import Matrix
from core.matched import matched, shared, together
from core.words import number, plural


class Grouped(Protocol):
    """Customers with their segments, as `core.pipeline.Results` has them."""

    @property
    def customers(self) -> Customers:
        """The customer sheet."""

    @property
    def matrix(self) -> Matrix | None:
        """Who of them is compared."""

    @property
    def clustering(self) -> Clustering | None:
        """Their segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How two groupings of the same business differ.

    Attributes
    ----------
    shared : int
        Customers in both.
    changed : int
        Of these, those in another segment, after the segments of both are matched so that as many customers
        as possible stay (Kuhn 1955). “No segment” is matched with itself alone.
    agreement : float or None
        Adjusted Rand index over the shared customers (Hubert and Arabie 1985); None without any.
    left, joined : int
        Customers of the first grouping only, and of the second only.
    k_before, k_after : int
        Numbers of segments.
    """

    shared: int
    changed: int
    agreement: float | None
    left: int
    joined: int
    k_before: int
    k_after: int

    @property
    def share(self) -> float:
        """Share of the shared customers who are in another segment; 0 without any."""
        return self.changed / self.shared if self.shared else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEffect:
    """What one step of the recipe does to the segments; `effect` is None where there would be none."""

    key: str
    text: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The effects of the recipe's steps that were changed."""

    steps: tuple[StepEffect, ...] = ()


def effect(before: Grouped, after: Grouped) -> Effect:
    """Compare two groupings, customer by customer; both must have their matrix and clustering."""
    from sklearn.metrics import adjusted_rand_score

    assert before.matrix is not None and before.clustering is not None
    assert after.matrix is not None and after.clustering is not None
    was, now = _of_the_shared(before, after)
    return Effect(
        shared=was.size,
        changed=was.size - _staying(was, now),
        agreement=float(adjusted_rand_score(was, now)) if was.size else None,
        left=before.matrix.rows.size - was.size,
        joined=after.matrix.rows.size - now.size,
        k_before=before.clustering.k,
        k_after=after.clustering.k,
    )


def movers(before: Grouped, after: Grouped) -> tuple[int, int]:
    """Customers in another segment, as `Effect.changed` counts them, and customers in both groupings."""
    assert before.clustering is not None and after.clustering is not None
    was, now = _of_the_shared(before, after)
    return was.size - _staying(was, now), was.size


def sentence(found: Effect, without: bool = True) -> str:
    """An effect in words; `without` where the second grouping leaves the step out, else it takes it in."""
    step = "Without this step" if without else "With this step"
    moved = f"{found.changed:,} of {plural(found.shared, 'customer')} ({number(found.share, 'share')})"
    said = [f"{step} {moved} would be in another segment"]
    if not found.changed:
        said = [f"{step} every customer would be in the same segment"]
    if found.joined:
        said.append(f"{found.joined:,} more would be grouped")
    if found.left:
        said.append(f"{found.left:,} would not be grouped")
    if found.k_after != found.k_before:
        said.append(f"there would be {plural(found.k_after, 'segment')} instead of {found.k_before}")
    if found.changed and found.agreement is not None:
        said.append(f"agreement {found.agreement:.2f}")
    return "; ".join(said) + "."


def _of_the_shared(before: Grouped, after: Grouped) -> tuple[np.ndarray, np.ndarray]:
    """The segments of the customers in both, in the same order."""
    assert before.matrix is not None and before.clustering is not None
    assert after.matrix is not None and after.clustering is not None
    at_before, at_after = shared(before.customers, before.matrix, after.customers, after.matrix)
    return before.clustering.labels[at_before], after.clustering.labels[at_after]


def _staying(was: np.ndarray, now: np.ndarray) -> int:
    """The most customers that can be in the same segment, over all one-to-one matchings of the segments."""
    pairs = together(was, now, int(was.max(initial=0)), int(now.max(initial=0)))
    match = matched(pairs)
    return int(pairs[match >= 0, match[match >= 0]].sum())
