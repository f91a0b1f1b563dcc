"""Numbers written as text: signs, decimal comma or point, thousands, a currency sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MISSING_WORDS: Final = ("na", "n/a", "#n/a", "nan", "null", "none", "nat", "<na>")
"""Words that mean "empty" in a column whose other values are numbers or dates; compared in lower case."""

_SIGN: Final = (
    r"R\$|US\$|CA\$|A\$|NZ\$|HK\$|[$£€¥₹₽₺₩]|EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|BRL|INR|kr\.?|zł"
)
_PARTS: Final = (
    rf"^(?P<minus>[+-]?)\s*(?P<before>{_SIGN})?\s*"
    rf"(?P<rest>[+-]?[0-9.,]*[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?)\s*(?P<after>{_SIGN})?$"
)
_STYLES: Final = {
    "point": r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$",
    "english": r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$",
    "european": r"^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?$",
}
_LARGEST_EXACT: Final = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """The distinct values of a column, all of which look like numbers.

    Attributes
    ----------
    bare : pa.Array
        The values without their currency sign.
    styles : frozenset of str
        The ways of writing (`point`, `english`, `european`) that fit every value.
    sign : str
        The currency sign, or "".
    dotted : bool
        Whether any value has a decimal point in the style `point`.
    """

    bare: pa.Array
    styles: frozenset[str]
    sign: str
    dotted: bool


def numerals(distinct: pa.Array) -> Numerals | None:
    """What the distinct values are as numbers; None when one of them is none, or a code such as `0001`."""
    if not len(distinct) or _lacks(distinct.slice(0, 1), r"\d"):
        return None
    parts = pc.extract_regex(distinct, _PARTS)
    if parts.null_count:
        return None
    minus, before, rest, after = parts.flatten()
    signs = (set(pc.unique(before).to_pylist()) | set(pc.unique(after).to_pylist())) - {"", None}
    bare = pc.binary_join_element_wise(minus, rest, pa.scalar("", minus.type))
    code = _has(bare, r"^[+-]?\d{19,}$") or (not signs and _has(bare, r"^[+-]?0\d"))
    if code or len(signs) > 1:
        return None
    styles = frozenset(name for name, pattern in _STYLES.items() if not _lacks(bare, pattern))
    if not styles:
        return None
    return Numerals(bare=bare, styles=styles, sign=next(iter(signs), ""), dotted=_has(bare, r"\."))


def file_style(columns: Iterable[Numerals]) -> str | None:
    """How the file writes numbers, where its columns leave no doubt: `english`, `european`, or None."""
    found = {_evident(column) for column in columns} - {None}
    return found.pop() if len(found) == 1 else None


def style_of(column: Numerals, file: str | None) -> str | None:
    """The way of writing in which a column is read; None when it fits none or is ambiguous (1,234)."""
    fits = column.styles
    if "point" in fits:
        return "european" if file == "european" and "european" in fits and column.dotted else "point"
    if {"english", "european"} <= fits:
        return file
    return next(iter(fits), None)


def numbers(column: Numerals, style: str) -> pa.Array:
    """The values as int64 where all are whole, else float64."""
    text = column.bare
    if style == "english":
        text = pc.replace_substring(text, ",", "")
    if style == "european":
        text = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    if not _lacks(text, r"^[+-]?\d{1,18}$"):
        return pc.cast(pc.replace_substring_regex(text, r"^\+", ""), pa.int64())
    return whole_if_possible(pc.cast(text, pa.float64()))


def whole_if_possible(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """float64 as int64 where every value is a whole number that a float holds exactly."""
    plain = pc.drop_null(values).to_numpy(zero_copy_only=False) if len(values) else np.empty(0)
    if plain.size and np.all(np.abs(plain) < _LARGEST_EXACT) and np.all(plain == np.rint(plain)):
        return pc.cast(values, pa.int64())
    return values


def _evident(column: Numerals) -> str | None:
    if column.styles == {"european"}:
        return "european"
    point = column.styles == {"english"} or ("european" not in column.styles and column.dotted)
    return "english" if point else None


def _has(values: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern)).as_py())


def _lacks(values: pa.Array, pattern: str) -> bool:
    return not pc.all(pc.match_substring_regex(values, pattern)).as_py()
