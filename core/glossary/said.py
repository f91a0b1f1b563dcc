"""The (i) beside a number, in words."""

from collections.abc import Iterable

from core.glossary.groups import GROUPS
from core.glossary.people import PEOPLE
from core.glossary.term import Term
from core.pipeline import Results
from core.words import day, plural

TERMS = {**PEOPLE, **GROUPS}
"""Key of a number on pages and in tables -> its term."""


def explained(key: str, results: Results | None = None, help: str = "") -> str:
    """A term as the (i) beside a number says it: help, formula, what it is counted over, technical name.

    Parameters
    ----------
    results : Results, optional
        Of the page, for the days, the customers used and who was left out.
    help : str
        Instead of the glossary's own line of help, where the number knows more of itself.

    Returns
    -------
    str
        A line each; empty for a key that the glossary does not have.
    """
    term = TERMS.get(key)
    if term is None:
        return ""
    counted = [] if results is None else list(_counted(key, term, results))
    return "\n".join(
        [help or term.help, f"Formula: {term.formula}.", *counted, f"Technical name: {term.technical}."]
    )


def _counted(key: str, term: Term, results: Results) -> Iterable[str]:
    customers = results.customers
    if customers.kind == "log" and term.window in ("period", "file"):
        whole = "the whole file: " if term.window == "file" else ""
        yield f"Window: {whole}orders {day(customers.first_day)} – {day(customers.last_day)}."
    used = _used(key, results)
    if used:
        yield used
    left = [row for row in results.ledger if row.kind == "out" and row.rows]
    if left:
        rows = plural(sum(row.rows for row in left), "row")
        yield f"Left out before: {rows} of the file; why stands on Data."


def _used(key: str, results: Results) -> str:
    """How many customers have the number, of a measure whose profile is known."""
    if results.profile is None:
        return f"Customers: {len(results.customers):,}, before the choice of who is included."
    found = next((m for m in results.profile.measures if m.slug == key), None)
    n = results.profile.customers
    if found is None or found.overall.known == n:
        return f"Customers: {n:,}."
    return f"Customers: {found.overall.known:,} of {n:,}; the others have no value."
