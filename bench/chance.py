"""The chance test on data with and without groups: how many of 100 seeds it calls what they are."""

import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from bench.row import Row
from core.groups import verdict

SEEDS: Final = 100
ROWS: Final = 1_000
COLUMNS: Final = 2
APART: Final = 6.0
CORNERS: Final = 4.0
"""Distances between middles, in standard deviations of a group."""

Draw = Callable[[np.random.Generator, int, int], np.ndarray]
"""Rows (n, p) of one kind of data."""


def spherical(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """One Gaussian crowd."""
    return rng.normal(size=(n, p))


def elongated(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """One Gaussian crowd whose columns correlate by 0.8."""
    return rng.multivariate_normal(np.zeros(p), 0.2 * np.eye(p) + 0.8, n)


def heavy_tails(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Student's t with four degrees of freedom in every column."""
    return rng.standard_t(4, size=(n, p))


def uniform(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Spread evenly in a box."""
    return rng.uniform(size=(n, p))


def blobs(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Four crowds on the corners of a square, none in its place exactly."""
    middles = _padded(APART * np.array([[0, 0], [1, 0], [0, 1], [1, 1]]), p)
    return (middles + rng.normal(0, 0.5, middles.shape))[rng.integers(4, size=n)] + rng.normal(size=(n, p))


def corners(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Two columns that are each high or low: 2 × 2."""
    return _padded(rng.integers(2, size=(n, 2)) * CORNERS, p) + rng.normal(size=(n, p))


def unequal(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Three crowds of 80, 15 and 5 % of the rows."""
    middles = _padded(APART * np.array([[0, 0], [1, 0], [0, 1]]), p)
    return middles[rng.choice(3, n, p=[0.8, 0.15, 0.05])] + rng.normal(size=(n, p))


WITHOUT: Final[dict[str, Draw]] = {
    "spherical": spherical,
    "elongated": elongated,
    "heavy tails": heavy_tails,
    "uniform": uniform,
}
WITH: Final[dict[str, Draw]] = {"blobs": blobs, "corners": corners, "unequal": unequal}


def rows() -> Iterator[Row]:
    """The table's lines on the chance test; a peer's figure is the least that is required."""
    for kind, draws in (("none", WITHOUT), ("groups", WITH)):
        for name, draw in draws.items():
            began = time.process_time()
            found = [judged(draw, seed) for seed in range(SEEDS)]
            spent = (time.process_time() - began) / SEEDS
            what = f"{name}, {ROWS:,} × {COLUMNS}"
            yield Row(
                name=f"Chance test, {what}: “{kind}” of {SEEDS}; peer: the least required",
                ours=found.count(kind),
                peer=0.95 * SEEDS,
                unit="",
                digits=0,
                runs=SEEDS,
            )
            yield Row(name=f"Chance test, {what}, CPU each", ours=spent, unit="s", digits=3, runs=SEEDS)


def judged(draw: Draw, seed: int, n: int = ROWS, p: int = COLUMNS) -> str:
    """What the chance test says of one draw, columns standardised."""
    x = draw(np.random.default_rng(seed), n, p)
    return verdict((x - x.mean(axis=0)) / x.std(axis=0), tuple(map(str, range(p))), 0).kind


def _padded(x: np.ndarray, p: int) -> np.ndarray:
    """With further columns that say nothing."""
    return np.pad(x, ((0, 0), (0, max(p - x.shape[1], 0))))
