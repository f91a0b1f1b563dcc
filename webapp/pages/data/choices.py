"""A choice of the recipe as a row of links: each opens the same view with another answer."""

from dash import html

from core.spec import PARAMS, Study
from webapp import parts
from webapp.parts import Component
from webapp.shell import own_query


def address(study: Study) -> str:
    """The Data page's address of a study."""
    return f"/{own_query(study)}"


def choice(study: Study, field: str) -> Component:
    """The options of a field of the study; the one in force is marked."""
    declared, value = PARAMS[field][1], study.value(field)
    links = [
        html.Span(text, className="atlas-option", **{"aria-current": "true"})
        if option == value
        else parts.option(text, address(study.with_(**{field: option})))
        for option, text in declared.choices
    ]
    return html.Div(links, className="atlas-options", role="group", **{"aria-label": declared.label})
