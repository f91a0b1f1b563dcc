"""From what some rows come to, to a problem: its sentence, and how much it weighs."""

from typing import Final

from core import words
from core.quality.contract import Problem
from core.quality.subject import Subject, Touched

HIGH: Final = 0.05
MEDIUM: Final = 0.005
"""Shares of rows or money from which a problem is of this severity."""


def problem(
    subject: Subject,
    whole: Touched,
    touched: Touched,
    *,
    key: str,
    text: str,
    decides: str = "",
    slug: str = "",
    mild: bool = False,
) -> Problem:
    """A problem of some rows; `{rows}` in the text becomes their number and noun."""
    return Problem(
        key=key,
        text=text.replace("{rows}", words.plural(touched.rows, subject.noun)),
        rows=touched.rows,
        customers=touched.customers,
        money=touched.money,
        severity="low" if mild else _severity(whole, touched),
        decides=decides,
        slug=slug,
    )


def _severity(whole: Touched, touched: Touched) -> str:
    shares = [touched.rows / max(whole.rows, 1)]
    if touched.money is not None and whole.money:
        shares.append(abs(touched.money / whole.money))
    most = max(shares)
    return "high" if most >= HIGH else "medium" if most >= MEDIUM else "low"
