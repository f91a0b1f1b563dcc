"""Mixtures of Gaussians: expectation–maximisation in products of matrices, and each row's likeliest one.

The logarithm of a density is a quadratic function of a row. With 1, the columns and their products as terms,
the densities of all components are one product of matrices, and so are the moments of the next step.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

Pairs = tuple[np.ndarray, np.ndarray]
"""Rows and columns of a covariance matrix, on or above its diagonal."""

_CHUNK: Final = 2048
TIED: Final = 1e-9
"""Differences of log densities under it are none: rounding may make them."""

_RANK: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaussians:
    """A mixture of k Gaussians over p columns.

    Attributes
    ----------
    weights : float array (k,)
    means : float array (k, p)
    covariances : float array (k, p, p)
    likelihood : float
        Logarithm of the likelihood of the rows it was fitted to.
    bic : float
        Bayesian information criterion (Schwarz 1978) there: numbers fitted × log(rows) − 2 × likelihood.
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    likelihood: float = float("nan")
    bic: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Rows as the terms of quadratic functions: 1, the p columns, and the products of `pairs` of them.

    Attributes
    ----------
    parts : tuple of float arrays (terms, rows)
    numbers : int
        How many numbers a component has, where columns may depend on each other.
    """

    pairs: Pairs
    parts: tuple[np.ndarray, ...]
    rows: int
    numbers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Which columns a mixture is fitted to, the middle of each column (p,), and one unit for all."""

    columns: np.ndarray
    centre: np.ndarray
    unit: float

    def of(self, x: np.ndarray) -> np.ndarray:
        """Rows (m, p) as numbers around 0."""
        return ((x - self.centre) / self.unit)[:, self.columns]


def diagonal(columns: int) -> Pairs:
    """The variances alone."""
    return np.arange(columns), np.arange(columns)


def full(columns: int) -> Pairs:
    """Variances and covariances."""
    return np.triu_indices(columns)


def terms(x: np.ndarray, pairs: Pairs) -> Terms:
    """Terms of rows (m, p)."""
    columns = x.shape[1]
    rank = columns
    if pairs[0].size > columns:
        spread = np.linalg.eigvalsh(x.T @ x)
        rank = int((spread > _RANK * spread.max()).sum())
    return Terms(
        pairs=pairs,
        parts=tuple(_terms(x[at : at + _CHUNK], pairs) for at in range(0, len(x), _CHUNK)),
        rows=len(x),
        numbers=rank + (rank * (rank + 1) // 2 if pairs[0].size > columns else columns),
    )


def begun(known: Terms, labels: np.ndarray, floor: float) -> Gaussians:
    """The mixture of groups 0…k−1, each with somebody: their shares, means and covariances."""
    k = int(labels.max()) + 1
    shares = ((np.arange(k)[:, None] == part).astype(np.float64) for part in _parted(labels))
    moments = sum(share @ part.T for share, part in zip(shares, known.parts, strict=True))
    return _of_moments(np.asarray(moments), known.pairs, floor)


def improved(known: Terms, mixture: Gaussians, floor: float, steps: int, gain: float) -> Gaussians | None:
    """At most so many steps, while one adds more than `gain` to the mean logarithm of the likelihood.

    Ends before a component is nobody's likeliest; None where one is from the beginning.

    Parameters
    ----------
    floor : float
        Added to every variance after each step.
    """
    best: Gaussians | None = None
    for _ in range(steps):
        likelihood, moments, likeliest = _expected(known, mixture)
        if not likeliest.all():
            break
        before = -np.inf if best is None else best.likelihood
        best = _judged(mixture, likelihood, known)
        if likelihood - before <= gain * known.rows:
            break
        mixture = _of_moments(moments, known.pairs, floor)
    return best


def one_fewer(mixture: Gaussians, pairs: Pairs) -> Gaussians:
    """The mixture with two components as one: those that lose least by it (Runnalls 2007)."""
    k = len(mixture.weights)
    able = [_joined(mixture, i, j, pairs) for i in range(k) for j in range(i)]
    return min(able, key=_disorder)


def spheres(x: np.ndarray, labels: np.ndarray, floor: float) -> Gaussians:
    """Spheres of one size around the means of the groups there are: the likeliest is the nearest."""
    means = np.array([x[labels == one].mean(axis=0) for one in np.unique(labels)])
    k, p = means.shape
    variance = float(((x - means[np.unique(labels, return_inverse=True)[1]]) ** 2).mean()) + floor
    mixture = Gaussians(
        weights=np.full(k, 1 / k), means=means, covariances=np.tile(variance * np.eye(p), (k, 1, 1))
    )
    known = terms(x, diagonal(p))
    likelihood, _, _ = _expected(known, mixture)
    return replace(mixture, likelihood=likelihood, bic=(k * p + 1) * np.log(len(x)) - 2 * likelihood)


def most_likely(
    x: np.ndarray, scale: Scale, mixtures: Mapping[int, Gaussians], pool: ThreadPoolExecutor
) -> dict[int, np.ndarray]:
    """Each row's likeliest component 0…k−1 in every mixture; of two as likely to 1e-9 the first.

    Holds the terms of a few thousand rows at a time.
    """
    columns = scale.columns.size
    pairs = full(columns) if any(_tilted(one) for one in mixtures.values()) else diagonal(columns)
    functions = {k: _functions(one, pairs) for k, one in mixtures.items()}
    labels = {k: np.empty(len(x), np.int64) for k in mixtures}

    def label(at: int) -> None:
        part = _terms(scale.of(x[at : at + _CHUNK]), pairs)
        for k, function in functions.items():
            score = function @ part
            labels[k][at : at + _CHUNK] = (score >= score.max(axis=0) - TIED).argmax(axis=0)

    list(pool.map(label, range(0, len(x), _CHUNK)))
    return labels


def log_densities(x: np.ndarray, scale: Scale, mixture: Gaussians) -> np.ndarray:
    """Logarithm of weight × density of each component (m, k) at rows x (m, p)."""
    pairs, functions = quadratic(mixture)
    parts = [(functions @ _terms(scale.of(x[at : at + _CHUNK]), pairs)).T for at in range(0, len(x), _CHUNK)]
    return np.concatenate([np.empty((0, len(functions))), *parts])


def likeliest(densities: np.ndarray) -> np.ndarray:
    """The first of the components (m, k) that are as likely to 1e-9."""
    return np.asarray((densities >= densities.max(axis=1, keepdims=True) - TIED).argmax(axis=1))


def quadratic(mixture: Gaussians) -> tuple[Pairs, np.ndarray]:
    """The pairs of columns whose products are needed, and coefficients (k, terms) of 1, columns, products."""
    columns = mixture.means.shape[1]
    pairs = full(columns) if _tilted(mixture) else diagonal(columns)
    return pairs, _functions(mixture, pairs)


def _terms(x: np.ndarray, pairs: Pairs) -> np.ndarray:
    p = x.shape[1]
    out = np.empty((1 + p + pairs[0].size, len(x)))
    out[0], out[1 : 1 + p] = 1, x.T
    for at, (i, j) in enumerate(zip(*pairs, strict=True), start=1 + p):
        np.multiply(out[1 + i], out[1 + j], out=out[at])
    return out


def _parted(labels: np.ndarray) -> Iterator[np.ndarray]:
    return (labels[at : at + _CHUNK] for at in range(0, labels.size, _CHUNK))


def _tilted(mixture: Gaussians) -> bool:
    off = ~np.eye(mixture.means.shape[1], dtype=bool)
    return bool(mixture.covariances[:, off].any())


def _functions(mixture: Gaussians, pairs: Pairs) -> np.ndarray:
    """Coefficients (k, terms) of log(weight × density)."""
    means = mixture.means
    precisions = np.linalg.inv(mixture.covariances)
    slopes = np.einsum("kij,kj->ki", precisions, means)
    constant = means.shape[1] * np.log(2 * np.pi) + np.linalg.slogdet(mixture.covariances)[1]
    constant = np.log(mixture.weights) - (constant + (slopes * means).sum(axis=1)) / 2
    twice = np.where(pairs[0] == pairs[1], 1.0, 2.0)
    return np.hstack([constant[:, None], slopes, -precisions[:, pairs[0], pairs[1]] * twice / 2])


def _expected(known: Terms, mixture: Gaussians) -> tuple[float, np.ndarray, np.ndarray]:
    """Logarithm of the likelihood, moments (k, terms), and which components are somebody's likeliest."""
    functions = _functions(mixture, known.pairs)
    likelihood, moments = 0.0, np.zeros(functions.shape)
    likeliest = np.zeros(len(functions), dtype=bool)
    for part in known.parts:
        score = functions @ part
        top = score.max(axis=0)
        np.exp(np.subtract(score, top, out=score), out=score)
        likeliest |= (score == 1).any(axis=1)
        total = score.sum(axis=0)
        likelihood += float((top + np.log(total)).sum())
        moments += np.divide(score, total, out=score) @ part.T
    return likelihood, moments, likeliest


def _of_moments(moments: np.ndarray, pairs: Pairs, floor: float) -> Gaussians:
    number = moments[:, 0]
    p = int(pairs[0].max()) + 1
    means = moments[:, 1 : 1 + p] / number[:, None]
    spread = moments[:, 1 + p :] / number[:, None] - means[:, pairs[0]] * means[:, pairs[1]]
    covariances = np.tile(floor * np.eye(p), (len(number), 1, 1))
    covariances[:, pairs[0], pairs[1]] += spread
    covariances[:, pairs[1], pairs[0]] = covariances[:, pairs[0], pairs[1]]
    return Gaussians(weights=number / number.sum(), means=means, covariances=covariances)


def _joined(mixture: Gaussians, i: int, j: int, pairs: Pairs) -> Gaussians:
    both, others = [i, j], np.delete(np.arange(len(mixture.weights)), [i, j])
    weight = mixture.weights[both].sum()
    shares = mixture.weights[both] / weight
    mean = shares @ mixture.means[both]
    apart = mixture.means[both] - mean
    inside = np.einsum("s,sij->ij", shares, mixture.covariances[both])
    whole = inside + np.einsum("s,si,sj->ij", shares, apart, apart)
    covariance = np.zeros(whole.shape)
    covariance[pairs], covariance[pairs[::-1]] = whole[pairs], whole[pairs[::-1]]
    return Gaussians(
        weights=np.append(mixture.weights[others], weight),
        means=np.vstack([mixture.means[others], mean]),
        covariances=np.concatenate([mixture.covariances[others], covariance[None]]),
    )


def _disorder(mixture: Gaussians) -> float:
    return float(mixture.weights @ np.linalg.slogdet(mixture.covariances)[1])


def _judged(mixture: Gaussians, likelihood: float, known: Terms) -> Gaussians:
    numbers = len(mixture.weights) * (known.numbers + 1) - 1
    return replace(mixture, likelihood=likelihood, bic=numbers * np.log(known.rows) - 2 * likelihood)
