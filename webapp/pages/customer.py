"""A customer's own page: what was bought and when, beside the segment and everybody, and why this segment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from dash import dcc, html

from core.arrow import taken
from core.features.customers import LabelInfo, Measure
from core.features.history import History
from core.features.labels import NO, UNKNOWN, YES
from core.placed import Placed, Reason, placed
from core.profile import MeasureProfile, Segment
from core.profile.profile import SMALL
from core.roll import LEFT_OUT, Roll
from core.spec import Study
from core.words import about, cut, day, exact, flag, number, plural
from webapp import parts, rolls
from webapp.charts import chart
from webapp.display import DATA
from webapp.histories import history
from webapp.page import Page, Scene
from webapp.parts import Component, Figure, Step
from webapp.shell import kept_query

STRONGEST: Final = 3
LONGEST: Final = 60
FIGURES: Final = 5
USUAL: Final = ("orders", "monetary", "recency", "average_order_value", "purchase_frequency")
ANSWERS: Final = {YES: "Yes", NO: "No"}
EVIDENCE: Final = {
    "high_value": ("monetary",),
    "discount_seeker": ("orders", "discounted_orders_share", "discount_share"),
    "infrequent": ("purchase_frequency", "tenure"),
    "lapsed": ("recency", "interpurchase_days"),
    "new": ("orders", "tenure"),
}
"""Label -> the measures that it looks at."""

SCORED: Final = {"r": "recency", "f": "orders", "m": "monetary"}
"""Score -> the measure that it is about."""

NEAR: Final = (
    (0.6, "Far nearer to “{own}” than to “{next}”"),
    (0.3, "Clearly nearer to “{own}” than to “{next}”"),
    (0.1, "A little nearer to “{own}” than to “{next}”"),
    (0.0, "About as near to “{next}” as to “{own}”"),
    (-math.inf, "Nearer to the middle of “{next}” than to that of “{own}”"),
)
"""Least lead of the own segment's middle -> how it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The customer that a page is about.

    Attributes
    ----------
    row : int
        Of the roll.
    segment : Segment or None
        None for a customer whom cleaning left out of the segments.
    place : Placed
    values : mapping of str to value
        The row of the sheet.
    """

    scene: Scene
    roll: Roll
    row: int
    segment: Segment | None
    place: Placed
    values: dict[str, Any]

    @property
    def id(self) -> str:
        """As in the file."""
        return str(self.values["id"])

    def said(self, measure: Measure | MeasureProfile, short: bool = False) -> str:
        """A measure's value in words."""
        return _said(self.values.get(measure.slug), measure, self.currency, short)

    @property
    def currency(self) -> str:
        """The sign before amounts."""
        return self.scene.results.customers.currency


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    roll = rolls.roll(scene.services, scene.study)
    row = roll.at(scene.study.lens.segment)
    if row is None:
        return _unknown(scene)
    seen = _seen(scene, roll, row)
    orders = history(scene.services, scene.study, scene.results, scene.study.lens.segment)
    back, following = _back(seen), _way(seen)
    return [
        _path(seen, back, following),
        parts.head(_finding(seen), _scope(seen), following[1], back),
        parts.figures(_figures(seen)),
        parts.grid(_why(seen), _labels(seen)),
        *_bought(seen, orders),
        _everything(seen),
        parts.next_step("Next: look at the others of this list.", following[1] or back),
    ]


def _unknown(scene: Scene) -> list[Component]:
    everybody = Step(text="Show all customers", href=_href("/customers", scene.study))
    hint = "The link may be of another data set, or the customer is not among those who are included."
    return [parts.head("No such customer in this view.", hint, everybody)]


def _seen(scene: Scene, roll: Roll, row: int) -> Seen:
    labels, results = roll.labels, scene.results
    number, profile = int(labels[row]), results.profile
    assert profile is not None
    place = Placed(own=0)
    if number != LEFT_OUT:
        place = placed(results, int((labels[:row] != LEFT_OUT).sum()))
    return Seen(
        scene=scene,
        roll=roll,
        row=row,
        segment=profile.segment(number) if number != LEFT_OUT else None,
        place=place,
        values=taken(roll.customers.table, np.array([row])).to_pylist()[0],
    )


def _finding(seen: Seen) -> str:
    customers = seen.scene.results.customers
    known = {m.slug: m for m in customers.measures if m.numeric and seen.values[m.slug] is not None}
    said = []
    if "orders" in known:
        said.append(plural(int(seen.values["orders"]), "order"))
    if "monetary" in known:
        said.append(f"{seen.said(known['monetary'], short=True)} spent")
    if "recency" in known:
        said.append(f"last {plural(int(seen.values['recency']), 'day')} ago")
    if not said:
        said = [f"{m.label.lower()} {seen.said(m, short=True)}" for m in list(known.values())[:STRONGEST]]
    told = "; ".join(filter(None, [", ".join(said), _where(seen)]))
    return f"Customer {cut(seen.id, LONGEST)}: {told}."


def _where(seen: Seen) -> str:
    if seen.segment is None:
        return "left out of the segments"
    return f"in “{seen.segment.name}”" if seen.segment.number else "in no segment"


def _scope(seen: Seen) -> str:
    tenure = seen.values.get("tenure")
    as_of = seen.scene.results.customers.as_of
    known = f"Customer for {plural(int(tenure), 'day')}" if tenure is not None else ""
    return " · ".join(filter(None, [known, f"As of {day(as_of)}" if as_of else ""]))


def _figures(seen: Seen) -> list[Figure]:
    known = {m.slug: m for m in _profiles(seen)}
    made = [m.slug for m in known.values() if m.made]
    chosen = [slug for slug in (*USUAL, *made, *known) if slug in known]
    return [_figure(seen, known[slug]) for slug in list(dict.fromkeys(chosen))[:FIGURES]]


def _figure(seen: Seen, m: MeasureProfile) -> Figure:
    own, every = (_typical_of(seen, m.slug, of) for of in (seen.segment, None))
    sub = f"segment: {own} · all: {every}" if own and seen.segment is not None else f"all: {every}"
    return Figure(
        label=m.label,
        value=seen.said(m, short=True),
        sub=sub,
        help="Below: the middle customer's.",
        term=m.slug,
    )


def _profiles(seen: Seen) -> Sequence[MeasureProfile]:
    profile = seen.scene.results.profile
    return profile.measures if profile is not None else ()


def _why(seen: Seen) -> Component:
    """What speaks for the segment, and how far the next one is."""
    if seen.segment is None:
        answer = "Cleaning left this customer out; the steps on the Data page say why."
    elif not seen.segment.number:
        near = _next(seen)
        answer = f"Fits no segment. The nearest is “{near.name}”." if near else "Fits no segment."
    else:
        answer = _nearness(seen)
    content = [_scores(seen)] if _ruled(seen) else [_reasons(seen), _against(seen)]
    content.append(_compared(seen))
    return parts.card_table("Why this segment?", answer, html.Div(content), wide=False)


def _nearness(seen: Seen) -> str:
    near, place = _next(seen), seen.place
    if _ruled(seen):
        return "RFM rules decide, by three scores from 1 to 5."
    if near is None or place.lead is None or seen.segment is None:
        return "There is no other segment to compare with."
    said = next(text for least, text in NEAR if place.lead >= least)
    said = said.format(own=seen.segment.name, next=near.name)
    far = place.to_next / place.to_own if place.to_own and place.to_next else None
    times = f": its middle is {number(far, 'times')} as far away" if far and far >= 1 else ""
    return f"{said}{times}."


def _next(seen: Seen) -> Segment | None:
    profile = seen.scene.results.profile
    return None if profile is None or seen.place.next is None else profile.segment(seen.place.next)


def _ruled(seen: Seen) -> bool:
    """Whether it is the RFM rules that decide, by scores."""
    return seen.scene.study.cluster.algorithm == "rules" and "r" in seen.values


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
    return html.Ol([html.Li(_reason(seen, r)) for r in reasons], className="atlas-why")


def _reason(seen: Seen, reason: Reason) -> list[Component]:
    share = number(reason.share, "share")
    return [html.Strong(f"{reason.label}: "), f"{_beside(seen, reason.slug)} ({share} of what speaks for it)"]


def _against(seen: Seen) -> Component:
    found, near = seen.place.against[:1], _next(seen)
    if not found or near is None:
        return None
    speaks = f"{found[0].label} speaks more for “{near.name}”: {_beside(seen, found[0].slug)}."
    return html.P(speaks, className="atlas-chart-answer")


def _compared(seen: Seen) -> Component:
    """All that customers are compared on, beside what is typical of the two segments."""
    matrix, near = seen.scene.results.matrix, _next(seen)
    if matrix is None or near is None or seen.segment is None or not seen.segment.number:
        return None
    customers = seen.scene.results.customers
    made = [m for slug in matrix.columns if (m := customers.measure(slug)) is not None]
    rows = [
        [
            m.label,
            seen.said(m),
            *(_typical_of(seen, m.slug, s, short=False) or "–" for s in (seen.segment, near)),
        ]
        for m in made
    ]
    columns = [
        ("by", "Grouped by"),
        ("value", "This customer"),
        ("own", "Its segment"),
        ("next", "The nearest other"),
    ]
    return parts.table(columns, rows, "What customers are compared on")


def _beside(seen: Seen, slug: str) -> str:
    """A value beside what is typical of the two segments."""
    measure, near = seen.scene.results.customers.measure(slug), _next(seen)
    assert measure is not None
    value = seen.said(measure, short=True)
    if near is None or seen.segment is None:
        return value
    own, other = _typical_of(seen, slug, seen.segment), _typical_of(seen, slug, near)
    if not own or not other:
        return value
    return f"{value}; typical of “{seen.segment.name}” is {own}, of “{near.name}” {other}"


def _typical_of(seen: Seen, slug: str, segment: Segment | None, short: bool = True) -> str:
    """The median of a segment, of everybody without one, or its most frequent word; empty where not known."""
    profile = seen.scene.results.profile
    if profile is None or (segment is not None and segment.size < SMALL):
        return ""
    m = next((m for m in profile.measures if m.slug == slug), None)
    if m is not None:
        stats = m.overall if segment is None else m.segments[profile.at(segment.number)]
        return _said(stats.median, m, seen.currency, short)
    mix = next((m for m in profile.mixes if m.slug == slug), None)
    if mix is None:
        return ""
    counts = mix.overall if segment is None else mix.segments[profile.at(segment.number)]
    return mix.levels[int(np.argmax(counts))] if any(counts) else ""


def _labels(seen: Seen) -> Component:
    """Each label with what speaks for its answer; one that can't be judged says why."""
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
    return [html.Div(_capital(said)), html.Small(_capital(info.reason or f"rule: {info.rule}"))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bought(seen: Seen, orders: History | None) -> list[Component]:
    if orders is None:
        return [html.P("A customer table holds no orders, so there is no history.", className="atlas-notes")]
    if not orders.count:
        return [html.P("No order of this customer is in the file.", className="atlas-notes")]
    customers = seen.scene.results.customers
    drawn = chart(
        seen.scene,
        "history",
        lambda draw: draw(orders, customers.first_day, customers.as_of, customers.currency),
    )
    rows = [
        [
            day(o["day"]),
            html.Span(o["order"], className=DATA),
            f"{o['lines']:,}",
            exact(o["net"], "money", customers.currency),
        ]
        for o in orders.orders.to_pylist()
    ]
    columns = [("day", "Date"), ("order", "Order"), ("lines", "Lines"), ("net", "Net sales")]
    said = f"{plural(orders.count, 'order')} and returns, newest first, after discounts."
    listed = parts.card_table("Which orders?", said, parts.table(columns, rows, "Orders"), wide=False)
    return [parts.grid(drawn, listed)]


def _everything(seen: Seen) -> Component:
    rows = []
    for measure in seen.scene.results.customers.measures:
        own = _typical_of(seen, measure.slug, seen.segment, short=False)
        every = _typical_of(seen, measure.slug, None, short=False)
        rows.append([measure.label, seen.said(measure), own or "–", every or "–"])
    columns = [("measure", "Attribute"), ("value", "This customer"), ("own", "Segment"), ("all", "All")]
    table = parts.table(columns, rows, "Everything known")
    said = "Beside the middle customer of the segment and of all, or the most frequent word."
    return parts.card_table("What is known?", said, table)


def _path(seen: Seen, back: Step, way: tuple[Step | None, Step | None, str]) -> Component:
    """Where the customer stands in the segment's list, with the ways to the ones before and after."""
    before, after, said = way
    links = [dcc.Link(f"‹ {back.text.removeprefix('Back to ')}", href=back.href)]
    links += [html.Span(said)] if said else []
    links += [dcc.Link("‹ Previous", href=before.href)] if before else []
    links += [dcc.Link("Next ›", href=after.href)] if after else []
    return html.Nav(links, className="atlas-scope atlas-steps", **{"aria-label": "Customers of this list"})


def _way(seen: Seen) -> tuple[Step | None, Step | None, str]:
    """The customers before and after in the segment's list as the lens shows it, and the place in it."""
    labels = seen.roll.labels
    lens = replace(seen.scene.study.lens, segment="")
    shown = seen.roll.shown(replace(seen.scene.study, lens=lens), left_out=True)
    rows = np.flatnonzero(shown & (labels == labels[seen.row]))
    at = int(np.searchsorted(rows, seen.row))
    here = at < rows.size and rows[at] == seen.row
    after = at + 1 if here else at
    said = f"{at + 1:,} of {rows.size:,}" if here else ""
    return (
        _step(seen, "Previous customer", int(rows[at - 1])) if at > 0 else None,
        _step(seen, "Next customer", int(rows[after])) if after < rows.size else None,
        said,
    )


def _step(seen: Seen, text: str, row: int) -> Step:
    (address,) = seen.roll.addressed(np.array([row]))
    return Step(text=text, href=_href(f"/customers/{address}", seen.scene.study))


def _back(seen: Seen) -> Step:
    if seen.segment is None:
        return Step(text="Back to all customers", href=_href("/customers", seen.scene.study))
    path = f"/profiles/{seen.segment.number or 'none'}"
    return Step(text=f"Back to “{seen.segment.name}”", href=_href(path, seen.scene.study))


def _href(path: str, study: Study) -> str:
    return f"{path}{kept_query(study)}"


def _said(value: Any, measure: Measure | MeasureProfile, currency: str, short: bool = False) -> str:
    if value is None:
        return "–"
    if measure.unit == "flag":
        return flag(value)
    if not isinstance(value, (int, float)):
        return str(value)
    said = (about if short else exact)(value, measure.unit, currency)
    return f"{said} days" if measure.unit == "days" and "days" not in measure.label.lower() else said


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


PAGE = Page(
    name="customer",
    path="/customers/<segment>",
    title="Customer",
    need="profile",
    visible=(),
    more=(),
    view=view,
)
