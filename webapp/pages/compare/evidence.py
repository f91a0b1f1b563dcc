"""The other measures of the models."""

from dash import html

from core.compare import Comparison, Model, said
from webapp import parts
from webapp.pages.compare.columns import score_of
from webapp.parts import Component


def evidence(found: Comparison) -> Component:
    """The other measures, those on the same numbers together."""
    columns = [
        ("model", "Model"),
        ("silhouette", "How clearly apart"),
        ("inertia", "Spread inside"),
        ("between", "Between against within"),
        ("overlap", "Overlap"),
    ]
    made = [m for m in found.models if m.made]
    spaces = sorted({m.space for m in made})
    cards = [
        parts.card_table(
            "Measures on the same numbers" if not space else "On other numbers",
            said.apart(found) if not space else "Not to be compared with the measures of the others.",
            parts.table(columns, [_measures(m) for m in made if m.space == space], "Measures"),
            wide=len(spaces) == 1,
        )
        for space in spaces
    ]
    return html.Details([html.Summary("Evidence"), parts.grid(*cards)], className="atlas-more atlas-evidence")


def _measures(model: Model) -> list[str]:
    between, overlap = model.calinski_harabasz, model.davies_bouldin
    return [
        model.name,
        score_of(model),
        "–" if model.inertia is None else f"{model.inertia:,.0f}",
        "–" if between is None else f"{between:,.0f}",
        "–" if overlap is None else f"{overlap:.2f}",
    ]
