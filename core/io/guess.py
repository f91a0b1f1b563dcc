"""What the columns of a table mean, guessed from name and content, each with the reason in plain words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from core.io import hints
from core.io.bands import ordered_levels
from core.io.dataset import LOG_ROLES, ROLES, Column
from core.io.hints import DATED, NUMERIC, Hint

ONE_OF: Final = frozenset(
    {"id", "order", "date", "quantity", "unit_price", "line_amount", "product", "country", "status", "since"}
    | {"age", "gender", "email", "consent", "recency"}
)
"""Roles that one column of a table can have at most."""

_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$")
_OLDEST: Final = 120
_MOST_GENDERS: Final = 10
_RATE_ROWS: Final = 20
_MEASURES: Final = frozenset({"spend", "frequency", "recency", "score", "discount", "age"})
_AMOUNTS: Final = _MEASURES | {"quantity", "unit_price", "line_amount"}
_NAMES: Final = ("id", "order", "product")

_Left = Callable[[Column, int], tuple[str, str]]
_Given = tuple[str, str]


def guess(columns: Sequence[Column], rows: int) -> tuple[str, tuple[Column, ...]]:
    """The kind of table (`log` or `customers`) and its columns, each with a role and the reason for it."""
    as_log = _money_once(_only_date(_assigned(columns, rows, hints.LOG_HINTS, _left_of_log)))
    kind = kind_of(as_log, rows)
    return kind, as_log if kind == "log" else _assigned(columns, rows, hints.TABLE_HINTS, _left_of_table)


def kind_of(columns: Sequence[Column], rows: int) -> str:
    """`log` for a row per order line, `customers` for a row per customer, by roles and repeated ids."""
    roles = {c.role for c in columns}
    if not roles & LOG_ROLES:
        return "customers"
    ids = [c for c in columns if c.role == "id" or hints.LONE_ID.search(hints.words(c.name))]
    repeated = any(c.role == "id" and repeats(c, rows) for c in ids)
    amount_only = roles & LOG_ROLES <= {"unit_price", "line_amount"}
    if ids and not repeated and amount_only:  # one row per customer, with a date and what was spent
        return "customers"
    is_log = repeated or "date" in roles or "order" in roles or {"quantity", "unit_price"} <= roles
    return "log" if is_log else "customers"


def repeats(column: Column, rows: int) -> bool:
    """Whether any value of the column occurs twice."""
    return column.distinct < rows - column.missing


def fallback(column: Column, kind: str, rows: int) -> tuple[str, str]:
    """The role, and the reason, of a column that has lost its own to another."""
    return (_left_of_log if kind == "log" else _left_of_table)(column, rows)


def _assigned(columns: Sequence[Column], rows: int, rules: Sequence[Hint], left: _Left) -> tuple[Column, ...]:
    ranks = [_rank(column, rows, rules) for column in columns]
    winners = _winners(columns, ranks, rows, rules)
    found = []
    for column, rank in zip(columns, ranks, strict=True):
        role = None if rank is None else rules[rank].role
        if role is None:
            found.append(_given(column, left(column, rows)))
        elif winners.get(role, column) is not column:
            fallen, why = left(column, rows)
            found.append(
                _given(column, (fallen, f"{winners[role].name} is the {ROLES[role].lower()}; {why}"))
            )
        else:
            content = _counted(column, rows) if role in _NAMES else _content(column, rows)
            found.append(_given(column, (role, f"named “{column.name}”, {content}")))
    return tuple(found)


def _winners(
    columns: Sequence[Column], ranks: Sequence[int | None], rows: int, rules: Sequence[Hint]
) -> dict[str, Column]:
    """For each role that only one column can have: the column that the earliest rule names."""
    best: dict[str, tuple[int, int, int]] = {}
    for place, (column, rank) in enumerate(zip(columns, ranks, strict=True)):
        if rank is not None and (role := rules[rank].role) in ONE_OF:
            best[role] = min(best.get(role, (len(rules), 0, 0)), (rank, _id_rank(role, column, rows), place))
    return {role: columns[place] for role, (_, _, place) in best.items()}


def _rank(column: Column, rows: int, rules: Sequence[Hint]) -> int | None:
    """The first rule that fits name, type and content."""
    if column.examples and all(_EMAIL.match(example) for example in column.examples):
        return next(i for i, rule in enumerate(rules) if rule.role == "email")
    name = hints.words(column.name)
    for i, rule in enumerate(rules):
        if (
            column.type in rule.types
            and rule.pattern.search(name)
            and _plausible(rule.role, column, rows, rules)
        ):
            return i
    return None


def _plausible(role: str, column: Column, rows: int, rules: Sequence[Hint]) -> bool:
    if column.missing == rows or (role in _AMOUNTS and hints.CODE.search(hints.words(column.name))):
        return False
    if role == "age":
        return float(column.minimum or 0) >= 0 and float(column.maximum or 0) <= _OLDEST
    if role == "gender":
        return column.distinct <= _MOST_GENDERS
    if rules is hints.LOG_HINTS:
        return role != "discount" or not looks_like_rate(column, rows)
    return role not in _MEASURES or column.distinct > 1 or rows == 1


def looks_like_rate(column: Column, rows: int) -> bool:
    """Whether a discount column holds rates (0.2, or percent by its name), not amounts of money."""
    if hints.RATE.search(hints.words(column.name)):
        return True
    low, high = float(column.minimum or 0), float(column.maximum or 0)
    return rows >= _RATE_ROWS and column.type == "number" and low >= 0 and high < 1


def _id_rank(role: str, column: Column, rows: int) -> int:
    """Of several customer ids the one that says "unique" wins, then the one without gaps."""
    if role != "id":
        return 0
    return 0 if "unique" in column.slug else 1 if not column.missing else 2


def _only_date(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Where no name says which date is the order's, the only column of dates is it."""
    dated = [c for c in columns if c.type in DATED]
    if len(dated) != 1 or dated[0].role != "ignore":
        return columns
    return tuple(_given(c, ("date", "the only dates in the table")) if c is dated[0] else c for c in columns)


def _money_once(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Price and amount say the same thing twice: keep one, so that no money is counted twice."""
    by_role = {c.role: c for c in columns}
    price, amount, pieces = (by_role.get(role) for role in ("unit_price", "line_amount", "quantity"))
    if price and amount:
        loser, winner = (
            (amount, price)
            if pieces and hints.WHOLE_ORDER.search(hints.words(amount.name))
            else (price, amount)
        )
        why = f"{winner.name} gives the money already"
        return tuple(_given(c, ("ignore", why)) if c is loser else c for c in columns)
    if price and not pieces and hints.AMBIGUOUS_AMOUNT.match(hints.words(price.name)):
        why = f"named “{price.name}”, and no column counts pieces"
        return tuple(_given(c, ("line_amount", why)) if c is price else c for c in columns)
    return columns


def _left_of_log(column: Column, rows: int) -> _Given:
    if column.missing == rows:
        return "ignore", "empty in every row"
    if column.type in NUMERIC and hints.RATE.search(hints.words(column.name)):
        return "ignore", "a rate, not an amount"
    return "ignore", "not needed to measure customers"


def _left_of_table(column: Column, rows: int) -> _Given:
    if column.missing == rows:
        return "ignore", "empty in every row"
    if column.distinct <= 1 < rows:
        return "ignore", "the same value in every row"
    if column.type == "flag" or _is_zero_one(column):
        return "flag", "two values, 0 and 1" if column.type == "integer" else "yes or no"
    if column.type in NUMERIC:
        return _left_number(column, rows)
    if column.type == "text":
        return _left_text(column, rows)
    return "ignore", "a date that no measure uses"


def _left_number(column: Column, rows: int) -> _Given:
    name = hints.words(column.name)
    if hints.CODE.search(name):
        return "ignore", "a number that names something, not an amount"
    unnamed = re.fullmatch(r"column \d+", name) is not None
    if unnamed and column.type == "integer" and column.distinct == rows:
        return "ignore", "numbers the rows"
    return "number", _content(column, rows)


def _left_text(column: Column, rows: int) -> _Given:
    if ordered_levels(column.values):
        return "band", f"{column.distinct} ordered bands"
    if column.values and column.distinct < max(3, rows):
        return "category", f"{column.distinct} different values"
    return "ignore", f"text with {column.distinct:,} different values"


def _is_zero_one(column: Column) -> bool:
    return column.type == "integer" and (column.minimum, column.maximum) == ("0", "1")


def _content(column: Column, rows: int) -> str:
    if column.type in NUMERIC:
        return f"numbers from {_short(column.minimum)} to {_short(column.maximum)}"
    if column.type in ("date", "datetime"):
        return f"dates from {(column.minimum or '')[:10]} to {(column.maximum or '')[:10]}"
    return _counted(column, rows)


def _counted(column: Column, rows: int) -> str:
    counted = f"{column.distinct:,} different value{'' if column.distinct == 1 else 's'}"
    return f"unique, {counted}" if column.distinct == rows else counted


def _short(value: str | None) -> str:
    """A number as a person would write it; years and other short numbers without separators."""
    number = float(value or 0)
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"


def _given(column: Column, given: _Given) -> Column:
    role, reason = given
    levels = ordered_levels(column.values) if role == "band" else ()
    return replace(column, role=role, reason=reason, levels=levels)
