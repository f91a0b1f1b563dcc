"""Counts of customers on a page, each with the way to the list of exactly these."""

from functools import cached_property

from dash import dcc, html

from core.features.labels import LABELS
from core.param import Filter
from webapp.marks import exactly, href
from webapp.page import Scene
from webapp.parts import Component
from webapp.selection import Counting


class People:
    """Links to customers of a scene's study who meet conditions.

    Parameters
    ----------
    scene : Scene
        With segments.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        lens = scene.study.lens
        self._partly = bool(lens.show) or lens.label in LABELS

    def link(self, count: int, *conditions: Filter) -> Component:
        """A count that opens its customers.

        Pages count all customers of a study; where “Show only” leaves fewer of them it says how many, and
        these open.
        """
        said = f"{count:,}"
        if not count:
            return said
        asked = exactly(conditions, self._scene.results)
        left = self._counting.of(asked) if self._partly else count
        address = href(self._scene.study, asked)
        if left == count:
            return dcc.Link(said, href=address)
        shown = dcc.Link(f"{left:,} shown", href=address) if left else "none shown"
        return html.Span([said, " ", html.Span(["(", shown, ")"], className="text-nowrap")])

    @cached_property
    def _counting(self) -> Counting:
        return Counting(self._scene.results, self._scene.study)
