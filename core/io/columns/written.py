"""Text columns as numbers, dates, yes or no, or text: once the whole file has been seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns import amounts, dates
from core.io.columns.amounts import Numerals
from core.io.columns.dates import Written
from core.io.columns.texts import Text
from core.io.columns.typed import Told, Typed, chunked, counted, quoted, typed_dates
from core.io.names import listed

_FLAGS: Final = {
    frozenset(pair): pair[0]
    for pair in (
        ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("j", "n"), ("oui", "non"),
        ("si", "no"), ("sí", "no"), ("sim", "não"), ("sim", "nao"), ("ja", "nee"),
    )
}  # fmt: skip
_LIKE_DATE: Final = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"
_LIKE_NUMBER: Final = rf"^[+-]?[\d.,]*\d[\d.,]*$|{_LIKE_DATE}"
_LIKE_MEASURE: Final = rf"^[+-]?\d+[.,]\d+$|{_LIKE_DATE}"
_MARKED_BOTH_WAYS: Final = (r"^[+-]?[\d.]*\d,\d{1,2}$", r"^[+-]?[\d,]*\d\.\d{1,2}$")
_NEARLY_ALL: Final = 0.9
_FEW_IMPOSSIBLE: Final = 0.05
_SOME: Final = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the file writes, from the columns that leave no doubt, and what a person said of it.

    Attributes
    ----------
    style : str or None
        `english` or `european` numbers.
    dayfirst : bool or None
    decimal : str
        The decimal sign that a person chose, or "".
    told_dayfirst : bool or None
        The order of day and month that a person chose.
    """

    style: str | None
    dayfirst: bool | None
    decimal: str = ""
    told_dayfirst: bool | None = None


def habits(columns: Sequence[Text | Typed], decimal: str, dayfirst: str) -> Habits:
    """What the text columns of a file say together about how it writes numbers and dates."""
    text = [c for c in columns if isinstance(c, Text)]
    plain = [c for c in columns if isinstance(c, Typed)]
    points = any(c.decimal == "." for c in plain)
    decided = {c.order for c in plain} | {
        c.written.dayfirst for c in text if c.written and not c.written.mixed
    }
    decided -= {None}
    return Habits(
        style=amounts.file_style((c.numerals for c in text if c.numerals), decimal, points=points),
        dayfirst=decided.pop() if len(decided) == 1 else None,
        decimal=decimal,
        told_dayfirst=dayfirst == "yes" if dayfirst else None,
    )


def typed(column: Text, file: Habits, told: Told) -> Typed:
    """The column in the type that all of its values fit; text where they fit none."""
    if column.written:
        return _dates(column, column.written, file, told)
    if column.numerals:
        return _numbers(column, column.numerals, file, told)
    if flags := _flags(column, told):
        return flags
    _warn_of_strays(column, told)
    return _text(column)


def _numbers(column: Text, found: Numerals, file: Habits, told: Told) -> Typed:
    style = amounts.style_of(found, file.style, file.decimal)
    if why := _why_not(found, style):
        told.warn(f"{column.name} stays text: {why}")
        return replace(_text(column), decimal="" if style else "?")
    values = amounts.numbers(found, style or "point")
    _tell_numbers(column, found, style or "point", values, file, told)
    return Typed(
        values=chunked(column.spread(values)),
        type="integer" if values.type == pa.int64() else "number",
        sign=next(iter(found.signs), ""),
        decimal="" if not found.marked else "," if style == "european" else ".",
    )


def _why_not(found: Numerals, style: str | None) -> str:
    """Why numbers can't be read as such; empty where they can."""
    if len(found.signs) > 1:
        return f"its amounts are in {listed(sorted(found.signs))}. Convert them to one currency to use them."
    if len(found.percent) > 1:
        return "some of its numbers are percent and some are not. Write them one way to use them."
    if style is None:
        return (
            f"the comma in {found.bare[0].as_py()} may mark decimals or thousands. Choose the decimal sign."
        )
    return ""


def _tell_numbers(
    column: Text, found: Numerals, style: str, values: pa.Array, file: Habits, told: Told
) -> None:
    _warn_of_words(column, told)
    whole = values.type == pa.int64()
    from_others = style == "european" and "point" in found.styles
    said = {
        f"amounts in {next(iter(found.signs), '')}": bool(found.signs),
        "percent; 12.5 stands for 12.5 %": True in found.percent,
        "parentheses or a minus at the end read as below zero": found.accounting,
        "blanks or apostrophes between thousands left out": found.grouped,
        "numbers with a decimal comma": style == "european",
        "numbers with a comma between thousands": style == "english",
        "only whole numbers, read as such": style == "point" and found.dotted and whole,
    }
    for what, so in said.items():
        if so:
            told.chose(what, column.name)
    if style == "point" and found.dotted and "european" in found.styles and not file.decimal:
        dotted = found.bare.filter(pc.match_substring(found.bare, "."))[0]
        told.warn(
            f"{column.name}: the point in {dotted} is taken for decimals; "
            "choose the comma where it marks thousands."
        )
    if from_others and not file.decimal:
        dotted = found.bare.filter(pc.match_substring(found.bare, "."))[0]
        told.warn(
            f"{column.name}: the point in {dotted} is taken for thousands, as others have commas; "
            "choose the point where it marks decimals."
        )


def _dates(column: Text, found: Written, file: Habits, told: Told) -> Typed:
    if found.mixed:
        told.warn(
            f"{column.name} stays text: some dates have the day first, others the month. "
            "Write them one way to use them."
        )
        return _text(column)
    unsure = found.dayfirst is None and not found.iso and bool(np.any(found.parts["a"] != found.parts["b"]))
    open_ = unsure and (file.dayfirst is None or file.told_dayfirst is not None)
    orders = (found.dayfirst, file.told_dayfirst, file.dayfirst)
    decided = next((order for order in orders if order is not None), None)
    chosen = _likelier_dayfirst(column, found) if decided is None else decided
    moments = dates.moments(found, chosen)
    cells = _cells(column, moments)
    if not _possible(column, moments, cells, told):
        return _text(column)
    _tell_dates(column, found, chosen, told)
    return replace(typed_dates(cells, chosen if open_ else None), zoned=found.zoned)


def _possible(column: Text, moments: np.ndarray, cells: np.ndarray, told: Told) -> bool:
    """Whether few enough dates do not exist; any that do not are said."""
    bad = int(np.isnat(cells).sum()) - column.missing
    if not bad:
        return True
    many = bad > _FEW_IMPOSSIBLE * (len(cells) - column.missing)
    example = column.kept[int(np.flatnonzero(np.isnat(moments))[0])].as_py()
    said = f"{counted(bad, 'date')} such as {example} that can't be"
    told.warn(f"{column.name} stays text: {said}." if many else f"{column.name} has {said}, read as empty.")
    return not many


def _tell_dates(column: Text, found: Written, dayfirst: bool, told: Told) -> None:
    _warn_of_words(column, told)
    _warn_of_spellings(column, found, dayfirst, told)
    order = "" if found.iso or found.named else ", the day first" if dayfirst else ", the month first"
    told.chose(f"text read as dates{' with time' if found.timed else ''}{order}", column.name)
    if found.zoned:
        told.chose("times turned into UTC", column.name)


def _warn_of_spellings(column: Text, found: Written, dayfirst: bool, told: Told) -> None:
    """Say what the values leave open although others settle it: by another mark, or years of two digits."""
    order = "the day" if dayfirst else "the month"
    if found.unlike and found.dayfirst is not None:
        told.warn(
            f"{column.name}: dates written with {found.unlike} leave day and month open; they are read with "
            f"{order} first, as the others of the column. Write them one way to be sure."
        )
    if found.maybe_year_first:
        told.warn(
            f"{column.name}: dates such as {column.kept[0].as_py()} are read with the year last. "
            "Write the year with four digits where it stands first."
        )


def _likelier_dayfirst(column: Text, found: Written) -> bool:
    """The reading in which rows go back in time less often: files are mostly in the order of their dates."""
    back = []
    for dayfirst in (True, False):
        cells = _cells(column, dates.moments(found, dayfirst))
        back.append(int(np.sum(cells[1:] < cells[:-1])))
    return back[0] <= back[1]


def _cells(column: Text, moments: np.ndarray) -> np.ndarray:
    cells = column.spread(pa.array(moments)).to_numpy(zero_copy_only=False)
    found: np.ndarray = cells.astype("datetime64[us]", copy=False)
    return found


def _flags(column: Text, told: Told) -> Typed | None:
    lower = pc.utf8_lower(column.distinct)
    yes = _FLAGS.get(frozenset(lower.to_pylist())) if len(lower) in (2, 3, 4) else None
    if yes is None:
        return None
    told.chose("read as yes or no", column.name)
    return Typed(values=chunked(pc.equal(lower, yes).take(column.cells)), type="flag")


def _text(column: Text) -> Typed:
    return Typed(values=chunked(column.as_text()), type="text")


def _warned_of_dates(column: Text, told: Told) -> bool:
    """Say when a column holds dates in several spellings, or dates and a few other values."""
    spelt = dates.spellings(column.kept)
    others = column.kept.filter(pc.invert(pa.array(np.logical_or.reduce(spelt)))) if spelt else column.kept
    known = len(column.cells) - column.missing
    if not spelt or column.rows_with(others) > _SOME * known:
        return False
    if len(others):
        said = f"{counted(column.rows_with(others), 'value')} such as “{others[0].as_py()[:40]}” among dates"
        told.warn(f"{column.name} stays text: it has {said}. Write or remove them to use the others.")
    else:
        shown = listed([f"“{column.kept[int(np.argmax(one))].as_py()}”" for one in spelt])
        told.warn(
            f"{column.name} stays text: its dates are written in several ways, such as {shown}. "
            "Write them one way to use them."
        )
    return True


def _warn_of_words(column: Text, told: Told) -> None:
    if len(column.words):
        rows = counted(column.rows_with(column.words), "row")
        told.warn(f"{column.name} has {quoted(column.words.to_pylist())} in {rows}, read as empty.")


def _warn_of_strays(column: Text, told: Told) -> None:
    """Say when a column would be numbers or dates but for a few words; codes such as 85123A are not meant."""
    if _warned_of_dates(column, told):
        return
    strays = column.kept.filter(pc.invert(pc.match_substring_regex(column.kept, _LIKE_NUMBER)))
    measured = pc.any(pc.match_substring_regex(column.kept, _LIKE_MEASURE)).as_py()
    coded = pc.any(pc.match_substring_regex(strays, r"\d")).as_py()
    if all(pc.any(pc.match_substring_regex(column.kept, p)).as_py() for p in _MARKED_BOTH_WAYS):
        told.warn(
            f"{column.name} stays text: some of its numbers have a decimal comma, others a point. "
            "Write them one way to use them."
        )
    count, known = column.rows_with(strays), len(column.cells) - column.missing
    if count and count <= (1 - _NEARLY_ALL) * known and (measured or not coded):
        told.warn(
            f"{column.name} stays text: {counted(count, 'value')} such as “{strays[0].as_py()[:40]}” "
            f"among {known:,} that look like numbers or dates."
        )
