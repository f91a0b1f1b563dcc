"""What is kept of a study, under which key, and what may be asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from core.change import Change
from core.choose import Clustering
from core.cluster import ALGORITHMS
from core.cluster.contract import Progress
from core.codec import decode, encode
from core.compare import Comparison
from core.crossed import Crossed
from core.differences import Differences
from core.drivers import Drivers
from core.effect import Effects
from core.features.customers import Customers, LedgerRow
from core.features.matrix import Matrix
from core.features.spent import Spent
from core.groups import Verdict
from core.margins import Margins
from core.match import Match
from core.memory import give_back
from core.pipeline.titles import Titles
from core.plain import Plains
from core.profile import Bought, Profile
from core.quality import Quality
from core.silhouette import Belonging
from core.spec import Clean, Lens, Study
from core.stability import Stability

Through = Callable[[str, Callable[[], bytes]], bytes]
"""`through(key, make)` gives the bytes kept under a key, or makes and keeps them."""

T = TypeVar("T")
STAGES: Final[dict[str, tuple[str, type[Any]]]] = {
    "customers": ("clean", Customers),
    "spent": ("clean", Spent),
    "matrix": ("features", Matrix),
    "verdict": ("features", Verdict),
    "clustering": ("cluster", Clustering),
    "belonging": ("cluster", Belonging),
    "profile": ("cluster", Profile),
    "differences": ("cluster", Differences),
    "drivers": ("cluster", Drivers),
    "plain": ("cluster", Plains),
    "crossed": ("cluster", Crossed),
    "margins": ("cluster", Margins),
    "bought": ("cluster", Bought),
    "change": ("cluster", Change),
    "match": ("cluster", Match),
    "effects": ("cluster", Effects),
    "comparison": ("lens", Comparison),
    "quality": ("source", Quality),
}
"""What is kept: its name, the last part of the Study it depends on, and its class."""

STUDY: Final = ("customers", "matrix", "verdict", "clustering", "belonging", "profile")
PROFILES: Final = ("differences", "drivers", "plain", "crossed", "margins", "bought", "change")
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "customers": ("customers",),
    "months": ("customers", "spent"),
    "profile": STUDY,
    "profiles": (*STUDY, *PROFILES),
    "effects": (*STUDY, "effects"),
    "compare": (*STUDY, "comparison"),
    "quality": ("customers", "quality"),
    "data": (*STUDY, "effects", "quality"),
}
"""What may be asked for -> the stages it takes; more with a reference (`stages_of`)."""

COMPARED_ONLY: Final = ("missing", "constant", "outliers", "rare")
"""Choices of the recipe on the compared columns: the customer sheet does not depend on them."""

OF_ROWS: Final = ("blanks", "duplicates", "impossible")
"""Choices of the recipe that change or leave out rows of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a study comes to; what was not asked for is None."""

    customers: Customers
    spent: Spent | None = None
    matrix: Matrix | None = None
    verdict: Verdict | None = None
    clustering: Clustering | None = None
    stability: Stability | None = None
    belonging: Belonging | None = None
    profile: Profile | None = None
    differences: Differences | None = None
    drivers: Drivers | None = None
    plain: Plains | None = None
    crossed: Crossed | None = None
    margins: Margins | None = None
    bought: Bought | None = None
    change: Change | None = None
    match: Match | None = None
    effects: Effects | None = None
    comparison: Comparison | None = None
    quality: Quality | None = None
    notes: tuple[str, ...] = ()
    titles: Titles | None = None

    @property
    def ledger(self) -> tuple[LedgerRow, ...]:
        """The whole way from the file to the segmented customers."""
        return (*self.customers.ledger, *(self.matrix.ledger if self.matrix else ()))


def no_cache(key: str, make: Callable[[], bytes]) -> bytes:
    """A `Through` that keeps nothing."""
    return make()


def keep_nothing(ds: str) -> Through:
    """The `Through` of a data set where nothing is kept."""
    return no_cache


def named_by(study: Study) -> Study | None:
    """The study from which one takes numbers and names: its reference, else its own from the first start."""
    if study.reference is not None:
        return study.reference
    starts = "seed" in ALGORITHMS[study.cluster.algorithm].params
    return study.with_(seed=None) if starts and "seed" in study.changed("cluster") else None


def stages_of(study: Study, need: str) -> tuple[str, ...]:
    """The stages that one of `NEEDS` takes."""
    names = NEEDS[need]
    return (*names, "match") if "profile" in names and named_by(study) is not None else names


def key_of(study: Study, name: str) -> str:
    """Cache key of one of `STAGES`; a reference changes numbers and names, and no stage before."""
    study = study if name in ("match", "comparison") else study.alone
    if name == "quality":
        study = Study().with_(ds=study.source.ds)
    if name in ("customers", "spent"):
        study = replace(study, clean=replace(study.clean, **{f: getattr(Clean(), f) for f in COMPARED_ONLY}))
    if name == "comparison":  # of how the result is looked at, only this counts
        study = replace(study, lens=Lens(against=study.lens.against))
    return f"{name}-{study.key(STAGES[name][0])}"


def job_key(study: Study, need: str) -> str:
    """Name of the job that computes one of `NEEDS`; how the result is looked at makes no other job."""
    own = {"customers": "customers", "months": "spent", "compare": "comparison"}
    return key_of(study, own[need]) if need in own else f"{need}-{study.key('cluster')}"


def staged(kind: type[T], key: str, through: Through, make: Callable[[], T]) -> T:
    """A stage as it was kept under its key, else made and kept."""
    if through is no_cache:  # to write it for nobody takes half a second for a million customers
        found = make()
        give_back()
        return found
    made: list[T] = []

    def encoded() -> bytes:
        made.append(make())
        return encode(made[0])

    data = through(key, encoded)
    if made:
        give_back()
        return made[0]
    try:
        return decode(kind, data)
    except ValueError:
        return make()


def within(progress: Progress, low: float, high: float) -> Progress:
    """A progress callback whose 0 to 1 are `low` to `high` of another one."""
    return lambda stage, share: progress(stage, low + (high - low) * share)
