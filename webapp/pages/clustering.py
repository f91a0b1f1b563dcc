"""Clustering: how many segments, how they lie to each other, how big they are."""

from dash import html

from core import describe
from core.choose import least_size
from core.cluster import ALGORITHMS
from core.groups import Verdict
from core.words import number, plural
from webapp import parts
from webapp.charts import chart
from webapp.page import Page, Scene
from webapp.pages.profiles import segment_href
from webapp.parts import Component, Figure, Step
from webapp.shell import kept_query

WORD_HELP = "Over 0.5 clear, 0.25 to 0.5 fair, below weak. Compare only on the same attributes."


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    results, study = scene.results, scene.study
    clustering, profile = results.clustering, results.profile
    assert clustering is not None and profile is not None
    algorithm = ALGORITHMS[clustering.algorithm]
    primary = Step(text="See who they are", href=f"/profiles{kept_query(study)}")
    least = least_size(
        int((results.matrix.fitted if results.matrix else clustering.labels).sum()), study.cluster
    )
    return [
        parts.head(describe.clustering_finding(results), scene.scope, primary),
        parts.figures(_figures(scene)),
        parts.grid(
            chart(scene, "k", lambda draw: draw(clustering) if algorithm.chooses_k else None, wide=True),
            chart(
                scene,
                "k_distance",
                lambda draw: draw(clustering) if clustering.curve is not None else None,
                wide=True,
            ),
            chart(scene, "map", lambda draw: draw(clustering, profile.segments)),
            chart(scene, "sizes", lambda draw: draw(profile.segments, results.customers.currency)),
            chart(
                scene,
                "tree",
                lambda draw: draw(clustering, profile.segments) if clustering.tree is not None else None,
                wide=True,
            ),
        ),
        _segments(scene),
        html.Details(
            [
                html.Summary("Evidence"),
                parts.grid(
                    chart(scene, "elbow", lambda draw: draw(clustering) if algorithm.chooses_k else None),
                    _candidates(scene, least),
                    _chance(results.verdict),
                ),
            ],
            className="atlas-more atlas-evidence",
        ),
        parts.next_step("Next: who the segments are, in spend, habits and demographics.", primary),
    ]


def _figures(scene: Scene) -> list[Figure]:
    clustering, profile = scene.results.clustering, scene.results.profile
    assert clustering is not None and profile is not None
    real = [s for s in profile.segments if s.number]
    found = [Figure(label="Segments", value=str(clustering.k), sub=_suggested(scene))]
    if real:
        smallest = min(real, key=lambda s: s.size)
        found.append(
            Figure(
                label="Smallest segment",
                value=number(smallest.share, "share"),
                sub=plural(smallest.size, "customer"),
                help="Smaller groups are hard to act on.",
            )
        )
    score = clustering.silhouette
    found.append(
        Figure(
            label="How clearly apart",
            value=describe.clearly_apart(score.value if score else None),
            sub=_score(scene),
            help=WORD_HELP,
        )
    )
    if (judged := describe.reliable(scene.results)) is not None:
        found.append(
            Figure(
                label="Reliable segments",
                value=judged[0],
                sub=judged[1],
                help="A segment is reliable when other samples of your customers give it again.",
            )
        )
    if clustering.start_agreement is not None:
        found.append(
            Figure(
                label="Another start agrees",
                value=number(clustering.start_agreement, "r"),
                sub="1 = the same grouping",
                help="Another start should give the same segments; if not, they are not reliable.",
            )
        )
    nobody = next((s for s in profile.segments if not s.number), None)
    if nobody is not None:
        found.append(
            Figure(
                label="No segment",
                value=f"{nobody.size:,}",
                sub=f"{number(nobody.share, 'share')} of customers",
            )
        )
    return found


def _suggested(scene: Scene) -> str:
    clustering = scene.results.clustering
    assert clustering is not None
    if clustering.suggested_k is None:
        by_number = ALGORITHMS[clustering.algorithm].chooses_k
        return "no number stands out" if by_number else "as the method found them"
    return "suggested" if clustering.suggested_k == clustering.k else f"suggested: {clustering.suggested_k}"


def _score(scene: Scene) -> str:
    clustering = scene.results.clustering
    assert clustering is not None
    score = clustering.silhouette
    if score is None:
        return "needs two segments"
    if score.low is not None and score.high is not None:
        return f"{score.value:.2f} ({score.low:.2f} to {score.high:.2f}, from a sample)"
    return f"{score.value:.2f}"


def _segments(scene: Scene) -> Component:
    profile = scene.results.profile
    assert profile is not None
    currency = scene.results.customers.currency
    columns = [("name", "Segment"), ("size", "Customers"), ("share", "Share")]
    columns += [("value", "Share of net sales"), ("net", "Net sales")] if profile.value is not None else []
    columns += [("reliability", "Reliability"), ("because", "What makes it")]
    rows = []
    for s in profile.segments:
        row = [parts.link(s.name, segment_href(scene, s)), f"{s.size:,}", number(s.share, "share")]
        if profile.value is not None:
            row += [number(s.value_share, "share"), number(s.net, "money", currency)]
        rows.append([*row, describe.reliability(scene.results, s.number), s.because])
    return parts.card_table(
        "The segments",
        "By net sales a customer, the highest first." if profile.value is not None else "By size.",
        parts.table(columns, rows, "The segments"),
    )


def _chance(verdict: Verdict | None) -> Component:
    """Whether there are groups at all: the clearest grouping beside what chance makes."""
    if verdict is None:
        return None
    rows = [["These customers", f"{verdict.silhouette:.3f}" if verdict.references else "–"]]
    rows += [
        [f"By chance: {one.name} (99 of 100 are below)", f"{one.percentile:.3f}"]
        for one in verdict.references
    ]
    if verdict.hopkins is not None:
        rows.append(["Hopkins statistic (shown, decides nothing)", f"{verdict.hopkins:.2f}"])
    return parts.card_table(
        "Are there groups at all?",
        f"{describe.chance_test(verdict)} On {plural(verdict.rows, 'customer')}, over 2 to 8 segments.",
        parts.table([("what", "Customers"), ("apart", "How clearly apart at best")], rows, "Chance test"),
        wide=False,
    )


def _candidates(scene: Scene, least: int) -> Component:
    clustering = scene.results.clustering
    assert clustering is not None
    columns = [
        ("k", "Segments"),
        ("silhouette", "How clearly apart"),
        ("inertia", "Spread inside"),
        ("between", "Between against within"),
        ("overlap", "Overlap"),
        ("smallest", "Smallest"),
        ("problem", "Can't be taken because"),
    ]
    rows = [
        [
            str(c.k),
            f"{c.silhouette.value:.3f}" if c.silhouette else "–",
            f"{c.inertia:,.0f}",
            "–" if c.calinski_harabasz is None else f"{c.calinski_harabasz:,.0f}",
            "–" if c.davies_bouldin is None else f"{c.davies_bouldin:.2f}",
            f"{c.smallest:,}",
            c.problem or "",
        ]
        for c in clustering.candidates
    ]
    return parts.card_table(
        "Every number that was compared",
        f"A segment needs at least {plural(least, 'customer')}. Between against within is the criterion of "
        "Caliński and Harabasz (higher is better), overlap that of Davies and Bouldin (lower is better).",
        parts.table(columns, rows, "Every number that was compared"),
        wide=False,
    )


PAGE = Page(
    name="clustering",
    path="/clustering",
    title="Clustering",
    need="profile",
    visible=("cols", "k", "algorithm", "min_share"),
    more=(
        *("transform", "scaling", "weight", "k_low", "k_high"),
        *("linkage", "eps", "min_samples", "components", "n_init", "seed"),
    ),
    view=view,
)
