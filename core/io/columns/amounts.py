"""Numbers written as text: signs, decimal comma or point, thousands, a currency, percent, parentheses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns.currencies import CURRENCIES, WRITTEN

_PARTS: Final = (
    r"^(?P<open>\(?)(?P<minus>[+−-]?)\s*(?P<before>SIGN)?\s*(?P<opened>\(?)(?P<inner>[+−-]?)\s*"
    r"(?P<rest>[0-9.,'’\x{a0}\x{202f}\x{2009} ]*[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?)"
    r"(?P<closed>\)?)(?P<trailing>[−-]?)\s*(?P<percent>%?)\s*(?P<after>SIGN)?(?P<last>[−-]?)(?P<close>\)?)$"
).replace("SIGN", WRITTEN)
_GROUPED: Final = r"^\d{1,3}(?:['’\x{a0}\x{202f}\x{2009} ]\d{3})+(?:[.,]\d+)?$"
_GROUP_MARKS: Final = r"['’\x{a0}\x{202f}\x{2009} ]"
_STYLES: Final = {
    "point": r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$",
    "english": r"^[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?$",
    "european": r"^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?$",
}
_GROUPED_STYLES: Final = {"point": r"^[+-]?\d+(?:\.\d+)?$", "european": r"^[+-]?\d+(?:,\d+)?$"}
_OF_DECIMAL: Final = {",": "european", ".": "english"}
_LARGEST_EXACT: Final = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """The distinct values of a column, all of which look like numbers.

    Attributes
    ----------
    bare : pa.Array
        The values without currency, percent, parentheses and thousands marks other than point and comma.
    styles : frozenset of str
        The ways of writing (`point`, `english`, `european`) that fit every value.
    signs : frozenset of str
        The currencies.
    dotted, marked : bool
        Whether any value has a point; a point or a comma.
    grouped, accounting : bool
        Whether any value has blanks or apostrophes between thousands; parentheses or a minus at its end.
    percent : frozenset of bool
        Whether values other than 0 have a percent sign: some (True), some not (False).
    """

    bare: pa.Array
    styles: frozenset[str]
    signs: frozenset[str]
    dotted: bool
    marked: bool
    grouped: bool
    accounting: bool
    percent: frozenset[bool]


def numerals(distinct: pa.Array) -> Numerals | None:
    """What the distinct values are as numbers; None when one of them is none, or a code such as `0001`."""
    if not len(distinct) or _lacks(distinct.slice(0, 1), r"\d"):
        return None
    found = pc.extract_regex(distinct, _PARTS)
    if found.null_count:
        return None
    parts = {found.type.field(i).name: found.field(i) for i in range(found.type.num_fields)}
    grouped = pc.match_substring_regex(parts["rest"], _GROUPED)
    rest = pc.if_else(grouped, pc.replace_substring_regex(parts["rest"], _GROUP_MARKS, ""), parts["rest"])
    negative = _negative(parts)
    if negative is None or _has(rest, _GROUP_MARKS):
        return None
    bare = pc.binary_join_element_wise(pc.if_else(negative, "-", ""), rest, "")
    return _judged(parts, bare, bool(pc.any(grouped).as_py()))


def file_style(columns: Iterable[Numerals], decimal: str = "", *, points: bool = False) -> str | None:
    """How the file writes numbers, where a person said so or its columns leave no doubt; else None.

    `points` says that other columns have a decimal point.
    """
    found = {_evident(column) for column in columns} | ({"english"} if points else set())
    found -= {None}
    return _OF_DECIMAL.get(decimal) or (found.pop() if len(found) == 1 else None)


def style_of(column: Numerals, file: str | None, decimal: str = "") -> str | None:
    """The way of writing in which a column is read; None when it is ambiguous (1,234).

    Parameters
    ----------
    column : Numerals
    file : str or None
        How the file writes numbers, `english` or `european`.
    decimal : str
        The decimal sign that a person chose, or "": where the column can be read so, it is.
    """
    fits = column.styles
    if "point" in fits:
        turned = file == "european" and "european" in fits and column.dotted
        return "european" if turned else "point"
    if {"english", "european"} <= fits:
        return _OF_DECIMAL.get(decimal) or file
    return next(iter(fits), None)


def numbers(column: Numerals, style: str) -> pa.Array:
    """The values as int64 where all are whole, else float64."""
    text = column.bare
    if style == "english":
        text = pc.replace_substring(text, ",", "")
    if style == "european":
        text = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    if not _lacks(text, r"^-?\d{1,18}$"):
        return pc.cast(text, pa.int64())
    return whole_if_possible(pc.cast(text, pa.float64()))


def whole_if_possible(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """float64 as int64 where every value is a whole number that a float holds exactly."""
    plain = pc.drop_null(values).to_numpy(zero_copy_only=False) if len(values) else np.empty(0)
    if not plain.size or plain[0] != np.rint(plain[0]):
        return values
    if np.all(np.abs(plain) < _LARGEST_EXACT) and np.all(plain == np.rint(plain)):
        return pc.cast(values, pa.int64())
    return values


def _judged(parts: dict[str, pa.Array], bare: pa.Array, grouped: bool) -> Numerals | None:
    signs = frozenset(
        CURRENCIES[word.lower()] for side in ("before", "after") for word in _words(parts[side])
    )
    percent = frozenset(pc.unique(_of_other_than_zero(pc.equal(parts["percent"], "%"), bare)).to_pylist())
    if not (signs or True in percent) and _is_code(parts, bare, grouped):
        return None
    patterns = _GROUPED_STYLES if grouped else _STYLES
    styles = frozenset(name for name, pattern in patterns.items() if not _lacks(bare, pattern))
    if not styles or _has(bare, r"^-?\d{19,}$"):
        return None
    return Numerals(
        bare=bare,
        styles=styles,
        signs=signs,
        dotted=_has(bare, r"\."),
        marked=_has(bare, r"[.,]"),
        grouped=grouped,
        accounting=any(_words(parts[place]) for place in ("open", "opened", "trailing", "last")),
        percent=percent,
    )


def _negative(parts: dict[str, pa.Array]) -> pa.Array | None:
    """Which values are below zero; None where a parenthesis stays open or a value has two signs."""
    opened = _count_of(parts, "open", "opened")
    closed = _count_of(parts, "close", "closed")
    signs = _count_of(parts, "minus", "inner", "trailing", "last")
    if not np.array_equal(opened, closed) or np.any(opened + signs > 1):
        return None
    plus = pc.or_(pc.equal(parts["minus"], "+"), pc.equal(parts["inner"], "+"))
    return pa.array((opened + signs > 0) & ~plus.to_numpy(zero_copy_only=False))


def _count_of(parts: dict[str, pa.Array], *names: str) -> np.ndarray:
    return sum(
        (pc.not_equal(parts[name], "").to_numpy(zero_copy_only=False).astype(np.int64) for name in names),
        np.zeros(len(parts["rest"]), dtype=np.int64),
    )


def _is_code(parts: dict[str, pa.Array], bare: pa.Array, grouped: bool) -> bool:
    """Whether digits name something: leading zeros, parentheses around all, groups of a phone number."""
    if _has(bare, r"^-?0\d"):
        return True
    plain = not _has(bare, r"[.,]")
    if plain and all(
        any(pair) for pair in zip(*(_shown(parts[n]) for n in ("open", "trailing")), strict=True)
    ):
        return True
    if not grouped:
        return False
    ungrouped = pc.match_substring_regex(parts["rest"], r"^\d{5,}")
    phones = pc.any(pc.equal(parts["minus"], "+")).as_py()
    alike = len(bare) > 1 and plain and len(pc.unique(pc.binary_length(parts["rest"]))) == 1
    return bool(phones or pc.any(ungrouped).as_py() or (alike and not _lacks(parts["rest"], r"^\d+.\d+.\d")))


def _shown(part: pa.Array) -> list[bool]:
    shown: list[bool] = pc.not_equal(part, "").to_pylist()
    return shown


def _of_other_than_zero(flags: pa.Array, bare: pa.Array) -> pa.Array:
    return flags.filter(pc.invert(pc.match_substring_regex(bare, r"^-?0+(?:[.,]0*)?$")))


def _words(part: pa.Array) -> list[str]:
    return [word for word in pc.unique(part).to_pylist() if word]


def _evident(column: Numerals) -> str | None:
    if column.styles == {"european"}:
        return "european"
    point = column.styles == {"english"} or ("european" not in column.styles and column.dotted)
    return "english" if point else None


def _has(values: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern)).as_py())


def _lacks(values: pa.Array, pattern: str) -> bool:
    return not pc.all(pc.match_substring_regex(values, pattern)).as_py()
