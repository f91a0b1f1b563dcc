"""The customers of a study as they lie in a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from core.features.cohort import included
from core.features.customers import Customers
from core.features.grouping import Grouping, Other
from core.features.labels import LABELS, YES
from core.pipeline import Results
from core.spec import Study

NONE: Final = "none"
"""The path's word for customers without a segment."""


ORDER: Final = "_order_"
"""Before the name of a column of many words: the place of each word in the alphabet."""

LEFT_OUT: Final = -1
"""The segment of those who are included, but were left out of the segments by cleaning."""


def compared_columns(names: Sequence[str]) -> list[str]:
    """The roll's columns with the compared numbers of these names: the names themselves may be anything."""
    return [f"_compared_{place}" for place in range(len(names))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Everybody who is included in a study, by their ids; columns are read when they are asked for.

    Attributes
    ----------
    outline : Results
        The study's results without what grows with the customers, but with their sheet, whose table is
        mapped: text but the ids may be dictionary-encoded.
    segments : tuple of (number, name)
        In the order of the profile, with the automatic names; 0 for those without a segment, if any.
    origins : tuple of (number, query, number there)
        Where the segments began: what a team has given to them is kept by that.
    own : pyarrow Table
        `_segment`, `_x`, `_y` (float32, the map's position, NaN without), `_key` (uint64, unique), what
        customers are compared by (`compared_columns`), and `_unusual` (int8) where the study marks who is.
    release : callable
        Lets go of the pages of the customers' table that were read; they are read again when asked for.
    others : callable
        The other models of a comparison, for conditions on them; none are kept in a file.
    ago : callable
        The segments of 30 days ago, likewise.
    """

    outline: Results
    segments: tuple[tuple[int, str], ...]
    origins: tuple[tuple[int, str, int], ...]
    own: pa.Table
    release: Callable[[], None]
    others: Callable[[], tuple[Other | None, ...]] = field(default=lambda: ())
    ago: Callable[[], Other | None] = field(default=lambda: None)

    def __len__(self) -> int:
        return len(self.customers)

    @property
    def customers(self) -> Customers:
        """The customer sheet of everybody who is included."""
        return self.outline.customers

    @property
    def labels(self) -> np.ndarray:
        """Segment number of each customer (n,), 0 for none, `LEFT_OUT` for those who are not in the study."""
        return self._column("_segment")

    @property
    def coords(self) -> np.ndarray:
        """Position of each customer on the map, float32 (n, 2), NaN without."""
        return np.column_stack([self._column("_x"), self._column("_y")])

    @property
    def unusual(self) -> np.ndarray | None:
        """Who has an unusually high or low value, 1 or 0 (n,); None unless these are marked."""
        return self._column("_unusual") if "_unusual" in self.own.column_names else None

    @property
    def keys(self) -> np.ndarray:
        """What stands for each customer in an address, uint64 (n,): a hash of the id, no two alike."""
        return self._column("_key")

    def compared(self, row: int) -> np.ndarray:
        """The compared numbers of a customer (p,), NaN for one who has not all of them."""
        assert self.outline.matrix is not None
        names = compared_columns(self.outline.matrix.names)
        return np.array([self.own[name][row].as_py() for name in names], dtype=np.float64)

    def at(self, address: str) -> int | None:
        """The row of the customer with this address (`addressed`), None where there is none."""
        if len(address) != 16 or not set(address) <= set("0123456789abcdef"):
            return None
        found = np.flatnonzero(self.keys == np.uint64(int(address, 16)))
        return int(found[0]) if found.size else None

    def addressed(self, rows: np.ndarray) -> list[str]:
        """What stands for some customers in addresses: 16 hexadecimal digits each."""
        return [f"{key:016x}" for key in self.keys[rows].tolist()]

    def number(self, segment: str) -> int | None:
        """The number that a path's segment stands for, None where the study has none of it."""
        if segment == NONE:
            return 0 if any(number == 0 for number, _ in self.segments) else None
        known = segment.isascii() and segment.isdigit() and len(segment) <= 4
        return int(segment) if known and any(n == int(segment) != 0 for n, _ in self.segments) else None

    def shown(self, study: Study, left_out: bool = False) -> np.ndarray:
        """Whom the lens shows, bool (n,): those of its segment, its label, its conditions.

        Nobody where the study has no such segment. Those whom cleaning left out only with `left_out`.
        """
        labels = self.labels
        made = Grouping(segments=labels, places=lambda: self.coords, others=self.others, ago=self.ago)
        mask, _ = included(self.customers, study.lens.show, made)
        if not left_out:
            mask &= labels != LEFT_OUT
        if study.lens.label in LABELS:
            mask &= self.customers.number(study.lens.label) == YES
        if study.lens.segment:
            number = self.number(study.lens.segment)
            mask &= labels == number if number is not None else False
        return mask

    def _column(self, name: str) -> np.ndarray:
        return np.from_dlpack(self.own[name].combine_chunks())  # `to_numpy` would import pandas
