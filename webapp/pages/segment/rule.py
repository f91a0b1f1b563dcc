"""Who is in: the plain rule in words, how well it fits, and both the rule and the exact way as SQL."""

from dash import html

from core.errors import UserError
from core.plain import Plain
from core.profile import Profile, Segment
from core.score.sql import segment_sql
from core.words import plural
from webapp import parts
from webapp.page import Scene
from webapp.parts import Component

DIALECTS = {"duckdb": "DuckDB", "postgres": "Postgres"}
TITLE = "Who is in?"
WHERE = "A condition on the columns of the list as it is exported."


def who_is_in(scene: Scene, profile: Profile, segment: Segment) -> Component:
    """The rule of a segment in words, and as SQL."""
    found, at = scene.results.plain, profile.at(segment.number)
    if found is None or at >= len(found.rules):
        return None
    plain, said = found.of(at, int(scene.study.lens.questions))
    if plain is None:
        return parts.card_table(TITLE, segment.because, None, wide=False)
    sql = [_code(name, said[dialect]) for dialect, name in DIALECTS.items()]
    return parts.card_table(
        TITLE,
        "A rule that anybody can check. It comes close to the segment, and is not the same.",
        html.Div(
            [
                *_words(scene, plain),
                _folded("More: this rule as SQL", [html.P(WHERE, className="atlas-scope"), *sql]),
                _exact(scene),
            ]
        ),
        wide=False,
    )


def _words(scene: Scene, plain: Plain) -> list[Component]:
    if not plain.rule.alternatives:
        text = "No plain rule finds these customers: they are not apart in any single attribute."
        return [html.P(text, className="atlas-rule")]
    currency = scene.results.customers.currency
    spoken = [" and ".join(c.said(currency) for c in one) for one in plain.rule.alternatives]
    lines = [html.Li(f"or {one}" if at else one[:1].upper() + one[1:]) for at, one in enumerate(spoken)]
    return [html.Ul(lines, className="atlas-rule"), _fit(plain), *_unfaithful(plain)]


def _fit(plain: Plain) -> Component:
    """`Finds 94 of 100 of its customers; 3 in 100 that it picks do not belong.`"""
    tried = f"Tried on {plural(plain.held_out, 'customer')} that it was not made from."
    if plain.recall is None or plain.precision is None:
        return html.P([f"It picks none of those it was tried on. {tried} ", parts.term("rule_fit")])
    found, wrong = round(100 * plain.recall), round(100 * (1 - plain.precision))
    said = [html.Strong(f"Finds {found} of 100"), f" of its customers, {wrong} in 100 wrongly. "]
    return html.P([*said, html.Small(tried), " ", parts.term("rule_fit")])


def _unfaithful(plain: Plain) -> list[Component]:
    if plain.faithful:
        return []
    said = "Not faithful: shown, not to be used in place of the segment."
    return [html.P([parts.icon("exclamation-triangle"), " ", said], className="atlas-seal-weak")]


def _exact(scene: Scene) -> Component:
    """The exact assignment, where the method has a formula."""
    try:
        sql = [_code(name, segment_sql(scene.study, scene.results, d)) for d, name in DIALECTS.items()]
    except UserError as error:
        return _folded("More: the exact segments as SQL", [html.P(str(error), className="atlas-scope")])
    return _folded("More: the exact segments as SQL", sql)


def _folded(title: str, content: list[Component]) -> Component:
    return html.Details([html.Summary(title), *content], className="atlas-more")


def _code(dialect: str, text: str) -> Component:
    """A text to copy: assets/copy_text.js takes it from the `pre` beside the button."""
    button = html.Button(
        [parts.icon("clipboard"), f" Copy for {dialect}"],
        className="btn btn-outline-secondary",
        type="button",
        **{"data-copy-text": ""},
    )
    code = html.Pre(text, tabIndex=0, role="region", **{"aria-label": f"SQL for {dialect}"})
    return html.Div([html.Div([html.Strong(dialect), button]), code], className="atlas-code atlas-data")
