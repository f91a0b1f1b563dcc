"""Roles after the guess: overrides, and what stands in the way of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.io.dataset import CHOSEN, MONEY_ROLES, ROLES, TYPES, Column, Dataset
from core.io.meaning import hints, mixed
from core.io.meaning.bands import by_number_or_name
from core.io.meaning.confidence import BY_HAND, CONTESTED
from core.io.meaning.guess import ONE_OF, fallback, kind_of, repeats
from core.io.meaning.hints import DATED, NAMING, NUMERIC
from core.io.names import listed

_MEASURES: Final = ("spend", "frequency", "recency", "score", "number", "discount", "age", "band")
_FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("date", "since"), DATED),
    **dict.fromkeys(("quantity", "unit_price", "line_amount", "discount", "spend", "frequency"), NUMERIC),
    **dict.fromkeys(("recency", "score", "number", "age"), NUMERIC),
    **dict.fromkeys(("id", "order", "product"), NAMING),
    **dict.fromkeys(("email", "band"), ("text",)),
}
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
    if error := mixed.refusal(dataset):
        return error
    if dataset.kind == "log":
        return _problem_of_log(dataset)
    if not dataset.table.by_role(*_MEASURES):
        return UserError(
            "This table has no column with numbers to compare customers by.",
            f"Choose what a column with numbers means {_WHERE}, or add one.",
        )
    return None


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
            f"{column.name} holds {TYPES[column.type]}{example} and can't be “{ROLES[role]}” ({role}).",
            "Choose another role, or correct the values in the file and upload it again.",
        )
    levels = by_number_or_name(column.values) if role == "band" else ()
    return replace(column, role=role, reason=CHOSEN, levels=levels, confidence=BY_HAND)


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
    money = taken & set(MONEY_ROLES)
    if column.role in taken or (column.role in MONEY_ROLES and money):
        left = ("ignore", "another column gives the money", CONTESTED)
        role, reason, confidence = left if money else fallback(column, kind, rows)
        levels = by_number_or_name(column.values) if role == "band" else ()
        return replace(column, role=role, reason=reason, levels=levels, confidence=confidence)
    return column


# What stands in the way


def _problem_of_log(dataset: Dataset) -> UserError | None:
    table = dataset.table
    needed = (
        (("id",), "customer number", "who bought"),
        (("date",), "date", "the order date"),
        (MONEY_ROLES, "price or amount", "what was paid"),
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
