"""The table of the segments."""

from core import describe
from core.features.cohort import of_segment
from core.profile import Segment
from core.words import number
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles import segment_href
from webapp.parts import Component
from webapp.people import People


def segments(scene: Scene) -> Component:
    """Every segment with its size, value and reliability; its name opens it. Cards on a phone."""
    profile = scene.results.profile
    assert profile is not None
    money, people = profile.value is not None, People(scene)
    columns = [("name", "Segment"), ("size", "Customers"), ("share", "Share")]
    columns += [("value", "Share of net sales"), ("net", "Net sales")] if money else []
    columns += [("reliability", "Reliability"), ("because", "What makes it")]
    return parts.card_table(
        "The segments",
        "By net sales a customer, the highest first." if money else "By size.",
        parts.table(
            columns, [_row(scene, s, money, people) for s in profile.segments], "The segments", cards=True
        ),
    )


def _row(scene: Scene, segment: Segment, money: bool, people: People) -> list[Component]:
    row = [
        parts.link(segment.name, segment_href(scene, segment)),
        people.link(segment.size, of_segment(segment.number)),
        number(segment.share, "share"),
    ]
    if money:
        net = number(segment.net, "money", scene.results.customers.currency)
        row += [number(segment.value_share, "share"), net]
    assert scene.results.profile is not None
    because = describe.because(scene.results.profile, segment, scene.results.customers.currency)
    return [*row, describe.reliability(scene.results, segment.number), because]
