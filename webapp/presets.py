"""Ready choices of what customers are compared on, as far as a data set has the attributes."""

from dataclasses import dataclass
from typing import Final

from dash import html

from core.features.catalog import measures_of
from core.features.matrix import default_slugs
from core.io.dataset import Dataset
from core.param import LIST_LIMIT
from core.spec import Study
from webapp.parts import Component

HABITS: Final = {"recency": "how recently", "orders": "how often", "monetary": "how much"}
CATEGORY: Final = "cat_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A choice of attributes and its words; no columns where it is what “automatic” takes."""

    label: str
    columns: tuple[str, ...]


def presets(study: Study, dataset: Dataset) -> tuple[Preset, ...]:
    """The choices that differ from each other, from few attributes to all numbers."""
    measures = measures_of(dataset, study.source.extras)
    has = [m.slug for m in measures if m.makes]
    habits = [slug for slug in HABITS if slug in has]
    bought = [slug for slug in has if slug.startswith(CATEGORY)]
    twice = _said_twice(dataset)
    numbers = [m.slug for m in measures if m.makes and m.numeric and m.slug not in twice]
    offered = {
        ", ".join(HABITS[slug] for slug in habits).capitalize(): habits if len(habits) > 1 else [],
        "+ discount habit": [*habits, "discount_share"] if habits and "discount_share" in has else [],
        "+ what they buy": [*habits, *bought] if habits and bought else [],
        "All numbers": numbers[:LIST_LIMIT] if len(numbers) > 1 else [],
    }
    automatic = list(default_slugs(dataset.kind, measures))
    found = {tuple(columns): label for label, columns in reversed(offered.items()) if columns}
    return tuple(
        Preset(label=label, columns=() if list(columns) == automatic else columns)
        for columns, label in reversed(found.items())
    )


def _said_twice(dataset: Dataset) -> set[str]:
    """Columns of a customer table that a measure says already: the only one of its role."""
    alone = [dataset.table.by_role(role) for role in ("recency", "frequency", "spend")]
    return {columns[0].slug for columns in alone if len(columns) == 1} if dataset.kind != "log" else set()


def preset_links(study: Study, dataset: Dataset) -> Component:
    """The choices as links that change the attributes alone (assets/links.js); None where there is none."""
    links = [
        html.A(
            one.label,
            href=study.with_(cols=",".join(one.columns)).query() or "?",
            className="atlas-option",
            **{"data-set": f"cols={','.join(one.columns)}"},
        )
        for one in presets(study, dataset)
    ]
    return html.Div(links, className="atlas-options atlas-presets") if links else None
