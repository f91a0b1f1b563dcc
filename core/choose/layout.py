"""Where customers lie on the map."""

from dataclasses import dataclass

import numpy as np

from core.features.matrix import Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The map.

    Attributes
    ----------
    coords : float32 array (n, 2)
        First two principal components of the study's customers; NaN for those that are not compared.
    explained : float
        Share of the variance that the two show.
    loadings : float array (p, 2)
        Correlation of each compared number with each of the two; 0 for a constant one.
    """

    coords: np.ndarray
    explained: float
    loadings: np.ndarray


def positions(matrix: Matrix) -> Layout:
    """First two principal components, each signed so that its largest loading is positive."""
    x = matrix.x - matrix.x.mean(axis=0)
    square = x.T @ x
    values, vectors = np.linalg.eigh(square)
    values, axes = values[::-1], vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    coords = np.full((matrix.rows.size, 2), np.nan, dtype=np.float32)
    placed = x @ axes
    coords[matrix.fitted, : placed.shape[1]] = placed
    if placed.shape[1] < 2:
        coords[matrix.fitted, 1] = 0
    total = float(values.sum())
    return Layout(
        coords=coords,
        explained=float(values[:2].sum() / total) if total else 1.0,
        loadings=_loadings(axes, values[:2], np.diag(square)),
    )


def _loadings(axes: np.ndarray, values: np.ndarray, squares: np.ndarray) -> np.ndarray:
    found = np.zeros((len(axes), 2))
    lengths = np.sqrt(np.where(squares > 0, squares, np.inf))
    found[:, : axes.shape[1]] = axes * np.sqrt(np.maximum(values, 0)) / lengths[:, None]
    return np.clip(found, -1.0, 1.0)
