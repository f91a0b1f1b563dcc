"""Dates written as text: the year first, day or month first as the values decide, or the month in letters."""

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TIME: Final = (
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,9}))?)?"
    r"\s?(?P<half>[AaPp][Mm])?\s?(?P<zone>Z|UTC|GMT|(?:GMT|UTC)?[+-]\d{2}(?::?\d{2})?)?)?$"
)
_ISO: Final = r"^(?P<a>\d{4})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{1,2})" + _TIME
_SHORT: Final = r"^(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{4}|\d{2})" + _TIME
_WEEKDAY: Final = r"^(?:(?i:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*[.,]*\s+)?"
_NAMED: Final = (
    _WEEKDAY
    + r"(?P<a>\d{1,2})(?:st|nd|rd|th|\.)?[-/ ]*(?P<mark>)(?P<b>\p{L}{3,9})[-./, ]*(?P<c>\d{4}|\d{2})"
    + _TIME,
    _WEEKDAY
    + r"(?P<b>\p{L}{3,9})[-./ ]*(?P<a>\d{1,2})(?:st|nd|rd|th)?[-./, ]+(?P<mark>)(?P<c>\d{4})"
    + _TIME,
)
_MONTHS: Final = (
    ("jan", "january", "januar"), ("feb", "february", "februar"), ("mar", "march", "märz", "mär", "mrz"),
    ("apr", "april"), ("may", "mai"), ("jun", "june", "juni"), ("jul", "july", "juli"), ("aug", "august"),
    ("sep", "sept", "september"), ("oct", "october", "okt", "oktober"), ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)  # fmt: skip
_MONTH_OF: Final = {word: str(number) for number, words in enumerate(_MONTHS, 1) for word in words}
_SPELLINGS: Final = (
    _ISO,
    _SHORT.replace(r"|\d{2})", ")"),  # years of four digits: others may be codes
    *(way.replace(r"\p{L}{3,9}", f"(?i:{'|'.join(_MONTH_OF)})") for way in _NAMED),
)
_LOOKED_AT: Final = 1000
_BEGINS_WITH_YEAR: Final = re.compile(r"\d{4}")
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
_DAY: Final = 86_400_000_000
_MONTHS_OF_A_YEAR: Final = 12
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The distinct values of a column, all of which look like dates.

    Attributes
    ----------
    parts : dict
        Field name -> numbers, one per distinct value.
    iso : bool
        Whether the year stands first.
    dayfirst : bool or None
        Whether the day stands before the month; None when no part is over 12, or the year stands first.
    mixed : bool
        Whether some values have to be read day first and others month first.
    zoned, timed, named : bool
        Whether any value has a time zone, a time of day, its month in letters.
    unlike : str
        The mark, such as `/`, of those values that leave day and month open while others, with another mark,
        do not; else "".
    maybe_year_first : bool
        Whether all parts have two digits and the first could be the year, which then varies less.
    """

    parts: dict[str, np.ndarray]
    iso: bool
    dayfirst: bool | None
    mixed: bool
    zoned: bool
    timed: bool
    named: bool = False
    unlike: str = ""
    maybe_year_first: bool = False


def written(distinct: pa.Array) -> Written | None:
    """What the distinct values are as dates; None when one of them is none."""
    if not len(distinct):
        return None
    first = distinct[0].as_py()
    iso = _BEGINS_WITH_YEAR.match(first) is not None
    if not iso and _LETTERS.search(first):
        named = next((found for pattern in _NAMED if (found := _with_month_named(distinct, pattern))), None)
        if named:
            return named
    found = pc.extract_regex(distinct, _ISO if iso else _SHORT)
    return None if found.null_count else _taken_apart(_fields(found), iso)


def spellings(distinct: pa.Array) -> list[np.ndarray]:
    """Which values are dates, for each way of writing them that occurs among the first values."""
    first = distinct.slice(0, _LOOKED_AT)
    occur = [way for way in _SPELLINGS if pc.any(pc.match_substring_regex(first, way)).as_py()]
    return [pc.match_substring_regex(distinct, way).to_numpy(zero_copy_only=False) for way in occur]


def moments(column: Written, dayfirst: bool) -> np.ndarray:
    """The values as datetime64[us]; NaT where a date does not exist (30 February)."""
    p = column.parts
    if column.iso:
        year, month, day = p["a"], p["b"], p["c"]
    else:
        (day, month), year = (p["a"], p["b"]) if dayfirst else (p["b"], p["a"]), p["c"]
    found: np.ndarray = days(year, month, day).astype("datetime64[us]") + p["clock"]
    found[~p["clock_good"].astype(bool)] = np.datetime64("NaT")
    return found


def days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """datetime64[D] of whole numbers; NaT where there is no such day (30 February)."""
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    found: np.ndarray = months.astype("datetime64[D]") + (day - 1)
    good = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    found[~(good & (found.astype("datetime64[M]") == months))] = np.datetime64("NaT")
    return found


def is_midnight(values: np.ndarray) -> bool:
    """Whether every datetime64[us] is the start of a day, so that only the day matters."""
    known = values[~np.isnat(values)]
    return bool(np.all(known.astype(np.int64) % _DAY == 0))


def exchanged(values: np.ndarray) -> np.ndarray:
    """Dates (datetime64) with day and month exchanged: what the other reading would have given."""
    days = values.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    turned = (months.astype(np.int64) - month + day).astype("datetime64[M]").astype("datetime64[D]") + (
        month - 1
    )
    turned[np.isnat(days)] = np.datetime64("NaT")
    found: np.ndarray = (values - days + turned).astype(values.dtype)
    return found


def _with_month_named(distinct: pa.Array, pattern: str) -> Written | None:
    found = pc.extract_regex(distinct, pattern)
    if found.null_count:
        return None
    text = _fields(found)
    known = pa.array(list(_MONTH_OF), distinct.type)
    place = pc.index_in(pc.utf8_lower(text["b"]), known)
    if place.null_count:
        return None
    month = pa.array(list(_MONTH_OF.values()), distinct.type).take(place)
    return replace(_taken_apart({**text, "b": month}, False), dayfirst=True, mixed=False, named=True)


def _fields(found: pa.StructArray) -> dict[str, pa.Array]:
    return {found.type.field(i).name: found.field(i) for i in range(found.type.num_fields)}


def _taken_apart(text: dict[str, pa.Array], iso: bool) -> Written:
    parts = {name: _integers(text[name]) for name in ("a", "b", "c")}
    if not iso:
        short = parts["c"] < 100
        parts["c"] = np.where(short, parts["c"] + np.where(parts["c"] < 69, 2000, 1900), parts["c"])
    parts["clock"], parts["clock_good"] = _clock(text)
    a_over, b_over = bool(np.any(parts["a"] > 12)), bool(np.any(parts["b"] > 12))
    dotted = pc.all(pc.equal(text["mark"], ".")).as_py()  # 01.02.2012 is written where the day comes first
    decided = True if a_over else False if b_over else True if dotted else None
    return Written(
        parts=parts,
        iso=iso,
        unlike="" if iso else _unlike(text["mark"], parts),
        maybe_year_first=not iso and bool(short.all()) and _may_begin_with_years(parts),
        dayfirst=None if iso else decided,
        mixed=not iso and a_over and b_over,
        zoned=bool(pc.any(pc.not_equal(text["zone"], "")).as_py()),
        timed=bool(pc.any(pc.not_equal(text["hour"], "")).as_py()),
    )


def _unlike(marks: pa.Array, parts: dict[str, np.ndarray]) -> str:
    """A mark whose dates leave day and month open, where there are several marks."""
    several = pc.unique(marks).to_pylist()
    for mark in several if len(several) > 1 else []:
        here = pc.equal(marks, mark).to_numpy(zero_copy_only=False)
        first, second = parts["a"][here], parts["b"][here]
        if mark != "." and max(first.max(), second.max()) <= _MONTHS_OF_A_YEAR and np.any(first != second):
            return str(mark)
    return ""


def _may_begin_with_years(parts: dict[str, np.ndarray]) -> bool:
    """Whether dates of two digits each could be year, month, day: the year is then what varies least."""
    last = parts["c"] % 100
    possible = np.all((last >= 1) & (last <= _LONGEST_MONTH) & (parts["b"] <= _MONTHS_OF_A_YEAR))
    return bool(possible) and len(np.unique(last)) > len(np.unique(parts["a"]))


def _clock(text: dict[str, pa.Array]) -> tuple[np.ndarray, np.ndarray]:
    hour, minute, second = (_integers(text[name]) for name in ("hour", "minute", "second"))
    half = pc.utf8_lower(text["half"])
    halved = pc.not_equal(half, "").to_numpy(zero_copy_only=False)
    good = np.where(halved, (hour >= 1) & (hour <= 12), hour < 24) & (minute < 60) & (second < 60)
    evening = pc.equal(half, "pm").to_numpy(zero_copy_only=False)
    hour = np.where(halved, hour % 12 + 12 * evening, hour)
    part = _integers(pc.utf8_slice_codeunits(pc.utf8_rpad(text["part"], 6, "0"), 0, 6))
    zone = pc.replace_substring_regex(
        pc.replace_substring(text["zone"], ":", ""), "^(?:GMT|UTC)([+-])", r"\1"
    )
    zone = pc.replace_substring_regex(zone, "^(?:Z|UTC|GMT)$", "+0000")
    ahead = _integers(pc.utf8_slice_codeunits(zone, 1, 3)) * 60 + _integers(
        pc.utf8_slice_codeunits(zone, 3, 5)
    )
    ahead = np.where(pc.starts_with(zone, "-").to_numpy(zero_copy_only=False), -ahead, ahead)
    return ((hour * 60 + minute - ahead) * 60 + second) * 1_000_000 + part, good


def _integers(text: pa.Array) -> np.ndarray:
    filled = pc.if_else(pc.equal(text, ""), "0", text)
    found: np.ndarray = pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)
    return found
