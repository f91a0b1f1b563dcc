"""The evidence: every number that was compared, and whether there are groups at all."""

from dash import html

from core import describe
from core.choose import least_size
from core.groups import Verdict
from core.words import plural
from webapp import parts
from webapp.page import Scene
from webapp.pages.clustering import drawings
from webapp.parts import Component


def evidence(scene: Scene) -> Component:
    """What the number of segments rests on, folded."""
    results = scene.results
    clustering = results.clustering
    assert clustering is not None
    fitted = int((results.matrix.fitted if results.matrix else clustering.labels).sum())
    return html.Details(
        [
            html.Summary("Evidence"),
            parts.grid(
                drawings.belonging(scene),
                drawings.elbow(scene),
                _candidates(scene, least_size(fitted, scene.study.cluster)),
                _chance(results.verdict),
                _start(clustering.start_agreement),
            ),
        ],
        className="atlas-more atlas-evidence",
    )


def _folded(title: str, answer: str, table: Component) -> Component:
    """A card whose table is folded, as under a chart."""
    folded = html.Details([html.Summary("Table"), table], className="atlas-more")
    return parts.card_table(title, answer, folded, wide=False)


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
    return _folded(
        "Are there groups at all?",
        f"{describe.chance_test(verdict)} On {plural(verdict.rows, 'customer')}, over 2 to 8 segments.",
        parts.table([("what", "Customers"), ("apart", "How clearly apart at best")], rows, "Chance test"),
    )


def _start(agreement: float | None) -> Component:
    """How far another start gives the same segments, for the method that has one."""
    if agreement is None:
        return None
    return _folded(
        "Do the segments depend on the start?",
        "Another start should give the same segments; if not, they are not reliable.",
        parts.table(
            [("what", "Compared"), ("agreement", "Agreement (1 = the same)")],
            [["Another start", f"{agreement:.2f}"]],
            "Agreement with another start",
        ),
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
    return _folded(
        "Every number that was compared",
        f"A segment needs at least {plural(least, 'customer')}. Between against within is the criterion of "
        "Caliński and Harabasz (higher is better), overlap that of Davies and Bouldin (lower is better).",
        parts.table(columns, rows, "Every number that was compared"),
    )
