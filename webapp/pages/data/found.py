"""What was found in the data: problems, most money first, and what is done about each."""

from collections.abc import Sequence

from dash import html

from core.io.dataset import Dataset
from core.quality import Problem, Quality
from core.spec import PARAMS, Study
from core.words import about, plural
from webapp import parts
from webapp.pages.data.choices import address
from webapp.parts import Component

FIRST = 8
HEADS = ("Problem", "Rows", "Customers", "Money", "What we do")
SEVERE = {"high": "exclamation-octagon", "medium": "exclamation-triangle", "low": "info-circle"}
CLASSES = "atlas-table atlas-problems atlas-as-cards"


def found_card(study: Study, dataset: Dataset, quality: Quality, currency: str) -> Component:
    """The problems, largest money first, with the choice that decides about each."""
    said = [*dataset.warnings, *quality.notes]
    if not quality.problems:
        return parts.card_table(
            "What we found", "Nothing in this file needs a decision.", html.Ul([html.Li(t) for t in said])
        )
    first, rest = quality.problems[:FIRST], quality.problems[FIRST:]
    content: list[Component] = [_table(study, first, currency, "Problems")]
    if rest:
        more = _table(study, rest, currency, "More problems")
        content.append(
            html.Details([html.Summary(f"{plural(len(rest), 'more remark')}"), more], className="atlas-more")
        )
    if said:
        content.append(html.Ul([html.Li(text) for text in said], className="atlas-remarks"))
    worth = "largest money first" if quality.money is not None else "most rows first"
    return parts.card_table("What we found", f"{_headline(quality)}, {worth}.", html.Div(content))


def _headline(quality: Quality) -> str:
    severe = sum(p.severity == "high" for p in quality.problems)
    counted = plural(len(quality.problems), "remark")
    return f"{counted}, {severe} of them large" if severe else counted


def _table(study: Study, problems: Sequence[Problem], currency: str, label: str) -> Component:
    heads = [
        html.Th(h, scope="col", className="num" if h in ("Rows", "Customers", "Money") else "") for h in HEADS
    ]
    body = [_row(study, p, currency) for p in problems]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr(heads)), html.Tbody(body)],
            className=CLASSES,
        ),
        className="atlas-table-wrap",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def _row(study: Study, problem: Problem, currency: str) -> Component:
    money = "–" if problem.money is None else about(problem.money, "money", currency)
    customers = "–" if problem.customers is None else f"{problem.customers:,}"
    return html.Tr(
        [
            html.Th(
                [parts.icon(SEVERE[problem.severity]), html.Span(problem.text)],
                scope="row",
                className=f"atlas-problem atlas-problem-{problem.severity}",
            ),
            html.Td(f"{problem.rows:,}", className="num", **{"data-label": HEADS[1]}),
            html.Td(customers, className="num", **{"data-label": HEADS[2]}),
            html.Td(money, className="num", **{"data-label": HEADS[3]}),
            html.Td(_decision(study, problem), **{"data-label": HEADS[4]}),
        ]
    )


def _decision(study: Study, problem: Problem) -> Component:
    if problem.decides == "meanings":
        return html.A("Check what the column means", href="#meanings")
    if problem.decides == "blanks":
        return _as_missing(study, problem)
    if problem.decides in PARAMS and PARAMS[problem.decides][1].choices:
        chosen = dict(PARAMS[problem.decides][1].choices)[study.value(problem.decides)]
        return html.A(chosen, href=f"#step-{problem.decides}", title="Change it in the cleaning recipe")
    return html.Small("Counted; nothing is changed")


def _as_missing(study: Study, problem: Problem) -> Component:
    """Whether a word counts as an empty cell."""
    word = problem.key.removeprefix("people:").removeprefix(f"blank:{problem.slug}:")
    pair, chosen = (problem.slug, word), study.clean.blanks
    others = [f"{slug}:{text}" for slug, text in chosen if (slug, text) != pair]
    options = (
        ("As it stands", others, pair not in chosen),
        ("As missing", [*others, ":".join(pair)], pair in chosen),
    )
    links = [
        html.Span(text, className="atlas-option", **{"aria-current": "true"})
        if current
        else parts.option(text, address(study.with_(blanks=values)))
        for text, values, current in options
    ]
    return html.Div(links, className="atlas-options", role="group", **{"aria-label": "Counts"})
