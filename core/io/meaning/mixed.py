"""Files whose amounts are in several currencies: they are not added up."""

import re
from typing import Final

from core.errors import UserError
from core.io.columns.currencies import CURRENCIES
from core.io.dataset import MONEY_ROLES, Column, Dataset
from core.io.meaning import hints
from core.io.meaning.blanks import is_blank_word
from core.io.names import listed

_SIGNED: Final = re.compile(
    r"^[+-]?\s*(?P<before>[^\d\s.,+-]{1,4})?\s*[\d.,]*\d[\d.,]*\s*(?P<after>[^\d\s.,]{1,4})?$"
)


def column_of(dataset: Dataset) -> Column | None:
    """The column that names several currencies beside the amounts; None where there is one or no money."""
    if not dataset.table.by_role(*MONEY_ROLES, "spend"):
        return None
    named = (c for c in dataset.columns if c.type == "text" and hints.CURRENCY.search(hints.words(c.name)))
    return next((c for c in named if len(named_in(c)) > 1), None)


def named_in(column: Column) -> list[str]:
    """The currencies that a column names, each once however it is written."""
    words = [v for v in column.values or column.examples if not is_blank_word(v)]
    return sorted({CURRENCIES.get(word.lower(), word) for word in words})


def refusal(dataset: Dataset) -> UserError | None:
    """Why amounts in several currencies can't be added up; None where they can."""
    column = column_of(dataset)
    if column is not None and dataset.answer("currencies") == "mixed":
        what = f"Amounts are in more than one currency: {column.name} names {listed(named_in(column), 5)}."
        return UserError(what, f"{_NEXT} If they are converted already, answer the question so.")
    signed = next(((c, _signs(c)) for c in dataset.columns if len(_signs(c)) > 1), None)
    if signed is None or dataset.table.by_role(*MONEY_ROLES, "spend"):
        return None
    return UserError(f"{signed[0].name} has amounts in more than one currency: {listed(signed[1])}.", _NEXT)


def _signs(column: Column) -> list[str]:
    """The currencies of a text column whose examples are all amounts with a sign."""
    if column.type != "text" or not column.examples:
        return []
    parts = [_SIGNED.match(value) for value in (*column.examples, *column.values)]
    found = [(p["before"] or p["after"] or "").strip() for p in parts if p]
    known = {CURRENCIES[sign.lower()] for sign in found if sign.lower() in CURRENCIES}
    return sorted(known) if len(found) == len(parts) and len(known) > 1 else []


_NEXT: Final = "Keep one currency in the file, or convert all amounts to one, and upload it again."
