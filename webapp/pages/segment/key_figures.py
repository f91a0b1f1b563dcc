"""The key figures of a segment: each beside all customers, and beside 30 days ago where that is known."""

import numpy as np

from core.figures.base import of_place
from core.profile import MeasureProfile, Profile, Segment
from core.profile.profile import SMALL
from core.words import about, number
from webapp.page import Scene
from webapp.parts import Figure

MEDIANS = ("purchase_frequency", "recency")
"""Measures whose median is a key figure; where the data has them not, those that made the segments."""


def key_figures(scene: Scene, profile: Profile, segment: Segment) -> list[Figure]:
    """Up to five figures of a segment."""
    found = [_customers(scene, profile, segment), *_net(scene, profile, segment)]
    found += [_median(scene, profile, segment, m) for m in _chosen(profile, segment)]
    found += _average_order(scene, profile, segment)
    return found[:5]


def _customers(scene: Scene, profile: Profile, segment: Segment) -> Figure:
    change = scene.results.change
    since = ""
    if change is not None and not change.reason:
        moves = change.of(profile.at(segment.number))
        since = _since(f"{moves.then:,}", f"{segment.size:,}")
    share = number(segment.share, "share")
    sub = _lines(f"{share} of all", since)
    return Figure(label="Customers", value=f"{segment.size:,}", sub=sub, term="share")


def _net(scene: Scene, profile: Profile, segment: Segment) -> list[Figure]:
    if segment.value_share is None:
        return []
    change, currency = scene.results.change, scene.results.customers.currency
    since = ""
    if change is not None and change.net_then is not None and not change.reason:
        then = change.of(profile.at(segment.number)).net_then
        since = _since(about(then, "money", currency), about(segment.net, "money", currency))
    share = f"{number(segment.value_share, 'share')} of all: {number(segment.index, 'times')} its share"
    return [
        Figure(
            label="Net sales",
            value=number(segment.net, "money", currency),
            sub=_lines(share, since),
            term="net",
        )
    ]


def _chosen(profile: Profile, segment: Segment) -> list[MeasureProfile]:
    """Orders a year and days since the last order; else orders, and what made the segments."""
    by_slug = {m.slug: m for m in profile.measures if m.overall.known}
    found = [by_slug[slug] for slug in MEDIANS if slug in by_slug]
    more = [m for m in profile.measures if m.made and m not in found and m.slug != "monetary"]
    wanted = 2 if segment.average_order_value is not None else 3
    return (found + more)[:wanted]


def _median(scene: Scene, profile: Profile, segment: Segment, m: MeasureProfile) -> Figure:
    at, currency = profile.at(segment.number), scene.results.customers.currency
    value = m.segments[at].median if segment.size >= SMALL else None
    said = number(value, m.unit, currency)
    overall = f"all: {number(m.overall.median, m.unit, currency)}"
    return Figure(
        label=m.label,
        value=said,
        sub=_lines(overall, _median_then(scene, m, at, said)),
        help=f"{m.label} of the middle customer.",
        term=m.slug,
    )


def _median_then(scene: Scene, m: MeasureProfile, at: int, now: str) -> str:
    change = scene.results.change
    then = next((t for t in change.measures if t.slug == m.slug), None) if change is not None else None
    was = float("nan") if then is None else of_place(then.medians, at)
    if np.isnan(was) or now == "–":
        return ""
    return _since(number(was, m.unit, scene.results.customers.currency), now)


def _average_order(scene: Scene, profile: Profile, segment: Segment) -> list[Figure]:
    if segment.average_order_value is None:
        return []
    currency, change = scene.results.customers.currency, scene.results.change
    value = number(segment.average_order_value, "money", currency)
    overall = f"all: {number(profile.average_order_value, 'money', currency)}"
    then = change.order_then if change is not None else None
    was = np.nan if then is None else of_place(then, profile.at(segment.number))
    return [
        Figure(
            label="Average order",
            value=value,
            sub=_lines(overall, "" if np.isnan(was) else _since(number(was, "money", currency), value)),
            help="Sales after discounts of all its orders, divided by their number.",
            term="average_order_value",
        )
    ]


def _since(then: str, now: str) -> str:
    return "as 30 days ago" if then == now else f"30 days ago: {then}"


def _lines(first: str, second: str) -> str:
    return f"{first}\n{second}" if second else first
