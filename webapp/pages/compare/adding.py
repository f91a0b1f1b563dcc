"""Links that add a model to a comparison."""

from dash import html

from core.cluster import ALGORITHMS
from core.compare import Comparison
from core.compare.build import FEWEST, MOST
from core.spec import MOST_OTHERS
from webapp import parts
from webapp.page import Scene
from webapp.pages.compare.links import href, others_of
from webapp.parts import Component


def adding(scene: Scene, found: Comparison) -> Component:
    """Links that add a model: another number of segments, another method."""
    others = others_of(found)
    if len(others) >= MOST_OTHERS:
        return html.P(
            f"{MOST_OTHERS + 1} models are compared at most; remove one to add another.",
            className="atlas-scope",
        )
    numbers = [(text, more) for text, more in _numbers(scene, found) if more not in others]
    methods = [(text, more) for text, more in _methods(scene, found) if more not in others]
    return html.Div(
        [
            html.Div(
                [
                    html.Span(word),
                    *[parts.option(text, href(scene, [*others, more])) for text, more in options],
                ],
                className="atlas-options",
            )
            for word, options in (
                ("Add another number of segments:", numbers),
                ("Add another method:", methods),
            )
        ],
        className="atlas-adding",
    )


def _numbers(scene: Scene, found: Comparison) -> list[tuple[str, str]]:
    by_number = ALGORITHMS[scene.study.cluster.algorithm].chooses_k
    before = "" if by_number else "algorithm:kmeans~"
    wanted = [k for k in range(FEWEST, MOST + 1) if not by_number or k != found.models[0].k]
    return [(str(k), f"{before}k:{k}") for k in wanted]


def _methods(scene: Scene, found: Comparison) -> list[tuple[str, str]]:
    k = min(max(found.models[0].k, FEWEST), MOST)
    return [
        (algorithm.label, f"algorithm:{name}~k:{k}" if algorithm.chooses_k else f"algorithm:{name}")
        for name, algorithm in ALGORITHMS.items()
        if name != scene.study.cluster.algorithm
    ]
