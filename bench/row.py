"""A line of the bench's table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: what it is, ours and the peer's in the same unit, and over how many runs."""

    name: str
    ours: float
    unit: str
    runs: int
    peer: float | None = None
    digits: int = 1

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text: name, ours, peer, ratio, runs."""
        ratio = "" if not self.peer else f"{self.ours / self.peer:,.1f}"
        return (self.name, self._said(self.ours), self._said(self.peer), ratio, f"{self.runs:,}")

    def _said(self, value: float | None) -> str:
        return "" if value is None else f"{value:,.{self.digits}f} {self.unit}".rstrip()


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` per cent of the values lie."""
    return quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else values[0]


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    lines = [("", "ours", "peer", "ratio", "runs"), *(row.cells for row in rows)]
    width, *widths = [max(len(line[at]) for line in lines) for at in range(5)]
    return "\n".join(
        "  ".join([name.ljust(width), *(text.rjust(w) for text, w in zip(cells, widths, strict=True))])
        for name, *cells in lines
    )
