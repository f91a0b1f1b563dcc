"""Charts on pages: drawn once per view and kept as JSON, whichever session asks."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from core.figures import CHARTS, Chart, Drawn
from core.figures.theme import template
from core.glossary import CHART_TERMS
from core.pipeline import Results
from core.spec import Study
from webapp import marks, parts
from webapp.display import written
from webapp.page import Scene
from webapp.parts import Component


def chart(
    scene: Scene,
    name: str,
    make: Callable[[Callable[..., Drawn]], Drawn | None],
    wide: bool = False,
    part: str = "",
    links: Mapping[str, str] | None = None,
    more: Component = None,
) -> Component:
    """A chart's card; None where `make` finds nothing to draw.

    Parameters
    ----------
    name : str
        Key of `CHARTS`.
    make : callable (draw) -> Drawn or None
        Calls the chart's own draw function on the scene's results; run only where the figure is not kept yet.
    part : str
        Tells apart several charts of one kind in one view.
    links, more
        As in `parts.chart`.
    """
    declared = CHARTS[name]
    named = scene.results.match is not None and not scene.results.match.problem
    study = scene.study if named else scene.study.alone
    titles = scene.results.titles.stamp if scene.results.titles else ""
    key = f"figure-{name}-{part}-{scene.results.customers.currency}-{titles}-{study.key('lens')}"
    kept = json.loads(
        scene.services.door.of(scene.dataset.id).through(
            key, lambda: _bytes(declared, make(declared.draw), scene.results, scene.study)
        )
    )
    if kept is None:
        return None
    for place in ("columns", "rows"):
        kept[place] = [[written(cell, scene.display) for cell in row] for row in kept[place]]
    return parts.chart(
        f"{name}{part}",
        kept["title"],
        kept,
        wide=wide,
        height=kept["height"],
        links=links,
        more=more,
        marks=marks.data(kept, scene.results.customers, scene.display),
        opens=marks.of_rows(kept, scene.study) | _leading(kept, links or {}),
        everybody=marks.everybody(scene.study, scene.results) if kept["marks"] else "",
        terms=" ".join(CHART_TERMS.get(name, ())),
    )


def _leading(kept: Mapping[str, Any], links: Mapping[str, str]) -> dict[int, str]:
    """Where the rows of a table lead, whose marks do."""
    return {at: links[key] for at, key in enumerate(kept["keys"]) if key in links}


def _bytes(declared: Chart, drawn: Drawn | None, results: Results, study: Study) -> bytes:
    if drawn is None:
        return b"null"
    drawn = marks.opening(drawn, results, study)
    figure: Any = json.loads(drawn.figure.to_json())
    figure["layout"]["template"] = template()  # as `update_layout` would, which takes 50 ms
    return json.dumps(
        {
            "figure": figure,
            "title": drawn.title or declared.title,
            "answer": drawn.answer,
            "caption": drawn.caption,
            "alt": drawn.alt,
            "height": drawn.height,
            **marks.kept(drawn),
            "keys": drawn.keys,
            "columns": drawn.table.columns,
            "rows": drawn.table.said(),
            "exact": drawn.table.rows,
        },
        separators=(",", ":"),
    ).encode()
