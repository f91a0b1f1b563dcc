"""Words of an order's status: which say that the order does not count, and which leave it open."""

from typing import Final

from core.io.dataset import Dataset

OUT: Final = frozenset(
    (
        "cancelled",
        "canceled",
        "void",
        "voided",
        "test",
        "test order",
        "failed",
        "storniert",
        "annulé",
        "annulée",
    )
    + ("cancelado", "cancelada", "annullato", "geannuleerd")
)
"""Cancelled and test orders, in lower case."""

LIKELY_OUT: Final = frozenset(
    (
        "declined",
        "rejected",
        "aborted",
        "abandoned",
        "expired",
        "fraud",
        "deleted",
        "draft",
        "sandbox",
        "abgebrochen",
    )
)
"""Orders that most likely do not count; asked about."""

STANDS: Final = frozenset(
    ("complete", "completed", "paid", "shipped", "delivered", "fulfilled", "closed", "done", "success")
    + ("successful", "ok", "confirmed", "invoiced", "sold", "processed", "approved", "captured", "settled")
    + ("abgeschlossen", "bezahlt", "versendet", "geliefert", "payée", "livrée", "completado", "entregado")
    + ("pago", "entregue", "completato", "spedito", "betaald", "verzonden")
)
"""Orders that count, in lower case."""

_KEY: Final = "status_"

MOST_ASKED: Final = 6
"""Statuses asked about, the most frequent first; orders of any other unknown status count."""


def is_likely_out(word: str) -> bool:
    """Whether orders of this open status most likely do not count."""
    return word.strip().lower() in LIKELY_OUT


def is_about_status(question: str) -> bool:
    """Whether a question is one of those about a status: see `open_words`."""
    return question.startswith(_KEY)


def open_words(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """(key of the question, status) of the statuses that leave it open whether their orders count.

    The key is `status_` and the status' place among the column's values, the most frequent first, from 1.
    """
    column, known = dataset.table.one("status"), OUT | STANDS
    if column is None:
        return ()
    found = [
        (f"{_KEY}{i}", v) for i, v in enumerate(column.values, start=1) if v.strip().lower() not in known
    ]
    return tuple(found[:MOST_ASKED])


def words_out(dataset: Dataset) -> tuple[str, ...]:
    """The statuses whose orders do not count, in lower case: the known ones, and those answered `out`."""
    asked = open_words(dataset)
    answered = {word.strip().lower() for question, word in asked if dataset.answer(question) == "out"}
    return tuple(sorted(OUT | answered))
