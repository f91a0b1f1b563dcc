"""The charts of Profiles."""

from collections.abc import Sequence

from dash import html

from core.crossed import Crossed, among
from core.figures.base import Base
from core.profile import Mix, Profile
from webapp import parts
from webapp.charts import chart
from webapp.page import Scene
from webapp.pages.profiles.links import profiles_href
from webapp.pages.profiles.turned import turned
from webapp.pages.profiles.versus import chips, versus_of
from webapp.parts import Component
from webapp.selection import shown

VALUE = {"monetary": "net", "orders": "orders", "average_order_value": "average"}


def value(scene: Scene, profile: Profile) -> Component:
    """Where the value is: customers beside net sales, orders, or the average order."""
    measure, currency = VALUE[scene.study.lens.measure], scene.results.customers.currency
    return chart(scene, "value", lambda draw: draw(profile, measure, currency))


def heatmap(scene: Scene, profile: Profile) -> list[Component]:
    """Segments × attributes and what they are compared with: a chart, and a table in its place on a phone."""
    lens, currency = scene.study.lens, scene.results.customers.currency
    found, change = versus_of(scene, profile), scene.results.change
    base = Base(
        place=profile.at(found.segment.number) if found.segment is not None else None,
        then={m.slug: m for m in change.measures} if found.before and change is not None else {},
    )
    drawn = chart(
        scene,
        "differences",
        lambda draw: draw(
            profile,
            currency,
            most=lens.attributes,
            statistic=lens.average,
            steps=lens.heat == "steps",
            base=base,
        ),
        wide=True,
        more=chips(scene, profile, "All customers"),
    )
    return [
        html.Div(drawn, className="atlas-wide atlas-wide-card"),
        turned(scene, profile, base, chips(scene, profile, "All customers")),
    ]


def habits(scene: Scene, profile: Profile) -> list[Component]:
    """How they buy: medians and middle halves, in a row, or below each other on a phone."""
    currency = scene.results.customers.currency
    row = chart(scene, "habits", lambda draw: draw(profile, currency, columns=4), wide=True)
    below = chart(scene, "habits", lambda draw: draw(profile, currency, columns=1), part="narrow")
    return [
        html.Div(row, className="atlas-wide atlas-wide-card"),
        html.Div(below, className="atlas-narrow"),
    ]


def mix(scene: Scene, profile: Profile, part: str = "") -> Component:
    """Who they are, by one category at a time."""
    chosen = chosen_mix(scene, profile.mixes)
    if chosen is None:
        return None
    return chart(
        scene,
        "mix",
        lambda draw: draw(profile, chosen.slug),
        part=part,
        more=mix_options(scene, profile.mixes, chosen),
    )


def wide_mix(scene: Scene, profile: Profile) -> Component:
    """The same where there is room."""
    drawn = mix(scene, profile)
    return None if drawn is None else html.Div(drawn, className="atlas-wide")


def folded_mix(scene: Scene, profile: Profile) -> Component:
    """The same on a phone: after what makes them different, and folded."""
    drawn = mix(scene, profile, "narrow")
    if drawn is None:
        return None
    return html.Details([html.Summary("Who are they?"), drawn], className="atlas-narrow atlas-more")


def chosen_mix(scene: Scene, mixes: Sequence[Mix]) -> Mix | None:
    """The category that the link names, else the first."""
    return next((m for m in mixes if m.slug == scene.study.lens.group), next(iter(mixes), None))


def mix_options(scene: Scene, mixes: Sequence[Mix], chosen: Mix) -> Component:
    """The other categories, as links."""
    if len(mixes) < 2:
        return None
    offered = [
        html.Span(m.label, className="atlas-option", **{"aria-current": "true"})
        if m is chosen
        else parts.option(m.label, profiles_href(scene.study.with_(group=m.slug)))
        for m in mixes
    ]
    return html.Div([html.Span("By"), *offered], className="atlas-options atlas-versus")


def baskets(scene: Scene, profile: Profile) -> Component:
    """What they buy, by category; where a log is too long to be read once more for them, how to see it."""
    bought = scene.results.bought
    found = profile.baskets or (bought.baskets if bought is not None else None)
    if found is not None:
        return chart(scene, "baskets", lambda draw: draw(profile, found), wide=True)
    if scene.dataset.kind != "log" or scene.dataset.table.one("category") is None:
        return None
    study = scene.study.with_(extras=",".join([*scene.study.source.extras, "categories"]))
    show = parts.button(parts.Step(text="Show what they buy", href=profiles_href(study)), False)
    return parts.card_table(
        "What do they buy?",
        "How the sales of each segment divide over categories. The segments stay as they are.",
        show,
    )


def label_shares(scene: Scene, profile: Profile) -> Component:
    """Where the customers of the label that is shown are; without one, of the first that can be judged."""
    able = [s.key for s in profile.labels if not s.reason]
    chosen = scene.study.lens.label
    key = chosen if chosen in able else next(iter(able), "")
    currency = scene.results.customers.currency
    return chart(scene, "label_shares", lambda draw: draw(profile, key, currency)) if key else None


def separating(scene: Scene) -> Component:
    """What separates the segments; linked from EDA."""
    found = scene.results.drivers
    if found is None or not found.drivers:
        return None
    both = chart(scene, "separating", lambda draw: draw(found), wide=True)
    one = chart(scene, "separating", lambda draw: draw(found, most=8, losses=False), part="narrow")
    drawn = [html.Div(both, className="atlas-wide"), html.Div(one, className="atlas-narrow")]
    return html.Div(drawn, id="separating", className="atlas-wide-card")


def beside_rules(scene: Scene, profile: Profile) -> Component:
    """The RFM rules beside the segments, each cell with its customers."""
    found = scene.results.crossed
    if found is None:
        return None
    if found.reason:
        return parts.card_table("How do RFM rules see these segments?", found.reason, None, wide=False)
    drawn = chart(
        scene,
        "beside_rules",
        lambda draw: draw(profile, _of_shown(scene, profile, found)),
        wide=True,
    )
    return html.Div(drawn, className="atlas-wide-card atlas-table-on-phone")


def _of_shown(scene: Scene, profile: Profile, found: Crossed) -> Crossed:
    """Only the customers whom “Show only” leaves."""
    results, lens = scene.results, scene.study.lens
    if lens.label == "all" and not lens.show:
        return found
    assert results.matrix is not None and results.clustering is not None
    some = shown(results, scene.study)
    numbers = [s.number for s in profile.segments]
    return among(
        found, results.customers, results.matrix.rows[some], results.clustering.labels[some], numbers
    )
