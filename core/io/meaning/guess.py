"""What the columns of a table mean, guessed from name and content, each with the reason in plain words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from core.io.dataset import LOG_ROLES, ROLES, Column
from core.io.meaning import hints
from core.io.meaning.bands import ordered_levels
from core.io.meaning.confidence import CONTENT, CONTESTED, EVIDENT, NAMED
from core.io.meaning.hints import DATED, Hint
from core.io.meaning.leftover import Given, content, counted, left_of_log, left_of_table
from core.io.meaning.personal import is_email, personal_kind

ONE_OF: Final = frozenset(
    {"id", "order", "date", "quantity", "unit_price", "line_amount", "product", "country", "status", "since"}
    | {"age", "gender", "email", "consent", "recency"}
)
"""Roles that one column of a table can have at most."""

_OLDEST: Final = 120
_SLIPS: Final = 999
_MOST_GENDERS: Final = 10
_RATE_ROWS: Final = 20
_MEASURES: Final = frozenset({"spend", "frequency", "recency", "score", "discount", "age"})
_AMOUNTS: Final = _MEASURES | {"quantity", "unit_price", "line_amount"}
_NAMES: Final = ("id", "order", "product")

_Left = Callable[[Column, int], Given]


def guess(columns: Sequence[Column], rows: int) -> tuple[str, tuple[Column, ...]]:
    """The kind of table (`log` or `customers`) and its columns, each with a role and the reason for it."""
    columns = [replace(c, personal=personal_kind(c)) for c in columns]
    as_log = _assigned(columns, rows, hints.LOG_HINTS, left_of_log)
    as_log = _someone(_money_once(_only_date(as_log)))
    kind = kind_of(as_log, rows)
    return kind, as_log if kind == "log" else _assigned(columns, rows, hints.TABLE_HINTS, left_of_table)


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


def fallback(column: Column, kind: str, rows: int) -> Given:
    """What a column is that has lost its role to another."""
    return (left_of_log if kind == "log" else left_of_table)(column, rows)


def _assigned(columns: Sequence[Column], rows: int, rules: Sequence[Hint], left: _Left) -> tuple[Column, ...]:
    ranks = [_rank(column, rows, rules) for column in columns]
    winners = _winners(columns, ranks, rows, rules)
    found = []
    for column, rank in zip(columns, ranks, strict=True):
        role = None if rank is None else rules[rank].role
        if role is None:
            found.append(_given(column, left(column, rows)))
        elif (winner := winners.get(role, column)) is not column:
            fallen, why, sure = left(column, rows)
            why = f"{winner.name} is the {ROLES[role].lower()}; {why}"
            found.append(_given(column, (fallen, why, min(sure, CONTESTED))))
        else:
            rivals = ranks.count(rank) if role in ONE_OF else 1
            found.append(_given(column, _as_named(column, role, rows, rivals)))
    return tuple(found)


def _as_named(column: Column, role: str, rows: int, rivals: int) -> Given:
    """The role that the name says; one that several names claim, or only the values say, is less sure."""
    if role == "email" and not hints.EMAIL_NAME.search(hints.words(column.name)):
        return role, "every example is an e-mail address", EVIDENT
    found = counted(column, rows) if role in _NAMES else content(column, rows)
    return role, f"named “{column.name}”, {found}", NAMED if rivals == 1 else CONTESTED


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
    if column.group:
        return None
    if is_email(column):
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
        return _holds_ages(column)
    if role == "personal":
        return bool(column.personal)
    if role == "order" and hints.words(column.name) == "name":  # as shops of one large system call it: #1001
        return not column.personal
    if role == "gender":
        return column.distinct <= _MOST_GENDERS
    if rules is hints.LOG_HINTS:
        return role != "discount" or not looks_like_rate(column, rows)
    return role not in _MEASURES or column.distinct > 1 or rows == 1


def _holds_ages(column: Column) -> bool:
    """Whether the first values are ages but for one; typing errors and signs of “missing” (-1, 999) occur."""
    if float(column.minimum or 0) < -_SLIPS or float(column.maximum or 0) > _SLIPS:
        return False
    odd = sum(not 0 <= float(value) <= _OLDEST for value in column.examples)
    return odd == 0 or (odd == 1 and len(column.examples) > 2)


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
    return tuple(
        _given(c, ("date", "the only dates in the table", CONTENT)) if c is dated[0] else c for c in columns
    )


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
        return tuple(_given(c, ("ignore", why, CONTESTED)) if c is loser else c for c in columns)
    if price and not pieces and hints.AMBIGUOUS_AMOUNT.match(hints.words(price.name)):
        why = f"named “{price.name}”, and no column counts pieces"
        return tuple(_given(c, ("line_amount", why, CONTESTED)) if c is price else c for c in columns)
    return columns


def _someone(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A log of orders without a customer number: an e-mail address says who bought."""
    roles = {c.role: c for c in columns}
    if "id" in roles or "email" not in roles or not LOG_ROLES & roles.keys():
        return columns
    email = roles["email"]
    why = "no column has a customer number; the e-mail address says who bought"
    return tuple(_given(c, ("id", why, CONTENT)) if c is email else c for c in columns)


def _given(column: Column, given: Given) -> Column:
    role, reason, confidence = given
    levels = ordered_levels(column.values) if role == "band" else ()
    return replace(column, role=role, reason=reason, levels=levels, confidence=confidence)
