"""Ways to a segment's page, its seal, and the words of labels: what Profiles and the segment pages share."""

from typing import Final

from dash import html

from core import describe
from core.profile import Segment
from core.spec import Study
from webapp import parts
from webapp.page import Scene
from webapp.parts import Component
from webapp.selection import NONE
from webapp.shell import kept_query

LABEL_WORDS: Final = {
    "high_value": "High-value customers",
    "discount_seeker": "Discount seekers",
    "infrequent": "Infrequent",
    "lapsed": "Lapsed",
    "new": "New",
}
SEALS: Final = (
    (0.85, "good", "patch-check-fill"),
    (0.75, "good", "patch-check"),
    (0.6, "fair", "dash-circle"),
    (-1.0, "weak", "exclamation-triangle"),
)
"""Least mean likeness -> its colour and icon; the word stands beside them."""


def segment_href(scene: Scene, segment: Segment) -> str:
    """A segment's own page, with the whole query."""
    return f"/profiles/{segment.number or NONE}{kept_query(scene.study)}"


def profiles_href(study: Study) -> str:
    """Profiles, with the whole query of a study."""
    return f"/profiles{kept_query(study)}"


def seal(scene: Scene, segment: Segment) -> Component:
    """How repeatable a segment is: a word and an icon; nothing where it was not or can't be judged."""
    said = describe.reliability(scene.results, segment.number)
    if said == "–":
        return None
    word, _, rest = said.partition(" (")
    index = float(rest.rstrip(")") or word)
    if not rest:
        return html.Span(
            f"reliability {word}",
            className="atlas-seal atlas-seal-none",
            title="No clear groups: no seal, only how alike the segment is when customers are drawn again.",
        )
    colour, icon = next((colour, icon) for least, colour, icon in SEALS if index >= least)
    return html.Span(
        [parts.icon(icon), word],
        className=f"atlas-seal atlas-seal-{colour}",
        title=f"Likeness {index:.2f} when the customers are drawn again: 1 is the same segment.",
    )


def dot(number_: str) -> Component:
    """A segment's colour before its name."""
    return html.Span(className="atlas-dot", style={"--segment-colour": number_})


def why(scene: Scene, segment: Segment) -> list[tuple[str, str, str]]:
    """What is behind a segment's name, strongest first: (label, of its customers, of all)."""
    profile = scene.results.profile
    assert profile is not None
    return describe.strongest(profile, segment, scene.results.customers.currency)
