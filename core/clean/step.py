"""What a cleaning choice did, in words and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one cleaning choice did, in words and numbers.

    Attributes
    ----------
    name : str
        The URL name of the choice.
    text : str
        One sentence.
    rows : int
        Rows (of the file) or customers it touched.
    values : int
        Cells it changed.
    """

    name: str
    text: str
    rows: int
    values: int


def step(name: str, what: str, masks: Mapping[str, np.ndarray], done: str, none: str, changed: bool) -> Step:
    """The step that touched these cells (label -> bool array over the customers).

    Parameters
    ----------
    what, done, none : str
        What was looked for, what was done about it, and the sentence where nothing was found.
    changed : bool
        Whether the cells got another value.
    """
    said = ", ".join(f"{mask.sum():,} in {label}" for label, mask in masks.items() if mask.any())
    return Step(
        name=name,
        text=f"{what}: {said}; {done}." if said else none,
        rows=int(any_of(masks).sum()) if masks else 0,
        values=sum(int(mask.sum()) for mask in masks.values()) if changed else 0,
    )


def any_of(masks: Mapping[str, np.ndarray]) -> np.ndarray:
    """The customers of at least one of these masks."""
    found: np.ndarray = np.logical_or.reduce(list(masks.values()))
    return found
