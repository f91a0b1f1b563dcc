"""Profiles: who the segments are, and where the value is."""

from dash import dcc, html

from core import describe
from core.figures.theme import segment_colour
from core.profile import LabelShare, Profile, Segment
from core.words import about, number, plural
from webapp import parts
from webapp.charts import chart
from webapp.page import Page, Scene
from webapp.parts import Component, Figure, Step
from webapp.shell import kept_query

LABEL_WORDS = {
    "high_value": "High-value customers",
    "discount_seeker": "Discount seekers",
    "infrequent": "Infrequent",
    "lapsed": "Lapsed",
    "new": "New",
}
VALUE = {"monetary": "net", "orders": "orders", "average_order_value": "average"}


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    results = scene.results
    profile = results.profile
    assert profile is not None and results.clustering is not None
    best = _best(profile)
    primary = Step(text=f"Open “{best.name}”", href=segment_href(scene, best)) if best else None
    mixes = [m for m in profile.mixes if m.slug == scene.study.lens.group] or list(profile.mixes)
    currency = results.customers.currency
    return [
        parts.head(describe.profiles_finding(profile), scene.scope, primary),
        parts.figures(label_figures(scene, profile)),
        html.Div([segment_card(scene, s) for s in profile.segments], className="atlas-grid atlas-grid-3"),
        parts.grid(
            chart(scene, "value", lambda draw: draw(profile, VALUE[scene.study.lens.measure], currency)),
            _label_chart(scene, profile),
            chart(
                scene,
                "differences",
                lambda draw: draw(profile, currency, statistic=scene.study.lens.average),
                wide=True,
            ),
            chart(scene, "habits", lambda draw: draw(profile, currency)),
            chart(scene, "mix", lambda draw: draw(profile, mixes[0].slug) if mixes else None),
        ),
        _all_measures(scene, profile),
        parts.next_step("Next: one segment, its customers and their list.", primary),
    ]


def _best(profile: Profile) -> Segment | None:
    real = [s for s in profile.segments if s.number]
    return max(real, key=lambda s: (s.value_share or 0, s.size)) if real else None


def segment_href(scene: Scene, segment: Segment) -> str:
    """A segment's own page, with the whole query."""
    return f"/profiles/{segment.number or 'none'}{kept_query(scene.study)}"


def label_figures(scene: Scene, profile: Profile) -> list[Figure]:
    """The key figures: one per label, each opening only its customers."""
    return [_label_figure(scene, profile, s) for s in profile.labels]


def _label_figure(scene: Scene, profile: Profile, share: LabelShare) -> Figure:
    label = LABEL_WORDS[share.key]
    if share.reason:
        return Figure(label=label, value="–", sub=f"Can't be judged. {share.reason}")
    judged = f"of {share.judged_all:,} that can be judged" if share.judged_all < profile.customers else ""
    of_all = f"{number(share.yes / profile.customers, 'share')} of customers" if profile.customers else ""
    chosen = scene.study.lens.label == share.key
    query = kept_query(scene.study.with_(label="all" if chosen else share.key))
    return Figure(
        label=label,
        value=f"{share.yes:,}",
        sub=f"{judged or of_all}{' · show all' if chosen else ''}",
        help=f"{share.name}: {share.rule}.",
        href=f"/profiles{query}",
    )


def segment_card(scene: Scene, segment: Segment) -> Component:
    """One segment in short: name, why, size, value, labels, and the way in."""
    currency = scene.results.customers.currency
    said = [html.Strong(plural(segment.size, "customer")), f" ({number(segment.share, 'share')})"]
    if segment.value_share is not None:
        said.append(
            f" · net sales {about(segment.net, 'money', currency)} ({number(segment.value_share, 'share')})"
            f" · {number(segment.index, 'times')} its share"
        )
    return html.Section(
        [
            html.Div(
                html.H2([html.Span(className="atlas-dot"), segment.name], className="atlas-chart-title"),
                className="atlas-card-head",
            ),
            html.P(segment.because, className="atlas-scope"),
            html.P(said),
            html.Div(
                [
                    *[html.Span(name, className="atlas-label") for name in segment.labels],
                    *_shown_of(scene, segment),
                ]
            ),
            dcc.Link("Open", href=segment_href(scene, segment), title=f"Open “{segment.name}”"),
        ],
        className="atlas-card atlas-segment-card",
        style={"--segment-colour": segment_colour(segment.number)},
    )


def _shown_of(scene: Scene, segment: Segment) -> list[Component]:
    """With “Show only” on: how many of the segment's customers it shows."""
    profile = scene.results.profile
    assert profile is not None
    share = next((s for s in profile.labels if s.key == scene.study.lens.label), None)
    if share is None:
        return []
    at = profile.at(segment.number)
    word = LABEL_WORDS[share.key].lower()
    return [
        html.Span(f"{share.flagged[at]:,} {word}, of {share.judged[at]:,} judged", className="atlas-label")
    ]


def _label_chart(scene: Scene, profile: Profile) -> Component:
    """Where the customers of the label that is shown are; without one, of the first that can be judged."""
    able = [s.key for s in profile.labels if not s.reason]
    chosen = scene.study.lens.label
    key = chosen if chosen in able else next(iter(able), "")
    return chart(scene, "label_shares", lambda draw: draw(profile, key)) if key else None


def _all_measures(scene: Scene, profile: Profile) -> Component:
    average, currency = scene.study.lens.average, scene.results.customers.currency
    columns = [("segment", "Segment"), ("size", "Customers"), ("share", "Share")]
    money = profile.value is not None
    if money:
        columns += [("value_share", "Share of net sales"), ("index", "Times its share"), ("net", "Net sales")]
    columns += [(m.slug, m.label) for m in profile.measures]
    rows = []
    for at, s in enumerate(profile.segments):
        row = [s.name, f"{s.size:,}", number(s.share, "share")]
        if money:
            row += [
                number(s.value_share, "share"),
                number(s.index, "times"),
                number(s.net, "money", currency),
            ]
        rows.append(
            row + [number(getattr(m.segments[at], average), m.unit, currency) for m in profile.measures]
        )
    overall = ["All customers", f"{profile.customers:,}", "100 %"]
    overall += ["100 %", "1.0×", number(profile.net, "money", currency)] if money else []
    overall += [number(getattr(m.overall, average), m.unit, currency) for m in profile.measures]
    word = "middle customer (median)" if average == "median" else "mean"
    return parts.card_table(
        "All segments, all measures",
        f"Each figure is the {word} of the segment, in real units.",
        parts.table(columns, [*rows, overall], "All segments, all measures"),
    )


PAGE = Page(
    name="profiles",
    path="/profiles",
    title="Profiles",
    need="profile",
    visible=("label", "measure", "group"),
    more=("average",),
    view=view,
)
