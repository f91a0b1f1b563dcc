"""Data: what came in, what was made of it, and what it is worth."""

from dash import html

from core import describe
from core.errors import UserError
from core.features.customers import Customers
from core.io.dataset import Dataset
from core.spec import Study
from core.words import day, number, plural
from webapp import parts
from webapp.charts import chart
from webapp.marks import href
from webapp.page import Page, Scene
from webapp.pages.data.found import found_card
from webapp.pages.data.meanings import meanings_card
from webapp.pages.data.questions import questions_cards
from webapp.pages.data.reading import reading_card, settings_card
from webapp.pages.data.recipe import change_charts, recipe_card
from webapp.pages.data.rows import finance_card, ledger_card
from webapp.pages.data.sets import datasets_card
from webapp.pages.data.upload import upload_card
from webapp.pages.profiles import segment_card
from webapp.parts import Component, Figure, Step
from webapp.results import Services
from webapp.shell import kept_query

UPLOAD = Step(text="Upload your file", href="#upload")


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    return _home(scene) if scene.home else _own(scene)


def _home(scene: Scene) -> list[Component]:
    profile = scene.results.profile
    assert profile is not None
    primary = Step(text="See the demo's segments", href="/profiles")
    return [
        parts.head(
            describe.demo_finding(profile),
            scene.scope,
            primary,
            UPLOAD,
        ),
        parts.figures(_figures(scene)),
        parts.grid(
            chart(scene, "value", lambda draw: draw(profile, "net", scene.results.customers.currency)),
            upload_card(),
        ),
        html.Div(
            [segment_card(scene, s) for s in profile.segments if s.number],
            className="atlas-grid atlas-grid-3",
        ),
        datasets_card(scene.services, scene.dataset, scene.study),
        parts.next_step(
            "Next: who the demo's segments are. Or start with a file of your own.", primary, UPLOAD
        ),
    ]


def _own(scene: Scene) -> list[Component]:
    customers, dataset = scene.results.customers, scene.dataset
    answered = dict(dataset.answers)
    open_questions = [q for q in dataset.questions if q.key not in answered]
    primary = Step(text="See your segments", href=f"/profiles{kept_query(scene.study)}")
    secondary = Step(text="Look at the data first", href=f"/eda{kept_query(scene.study)}")
    if open_questions:
        word = plural(len(open_questions), "question")
        primary = Step(text=f"Answer {word}", href="#questions")
        finding = f"One question first: {open_questions[0].text}"
    else:
        finding = describe.data_finding(dataset, customers, customers.currency)
    return [
        parts.head(
            finding,
            scene.scope,
            primary,
            None if open_questions else secondary,
        ),
        parts.figures(_figures(scene)),
        *questions_cards(scene.services, dataset, customers),
        parts.grid(
            meanings_card(dataset, scene.results.quality),
            *_about_file(scene),
            recipe_card(scene),
            *change_charts(scene),
            reading_card(dataset),
            settings_card(scene.services, dataset),
            upload_card(),
            datasets_card(scene.services, dataset, scene.study),
        ),
        parts.next_step(
            "Next: your segments, with every automatic choice made.",
            primary,
            None if open_questions else secondary,
        ),
    ]


def _about_file(scene: Scene) -> list[Component]:
    """What is wrong with the file, what became of its rows, and what they are worth."""
    customers, quality = scene.results.customers, scene.results.quality
    assert quality is not None
    months = customers.months
    return [
        found_card(scene.study, scene.dataset, quality, customers.currency),
        ledger_card(scene),
        finance_card(scene),
        chart(
            scene,
            "months",
            lambda draw: (
                draw(months, customers.first_day, customers.last_day, customers.currency)
                if months is not None
                else None
            ),
        ),
    ]


def refused(
    services: Services, dataset: Dataset, problem: UserError, instead: Step | None
) -> list[Component]:
    """The page of a data set of which no study can be made yet: what is wrong, and what mends it."""
    return [
        *parts.error(problem, instead=instead),
        *questions_cards(services, dataset, None),
        parts.grid(
            meanings_card(dataset, None),
            reading_card(dataset),
            settings_card(services, dataset),
            upload_card(),
            datasets_card(services, dataset, Study().with_(ds=dataset.id)),
        ),
    ]


def _figures(scene: Scene) -> list[Figure]:
    customers = scene.results.customers
    used = next(r for r in customers.ledger if r.key == "used")
    file = customers.ledger[0]
    currency = customers.currency
    everybody = href(scene.study.with_(where=[], sample=None, show=[], label=None))
    found = [
        Figure(
            label="Customers",
            value=f"{len(customers):,}",
            sub="can be segmented",
            term="customers",
            href=everybody,
        )
    ]
    if customers.kind == "log":
        orders = int(customers.number("orders").sum())
        net = describe.about_net(customers)
        found += [
            Figure(label="Orders", value=f"{orders:,}", sub="that stand", term="orders"),
            Figure(
                label="Net sales",
                value=number(net, "money", currency),
                sub="after discounts and returns",
                help="Of customers with an order that stands, in the period.",
                term="net",
            ),
            Figure(
                label="Period covered",
                value=_period(customers),
                sub=f"{day(customers.first_day)} – {day(customers.last_day)}",
                term="period_covered",
            ),
        ]
    elif customers.has("monetary"):
        found.append(
            Figure(
                label="Spend",
                value=number(describe.about_net(customers), "money", currency),
                sub="of all customers",
                term="monetary",
            )
        )
    if customers.kind != "log":
        attributes = str(len(customers.measures))
        found.append(Figure(label="Attributes", value=attributes, sub="that can be used", term="attributes"))
    share = number(used.rows / file.rows if file.rows else 0, "share")
    rows = f"{used.rows:,} of {file.rows:,}"
    found.append(Figure(label="Rows used", value=share, sub=rows, term="rows_used"))
    return found


def _period(customers: Customers) -> str:
    if customers.first_day is None or customers.last_day is None:
        return "–"
    return plural(max(1, round((customers.last_day - customers.first_day).days / 30.4)), "month")


PAGE = Page(
    name="data",
    path="/",
    title="Data",
    need="data",
    visible=("as_of", "window", "returns", "finance"),
    more=(
        *("extras", "blanks", "duplicates", "impossible", "cancelled", "services"),
        *("missing", "constant", "outliers", "rare"),
    ),
    view=view,
    refused=refused,
)
