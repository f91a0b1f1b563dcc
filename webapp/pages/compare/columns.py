"""The models beside each other, a column each."""

from dash import dcc, html

from core.cluster import ALGORITHMS
from core.compare import Comparison, Model, Part, said
from core.figures.theme import NOISE, segment_colours
from core.words import clearly_apart, number, plural
from webapp import parts
from webapp.page import Scene
from webapp.pages.compare.links import href, members, others_of, staying, study_of
from webapp.parts import Component
from webapp.shell import kept_query


def columns(scene: Scene, found: Comparison) -> Component:
    """Up to four models, a column each, their rows in line."""
    most = max((p.share for model in found.models for p in model.parts), default=1.0)
    return html.Div(
        [_column(scene, found, at, most) for at in range(len(found.models))],
        className="atlas-models",
        tabIndex=0,
        role="region",
        **{"aria-label": "The models beside each other"},
    )


def _column(scene: Scene, found: Comparison, at: int, most: float) -> Component:
    model = found.models[at]
    others = others_of(found)
    rest = [text for place, text in enumerate(others, 1) if place != at]
    remove = dcc.Link(
        parts.icon("x"),
        href=href(scene, rest),
        className="atlas-chip-remove",
        title=f"Remove: {model.name}",
    )
    head = html.Div(
        [html.H2(model.name, className="atlas-chart-title"), *([remove] if at and rest else [])],
        className="atlas-card-head",
    )
    about = "; ".join(model.details) or ("This view" if not at else "")
    body = _made(scene, found, at, most) if model.made else _failed(model)
    study = study_of(scene, model)
    take = dcc.Link(
        "Take this one",
        href=f"/clustering{kept_query(study)}",
        className="btn btn-outline-secondary",
        title=f"Clustering with {model.name}",
    )
    return html.Section(
        [
            head,
            html.P(about, className="atlas-scope"),
            *body,
            html.Div([take, *_steps(scene, found, at)] if model.made else [], className="atlas-options"),
        ],
        className="atlas-card atlas-model",
    )


def _steps(scene: Scene, found: Comparison, at: int) -> list[Component]:
    """Links to the same comparison with one segment fewer and one more in another model."""
    model, others = found.models[at], others_of(found)
    study = study_of(scene, model)
    if not at or not ALGORITHMS[study.cluster.algorithm].chooses_k:
        return []
    options = []
    for k in (model.k - 1, model.k + 1):
        other = study.with_(k=k)
        text = scene.study.with_(against=None).apart(other)
        if text and text not in others and other.cluster.k == k:
            replaced = [text if place == at else was for place, was in enumerate(others, 1)]
            options.append(parts.option(f"With {k}", href(scene, replaced)))
    return options


def _failed(model: Model) -> list[Component]:
    return [
        html.P([html.Strong(model.problem), " ", model.hint], className="atlas-model-problem"),
        html.Div(),
    ]


def _made(scene: Scene, found: Comparison, at: int, most: float) -> list[Component]:
    assert scene.results.profile is not None
    colours = segment_colours(scene.results.profile.segments)
    model, score = found.models[at], found.models[at].silhouette
    apart = clearly_apart(score.value if score else None)
    facts: list[tuple[str, Component]] = [
        ("How clearly apart", f"{apart} ({score_of(model)})" + (", on other numbers" if model.space else "")),
        ("Reliable", said.reliable(model)),
        ("Agreement with this view", number(float(found.rand[0, at]), "r") if at else "–"),
    ]
    moves = found.move(at)
    if moves is not None:
        share = moves.kept / moves.shared if moves.shared else 0.0
        keep = f"{moves.kept:,} ({number(share, 'share')})"
        facts.append(("Keep their segment", dcc.Link(keep, href=staying(scene, found, moves))))
    told = [*model.notes, *([model.approximate] if model.approximate else [])]
    return [
        html.Ul(
            [_part(scene, model, p, most, colours.get(p.like, NOISE)) for p in model.parts],
            className="atlas-parts",
        ),
        html.Div(
            [
                html.Dl([html.Div([html.Dt(word), html.Dd(value)]) for word, value in facts]),
                *[html.P(text, className="atlas-scope") for text in told],
            ]
        ),
    ]


def score_of(model: Model) -> str:
    """How clearly apart a model's segments are, with what a sample leaves open."""
    score = model.silhouette
    if score is None:
        return "–"
    if score.low is not None and score.high is not None:
        return f"{score.value:.2f}, {score.low:.2f} to {score.high:.2f} from a sample"
    return f"{score.value:.2f}"


def _part(scene: Scene, model: Model, part: Part, most: float, colour: str) -> Component:
    """One segment: a small bar in the colour of the segment of this view that it is."""
    worth = [] if part.value_share is None else [f"{number(part.value_share, 'share')} of net sales"]
    seal = [text] if (text := said.seal(model, part.jaccard)) else []
    new = ["not in this view"] if part.like < 0 else []
    people = dcc.Link(plural(part.size, "customer"), href=members(scene, model, part.number))
    small = "".join(f" · {word}" for word in [*worth, *seal, *new])
    return html.Li(
        [
            html.Span([html.Span(part.name), html.Strong(number(part.share, "share"))]),
            html.Span(className="atlas-part-bar"),
            html.Small([people, small] if small else people),
        ],
        style={"--segment-colour": colour, "--share": f"{part.share / most:.4f}"},
    )
