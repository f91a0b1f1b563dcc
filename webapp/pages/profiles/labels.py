"""The labels with their counts and the evidence behind them."""

from typing import Final

from dash import dcc, html

from core.profile import LabelShare, Profile
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles.links import LABEL_WORDS, profiles_href
from webapp.parts import Component

UNKNOWN: Final = {
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
    rows = [_row(scene, profile, share) for share in profile.labels]
    return parts.card_table(
        "Which labels do customers carry?",
        "A customer may carry several. Choose one to show only its customers.",
        parts.table(columns, rows, "Labels", cards=True),
        wide=False,
    )


def _row(scene: Scene, profile: Profile, share: LabelShare) -> list[Component]:
    word = LABEL_WORDS[share.key]
    if share.reason:
        return [word, "–", f"Can't be judged. {share.reason}"]
    chosen = scene.study.lens.label == share.key
    link = dcc.Link(
        word,
        href=profiles_href(scene.study.with_(label="all" if chosen else share.key)),
        **({"className": "atlas-on", "title": "Show all again"} if chosen else {}),
    )
    told = html.Span([evidence(profile, share), html.Br(), html.Small(f"{share.rule}.")])
    return [link, f"{share.yes:,}", told]


def evidence(profile: Profile, share: LabelShare) -> str:
    """`412 of 530 judged; 118 have under 3 orders`."""
    said = f"{share.yes:,} of {share.judged_all:,} judged"
    left = profile.customers - share.judged_all
    return f"{said}; {left:,} {UNKNOWN[share.key]}" if left else said
