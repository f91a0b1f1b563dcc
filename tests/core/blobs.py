"""Clouds of points to cluster, and a matrix around them."""

import numpy as np

from core.features.matrix import Matrix, Prepared


def blobs(sizes: tuple[int, ...], seed: int = 0, spread: float = 0.4, columns: int = 2) -> np.ndarray:
    """Round clouds of these sizes on a circle, shuffled; the spread is in units of their distance."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, len(sizes), endpoint=False)
    centres = np.zeros((len(sizes), columns))
    distance = 1 / np.sin(np.pi / max(len(sizes), 2)) / 2
    centres[:, 0], centres[:, 1 % columns] = distance * np.cos(angle), distance * np.sin(angle)
    x = np.repeat(centres, sizes, axis=0) + rng.normal(0, spread, (sum(sizes), columns))
    return np.asarray(rng.permutation(x))


def matrix_of(x: np.ndarray, fitted: np.ndarray | None = None) -> Matrix:
    """A matrix of these numbers, one customer a row."""
    names = tuple(f"x{i}" for i in range(x.shape[1]))
    known = np.ones(len(x), bool) if fitted is None else fitted
    return Matrix(
        rows=np.arange(known.size),
        x=x,
        fitted=known,
        names=names,
        prepared=tuple(_as_it_is(name) for name in names),
        steps=(),
        ledger=(),
        notes=(),
    )


def _as_it_is(name: str) -> Prepared:
    return Prepared(
        slug=name,
        label=name.upper(),
        kind="number",
        transform="none",
        lmbda=None,
        skew=0.0,
        centre=(0.0,),
        scale=1.0,
        weight=1.0,
        filled=None,
        levels=(),
        text="",
    )
