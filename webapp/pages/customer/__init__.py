"""A customer's own page: what was bought and when, beside the segment and everybody, and why this segment."""

from webapp import parts, rolls
from webapp.histories import history
from webapp.page import Page, Scene
from webapp.pages.customer.bought import bought
from webapp.pages.customer.finding import figures, finding, scope
from webapp.pages.customer.known import known
from webapp.pages.customer.labels import labels
from webapp.pages.customer.seen import seen_in
from webapp.pages.customer.ways import href, ways
from webapp.pages.customer.why import why
from webapp.parts import Component, Step


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    address = scene.study.lens.segment
    roll = rolls.roll(scene.services, scene.study)
    row = roll.at(address)
    if row is None:
        return _unknown(scene)
    seen = seen_in(scene, roll, row)
    orders = history(scene.services, scene.study, scene.results, address)
    on = ways(seen)
    return [
        on.path(),
        parts.head(finding(seen), scope(seen), on.after, on.back),
        parts.figures(figures(seen)),
        parts.grid(why(seen), labels(seen)),
        *bought(seen, orders),
        known(seen),
        parts.next_step("Next: look at the others of this list.", on.after or on.back),
    ]


def _unknown(scene: Scene) -> list[Component]:
    everybody = Step(text="Show all customers", href=href("/customers", scene.study))
    hint = "The link may be of another data set, or the customer is not among those who are included."
    return [parts.head("No such customer in this view.", hint, everybody)]


PAGE = Page(
    name="customer",
    path="/customers/<segment>",
    title="Customer",
    need="profile",
    visible=(),
    more=(),
    view=view,
    outlined=True,
)
