"""The fitted recipe as SQL expressions over the columns of the customer sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.clean import OTHER
from core.features.customers import Customers, Measure
from core.features.prepare import Prepared
from core.score.text import chosen, digits, named, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One `WITH` table: its name, and its columns beside those of the table before as (name, expression)."""

    name: str
    columns: tuple[tuple[str, str], ...]


def recipe_steps(prepared: Sequence[Prepared], fitted: Customers) -> tuple[Step, Step, Step]:
    """From the columns of the sheet to `x1` … `xp`, which are null where a value is missing and not filled.

    `came` holds the values as they came (`v1` …), `filled` limits and fills them (`f1` …) and says where
    there was none, `compared` evens out and scales.
    """
    came, filled, compared = [], [], []
    for i, p in enumerate(prepared, start=1):
        measure = fitted.measure(p.slug)
        assert measure is not None, "a compared column is a measure"
        came.append((f"v{i}", _came(p, measure)))
        filled += [(f"f{i}", _filled(p, f"v{i}")), (f"gap{i}", f"CASE WHEN v{i} IS NULL THEN 1 ELSE 0 END")]
        compared += _compared(p, f"f{i}", f"gap{i}")
    return (
        Step(name="came", columns=tuple(came)),
        Step(name="filled", columns=tuple(filled)),
        Step(name="compared", columns=tuple((f"x{i}", x) for i, x in enumerate(compared, start=1))),
    )


def _came(p: Prepared, measure: Measure) -> str:
    column = named(p.slug)
    if measure.numeric:
        return _float(column)
    text = f"CAST({column} AS VARCHAR)"
    if measure.unit == "flag":
        return chosen([(f"LOWER({text}) = 'yes'", "'true'"), (f"LOWER({text}) = 'no'", "'false'")], text)
    if measure.unit == "band" and measure.levels:
        ranks = [(f"{text} = {word(level)}", digits(rank)) for rank, level in enumerate(measure.levels)]
        return _float(chosen(ranks))
    return text


def _filled(p: Prepared, value: str) -> str:
    if p.kind == "category":
        return _level(p, value)
    inside = value
    if p.limits is not None:
        low, high = p.limits
        inside = f"LEAST(GREATEST({value}, {digits(low)}), {digits(high)})"
    return chosen([(f"{value} IS NULL", "NULL" if p.filled is None else digits(p.filled))], inside)


def _level(p: Prepared, value: str) -> str:
    """The level of a category: the one that stands in for a missing one, and “Other” for one not there."""
    spelled = {level.casefold(): level for level in p.levels}
    stand_in = spelled.get(p.filled_level.casefold(), p.filled_level)
    other = spelled.get(OTHER.casefold())
    missing = (f"{value} IS NULL", word(stand_in) if stand_in else "NULL")
    if other is None:
        return chosen([missing], value)
    if stand_in and stand_in not in p.levels:
        missing = (missing[0], word(other))
    known = ", ".join(word(level) for level in p.levels)
    return chosen([missing, (f"{value} IN ({known})", value)], word(other))


def _compared(p: Prepared, value: str, gap: str) -> list[str]:
    weight = digits(p.weight)
    if p.kind == "category":
        return [
            f"({_float(_is(value, level))} - {digits(centre)}) / {digits(p.scale)} * {weight}"
            for level, centre in zip(p.levels, p.centre, strict=True)
        ]
    columns = [f"({_evened(p, value)} - {digits(p.centre[0])}) / {digits(p.scale)} * {weight}"]
    if p.mark is not None:
        columns.append(f"({_float(gap)} - {digits(p.centre[1])}) / {digits(p.mark)} * {weight}")
    return columns


def _is(value: str, level: str) -> str:
    return chosen([(f"{value} IS NULL", "NULL"), (f"{value} = {word(level)}", "1")], "0")


def _float(value: str) -> str:
    """A float of 64 bits, where a database would go on with decimals."""
    return f"CAST({value} AS DOUBLE PRECISION)"


def _evened(p: Prepared, value: str) -> str:
    if p.transform == "log1p":
        return f"(SIGN({value}) * LN(1 + ABS({value})))"
    if p.transform != "yeo-johnson":
        return value
    assert p.lmbda is not None
    above, below = _power(f"({value} + 1)", p.lmbda), _power(f"(1 - {value})", 2 - p.lmbda)
    return chosen([(f"{value} >= 0", above), (f"{value} < 0", f"-{below}")])


def _power(value: str, lmbda: float) -> str:
    """Box and Cox (1964): what Yeo and Johnson (2000) do on either side of zero."""
    if lmbda == 0:
        return f"LN({value})"
    return f"((POWER({value}, {digits(lmbda)}) - 1) / {digits(lmbda)})"
