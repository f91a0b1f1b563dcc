"""The table of the segments."""

from core import describe
from core.profile import Segment
from core.words import number
from webapp import parts
from webapp.page import Scene
from webapp.pages.profiles import segment_href
from webapp.parts import Component


def segments(scene: Scene) -> Component:
    """Every segment with its size, value and reliability; its name opens it. Cards on a phone."""
    profile = scene.results.profile
    assert profile is not None
    money = profile.value is not None
    columns = [("name", "Segment"), ("size", "Customers"), ("share", "Share")]
    columns += [("value", "Share of net sales"), ("net", "Net sales")] if money else []
    columns += [("reliability", "Reliability"), ("because", "What makes it")]
    return parts.card_table(
        "The segments",
        "By net sales a customer, the highest first." if money else "By size.",
        parts.table(columns, [_row(scene, s, money) for s in profile.segments], "The segments", cards=True),
    )


def _row(scene: Scene, segment: Segment, money: bool) -> list[Component]:
    row = [
        parts.link(segment.name, segment_href(scene, segment)),
        f"{segment.size:,}",
        number(segment.share, "share"),
    ]
    if money:
        net = number(segment.net, "money", scene.results.customers.currency)
        row += [number(segment.value_share, "share"), net]
    because = segment.because.removeprefix("Its strongest differences: ")
    return [*row, describe.reliability(scene.results, segment.number), because]
