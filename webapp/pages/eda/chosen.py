"""Who and which attributes EDA shows: what was chosen where it fits, else what says most."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core import explore
from core.features.customers import Customers
from core.features.labels import LABELS
from core.spec import Study
from core.words import cut
from webapp.page import Scene
from webapp.selection import rows_shown

ATTRIBUTES: Final = ("column", "group", "who", "x", "y")
ANCHOR: Final = "more-charts"
"""The tabs' own id, to lead to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What EDA looks at.

    Attributes
    ----------
    rows : int array (n,)
        Rows of the customer sheet that are shown.
    partly : bool
        Whether “Show only” is in force.
    column, who : str
        The attribute with numbers of the first chart, and the one that groups; empty where there is none.
    """

    scene: Scene
    rows: np.ndarray
    partly: bool
    column: str
    who: str

    @property
    def customers(self) -> Customers:
        """The customer sheet."""
        return self.scene.results.customers

    @property
    def study(self) -> Study:
        """The study on the page."""
        return self.scene.study

    @property
    def group(self) -> str:
        """The attribute that splits the charts; empty for none."""
        return self.study.lens.group

    @property
    def currency(self) -> str:
        """The sign of amounts."""
        return self.customers.currency


def looked_at(scene: Scene) -> Look:
    """What the page of a scene looks at."""
    lens = scene.study.lens
    return Look(
        scene=scene,
        rows=rows_shown(scene.results, scene.study),
        partly=bool(lens.show) or lens.label in LABELS,
        column=_column(scene),
        who=_who(scene),
    )


def numbers_of(customers: Customers) -> list[str]:
    """Attributes with numbers: spend first, ages last, since another chart shows who customers are."""
    found = explore.numeric(customers)
    return [m.slug for m in sorted(found, key=lambda m: (m.slug != "monetary", m.unit == "age"))]


def groups_of(customers: Customers) -> list[str]:
    """Attributes that say who customers are: ages first."""
    found = [m for m in customers.measures if m.unit in ("age", "category", "band", "flag")]
    return [m.slug for m in sorted(found, key=lambda m: m.unit != "age")]


def pair_of(look: Look) -> tuple[str, str]:
    """The two attributes that are set against each other; the second is empty where there is only one."""
    numeric = [m.slug for m in explore.numeric(look.customers)]
    able = [*numeric, *(m.slug for m in explore.groupable(look.customers))]
    likely = list(dict.fromkeys(s for s in ("orders", "monetary", *able) if s in able))
    lens = look.study.lens
    x = lens.x if lens.x in able else next((s for s in likely if s != lens.y), "")
    y = lens.y if lens.y in able else next((s for s in likely if s != x), "")
    return x, y


def gone(look: Look) -> list[str]:
    """What a link asks to be shown by, and these customers do not have."""
    slugs = dict.fromkeys(look.study.value(name) for name in ATTRIBUTES)
    missing = [slug for slug in slugs if slug and look.customers.measure(slug) is None]
    return [
        f"“{cut(slug)}” in the link is no attribute of these customers and was ignored." for slug in missing
    ]


def _column(scene: Scene) -> str:
    able = numbers_of(scene.results.customers)
    chosen = scene.study.lens.column
    return chosen if chosen in able else next(iter(able), "")


def _who(scene: Scene) -> str:
    able, lens = groups_of(scene.results.customers), scene.study.lens
    return next((slug for slug in (lens.who, lens.group) if slug in able), next(iter(able), ""))
