"""The finding on a customer, and the key figures beside the segment and everybody."""

from typing import Final

from core.profile import MeasureProfile
from core.words import cut, day, plural
from webapp.pages.customer.seen import Seen
from webapp.parts import Figure

LONGEST: Final = 60
"""Signs of an id in the heading."""

SPOKEN: Final = 3
FIGURES: Final = 5
USUAL: Final = ("orders", "monetary", "recency", "average_order_value", "purchase_frequency")


def finding(seen: Seen) -> str:
    """`Customer C00561: 8 orders, €1,580 spent, last 478 days ago; in “Long silent”.`"""
    customers = seen.scene.results.customers
    known = {m.slug: m for m in customers.measures if m.numeric and seen.values[m.slug] is not None}
    said = []
    if "orders" in known:
        said.append(plural(int(seen.values["orders"]), "order"))
    if "monetary" in known:
        said.append(f"{seen.said(known['monetary'], short=True)} spent")
    if "recency" in known:
        ago = int(seen.values["recency"])
        said.append(f"last {plural(ago, 'day')} ago" if ago else "last on the snapshot day")
    if not said:
        said = [f"{m.label.lower()} {seen.said(m, short=True)}" for m in list(known.values())[:SPOKEN]]
    told = "; ".join(filter(None, [", ".join(said), _where(seen)]))
    return f"Customer {cut(seen.id, LONGEST)}: {told}."


def scope(seen: Seen) -> str:
    """For how long the customer is known, and as of when."""
    tenure, as_of = seen.values.get("tenure"), seen.scene.results.customers.as_of
    known = f"Customer for {plural(int(tenure), 'day')}" if tenure is not None else ""
    return " · ".join(filter(None, [known, f"As of {day(as_of)}" if as_of else ""]))


def figures(seen: Seen) -> list[Figure]:
    """Up to five measures: the usual ones first, then those that made the segments."""
    known = {m.slug: m for m in seen.profile.measures}
    made = [m.slug for m in known.values() if m.made]
    chosen = [slug for slug in (*USUAL, *made, *known) if slug in known]
    return [_figure(seen, known[slug]) for slug in list(dict.fromkeys(chosen))[:FIGURES]]


def _where(seen: Seen) -> str:
    if seen.segment is None:
        return "left out of the segments"
    return f"in “{seen.segment.name}”" if seen.segment.number else "in no segment"


def _figure(seen: Seen, m: MeasureProfile) -> Figure:
    own, every = (seen.typical(m.slug, of) for of in (seen.segment, None))
    sub = f"segment: {own} · all: {every}" if own and seen.segment is not None else f"all: {every}"
    return Figure(
        label=m.label,
        value=seen.said(m, short=True),
        sub=sub,
        help="Below: the middle customer's.",
        term=m.slug,
    )
