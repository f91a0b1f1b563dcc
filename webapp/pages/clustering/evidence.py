"""The evidence: every number that was compared, and whether there are groups at all."""

from dash import html

from core import describe
from core.choose import Clustering, least_size
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
                _opinions(clustering, least_size(fitted, scene.study.cluster)),
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


def _opinions(clustering: Clustering, least: int) -> Component:
    """The number of segments that each criterion would take."""
    if not clustering.opinions:
        return None
    rows = [[name[:1].upper() + name[1:], str(k)] for name, k in clustering.opinions.items()]
    return _folded(
        "What would other criteria take?",
        "The point of little gain and spread against chance (the gap statistic) look at every number, the "
        f"others at those with at least {plural(least, 'customer')} a segment. Between against within is the "
        "criterion of Caliński and Harabasz, overlap that of Davies and Bouldin. Every value stands in the "
        "table under “How many segments?”.",
        parts.table([("what", "Second opinion"), ("k", "Segments")], rows, "Second opinions"),
    )
