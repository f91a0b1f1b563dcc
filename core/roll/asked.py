"""What a list of customers may be asked about one of its columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.arrow import held
from core.features.customers import Customers
from core.roll.search import Ask, contains, lower, small, told

NUMBERS: Final[dict[str, Callable[..., Any]]] = {
    "is": np.equal,
    "not": lambda x, value: (x != value) & ~np.isnan(x),
    "under": np.less,
    "at most": np.less_equal,
    "over": np.greater,
    "at least": np.greater_equal,
    "between": lambda x, low, high: (x >= min(low, high)) & (x <= max(low, high)),
    "missing": np.isnan,
    "known": lambda x: ~np.isnan(x),
}
"""Questions about numbers, by their words."""


def _is(words: pa.Array, text: str) -> pa.Array:
    return pc.equal(lower(words, text), small(text))


def _begins(words: pa.Array, text: str) -> pa.Array:
    return pc.starts_with(lower(words, text), small(text))


def _ends(words: pa.Array, text: str) -> pa.Array:
    return pc.ends_with(lower(words, text), small(text))


WORDS: Final[dict[str, tuple[Callable[[pa.Array, str], pa.Array], bool]]] = {
    "contains": (contains, True),
    "lacks": (contains, False),
    "is": (_is, True),
    "not": (_is, False),
    "begins": (_begins, True),
    "ends": (_ends, True),
}
"""Questions about words, and the answer that is wanted; a missing word answers no to each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question about a column: one of `NUMBERS` with numbers, or one of `WORDS` with a text."""

    slug: str
    what: str
    values: tuple[float, ...] = ()
    text: str = ""


def meets(customers: Customers, asked: Asked) -> np.ndarray:
    """Which customers meet it, bool (n,)."""
    column = customers.table[asked.slug]
    if asked.what in ("missing", "known"):
        valid = held(column.is_valid(), 0) > 0
        return valid if asked.what == "known" else ~valid
    if asked.values:
        return np.asarray(NUMBERS[asked.what](customers.number(asked.slug), *asked.values), dtype=bool)
    ask, wanted = WORDS[asked.what]
    words: Ask = lambda part: ask(part, asked.text.strip())  # noqa: E731
    return told(column, words) == wanted


def in_words(customers: Customers, slug: str) -> bool:
    """Whether a column holds words, not numbers or flags."""
    kind = customers.table.schema.field(slug).type
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))
