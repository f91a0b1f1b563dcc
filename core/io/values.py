"""From what a reader found to canonical columns: the type of each is worked out over all of its values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.io import amounts, dates
from core.io.amounts import MISSING_WORDS, Numerals
from core.io.dates import Written
from core.io.names import listed, shown_names, slugs
from core.io.reading import Field, Raw, Reading

MOST_COLUMNS: Final = 10_000
ROW: Final = "_row"

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
_NEARLY_ALL: Final = 0.9
_FEW_IMPOSSIBLE: Final = 0.05


@dataclass(slots=True)
class _Told:
    """Sentences gathered while columns are typed; equal ones are joined to one that lists the columns."""

    decisions: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def chose(self, what: str, column: str) -> None:
        self.decisions.setdefault(what, []).append(column)

    def sentences(self) -> tuple[str, ...]:
        return tuple(f"{listed(columns)}: {what}." for what, columns in self.decisions.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text column as positions in its distinct values, and what these look like.

    `kept` are the distinct values that count, `words` those that mean "empty" among numbers or dates.
    """

    name: str
    distinct: pa.Array
    cells: pa.Array
    kept: pa.Array
    words: pa.Array
    numerals: Numerals | None
    written: Written | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    values: pa.ChunkedArray
    type: str
    dayfirst: bool | None = None
    sign: str = ""


def settle(raw: Raw) -> Reading:
    """Type, name and number the columns of a file.

    Raises
    ------
    UserError
        When there are no rows, or too many columns.
    """
    check_width(len(raw.names))
    if not len(raw.numbers):
        raise UserError(
            "This file has column names but no rows.",
            "Check that the right sheet or export was saved, with its data.",
        )
    names, renamed = shown_names(raw.names)
    told = _Told()
    read = [_prepared(name, column, told) for name, column in zip(names, raw.columns, strict=True)]
    style = amounts.file_style(c.numerals for c in read if isinstance(c, _Text) and c.numerals)
    dayfirst = _file_dayfirst([c for c in read if isinstance(c, _Text)])
    typed = [c if isinstance(c, _Typed) else _typed(c, style, dayfirst, told) for c in read]
    return _reading(raw, names, typed, (*raw.decisions, *renamed, *told.sentences()), told.warnings)


def check_width(columns: int) -> None:
    """Refuse a file with more columns than can be read."""
    if columns > MOST_COLUMNS:
        raise UserError(
            f"This file has {columns:,} columns; at most {MOST_COLUMNS:,} can be read.",
            "Keep the columns that matter and upload it again.",
        )


def _reading(
    raw: Raw, names: list[str], typed: list[_Typed], decisions: tuple[str, ...], warnings: list[str]
) -> Reading:
    signs = sorted({column.sign for column in typed} - {""})
    if len(signs) > 1:
        warnings.append(f"Amounts are in more than one currency: {listed(signs)}. They are not converted.")
    fields = tuple(
        Field(slug=slug, name=name, type=column.type, dayfirst=column.dayfirst)
        for slug, name, column in zip(slugs(names), names, typed, strict=True)
    )
    table = pa.table([raw.numbers, *(c.values for c in typed)], names=[ROW, *(f.slug for f in fields)])
    return Reading(
        table=table,
        fields=fields,
        currency=signs[0] if len(signs) == 1 else "",
        decisions=decisions,
        warnings=(*raw.warnings, *warnings),
    )


def _prepared(name: str, column: pa.ChunkedArray, told: _Told) -> "_Text | _Typed":
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _prepared(name, pc.cast(column, kind.value_type), told)
    if _is_text(kind):
        return _looked_at(name, column)
    if pa.types.is_boolean(kind):
        return _Typed(values=column, type="flag")
    if pa.types.is_integer(kind):
        return _integers(name, column)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _floats(name, column, told)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _native_dates(name, column, told)
    return _foreign(name, column, told)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )  # fmt: skip


def _integers(name: str, column: pa.ChunkedArray) -> "_Text | _Typed":
    try:
        return _Typed(values=pc.cast(column, pa.int64()), type="integer")
    except pa.ArrowInvalid:  # unsigned and beyond int64: a code, not an amount
        return _looked_at(name, pc.cast(column, pa.large_string()))


def _floats(name: str, column: pa.ChunkedArray, told: _Told) -> _Typed:
    values = pc.cast(column, pa.float64())
    values = pc.if_else(pc.is_nan(values), None, values)
    endless = pc.is_inf(values)
    if count := pc.sum(endless).as_py() or 0:
        told.warnings.append(f"{name} has {_count(count, 'infinite value')}, read as empty.")
        values = pc.if_else(endless, None, values)
    whole = amounts.whole_if_possible(values)
    if whole.type == pa.int64():
        told.chose("only whole numbers, read as such", name)
    return _Typed(values=whole, type="integer" if whole.type == pa.int64() else "number")


def _native_dates(name: str, column: pa.ChunkedArray, told: _Told) -> _Typed:
    if getattr(column.type, "tz", None):
        told.chose("times turned into UTC", name)
    moments = pc.cast(
        pc.cast(column, pa.timestamp("us", getattr(column.type, "tz", None)), safe=False), "timestamp[us]"
    )
    return _dates(moments.combine_chunks().to_numpy(zero_copy_only=False).astype("datetime64[us]"), None)


def _foreign(name: str, column: pa.ChunkedArray, told: _Told) -> "_Text | _Typed":
    try:
        return _looked_at(name, pc.cast(column, pa.large_string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        told.warnings.append(
            f"{name} holds lists, records or binary data that can't be used; it was left empty."
        )
        return _Typed(values=pa.chunked_array([pa.nulls(len(column), pa.large_string())]), type="text")


def _dates(moments: np.ndarray, dayfirst: bool | None) -> _Typed:
    if dates.is_midnight(moments):
        return _Typed(
            values=_chunked(pa.array(moments.astype("datetime64[D]"))), type="date", dayfirst=dayfirst
        )
    return _Typed(values=_chunked(pa.array(moments)), type="datetime", dayfirst=dayfirst)


def _looked_at(name: str, column: pa.ChunkedArray) -> _Text:
    text = pc.utf8_trim_whitespace(pc.cast(column, pa.large_string())).combine_chunks()
    text = pc.if_else(pc.equal(text, ""), None, text)
    encoded = text.dictionary_encode()
    distinct = encoded.dictionary
    is_word = pc.is_in(pc.utf8_lower(distinct), pa.array(MISSING_WORDS, pa.large_string()))
    kept = distinct.filter(pc.invert(is_word))
    numerals = amounts.numerals(kept)
    return _Text(
        name=name,
        distinct=distinct,
        cells=encoded.indices,
        kept=kept,
        words=distinct.filter(is_word),
        numerals=numerals,
        written=None if numerals else dates.written(kept),
    )


def _file_dayfirst(columns: Sequence[_Text]) -> bool | None:
    """Whether the file writes the day first, where the columns that leave no doubt agree."""
    decided = {c.written.dayfirst for c in columns if c.written and not c.written.mixed} - {None}
    return decided.pop() if len(decided) == 1 else None


def _typed(column: _Text, style: str | None, dayfirst: bool | None, told: _Told) -> _Typed:
    if column.written:
        return _typed_dates(column, column.written, dayfirst, told)
    if column.numerals:
        return _typed_numbers(column, column.numerals, style, told)
    if flags := _typed_flags(column, told):
        return flags
    _warn_of_strays(column, told)
    return _as_text(column)


def _typed_numbers(column: _Text, found: Numerals, file: str | None, told: _Told) -> _Typed:
    style = amounts.style_of(found, file)
    if style is None:
        told.warnings.append(
            f"{column.name} stays text: the comma in {found.bare[0].as_py()} may mark decimals or thousands."
        )
        return _as_text(column)
    values = amounts.numbers(found, style)
    _tell_numbers(column, found, style, values, told)
    cells = _spread(column, values)
    return _Typed(values=cells, type="integer" if values.type == pa.int64() else "number", sign=found.sign)


def _tell_numbers(column: _Text, found: Numerals, style: str, values: pa.Array, told: _Told) -> None:
    _warn_of_words(column, told)
    if found.sign:
        told.chose(f"amounts in {found.sign}", column.name)
    if style == "european":
        told.chose("numbers with a decimal comma", column.name)
    if style == "european" and "point" in found.styles:
        told.warnings.append(
            f"{column.name}: the point in {_dotted(found)} is taken for thousands, as others have commas."
        )
    if style == "english":
        told.chose("numbers with a comma between thousands", column.name)
    if style == "point" and found.dotted and values.type == pa.int64():
        told.chose("only whole numbers, read as such", column.name)


def _dotted(found: Numerals) -> str:
    return str(found.bare.filter(pc.match_substring(found.bare, "."))[0])


def _typed_dates(column: _Text, found: Written, file: bool | None, told: _Told) -> _Typed:
    if found.mixed:
        told.warnings.append(f"{column.name} stays text: some dates have the day first, others the month.")
        return _as_text(column)
    decided = found.dayfirst if found.dayfirst is not None else file
    open_ = decided is None and not found.iso and bool(np.any(found.parts["a"] != found.parts["b"]))
    chosen = _likelier_dayfirst(column, found) if decided is None else decided
    moments = dates.moments(found, chosen)
    cells = _spread(column, pa.array(moments)).to_numpy().astype("datetime64[us]")
    known = len(cells) - _missing(column)
    bad = int(np.isnat(cells).sum()) - _missing(column)
    if bad:
        many = bad > _FEW_IMPOSSIBLE * known
        example = column.kept[int(np.flatnonzero(np.isnat(moments))[0])].as_py()
        said = f"{_count(bad, 'date')} such as {example} that can't be"
        told.warnings.append(
            f"{column.name} stays text: {said}." if many else f"{column.name} has {said}, read as empty."
        )
        if many:
            return _as_text(column)
    _tell_dates(column, found, chosen, told)
    return _dates(cells, chosen if open_ else None)


def _tell_dates(column: _Text, found: Written, dayfirst: bool, told: _Told) -> None:
    _warn_of_words(column, told)
    order = "" if found.iso else ", the day first" if dayfirst else ", the month first"
    told.chose(f"text read as dates{' with time' if found.timed else ''}{order}", column.name)
    if found.zoned:
        told.chose("times turned into UTC", column.name)


def _likelier_dayfirst(column: _Text, found: Written) -> bool:
    """The reading in which rows go back in time less often: files are mostly in the order of their dates."""
    steps = []
    for dayfirst in (True, False):
        cells = _spread(column, pa.array(dates.moments(found, dayfirst))).to_numpy().astype("datetime64[us]")
        steps.append(int(np.sum(cells[1:] < cells[:-1])))
    return steps[0] <= steps[1]


def _typed_flags(column: _Text, told: _Told) -> _Typed | None:
    lower = pc.utf8_lower(column.distinct)
    yes = _FLAGS.get(frozenset(lower.to_pylist())) if len(lower) in (2, 3, 4) else None
    if yes is None:
        return None
    told.chose("read as yes or no", column.name)
    return _Typed(values=_chunked(pc.equal(lower, yes).take(column.cells)), type="flag")


def _as_text(column: _Text) -> _Typed:
    return _Typed(values=_chunked(column.distinct.take(column.cells)), type="text")


def _spread(column: _Text, values: pa.Array) -> pa.ChunkedArray:
    """Values of the kept distinct texts, one per cell; words that mean "empty" become empty."""
    if not len(column.words):
        return _chunked(values.take(column.cells))
    place = pc.index_in(column.distinct, column.kept)
    return _chunked(values.take(place.take(column.cells)))


def _missing(column: _Text) -> int:
    return int(column.cells.null_count) + _rows_with(column, column.words)


def _rows_with(column: _Text, texts: pa.Array) -> int:
    if not len(texts):
        return 0
    wanted = pc.is_in(column.distinct, texts)
    return int(pc.sum(wanted.take(column.cells)).as_py() or 0)


def _warn_of_words(column: _Text, told: _Told) -> None:
    if len(column.words):
        words = listed([f"“{w}”" for w in column.words.to_pylist()])
        rows = _rows_with(column, column.words)
        told.warnings.append(f"{column.name} has {words} in {_count(rows, 'row')}, read as empty.")


def _warn_of_strays(column: _Text, told: _Told) -> None:
    """Say when a column would be numbers or dates but for a few words; codes such as 85123A are not meant."""
    strays = column.kept.filter(pc.invert(pc.match_substring_regex(column.kept, _LIKE_NUMBER)))
    measured = pc.any(pc.match_substring_regex(column.kept, _LIKE_MEASURE)).as_py()
    coded = pc.any(pc.match_substring_regex(strays, r"\d")).as_py()
    count, known = _rows_with(column, strays), len(column.cells) - _missing(column)
    if count and count <= (1 - _NEARLY_ALL) * known and (measured or not coded):
        told.warnings.append(
            f"{column.name} stays text: {_count(count, 'value')} such as “{strays[0].as_py()[:40]}” "
            f"among {known:,} that look like numbers or dates."
        )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _chunked(values: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
