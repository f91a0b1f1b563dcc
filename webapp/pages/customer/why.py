"""Why a customer is in a segment: the strongest reasons, and how far the next one is."""

from bisect import bisect_right
from typing import Final

from dash import html

from core.margins import LEADS
from core.placed import Reason
from core.profile import Segment
from core.words import number
from webapp import parts
from webapp.pages.customer.seen import Seen
from webapp.parts import Component

STRONGEST: Final = 3

SCORED: Final = {"r": "recency", "f": "orders", "m": "monetary"}
"""Score -> the measure that it is about."""

NEAR: Final = (
    "Nearer to the middle of “{next}” than to that of “{own}”",
    "About as near to “{next}” as to “{own}”",
    "A little nearer to “{own}” than to “{next}”",
    "Clearly nearer to “{own}” than to “{next}”",
    "Far nearer to “{own}” than to “{next}”",
)
"""How the steps of `core.margins.LEADS` are said, the smallest lead first."""


def why(seen: Seen) -> Component:
    """What speaks for the segment, and how far the next one is."""
    answer: Component
    if seen.segment is None:
        answer = "Cleaning left this customer out; the steps on the Data page say why."
        content = [_compared(seen)]
    elif seen.scene.study.cluster.algorithm == "rules":
        answer, content = _by_rules(seen), [_scores(seen), _compared(seen)]
    elif not seen.segment.number:
        answer, content = _without(seen), [_furthest(seen), _compared(seen)]
    else:
        answer = [_nearness(seen, seen.segment), " ", parts.term("lead")]
        content = [_reasons(seen), _against(seen), _compared(seen)]
    return parts.card_table("Why this segment?", answer, html.Div(content), wide=False)


def _nearness(seen: Seen, own: Segment) -> str:
    near, place = seen.next, seen.place
    if near is None or place.lead is None:
        return "There is no other segment to compare with."
    said = NEAR[bisect_right(LEADS, place.lead)].format(own=own.name, next=near.name)
    far = place.to_next / place.to_own if place.to_own and place.to_next else None
    times = f": its middle is {number(far, 'times')} as far away" if far and far >= 1 else ""
    return f"{said}{times}."


def _without(seen: Seen) -> str:
    near = seen.next
    if near is None:
        return "Fits no segment: a value that customers are compared on is missing."
    return f"Fits no segment. The nearest is “{near.name}”."


def _by_rules(seen: Seen) -> str:
    """What the rules say, and which change of scores leads to the nearest other segment."""
    found, near = seen.rules, seen.next
    if found is None or near is None:
        return "RFM rules decide, by three scores from 1 to 5."
    steps = [
        f"{now} instead of {was} for {what}"
        for was, now, what in (
            (found.r, found.next_r, "the last order"),
            (found.fm, found.next_fm, "how much and how often"),
        )
        if was != now
    ]
    if not steps:
        return f"New, whatever the scores are. By these alone it would be “{near.name}”."
    return f"RFM rules decide, by scores from 1 to 5. The next is “{near.name}”: {' and '.join(steps)}."


def _scores(seen: Seen) -> Component:
    customers = seen.scene.results.customers
    found = [
        html.Li([html.Strong(f"{m.label}: "), f"{seen.said(m, short=True)}, which scores {score} of 5"])
        for key, slug in SCORED.items()
        if (m := customers.measure(slug)) is not None and (score := seen.values.get(key))
    ]
    return html.Ul(found, className="atlas-why") if found else html.P("No scores are known.")


def _reasons(seen: Seen) -> Component:
    reasons = seen.place.reasons[:STRONGEST]
    if not reasons:
        return None
    last = len(reasons) - 1
    items = [
        html.Li(
            [*_reason(seen, r, "of what speaks for it"), *([" ", parts.term("speaks")] if at == last else [])]
        )
        for at, r in enumerate(reasons)
    ]
    return html.Ol(items, className="atlas-why")


def _furthest(seen: Seen) -> Component:
    """Of a customer without a segment: by what it is furthest from the nearest one."""
    reasons = seen.place.against[:STRONGEST]
    if not reasons:
        return None
    return html.Ol([html.Li(_reason(seen, r, "of the distance")) for r in reasons], className="atlas-why")


def _reason(seen: Seen, reason: Reason, of: str) -> list[Component]:
    share = number(reason.share, "share")
    return [html.Strong(f"{reason.label}: "), f"{_beside(seen, reason.slug)} ({share} {of})"]


def _against(seen: Seen) -> Component:
    found, near = seen.place.against[:1], seen.next
    if not found or near is None:
        return None
    speaks = f"{found[0].label} speaks more for “{near.name}”: {_beside(seen, found[0].slug)}."
    return html.P(speaks, className="atlas-chart-answer")


def _compared(seen: Seen) -> Component:
    """All that customers are compared on, beside what is typical of the own segment and of the next one."""
    results, near = seen.scene.results, seen.next
    if results.matrix is None:
        return None
    own = seen.segment if seen.segment is not None and seen.segment.number else None
    others = [("own", "Its segment", own), ("next", "The nearest other" if own else "The nearest", near)]
    typical = [(key, text, s) for key, text, s in others if s is not None]
    made = [m for slug in results.matrix.columns if (m := results.customers.measure(slug)) is not None]
    rows = [
        [m.label, seen.said(m), *(seen.typical(m.slug, s, short=False) or "–" for _, _, s in typical)]
        for m in made
    ]
    columns = [("by", "Grouped by"), ("value", "This customer"), *((key, text) for key, text, _ in typical)]
    return parts.table(columns, rows, "What customers are compared on")


def _beside(seen: Seen, slug: str) -> str:
    """A value beside what is typical of the two segments."""
    measure, near = seen.scene.results.customers.measure(slug), seen.next
    assert measure is not None
    value = seen.said(measure, short=True)
    typical = [
        f"of “{s.name}” {said}"
        for s in (seen.segment, near)
        if s is not None and s.number and (said := seen.typical(slug, s))
    ]
    return f"{value}; typical {', '.join(typical)}" if typical else value
