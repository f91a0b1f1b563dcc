"""What a choice does to the segments: who would be in another one without it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.choose import Clustering
from core.features.customers import Customers
from core.features.matrix import Matrix
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
    at_before, at_after = _shared(before.customers, before.matrix, after.customers, after.matrix)
    was, now = before.clustering.labels[at_before], after.clustering.labels[at_after]
    return Effect(
        shared=was.size,
        changed=was.size - _staying(was, now),
        agreement=float(adjusted_rand_score(was, now)) if was.size else None,
        left=before.matrix.rows.size - was.size,
        joined=after.matrix.rows.size - now.size,
        k_before=before.clustering.k,
        k_after=after.clustering.k,
    )


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


def _staying(was: np.ndarray, now: np.ndarray) -> int:
    """The most customers that can be in the same segment, over all one-to-one matchings of the segments."""
    from scipy.optimize import linear_sum_assignment

    if not was.size:
        return 0
    wide = int(now.max()) + 1
    pairs = np.bincount(was.astype(np.int64) * wide + now, minlength=(int(was.max()) + 1) * wide)
    together = pairs.reshape(-1, wide)
    inside = together[1:, 1:]
    one, other = linear_sum_assignment(inside, maximize=True)
    return int(together[0, 0] + inside[one, other].sum())


def _shared(before: Customers, one: Matrix, after: Customers, other: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Places in both matrices' rows of the customers that are in both, in the same order."""
    key_before, key_after = _keys(before.table["id"], after.table["id"])
    _, at_before, at_after = np.intersect1d(
        key_before[one.rows], key_after[other.rows], assume_unique=True, return_indices=True
    )
    return at_before, at_after


def _keys(before: pa.ChunkedArray, after: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """One number per row of both sheets, equal for the same customer: the nth row of an id is one."""
    if before.equals(after):
        rows = np.arange(len(before))
        return rows, rows
    both = pa.chunked_array([*before.chunks, *after.chunks]).combine_chunks()
    codes = pc.dictionary_encode(both).indices.to_numpy(zero_copy_only=False).astype(np.int64)
    ids = codes[: len(before)], codes[len(before) :]
    turns = [_turn(found) for found in ids]
    most = 1 + max((int(turn.max()) for turn in turns if turn.size), default=0)
    return ids[0] * most + turns[0], ids[1] * most + turns[1]


def _turn(codes: np.ndarray) -> np.ndarray:
    """How many rows before this one have the same code."""
    order = np.argsort(codes, kind="stable")
    sorted_codes = codes[order]
    first = (
        np.concatenate([[True], sorted_codes[1:] != sorted_codes[:-1]]) if codes.size else np.zeros(0, bool)
    )
    begun = np.maximum.accumulate(np.where(first, np.arange(codes.size), 0))
    out = np.empty(codes.size, dtype=np.int64)
    out[order] = np.arange(codes.size) - begun
    return out
