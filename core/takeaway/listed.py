"""The customers of a study as columns of a list, some thousand rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from core.arrow import flags, integers, taken, texts
from core.features.cohort import of_study
from core.features.customers import Customers, Measure
from core.features.labels import LABELS
from core.pipeline import Results
from core.spec import Study
from core.takeaway.delimited import header, lines

CHUNK: Final = 10_000
HELD: Final = 8
"""Chunks after which the pages of a mapped table are let go."""

OWN: Final = ("id", "segment", "segment_name")
"""Columns that every list can have."""

UNUSUAL: Final = "unusual"
CONTROL: Final = "control"
_OURS: Final = frozenset((*OWN, UNUSUAL, CONTROL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A study's customers, each with the segment.

    Attributes
    ----------
    customers : Customers
    labels : int array (n,)
        Segment numbers of the study's n customers, below zero for those left out of the segments.
    names : mapping of int to str
        Segment number -> name.
    rows : int array (n,), optional
        The rows of `customers` that are the study's; all of them without it.
    unusual : bool array (n,), optional
    release : callable
        Called now and then while they are streamed: lets go of pages of a mapped table that were read.
    """

    customers: Customers
    labels: np.ndarray
    names: Mapping[int, str]
    rows: np.ndarray | None = None
    unusual: np.ndarray | None = None
    release: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, results: Results) -> "Listed":
        """The customers of results with matrix, clustering and profile."""
        matrix, clustering, profile = results.matrix, results.clustering, results.profile
        assert matrix is not None and clustering is not None and profile is not None
        return cls(
            customers=results.customers,
            labels=clustering.labels,
            names={s.number: s.name for s in profile.segments},
            rows=matrix.rows,
            unusual=matrix.unusual,
        )

    @classmethod
    def everybody(cls, results: Results, study: Study) -> "Listed":
        """Everybody who is included in the study, with those whom cleaning left out of its segments."""
        found = cls.of(results)
        rows = np.flatnonzero(of_study(results.customers, study.cohort).mask)
        labels = np.full(rows.size, -1, dtype=np.int64)
        labels[np.searchsorted(rows, found.rows_of(np.arange(len(found))))] = found.labels
        return replace(found, labels=labels, rows=rows, unusual=None)

    def __len__(self) -> int:
        return int(self.labels.size)

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every column that a list of them can have: number, segment, name, measures, labels, marks."""
        labels = [info.key for info in self.customers.labels if not info.reason]
        marks = [] if self.unusual is None else [UNUSUAL]
        return (*OWN, *self.measures, *labels, *marks)

    @property
    def measures(self) -> dict[str, Measure]:
        """The measures by their columns' names in a list: none is called as one of ours."""
        slugs, found = {m.slug for m in self.customers.measures}, {}
        for m in self.customers.measures:
            name = m.slug
            while name in _OURS or (name != m.slug and name in slugs):
                name += "_column"
            found[name] = m
        return found

    def rows_of(self, at: np.ndarray) -> np.ndarray:
        """The rows of the customer sheet of the customers at these places."""
        return at if self.rows is None else self.rows[at]

    def arrays(self, slugs: Sequence[str], at: np.ndarray) -> list[pa.Array]:
        """The columns `slugs` of the customers at some places: text, numbers, yes or no. Never capped."""
        measures = self.measures
        inside = {s: measures[s].slug if s in measures else s for s in slugs}
        own = list(dict.fromkeys(c for c in inside.values() if self.customers.has(c)))
        table = taken(self.customers.table.select(own), self.rows_of(at)).combine_chunks()
        return [self._array(slug, table, inside[slug], at) for slug in slugs]

    def _array(self, slug: str, table: pa.Table, name: str, at: np.ndarray) -> pa.Array:
        match slug:
            case "segment":
                return integers(self.labels[at], self.labels[at] >= 0)
            case "segment_name":
                return self._names_of(at)
            case "unusual" if self.unusual is not None:
                return flags(self.unusual[at])
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            return column.dictionary_decode()
        return flags(np.from_dlpack(column)) if slug in LABELS else column

    def _names_of(self, at: np.ndarray) -> pa.Array:
        labels, numbers = self.labels[at], np.array(sorted(self.names))
        names = texts([self.names[int(n)] for n in numbers])
        return names.take(integers(np.searchsorted(numbers, labels), labels >= 0))


def csv_of(listed: Listed, at: np.ndarray, slugs: Sequence[str] | None = None) -> Iterator[bytes]:
    """The customers at some places as CSV, a header first, some thousand rows at a time.

    Parameters
    ----------
    listed : Listed
    at : int array
        Places among the study's customers, in the order wanted.
    slugs : sequence of str, optional
        The columns; all without it.
    """
    chosen = listed.slugs if slugs is None else slugs
    yield header(chosen)
    for start in range(0, at.size, CHUNK):
        yield lines(listed.arrays(chosen, at[start : start + CHUNK]))
        if start % (HELD * CHUNK) == 0:
            listed.release()
