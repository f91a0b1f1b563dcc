"""Crowds that are large enough, and what to do next where they came out lopsided."""

from typing import Final

import numpy as np

from core.spec import Cluster
from core.words import number

_NEARLY_ALL: Final = 0.95
_MOST: Final = 0.5


def large_enough(labels: np.ndarray, least: int) -> np.ndarray:
    """Crowds 0… of at least so many customers, in the same order; smaller ones count as no crowd, −1."""
    kept = np.append(np.bincount(labels[labels >= 0], minlength=1) >= least, False)
    new = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.asarray(new[labels])  # label −1 reads the last place


def advice(labels: np.ndarray, spec: Cluster, eps: float | None) -> str:
    """A sentence with the next step where hardly anybody is in a crowd, or nearly everybody in one.

    Parameters
    ----------
    labels : int array (m,)
        Crowds 0…, −1 for none.
    spec : Cluster
    eps : float or None
        The reach, for the method that has one.

    Returns
    -------
    str
        Empty where nothing is lopsided.
    """
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    inside = int(sizes.sum()) / max(labels.size, 1)
    more, less = _steps(spec, eps)
    if not inside:
        return f"No crowd of customers is dense and large enough: {more}."
    if sizes.max() >= _NEARLY_ALL * labels.size:
        return f"{number(sizes.max() / labels.size, 'share')} of customers are in one crowd: {less}."
    if inside <= 1 - _MOST:
        return f"{number(1 - inside, 'share')} of customers are in no crowd: {more}."
    return ""


def _steps(spec: Cluster, eps: float | None) -> tuple[str, str]:
    """What to choose for more customers in crowds, and for more crowds."""
    fewer = f"fewer minimum neighbours than {spec.min_samples:,}"
    if eps is None:
        more, less = f"group by fewer attributes, or choose {fewer}", "allow smaller segments to divide it"
    else:
        more = f"choose a reach above {eps:.3g}" + (f", or {fewer}" if spec.min_samples > 2 else "")
        less = f"choose a reach under {eps:.3g} to divide it"
    return more, f"{less}, or another method"
