"""Customers who are in another segment in another model, as rows to take away."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from core.arrow import taken
from core.compare import Moves
from core.pipeline import Results
from core.takeaway.safe import safe_text

CHUNK: Final = 10_000


def moved_rows(results: Results, moves: Moves, pair: tuple[int, int] | None = None) -> Iterator[list[Any]]:
    """A header and one row per customer who is in another segment in another model: id, both segments.

    Parameters
    ----------
    results : Results
        With their comparison.
    moves : Moves
        One of its moves.
    pair : (int, int), optional
        Only the customers of these two segments, here and there; then those who stay, too.
    """
    customers, matrix, clustering, found = (
        results.customers,
        results.matrix,
        results.clustering,
        results.comparison,
    )
    assert matrix is not None and clustering is not None and found is not None
    here, there = ({p.number: p.name for p in found.models[at].parts} for at in (0, moves.model))
    yield ["id", "segment", "segment_name", "other_segment", "other_segment_name"]
    at = np.flatnonzero(moves.who(clustering.labels, pair))
    for start in range(0, at.size, CHUNK):
        part = at[start : start + CHUNK]
        ids = taken(customers.table.select(["id"]), matrix.rows[part])["id"].to_pylist()
        for row in zip(ids, clustering.labels[part].tolist(), moves.there[part].tolist(), strict=True):
            yield [safe_text(row[0]), row[1], safe_text(here[row[1]]), row[2], safe_text(there[row[2]])]
