"""The three to five figures below the heading."""

import numpy as np

from core import explore
from core.explore import Concentration, Correlations
from core.words import cut, number, plural
from webapp.marks import href
from webapp.pages.eda.chosen import Look
from webapp.parts import Figure

TYPICAL = (
    ("monetary", "Net sales a customer", "Of the middle customer, after discounts and returns."),
    ("purchase_frequency", "Orders a year", "Per year, for customers known at least 90 days."),
)
STRONGEST = ("Go together most", "Second most")
ORDER = ("average_order_value", "Average order", "Sales after discounts per order, before returns.")


def key_figures(look: Look, held: Concentration | None, together: Correlations | None) -> list[Figure]:
    """Customers, what is typical of them, and how often they buy; of a table what it holds."""
    found = [
        Figure(
            label="Customers",
            value=f"{look.rows.size:,}",
            sub="shown" if look.partly else "included",
            term="customers",
            href=href(look.study) if look.rows.size else "",
        )
    ]
    if look.customers.kind != "log":
        return [*found, *_of_table(look, together)]
    found += [figure for slug, label, text in TYPICAL for figure in _median(look, slug, label, text)]
    if held is not None and held.once is not None:
        once = number(held.once, "share")
        found.append(Figure(label="Bought only once", value=once, sub="of customers", term="once"))
    return [*found, *_median(look, *ORDER)]


def _median(look: Look, slug: str, label: str, text: str) -> list[Figure]:
    m = look.customers.measure(slug)
    if m is None:
        return []
    x = look.customers.number(slug)[look.rows]
    known = x[~np.isnan(x)]
    if not known.size:
        return []
    middle, mean = (number(float(v), m.unit, look.currency) for v in (np.median(known), known.mean()))
    return [Figure(label=label, value=middle, sub=f"mean {mean}", help=text, term=slug)]


def _of_table(look: Look, together: Correlations | None) -> list[Figure]:
    gaps = explore.missing(look.customers, look.rows)
    found = [
        Figure(
            label="Attributes", value=str(len(look.customers.measures)), sub="columns used", term="attributes"
        ),
        Figure(
            label="Missing cells",
            value=f"{sum(gaps.counts):,}",
            sub=f"in {plural(sum(1 for n in gaps.counts if n), 'attribute')}",
            term="missing",
        ),
    ]
    if together is not None:
        found += [
            Figure(
                label=label,
                value=f"r = {number(r, 'r')}",
                sub=f"{cut(a)} and {cut(b)}",
                term="correlation",
            )
            for label, (a, b, r) in zip(STRONGEST, together.strongest, strict=False)
        ]
    return found
