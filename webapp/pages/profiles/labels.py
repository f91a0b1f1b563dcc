"""The labels with their counts and the evidence behind them."""

from typing import Final

from dash import dcc, html

from core.features.labels import NO, UNKNOWN, YES, said_rule
from core.param import Filter
from core.profile import LabelShare, Profile
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles.links import LABEL_WORDS, profiles_href
from webapp.parts import Component
from webapp.people import People
from webapp.shell import own_query

WHY: Final = {
    "high_value": "without spend",
    "discount_seeker": "have under 3 orders",
    "infrequent": "are not known long enough",
    "lapsed": "have no order",
    "new": "have no order",
}
"""Why a customer can't be judged by a label."""


def labels(scene: Scene, profile: Profile) -> Component:
    """Every label: how many carry it, of how many that could be judged, and its rule."""
    columns = [("label", "Label"), ("yes", "Customers"), ("evidence", "Evidence")]
    people = People(scene)
    rows = [_row(scene, profile, share, people) for share in profile.labels]
    return parts.card_table(
        "Which labels do customers carry?",
        "A customer may carry several. Choose one to show only its customers.",
        parts.table(columns, rows, "Labels", cards=True),
        wide=False,
    )


def _row(scene: Scene, profile: Profile, share: LabelShare, people: People) -> list[Component]:
    word = LABEL_WORDS[share.key]
    if share.reason:
        mend = dcc.Link("Open Data", href=f"/{own_query(scene.study)}")
        return [word, "–", html.Span([f"Can't be judged. {share.reason} ", mend])]
    chosen = scene.study.lens.label == share.key
    link = dcc.Link(
        word,
        href=profiles_href(scene.study.with_(label="all" if chosen else share.key)),
        **({"className": "atlas-on", "title": "Show all again"} if chosen else {}),
    )
    rule = said_rule(share, scene.results.customers.currency)
    told = [*evidence(profile, share, people), html.Br(), html.Small(f"{rule[:1].upper()}{rule[1:]}.")]
    return [link, people.link(share.yes, Filter(share.key, "eq", (str(YES),))), html.Span(told)]


def evidence(profile: Profile, share: LabelShare, people: People) -> list[Component]:
    """`412 of 530 judged; 118 have under 3 orders`, where each number of customers opens these."""
    judged = people.link(share.judged_all, Filter(share.key, "in", (str(NO), str(YES))))
    said = [f"{share.yes:,} of ", judged, " judged"]
    left = profile.customers - share.judged_all
    if not left:
        return said
    return [*said, "; ", people.link(left, Filter(share.key, "eq", (str(UNKNOWN),))), f" {WHY[share.key]}"]
