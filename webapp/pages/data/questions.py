"""The questions whose answers move a total, each answer with its effect in money."""

from dash import html

from core.features.customers import Customers, Effect
from core.io.dataset import Dataset, Question
from core.io.meaning.questions import questions
from core.io.settings import display_questions
from core.words import about
from webapp.parts import Component
from webapp.results import Services

MOST_BUTTONS = 4
SETTLED = "Until you answer, this is said beside the figures; no figure depends on it."


def questions_cards(services: Services, dataset: Dataset, customers: Customers | None) -> list[Component]:
    """The questions whose answers move a total, each with its effect; then those about what amounts mean."""
    if services.store.is_demo(dataset.id):
        return []
    answered, display = dict(dataset.answers), services.store.display(dataset.id)
    cards = [_question(q, answered, customers) for q in questions(dataset)]
    cards += [_setting(q) for q in display_questions(dataset, display)]
    if not cards:
        return []
    return [html.Div(cards, className="atlas-grid", id="questions")]


def _question(question: Question, answered: dict[str, str], customers: Customers | None) -> Component:
    chosen = answered.get(question.key)
    shown = chosen or question.guess
    buttons = [
        html.Button(
            [text, html.Small(" (our guess)") if chosen is None and value == question.guess else ""],
            id={"answer": question.key, "to": value},
            className="btn btn-primary" if value == shown else "btn btn-outline-secondary",
            type="button",
            **{"aria-pressed": "true" if value == shown else "false"},
        )
        for value, text in question.options
    ]
    state = "Answered. Choose another to change it." if chosen else "Until you answer, our guess is used."
    worth = _worth(question, customers)
    return html.Section(
        [
            html.H2(question.text, className="atlas-chart-title"),
            html.P(f"{worth} {state}".strip(), className="atlas-chart-answer"),
            html.Div(buttons, className="atlas-answers"),
        ],
        className="atlas-card",
    )


def _setting(question: Question) -> Component:
    """A question about what amounts mean; of many answers the first stand here, all among the settings."""
    options = [option for option in question.options if option[0] != question.guess][:MOST_BUTTONS]
    buttons = [
        html.Button(
            text,
            id={"answer": question.key, "to": value},
            className="btn btn-outline-secondary",
            type="button",
        )
        for value, text in options
    ]
    return html.Section(
        [
            html.H2(question.text, className="atlas-chart-title"),
            html.P(SETTLED, className="atlas-chart-answer"),
            html.Div([*buttons, html.A("Others", href="#settings")], className="atlas-answers"),
        ],
        className="atlas-card",
    )


def _worth(question: Question, customers: Customers | None) -> str:
    """The effect of each answer in money: `Net sales 8.30 M if after discount, 7.65 M if before.`"""
    found: list[Effect] = [e for e in customers.effects if e.question == question.key] if customers else []
    if not found or customers is None:
        return ""
    words = dict(question.options)
    said = [f"{about(e.net, 'money', customers.currency)} if “{words[e.answer]}”" for e in found]
    return f"Net sales {', '.join(said)}."
