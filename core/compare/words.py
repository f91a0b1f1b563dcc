"""The ways to group customers, in words."""

from collections.abc import Sequence
from typing import Any, Final

from core.cluster import ALGORITHMS
from core.features.customers import Customers
from core.spec import PARAMS, Study, groups_by
from core.words import cut, plural

MOST: Final = 36
"""Signs of what differs, in a name."""


def title(study: Study, k: int | None) -> str:
    """Method and number: `5 segments, balanced groups`; the method alone where no number is known."""
    method = ALGORITHMS[study.cluster.algorithm].label
    number = study.cluster.k if k is None else k
    return method if number is None else f"{plural(number, 'segment')}, {_lower(method)}"


def details(study: Study, other: Study, customers: Customers) -> tuple[str, ...]:
    """What differs in another study beside method and number, a few words each; of methods, in its own."""
    of_methods = {n for algorithm in ALGORITHMS.values() for n in algorithm.params}
    left_out = {"algorithm", "k"} | (of_methods - set(ALGORITHMS[other.cluster.algorithm].params))
    return tuple(
        f"{PARAMS[n][1].label}: {_said(n, other.value(n), customers)}"
        for n in groups_by()
        if n not in left_out and other.value(n) != study.value(n)
    )


def distinct(names: Sequence[str], details: Sequence[tuple[str, ...]]) -> list[str]:
    """Names of which no two are the same: those that would be say their details, and then their place."""
    told = [
        f"{name} ({cut('; '.join(more), MOST)})" if more and names.count(name) > 1 else name
        for name, more in zip(names, details, strict=True)
    ]
    return [name if told.index(name) == at else f"{name}, {at + 1}" for at, name in enumerate(told)]


def _said(name: str, value: Any, customers: Customers) -> str:
    declared = PARAMS[name][1]
    if value is None or value == ():
        return "none" if declared.kind in ("weights", "blanks") else "automatic"
    if declared.kind == "choice":
        return _lower(dict(declared.choices)[value])
    if declared.kind == "columns":
        return ", ".join(_label(slug, customers) for slug in value)
    if declared.kind in ("weights", "blanks"):
        return ", ".join(f"{_label(slug, customers)} {amount}" for slug, amount in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _label(slug: str, customers: Customers) -> str:
    measure = customers.measure(slug)
    return measure.label if measure is not None else slug.replace("_", " ")


def _lower(text: str) -> str:
    """A label inside a sentence: without its capital, unless it is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
