"""The four charts above the tabs."""

from collections.abc import Callable
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from core import explore
from core.figures import Drawn
from core.spec import PARAMS
from core.words import cut
from webapp import parts
from webapp.charts import chart
from webapp.pages.eda.chosen import ANCHOR, Look, groups_of, numbers_of
from webapp.parts import Component
from webapp.shell import kept_query


def first_charts(look: Look) -> Component:
    """What customers spend, how often they buy, who they are, and when they bought last.

    A table without orders shows a second attribute with numbers and a second one that groups instead.
    """
    often, last = ("Frequency", _orders(look)), ("Last order", _rfm(look))
    if often[1] is None:
        often = _named(look, _other(numbers_of(look.customers), look.column), _spread)
    if last[1] is None:
        last = _named(look, _other(groups_of(look.customers), look.who), _who)
    spread = _named(look, look.column, lambda look, slug: _spread(look, slug, switched=True))
    who = ("Who", _who(look, look.who))
    cards = [(word, card) for word, card in (spread, often, who, last) if card is not None]
    return html.Div(
        [_strip([word for word, _ in cards]), parts.grid(*(card for _, card in cards))],
        className="atlas-strip",
    )


def _named(look: Look, slug: str, make: Callable[[Look, str], Component]) -> tuple[str, Component]:
    return cut(_label(look, slug), 16), make(look, slug)


def _strip(words: list[str]) -> Component:
    """The names of the charts, of which a small screen shows one at a time (assets/strip.js)."""
    buttons = [
        html.Button(
            word,
            type="button",
            className="atlas-option",
            **{"data-strip": str(at), "aria-pressed": "false" if at else "true"},
        )
        for at, word in enumerate(words)
    ]
    more = html.A("More", href=f"#{ANCHOR}", className="atlas-option")
    return html.Div([*buttons, more], className="atlas-strip-nav", role="group", **{"aria-label": "Charts"})


def _other(able: list[str], taken: str) -> str:
    return next((slug for slug in able if slug != taken), "")


def drawing(find: Callable[[], Any], *more: Any) -> Callable[[Callable[..., Drawn]], Drawn | None]:
    """For `webapp.charts.chart`: draws what is found, nothing where that is None."""

    def make(draw: Callable[..., Drawn]) -> Drawn | None:
        found = find()
        return None if found is None else draw(found, *more)

    return make


def switch(look: Look, name: str) -> Component:
    """A choice of how a chart shows its answer, as links."""
    declared = PARAMS[name][1]
    now = look.study.value(name)
    return html.Div(
        [
            html.Span(declared.label),
            *(_choice(look, name, value, word, now) for value, word in declared.choices),
        ],
        className="atlas-options atlas-cuts",
    )


def _choice(look: Look, name: str, value: str, word: str, now: object) -> Component:
    if value == now:
        return html.Span(word, className="atlas-option", **{"aria-current": "true"})
    return parts.option(word, f"/eda{kept_query(look.study.with_(**{name: value}))}")


def _spread(look: Look, slug: str, switched: bool = False) -> Component:
    if not slug:
        return None
    lens = look.study.lens
    found = drawing(
        lambda: explore.histogram(
            look.customers, look.rows, slug, lens.group, lens.scale, lens.bins, lens.far
        ),
        look.currency,
    )
    more = switch(look, "scale") if switched else None
    return chart(look.scene, "histogram", found, part="" if switched else slug, more=more)


def _orders(look: Look) -> Component:
    found = drawing(lambda: explore.order_bars(look.customers, look.rows, look.group))
    return chart(look.scene, "orders", found)


def _who(look: Look, slug: str) -> Component:
    if not slug:
        return None
    group = "" if look.group == slug else look.group
    found = drawing(lambda: explore.level_bars(look.customers, look.rows, slug, group))
    chosen = slug == look.who
    return chart(look.scene, "bars", found, part="" if chosen else slug, more=_whos(look) if chosen else None)


def _whos(look: Look) -> Component:
    """The choice of what says who the customers are."""
    able = groups_of(look.customers)
    if len(able) < 2:
        return None
    options = [{"value": slug, "label": _label(look, slug)} for slug in able]
    field = dbc.Select(options=options, value=look.who, size="sm")
    about = {"data-choose": "who"}
    return html.Label([html.Span("By"), field], className="atlas-options atlas-cuts", **about)


def _label(look: Look, slug: str) -> str:
    measure = look.customers.measure(slug)
    return "" if measure is None else cut(measure.label, 40)


def _rfm(look: Look) -> Component:
    found = drawing(lambda: explore.rfm_grid(look.customers, look.rows), look.currency, look.study.lens.cells)
    return chart(look.scene, "rfm", found, more=switch(look, "cells"))
