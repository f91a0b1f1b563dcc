"""Why net sales differ from a figure that somebody brings: lines left out, returns, discounts, tax."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.features.customers import Customers

TAX_RATES: Final = (5, 7, 10, 19, 20, 21, 25)
"""Rates in per cent that are tried."""

TAX_FITS: Final = 0.001
"""A tax explains the rest if what it leaves is at most this share of the figure."""

TAX_FITS_WIDER: Final = 0.0002
_CENT: Final = 0.005
_CUSTOMERS_OUT: Final = ("no_standing_order", "no_order_in_period")
_NOT_IN_LEDGER: Final = ("returns", "discount", "returns_beside", "discount_beside", "unsold")
_WORTH_TELLING: Final = 0.0005
"""A part of an explanation that is not exact has to explain at least this share of the figure more."""

_MOST_PARTS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that may explain a difference.

    Attributes
    ----------
    key, text : str
        A ledger row's, or `returns`, `discount`, `returns_beside`, `discount_beside`, `unsold`, `tax`; and in
        words.
    money : float
        What it adds to our net sales on the way to the figure; may be below zero.
    share : float
        `money` as a share of the figure.
    """

    key: str
    text: str
    money: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Our net sales beside a figure: the difference and its best explanation.

    `difference` is figure − ours and the sum of the parts and `rest`; shares are of the figure.
    """

    figure: float
    ours: float
    difference: float
    share: float
    parts: tuple[Part, ...]
    rest: float
    rest_share: float

    @property
    def exact(self) -> bool:
        """Whether nothing is left to explain, to the cent."""
        return abs(self.rest) <= _slack(self.figure)


def reconcile(customers: Customers, figure: float) -> Reconciliation:
    """Explain how a figure comes about, starting from the net sales of the customers who can be segmented.

    Tried are the rows of the ledger that are out, returns and discounts (of the lines used, and of all
    others), and the face value of lines that are neither a sale nor a return. An exact explanation of fewest
    parts is taken; then a tax; else the parts that leave least, each worth at least 0.05 %, if they explain
    half of the difference.

    Parameters
    ----------
    customers : Customers
        Under the recipe in force.
    figure : float
        Net sales by another report, above zero.

    Raises
    ------
    ValueError
        When the figure is not above zero, or the data has no money.
    """
    ours = net_sales(customers)
    if not (math.isfinite(figure) and figure > 0) or ours is None:
        raise ValueError(f"figure={figure} should be > 0 and the ledger hold money")
    difference = figure - ours
    found = _best(_candidates(customers, figure), ours, figure)
    parts = tuple(sorted(found, key=lambda part: -abs(part.money)))
    rest = difference - math.fsum(part.money for part in parts)
    rest = 0.0 if abs(rest) < _CENT / 10 else rest
    return Reconciliation(
        figure=figure,
        ours=ours,
        difference=difference,
        share=difference / figure,
        parts=parts,
        rest=rest,
        rest_share=rest / figure,
    )


def net_sales(customers: Customers) -> float | None:
    """Net sales of the customers who can be segmented, as the ledger ends; None without money."""
    totals = [row.money for row in customers.ledger if row.kind == "total"]
    return totals[-1] if totals else None


def sentence(found: Reconciliation) -> str:
    """The explanation in words: `Your figure is 0.4 % higher: returns 0.3 %, not explained 0.1 %.`"""
    if abs(found.difference) <= _slack(found.figure):
        return "Your figure and ours are the same."
    way = "higher" if found.difference > 0 else "lower"
    said = [f"{part.text} {_percent(part.share)}" for part in found.parts]
    if not said:
        return (
            f"Your figure is {_percent(abs(found.share))} {way}. Nothing that is known here explains it:"
            " compare the period, and which orders it counts."
        )
    if not found.exact:
        said.append(f"not explained {_percent(found.rest_share)}")
    return f"Your figure is {_percent(abs(found.share))} {way} than ours, of which {', '.join(said)}."


def _candidates(customers: Customers, figure: float) -> list[Part]:
    """What may be in the figure and is not in our net sales."""
    found = [(row.key, row.text, row.money or 0.0) for row in customers.ledger if row.kind == "out"]
    found += [
        ("returns", "Returns, if they were not taken off", customers.returns or 0.0),
        ("discount", "Discounts, if they were not taken off", customers.discount or 0.0),
    ]
    if customers.file is not None:
        whole = customers.file
        found += [
            ("returns_beside", "Returns of lines left out", whole.returns - (customers.returns or 0.0)),
            ("discount_beside", "Discounts of lines left out", whole.discount - (customers.discount or 0.0)),
            ("unsold", "Lines that are neither a sale nor a return, at face value", whole.unsold),
        ]
    parts = [Part(key=k, text=t, money=m, share=m / figure) for k, t, m in found if abs(m) > _CENT]
    return sorted(parts, key=lambda part: -abs(part.money))[:_MOST_PARTS]


def _best(candidates: Sequence[Part], ours: float, figure: float) -> tuple[Part, ...]:
    subsets = sorted(_subsets(candidates), key=lambda parts: len(parts))
    exact = (parts for parts in subsets if abs(_left(parts, ours, figure)) <= _slack(figure))
    if (found := next(exact, None)) is not None:
        return found
    if taxed := _taxed(candidates, ours, figure):
        return taxed
    most = min(subsets, key=lambda p: abs(_left(p, ours, figure)) / figure + _WORTH_TELLING * len(p))
    return most if abs(_left(most, ours, figure)) <= abs(figure - ours) / 2 else ()


def _subsets(candidates: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    for size in range(len(candidates) + 1):
        yield from itertools.combinations(candidates, size)


def _left(parts: Sequence[Part], ours: float, figure: float) -> float:
    return figure - ours - math.fsum(part.money for part in parts)


def _slack(figure: float) -> float:
    """What counts as nothing: rounding to the cent, or to seven digits."""
    return max(_CENT, 1e-9 * abs(figure)) + 1e-9


def _taxed(candidates: Sequence[Part], ours: float, figure: float) -> tuple[Part, ...]:
    """A tax on our net sales that gives the figure; or on those of all customers, or of all lines.

    Three bases and twice seven rates fit many figures by chance, so the wider bases have to fit more closely.
    """
    customers = tuple(p for p in candidates if p.key in _CUSTOMERS_OUT)
    lines = tuple(p for p in candidates if p.key not in _NOT_IN_LEDGER)
    for base, fits in (((), TAX_FITS), (customers, TAX_FITS_WIDER), (lines, TAX_FITS_WIDER)):
        tax = _tax(ours + math.fsum(part.money for part in base), figure, fits)
        if tax is not None:
            return (*base, tax)
    return ()


def _tax(base: float, figure: float, fits: float) -> Part | None:
    tried = []
    for rate in TAX_RATES:
        tried.append((base * rate / 100, f"Tax of {rate} %, if your figure holds it and the file does not"))
        without = base / (1 + rate / 100) - base
        tried.append((without, f"Tax of {rate} %, if the file holds it and your figure does not"))
    money, text = min(tried, key=lambda way: abs(base + way[0] - figure))
    if abs(base + money - figure) > fits * figure:
        return None
    return Part(key="tax", text=text, money=money, share=money / figure)


def _percent(share: float) -> str:
    percent = 100 * share
    digits = 1 if abs(percent) >= 0.1 else 2
    if abs(percent) < 0.01:
        return "under 0.01 %"
    return f"{'−' if percent < 0 else ''}{abs(percent):.{digits}f} %"
