"""The key figures of Clustering: how many, how small, how clearly apart, how reliable, who has none."""

from core import describe
from core.cluster import ALGORITHMS
from core.words import clearly_apart, number, plural
from webapp.page import Scene
from webapp.pages.clustering.drawings import made
from webapp.pages.profiles import segment_href
from webapp.parts import Figure


def key_figures(scene: Scene) -> list[Figure]:
    """Three to five of them."""
    found, _ = made(scene)
    score = found.silhouette
    shown = [
        Figure(label="Segments", value=str(found.k), sub=_suggested(scene), term="segments"),
        _smallest(scene),
        Figure(
            label="How clearly apart",
            value=clearly_apart(score.value if score else None),
            sub=_score(scene),
            term="silhouette",
        ),
        _reliable(scene),
        _nobody(scene),
    ]
    return [figure for figure in shown if figure is not None]


def _smallest(scene: Scene) -> Figure | None:
    _, profile = made(scene)
    real = [s for s in profile.segments if s.number]
    if not real:
        return None
    smallest = min(real, key=lambda s: s.size)
    return Figure(
        label="Smallest segment",
        value=number(smallest.share, "share"),
        sub=plural(smallest.size, "customer"),
        term="smallest",
        href=segment_href(scene, smallest),
    )


def _reliable(scene: Scene) -> Figure | None:
    judged = describe.reliable(scene.results)
    if judged is None:
        return None
    return Figure(label="Reliable segments", value=judged[0], sub=judged[1], term="reliability")


def _nobody(scene: Scene) -> Figure | None:
    _, profile = made(scene)
    nobody = next((s for s in profile.segments if not s.number), None)
    if nobody is None:
        return None
    return Figure(
        label="No segment",
        value=f"{nobody.size:,}",
        sub=f"{number(nobody.share, 'share')} of customers",
        term="nobody",
        href=segment_href(scene, nobody),
    )


def _suggested(scene: Scene) -> str:
    found, _ = made(scene)
    if found.suggested_k is None:
        by_number = ALGORITHMS[found.algorithm].chooses_k
        return "no number stands out" if by_number else "as the method found them"
    return "suggested" if found.suggested_k == found.k else f"suggested: {found.suggested_k}"


def _score(scene: Scene) -> str:
    score = made(scene)[0].silhouette
    if score is None:
        return "needs two segments"
    if score.low is not None and score.high is not None:
        return f"{score.value:.2f} ({score.low:.2f} to {score.high:.2f}, from a sample)"
    return f"{score.value:.2f}"
