"""Roles after the guess: overrides, the questions a file leaves open, what stands in the way of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.io import hints
from core.io.bands import by_number_or_name
from core.io.dataset import ROLES, Column, Dataset, Question
from core.io.guess import ONE_OF, fallback, kind_of, repeats
from core.io.hints import DATED, NAMING, NUMERIC
from core.io.names import listed

CHOSEN: Final = "chosen by you"
"""The reason of a role that was overridden."""

_MONEY: Final = ("unit_price", "line_amount")
_MEASURES: Final = ("spend", "frequency", "recency", "score", "number", "discount", "age", "band")
_FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("date", "since"), DATED),
    **dict.fromkeys(("quantity", "unit_price", "line_amount", "discount", "spend", "frequency"), NUMERIC),
    **dict.fromkeys(("recency", "score", "number", "age"), NUMERIC),
    **dict.fromkeys(("id", "order", "product"), NAMING),
    **dict.fromkeys(("email", "band"), ("text",)),
}
_TYPE_WORDS: Final = {
    "integer": "whole numbers",
    "number": "numbers",
    "text": "text",
    "date": "dates",
    "datetime": "dates with time",
    "flag": "yes or no",
}
_PRICE_ROLE: Final = {"piece": "unit_price", "line": "line_amount"}
_WHERE: Final = "under What the columns mean"


def override(
    columns: Sequence[Column], rows: int, chosen: Mapping[str, str]
) -> tuple[str, tuple[Column, ...]]:
    """The kind and the columns with other roles for some of them.

    Parameters
    ----------
    columns : sequence of Column
        With the roles so far.
    rows : int
    chosen : mapping of str to str
        Column (slug or shown name) -> role.

    Raises
    ------
    UserError
        For an unknown column or role, a role that the column's values do not fit, or one given twice.
    """
    by_slug = {_find(columns, name).slug: role for name, role in chosen.items()}
    new = [_chosen(c, by_slug[c.slug]) if c.slug in by_slug else c for c in columns]
    _refuse_twice(new, by_slug)
    kind = kind_of(new, rows)
    return kind, tuple(c if c.slug in by_slug else _yielding(c, by_slug, kind, rows) for c in new)


def problem(dataset: Dataset) -> UserError | None:
    """Why no study can be made of a data set, with the next step; None when one can."""
    if dataset.kind == "log":
        return _problem_of_log(dataset)
    if not dataset.table.by_role(*_MEASURES):
        return UserError(
            "This table has no column with numbers to compare customers by.",
            f"Choose what a column with numbers means {_WHERE}, or add one.",
        )
    return None


def questions(columns: Sequence[Column], kind: str) -> tuple[Question, ...]:
    """The questions whose answers move a total and that the file leaves open, answered or not."""
    about_money = (_price_question, _discount_question) if kind == "log" else (_spend_question,)
    asked = (ask(columns) for ask in (_dayfirst_question, *about_money))
    return tuple(question for question in asked if question is not None)


def answer_price(columns: Sequence[Column], answer: str) -> tuple[Column, ...]:
    """The columns after the question `price`: the role of the ambiguous column says which it is."""
    found = _ambiguous_price(columns)
    role = _PRICE_ROLE[answer]
    return tuple(replace(c, role=role, reason="as you answered") if c is found else c for c in columns)


def spend_columns(dataset: Dataset) -> tuple[Column, ...]:
    """The columns of a customer table that are added up to what a customer spent.

    All with the role `spend`; only the one with the largest sum where the question `spend` is answered no.
    """
    found = dataset.table.by_role("spend")
    return (_largest(found),) if found and dataset.answer("spend") == "no" else found


def discount_meaning(column: Column) -> str:
    """What a discount column of a customer table holds: `orders` (how many with one), `share` or `amount`."""
    if column.type == "number" and float(column.minimum or 0) >= 0 and float(column.maximum or 0) <= 1:
        return "share"
    counted = hints.COUNT.search(hints.words(column.name))
    return "orders" if counted and column.type == "integer" else "amount"


def remarks(columns: Sequence[Column], kind: str, rows: int) -> tuple[str, ...]:
    """What a person must look at, given the roles: empty cells in columns that count, repeated customers."""
    used = [c for c in columns if c.role not in ("ignore", "personal", "email", "consent", "category")]
    told = [_about_empty(c, kind, rows) for c in used if c.missing]
    told += [
        f"{c.name} repeats: {rows - c.missing:,} rows hold {c.distinct:,} different customers."
        for c in used
        if kind == "customers" and c.role == "id" and repeats(c, rows)
    ]
    rates = [c.name for c in columns if kind == "log" and _is_unused_rate(c)]
    if rates:
        told.append(f"{listed(rates)} looks like a rate of discount, not an amount, and is not used.")
    return tuple(told)


# Overriding


def _find(columns: Sequence[Column], name: str) -> Column:
    found = next((c for c in columns if c.slug == name), None) or next(
        (c for c in columns if c.name == name), None
    )
    if found:
        return found
    raise UserError(
        f"There is no column “{name}” in this data set.",
        f"Its columns are {listed([c.slug for c in columns], 12)}.",
    )


def _chosen(column: Column, role: str) -> Column:
    if role not in ROLES:
        raise UserError(f"“{role}” is no role that a column can have.", f"Choose one of {', '.join(ROLES)}.")
    if not _fits(column, role):
        example = f" such as “{column.examples[0]}”" if column.examples else ""
        raise UserError(
            f"{column.name} holds {_TYPE_WORDS[column.type]}{example} and can't be “{ROLES[role]}” ({role}).",
            "Choose another role, or correct the values in the file and upload it again.",
        )
    levels = by_number_or_name(column.values) if role == "band" else ()
    return replace(column, role=role, reason=CHOSEN, levels=levels)


def _fits(column: Column, role: str) -> bool:
    if role == "flag":
        return column.type == "flag" or (
            column.type in NUMERIC and {column.minimum, column.maximum} <= {"0", "1"}
        )
    if role == "band":
        return bool(column.values)
    return column.type in _FITTING.get(role, (column.type,))


def _refuse_twice(columns: Sequence[Column], by_slug: Mapping[str, str]) -> None:
    for role in sorted(set(by_slug.values()) & ONE_OF):
        given = [c.name for c in columns if by_slug.get(c.slug) == role]
        if len(given) > 1:
            raise UserError(
                f"{listed(given)} can't all be “{ROLES[role]}” ({role}): only one column can.",
                "Choose one of them.",
            )


def _yielding(column: Column, by_slug: Mapping[str, str], kind: str, rows: int) -> Column:
    """A column whose role was given to another takes what is left; price and amount exclude each other."""
    taken = set(by_slug.values()) & ONE_OF
    money = taken & set(_MONEY)
    if column.role in taken or (column.role in _MONEY and money):
        role, reason = ("ignore", "another column gives the money") if money else fallback(column, kind, rows)
        return replace(column, role=role, reason=reason, levels=())
    return column


# Questions


def _dayfirst_question(columns: Sequence[Column]) -> Question | None:
    found = [c for c in columns if c.dayfirst is not None]
    if not found:
        return None
    return Question(
        key="dayfirst",
        text=f"Does the day or the month come first in {listed([c.name for c in found])}?",
        options=(("yes", "Day first"), ("no", "Month first")),
        guess="yes" if found[0].dayfirst else "no",
    )


def _price_question(columns: Sequence[Column]) -> Question | None:
    found = _ambiguous_price(columns)
    if found is None:
        return None
    is_price = hints.LOOKS_LIKE_PRICE.search(hints.words(found.name))
    return Question(
        key="price",
        text=f"Is {found.name} per piece, or for the whole line?",
        options=(("piece", "Per piece"), ("line", "For the whole line")),
        guess="piece" if is_price else "line",
    )


def _ambiguous_price(columns: Sequence[Column]) -> Column | None:
    if not any(c.role == "quantity" for c in columns):
        return None
    named = (c for c in columns if c.role in _MONEY and hints.AMBIGUOUS_AMOUNT.match(hints.words(c.name)))
    return next((c for c in named if c.reason != CHOSEN), None)


def _discount_question(columns: Sequence[Column]) -> Question | None:
    amount = next((c for c in columns if c.role in _MONEY), None)
    if amount is None or not any(c.role == "discount" for c in columns):
        return None
    return Question(
        key="discount",
        text=f"Is {amount.name} before or after the discount?",
        options=(("after", "After discount"), ("before", "Before discount")),
        guess="after",
    )


def _spend_question(columns: Sequence[Column]) -> Question | None:
    found = tuple(c for c in columns if c.role == "spend")
    if len(found) < 2:
        return None
    return Question(
        key="spend",
        text=f"Several columns hold spend: {listed([c.name for c in found], 8)}. Add them up?",
        options=(("yes", "Yes, add them up"), ("no", f"No, use only {_largest(found).name}")),
        guess="yes",
    )


def _largest(columns: Sequence[Column]) -> Column:
    return max(columns, key=lambda c: c.sum or 0.0)


# What stands in the way


def _problem_of_log(dataset: Dataset) -> UserError | None:
    table = dataset.table
    needed = (
        (("id",), "customer number", "who bought"),
        (("date",), "date", "the order date"),
        (_MONEY, "price or amount", "what was paid"),
    )
    for roles, what, holds in needed:
        if not table.by_role(*roles):
            return UserError(
                f"This order log has no {what} column.",
                f"Choose the column with {holds} {_WHERE}, or add one.",
            )
    return None


def _about_empty(column: Column, kind: str, rows: int) -> str:
    share = f"{column.missing:,} of {rows:,} rows"
    if kind == "log" and column.role == "id":
        return f"{column.name} is empty in {share}: they are counted and valued, but belong to no customer."
    return f"{column.name} is empty in {share}."


def _is_unused_rate(column: Column) -> bool:
    return (
        column.role == "ignore"
        and column.type in NUMERIC
        and bool(hints.DISCOUNT.search(hints.words(column.name)))
    )
