"""The cleaning recipe: its steps in order, each with a switch, its numbers and its effect."""

from dash import html

from core.clean import Change
from core.effect import StepEffect
from core.recipe import RecipeStep, recipe
from core.spec import PARAMS
from webapp import parts
from webapp.charts import chart
from webapp.moved import moved_from
from webapp.page import Scene
from webapp.pages.data.choices import address, choice
from webapp.parts import Component

MOST_CHARTS = 4


def recipe_card(scene: Scene) -> Component:
    """The steps in words, and what switching each does to the segments."""
    steps = recipe(scene.study, scene.results, scene.dataset)
    effects = scene.results.effects
    tried = {step.key: step for step in effects.steps} if effects is not None else {}
    rows = [_step(scene, step, tried.get(step.key)) for step in steps]
    on = sum(step.on for step in steps if step.field)
    answer = "In this order. Switch a step to see how many customers change segment; it stands in the link."
    return parts.card_table(
        f"How it is cleaned: {on} of {sum(bool(s.field) for s in steps)} steps at work",
        answer,
        html.Ol(rows, className="atlas-recipe"),
    )


def _step(scene: Scene, step: RecipeStep, tried: StepEffect | None) -> Component:
    head = [html.Strong(step.title)]
    if step.field:
        head.append(_switch(scene, step))
    said = [html.P(step.text)]
    if tried is not None:
        told = [parts.icon("shuffle"), tried.text, *_opening(scene, step, tried)]
        said.append(html.P(told, className="atlas-effect"))
    if step.field and PARAMS[step.field][1].choices:
        said.append(choice(scene.study, step.field))
    return html.Li(
        [html.Div(head, className="atlas-step-head"), *said],
        className="atlas-step" if step.on else "atlas-step atlas-step-off",
        id=f"step-{step.field or step.key}",
    )


def _opening(scene: Scene, step: RecipeStep, tried: StepEffect) -> list[Component]:
    """A link to those who would be in another segment with the step the other way."""
    changed = tried.effect.changed if tried.effect is not None else 0
    value = step.off_value if step.on else step.on_value
    address = moved_from(scene.study, scene.study.with_(**{step.field: list(value)})) if changed else ""
    return [" ", parts.link(f"Open these {changed:,}", address)] if address else []


def _switch(scene: Scene, step: RecipeStep) -> Component:
    """A link that looks like a switch: the view with the step the other way."""
    value = step.off_value if step.on else step.on_value
    raw = list(value) if len(value) != 1 or step.field == "blanks" else value[0]
    href = address(scene.study.with_(**{step.field: raw}))
    word = "On" if step.on else "Off"
    return parts.switch(
        word, step.on, href, f"{step.title}: {word.lower()}. Switch {'off' if step.on else 'on'}."
    )


def change_charts(scene: Scene) -> list[Component]:
    """Before and after, for every column that cleaning changed."""
    matrix = scene.results.matrix
    if matrix is None:
        return []
    return [_change_chart(scene, change) for change in matrix.changes[:MOST_CHARTS]]


def _change_chart(scene: Scene, change: Change) -> Component:
    currency = scene.results.customers.currency
    return chart(scene, "before_after", lambda draw: draw(change, currency), part=f"-{change.slug}")
