"""Values that stand at fixed positions of their lines, where empty ones leave a gap.

Judged by the first lines: a column ends where all of them have blanks. Blanks alone would let the values
after a gap move up; positions keep each in its column.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

SAMPLE: Final = 200
FEWEST: Final = 3

Span = tuple[int, int]
"""The first position of a column and the one after its last."""

_NO_POSITION: Final = re.compile(r'["\t]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns at fixed positions.

    Attributes
    ----------
    spans : tuple of Span
        Where the values of each column stand; between two columns there are blanks.
    ragged : bool
        Whether neither one blank nor two would cut all lines into as many values.
    """

    spans: tuple[Span, ...]
    ragged: bool


def found(lines: Sequence[str]) -> Columns | None:
    """The columns of the first lines; None where these do not line up, or the first leaves one empty."""
    full = [line.rstrip() for line in itertools.islice(filter(str.strip, lines), SAMPLE)]
    if len(full) < FEWEST or any(map(_NO_POSITION.search, full)):
        return None
    runs = {least: [len(re.split(rf" {{{least},}}", line.strip())) for line in full] for least in (2, 1)}
    ragged = all(len(set(counts)) > 1 for counts in runs.values())
    for least, counts in runs.items():
        spans = _spans(_blank(full), least)
        values = [line[begin:end].strip() for line in full for begin, end in spans]
        apart = all(values[: len(spans)]) and not any("  " in value for value in values)
        if len(spans) > 1 and apart and counts[0] == len(spans):
            return Columns(spans=spans, ragged=ragged)
    return None


def cut(line: str, spans: Sequence[Span]) -> list[str] | None:
    """The values of a line, without blanks around them; None where anything stands between the columns."""
    gaps = zip([0, *(end for _, end in spans)], [*(begin for begin, _ in spans), len(line)], strict=True)
    if any(line[begin:end].strip() for begin, end in gaps):
        return None
    return [line[begin:end].strip() for begin, end in spans]


def _blank(lines: Sequence[str]) -> np.ndarray:
    """Which positions are blank in all lines."""
    width = max(map(len, lines))
    signs = np.array([line.ljust(width) for line in lines], dtype=f"U{width}")
    found: np.ndarray = (signs.view("U1").reshape(len(lines), width) == " ").all(axis=0)
    return found


def _spans(blank: np.ndarray, least: int) -> tuple[Span, ...]:
    """What stands between runs of blanks of at least this length."""
    signs = "".join(" " if one else "x" for one in blank)
    return tuple(found.span() for found in re.finditer(rf"x(?: {{0,{least - 1}}}x)*", signs))
