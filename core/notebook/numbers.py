"""Every number that the pages of a study show, by a name each."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

import numpy as np

from core import explore
from core.pipeline import Results

TOLERANCE: Final = 1e-9
_KNOWN_BY: Final = ("number", "slug", "key")


def numbers(results: Results) -> dict[str, float]:
    """The numbers of a study with segments: ledger, segments, measures, categories, labels, differences.

    Returns
    -------
    dict of str to float
        By their place in the results: `profile.segments.1.share`; what is not known is not there.
    """
    clustering, matrix = results.clustering, results.matrix
    assert clustering is not None and matrix is not None
    parts = {
        "ledger": results.ledger,
        "grouping": {
            "segments": clustering.k,
            "inertia": clustering.inertia,
            "silhouette": clustering.silhouette,
            "agreement": clustering.start_agreement,
        },
        "concentration": explore.concentration(results.customers, matrix.rows),
        "profile": results.profile,
        "differences": results.differences,
        "rules": results.plain,
        "separating": results.drivers,
    }
    return {name: value for name, value in _numbers("", parts) if math.isfinite(value)}


def differing(found: Mapping[str, float], expected: Mapping[str, float]) -> list[str]:
    """Names of numbers that are not the same to 1e-9, or that only one of both has."""

    def same(name: str) -> bool:
        one, other = found.get(name), expected.get(name)
        if one is None or other is None:
            return False
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)

    return [name for name in sorted({*found, *expected}) if not same(name)]


def _numbers(name: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool | str | bytes) or value is None:
        return
    if isinstance(value, int | float | np.number):
        yield name, float(value)
        return
    for key, one in _members(value):
        yield from _numbers(f"{name}.{key}" if name else str(key), one)


def _members(value: Any) -> Iterator[tuple[object, Any]]:
    if isinstance(value, np.ndarray):
        yield from enumerate(value.tolist())
    elif is_dataclass(value):
        yield from ((f.name, getattr(value, f.name)) for f in fields(value))
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from ((_known_by(one, at), one) for at, one in enumerate(value))


def _known_by(one: Any, at: int) -> object:
    """What a member of a list is called: its own number or key where it has one."""
    return next((getattr(one, name) for name in _KNOWN_BY if is_dataclass(one) and hasattr(one, name)), at)
