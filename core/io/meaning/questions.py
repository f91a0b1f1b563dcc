"""The questions a file leaves open and whose answers move a total (DEFINITIONS.md, Money)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.errors import UserError
from core.io.dataset import CHOSEN, MONEY_ROLES, Column, Dataset, Question
from core.io.meaning import hints, mixed, status
from core.io.meaning.confidence import BY_HAND
from core.io.meaning.facts import FEWEST_ORDERS, duplicates, repeated_orders
from core.io.names import listed

_PRICE_ROLE: Final = {"piece": "unit_price", "line": "line_amount"}
_SURE_ORDERS: Final = 20


def questions(dataset: Dataset) -> tuple[Question, ...]:
    """The questions whose answers move a total and that the file leaves open, answered or not."""
    ask = _of_log if dataset.kind == "log" else _of_table
    return tuple(question for question in ask(dataset) if question is not None)


def check_answers(dataset: Dataset, answers: Mapping[str, str]) -> None:
    """Refuse an answer to a question that is not asked, or one that is none of its options."""
    asked = {q.key: q for q in questions(dataset)}
    for key, answer in answers.items():
        if key not in asked:
            raise UserError(
                f"This data set leaves no question “{key}” open.",
                f"It asks about {listed(list(asked))}." if asked else "It asks nothing.",
            )
        options = [value for value, _ in asked[key].options]
        if answer not in options:
            raise UserError(
                f"“{answer}” is no answer to “{asked[key].text}”", f"Answer with {' or '.join(options)}."
            )


def answer_price(columns: Sequence[Column], answer: str) -> tuple[Column, ...]:
    """The columns after the question `price`: the role of the ambiguous column says which it is."""
    found = _ambiguous_price(columns)
    given = {"role": _PRICE_ROLE[answer], "reason": "as you answered", "confidence": BY_HAND}
    return tuple(replace(c, **given) if c is found else c for c in columns)  # type: ignore[arg-type]


def counted_once(dataset: Dataset) -> tuple[Column, ...]:
    """The columns of a log whose value is the order's and stands on each of its lines, by the answer given.

    With the amount go the discounts that are repeated in the same way.
    """
    amount = dataset.table.one("line_amount")
    if dataset.answer("order_amount") != "once" or amount is None or not repeated_orders(dataset, amount):
        return ()
    discounts = dataset.table.by_role("discount")
    return (amount, *(c for c in discounts if repeated_orders(dataset, c) >= FEWEST_ORDERS))


def leaves_out_duplicates(dataset: Dataset) -> bool:
    """Whether rows that equal an earlier one are left out because they were said to be entered twice."""
    return dataset.answer("duplicates") == "duplicates"


def spend_columns(dataset: Dataset) -> tuple[Column, ...]:
    """The columns of a customer table that are added up to what a customer spent.

    All with the role `spend`; only the one with the largest sum where the question `spend` is answered no.
    """
    found = dataset.table.by_role("spend")
    return (_largest(found),) if found and dataset.answer("spend") == "no" else found


def _of_log(dataset: Dataset) -> Iterator[Question | None]:
    yield _dayfirst(dataset.columns)
    yield _currencies(dataset)
    yield _price(dataset.columns)
    yield _order_amount(dataset)
    yield _discount(dataset.columns)
    yield _duplicates(dataset)
    yield from _statuses(dataset)


def _of_table(dataset: Dataset) -> Iterator[Question | None]:
    yield _dayfirst(dataset.columns)
    yield _currencies(dataset)
    yield _spend(dataset.columns)


def _dayfirst(columns: Sequence[Column]) -> Question | None:
    found = [c for c in columns if c.dayfirst is not None]
    if not found:
        return None
    return Question(
        key="dayfirst",
        text=f"Does the day or the month come first in {listed([c.name for c in found])}?",
        options=(("yes", "Day first"), ("no", "Month first")),
        guess="yes" if found[0].dayfirst else "no",
    )


def _currencies(dataset: Dataset) -> Question | None:
    column = mixed.column_of(dataset)
    if column is None:
        return None
    named = listed(mixed.named_in(column), 5)
    return Question(
        key="currencies",
        text=f"{column.name} names {named}. Are all amounts in one currency already?",
        options=(("mixed", "No, each in its own"), ("one", "Yes, in one currency")),
        guess="mixed",
    )


def _price(columns: Sequence[Column]) -> Question | None:
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
    named = (
        c for c in columns if c.role in MONEY_ROLES and hints.AMBIGUOUS_AMOUNT.match(hints.words(c.name))
    )
    return next((c for c in named if c.reason != CHOSEN), None)


def _order_amount(dataset: Dataset) -> Question | None:
    """An amount that is the same on every line of every order is the order's, if there are enough of them."""
    amount = dataset.table.one("line_amount")
    orders = repeated_orders(dataset, amount)
    if amount is None or orders < FEWEST_ORDERS:
        return None
    of_order = hints.WHOLE_ORDER.search(hints.words(amount.name)) is not None
    return Question(
        key="order_amount",
        text=f"{amount.name} is the same on every line of {orders:,} orders. Is it the whole order's amount?",
        options=(("once", "Yes, count it once an order"), ("line", "No, each line has its own")),
        guess="once" if of_order or orders >= _SURE_ORDERS else "line",
    )


def _discount(columns: Sequence[Column]) -> Question | None:
    amount = next((c for c in columns if c.role in MONEY_ROLES), None)
    if amount is None or not any(c.role == "discount" for c in columns):
        return None
    return Question(
        key="discount",
        text=f"Is {amount.name} before or after the discount?",
        options=(("after", "After discount"), ("before", "Before discount")),
        guess="after",
    )


def _duplicates(dataset: Dataset) -> Question | None:
    again = duplicates(dataset)
    if not again:
        return None
    rows = "1 row equals" if again == 1 else f"{again:,} rows equal"
    return Question(
        key="duplicates",
        text=f"{rows} an earlier one in every column. Bought again, or entered twice?",
        options=(("repeats", "Bought again: count them"), ("duplicates", "Entered twice: count once")),
        guess="repeats",
    )


def _statuses(dataset: Dataset) -> Iterator[Question]:
    for key, word in status.open_words(dataset):
        yield Question(
            key=key,
            text=f"Do orders with the status “{word}” count?",
            options=(("count", "Yes, count them"), ("out", "No, leave them out")),
            guess="out" if status.is_likely_out(word) else "count",
        )


def _spend(columns: Sequence[Column]) -> Question | None:
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
