"""The labels of a customer, each with what speaks for its answer."""

from collections.abc import Sequence
from typing import Final

from dash import html

from core.features.customers import LabelInfo
from core.features.labels import NO, UNKNOWN, YES, said_rule
from webapp import parts
from webapp.pages.customer.seen import Seen
from webapp.parts import Component

ANSWERS: Final = {YES: "Yes", NO: "No"}
EVIDENCE: Final = {
    "high_value": ("monetary",),
    "discount_seeker": ("orders", "discounted_orders_share", "discount_share"),
    "infrequent": ("purchase_frequency", "tenure"),
    "lapsed": ("recency", "interpurchase_days"),
    "new": ("orders", "tenure"),
}
"""Label -> the measures that it looks at."""


def labels(seen: Seen) -> Component:
    """Each label with its answer; one that can't be judged says why. None where there is no label."""
    found = seen.scene.results.customers.labels
    if not found:
        return None
    yes = [info.name for info in found if seen.values.get(info.key) == YES]
    rows = [[info.name, _answer(seen, info), _evidence(seen, info)] for info in found]
    columns = [("label", "Label"), ("answer", "Holds"), ("because", "Why")]
    said = f"{_listed(yes)}." if yes else "None of the labels holds."
    return parts.card_table("Labels", said, parts.table(columns, rows, "Labels", cards=True), wide=False)


def _answer(seen: Seen, info: LabelInfo) -> str:
    return ANSWERS.get(seen.values.get(info.key, UNKNOWN), "Can't be judged")


def _evidence(seen: Seen, info: LabelInfo) -> Component:
    """The customer's own figures, and the rule that they are held against."""
    customers = seen.scene.results.customers
    known = [m for slug in EVIDENCE.get(info.key, ()) if (m := customers.measure(slug)) is not None]
    said = ", ".join(f"{m.label.lower()} {seen.said(m, short=True)}" for m in known)
    return [
        html.Div(_capital(said)),
        html.Small(_capital(info.reason or f"rule: {said_rule(info, seen.currency)}")),
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
