"""Customers by the text that a person types: anywhere in the id or in another column of words."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import held, texts
from core.features.customers import Customers

Ask = Callable[[pa.Array], pa.Array]
"""A question about words: an array of text gives one of booleans."""


def matches(customers: Customers, text: str, slugs: Sequence[str]) -> np.ndarray:
    """Which customers have a text anywhere in one of some columns, bool (n,); capitals do not matter."""
    wanted = text.strip()
    found = np.zeros(len(customers), dtype=bool)
    for slug in slugs:
        found |= told(customers.table[slug], lambda words: contains(words, wanted))
    return found


def contains(words: pa.Array, text: str) -> pa.Array:
    """Whether each word contains a text; capitals do not matter."""
    return pc.match_substring(lower(words, text), small(text))


def lower(words: pa.Array, text: str) -> pa.Array:
    """Words without capitals, as far as matters for a text."""
    return pc.ascii_lower(words) if text.isascii() else pc.utf8_lower(words)


def small(text: str) -> str:
    """A text without capitals as `lower` writes it: `str.lower` writes İ and a last Σ otherwise."""
    return str(pc.utf8_lower(texts([text])[0]))


def told(column: pa.ChunkedArray, ask: Ask) -> np.ndarray:
    """The answers (n,) to a question about a column's words, False where missing; a code is asked once."""
    if not column.num_chunks:
        return np.zeros(0, dtype=bool)
    return np.concatenate([_told(part, ask) for part in column.chunks])


def _told(part: pa.Array, ask: Ask) -> np.ndarray:
    if isinstance(part, pa.DictionaryArray):
        words = np.append(_bools(ask(part.dictionary)), False)
        return np.asarray(words[held(part.indices, len(part.dictionary))])
    return _bools(ask(part))


def _bools(found: pa.Array) -> np.ndarray:
    return held(found, 0) > 0
