"""Where customers lie on the map."""

import numpy as np

from core.features.matrix import Matrix


def positions(matrix: Matrix) -> tuple[np.ndarray, float]:
    """First two principal components, each signed so that its largest loading is positive."""
    x = matrix.x - matrix.x.mean(axis=0)
    values, vectors = np.linalg.eigh(x.T @ x)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    coords = np.full((matrix.rows.size, 2), np.nan, dtype=np.float32)
    placed = x @ axes
    coords[matrix.fitted, : placed.shape[1]] = placed
    if placed.shape[1] < 2:
        coords[matrix.fitted, 1] = 0
    total = float(values.sum())
    return coords, float(values[::-1][:2].sum() / total) if total else 1.0
