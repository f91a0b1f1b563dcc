"""The Study: one value that says everything a view depends on, in the order of the pipeline."""

import datetime as dt
import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

from core.param import QUERY_TEXT, Filter, Param, clean_text, param

QUERY_LIMIT: Final = 20_000
DEMO: Final = "demo-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which data, seen from which day, over which period."""

    ds: str = param("text", DEMO, "Data set", "Which data set is looked at.")
    as_of: dt.date | None = param(  # noqa: RUF009 (our own declaration of a field)
        "date",
        None,
        "Snapshot day",
        "The day from which “days since” is counted. Usually the last day with orders.",
    )
    window: str = param(
        "choice",
        "all",
        "Period of purchases counted",
        "Only orders in this period count for orders and spend.",
        choices=(("365", "12 months"), ("730", "24 months"), ("all", "All")),
    )
    extras: tuple[str, ...] = param(
        "several",
        (),
        "More measures",
        "Measures of a log that are computed only when asked for.",
        choices=(
            ("gaps", "Regularity of orders"),
            ("habits", "Weekdays and times"),
            ("categories", "Share per category"),
            ("start", "First month"),
            ("trend", "Trend of spend"),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The cleaning recipe: its steps in the order in which they are done."""

    blanks: tuple[tuple[str, str], ...] = param(
        "blanks",
        (),
        "Values that mean “missing”",
        "Words or codes such as “unknown” or −1 that stand for an empty cell. Written as attribute:value.",
    )
    duplicates: str = param(
        "choice",
        "report",
        "Repeated rows",
        "Rows that equal an earlier row in every column, or rows of a customer table with the same customer.",
        choices=(
            ("report", "Keep and count"),
            ("drop", "Keep the first only"),
            ("id-last", "One row per customer: keep the last"),
            ("id-sum", "One row per customer: add up"),
        ),
    )
    impossible: str = param(
        "choice",
        "report",
        "Impossible values",
        "Ages over 110, dates in the future, spend below zero on a customer table.",
        choices=(
            ("report", "Keep and count"),
            ("missing", "Count as missing"),
            ("drop", "Leave these rows out"),
        ),
    )
    cancelled: str = param(
        "choice",
        "out",
        "Cancelled and test orders",
        "Orders whose status says cancelled or test.",
        choices=(("out", "Leave out"), ("keep", "Count them")),
    )
    services: str = param(
        "choice",
        "keep",
        "Lines that are not products",
        "Postage, fees, manual corrections and the like.",
        choices=(("keep", "Count them"), ("out", "Leave out")),
    )
    returns: str = param(
        "choice",
        "net",
        "Returns",
        "Whether spend is counted after or before returns.",
        choices=(("net", "After returns"), ("exclude", "Before returns"), ("flag", "After returns, marked")),
    )
    missing: str = param(
        "choice",
        "median",
        "Missing values",
        "What stands in for an empty value when customers are grouped. Filled values are counted.",
        choices=(
            ("median", "Fill with typical value"),
            ("mode", "Fill with most frequent"),
            ("constant", "Fill with one value"),
            ("nearest", "Fill like similar customers"),
            ("category", "Missing as a category"),
            ("drop", "Leave these customers out"),
            ("leave", "Leave empty (no segment)"),
        ),
    )
    constant: float = param(
        "number",
        0.0,
        "Value to fill with",
        "Stands in for an empty number when you fill with one value.",
        low=-1e9,
        high=1e9,
    )
    outliers: str = param(
        "choice",
        "report",
        "Extreme values",
        "Unusually high or low values. A limit changes only how customers are grouped, never their spend.",
        choices=(
            ("report", "Count only"),
            ("flag", "Keep and mark"),
            ("cap-iqr", "Limit (middle half)"),
            ("cap-quantile", "Limit (1 % to 99 %)"),
            ("drop", "Leave these customers out"),
        ),
    )
    rare: float = param(
        "number",
        0.0,
        "Rare categories, %",
        "Categories with a smaller share of customers are merged into “Other”. 0: none.",
        low=0.0,
        high=50.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who is segmented."""

    where: tuple[Filter, ...] = param(
        "filters", (), "Who is included", "Only these customers are grouped. Changing it makes new segments."
    )
    sample: int | None = param(
        "integer",
        None,
        "Sample of customers",
        "Only so many of them are grouped, always the same ones. For data too large to group as a whole.",
        low=20,
        high=100_000_000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What customers are compared on."""

    cols: tuple[str, ...] = param(
        "columns",
        (),
        "Grouped by",
        "What customers are compared on. Fewer is clearer; 3 to 6 work best.",
    )
    transform: str = param(
        "choice",
        "auto",
        "Even out extremes",
        "A few very large spenders would otherwise decide everything."
        " Figures are shown in real units all the same.",
        choices=(
            ("auto", "Automatic"),
            ("none", "None"),
            ("log1p", "Logarithm"),
            ("yeo-johnson", "All attributes"),
        ),
    )
    scaling: str = param(
        "choice",
        "standard",
        "Weigh attributes",
        "So that euros do not outweigh orders.",
        choices=(
            ("standard", "Equally"),
            ("robust", "Equally, ignoring extremes"),
            ("minmax", "Equal range"),
            ("none", "As they are"),
        ),
    )
    weight: tuple[tuple[str, float], ...] = param(
        "weights",
        (),
        "Influence",
        "1 = counts as one attribute, however many categories. Written as attribute:number.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How customers are grouped."""

    algorithm: str = param(
        "choice",
        "kmeans",
        "Method",
        "How groups are found.",
        choices=(
            ("kmeans", "Balanced groups"),
            ("hierarchical", "Family tree"),
            ("dbscan", "Dense groups"),
            ("hdbscan", "Dense groups, varying"),
            ("mixture", "Overlapping groups"),
            ("rules", "RFM rules"),
        ),
    )
    k: int | None = param(
        "integer",
        None,
        "Number of segments",
        "Automatic tries 3 to 8 and takes the best that keeps all segments large enough.",
        low=2,
        high=12,
    )
    k_low: int = param(
        "integer", 3, "At least", "The fewest segments that automatic may take.", low=2, high=12
    )
    k_high: int = param("integer", 8, "At most", "The most segments that automatic may take.", low=2, high=12)
    linkage: str = param(
        "choice",
        "ward",
        "How groups are joined",
        "Ward: compact, even groups. Average: in between. Complete: tight. Single: chains, seldom useful.",
        choices=(("ward", "Ward"), ("average", "Average"), ("complete", "Complete"), ("single", "Single")),
    )
    eps: float | None = param(
        "number",
        None,
        "Reach",
        "How alike two customers must be to count as neighbours. The proposed value fits your data.",
        low=1e-6,
        high=1e6,
    )
    min_samples: int = param(
        "integer",
        10,
        "Minimum neighbours",
        "How many neighbours make a crowd. Higher: fewer, safer groups.",
        low=2,
        high=1000,
    )
    components: int | None = param(
        "integer",
        None,
        "Main directions",
        "Crowds are looked for along so many of the directions in which customers differ most. Automatic: "
        "three where there are more than four attributes, since in many hardly anybody is near anybody.",
        low=1,
        high=50,
    )
    min_share: float = param(
        "number", 2.0, "Smallest segment allowed, %", "Smaller groups are hard to act on.", low=0.0, high=33.0
    )
    seed: int = param(
        "integer",
        0,
        "Start number",
        "Another start should give the same segments; if not, they are not reliable.",
        low=0,
        high=2**31 - 1,
    )
    n_init: int = param(
        "integer", 10, "Number of starts", "The best of these many starts is kept.", low=1, high=50
    )
    ref: str = param(
        "query", "", "Compare with saved", "Keeps names and colours; reports splits, merges, new ones."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How the result is looked at; never refits."""

    segment: str = param(
        "text", "", "Segment", "The segment that is open; in a path, 1 is the most valuable."
    )
    show: tuple[Filter, ...] = param(
        "filters", (), "Show only", "Hides the others from view. The segments stay as they are."
    )
    label: str = param(
        "choice",
        "all",
        "Show only",
        "Hides the others from view. The segments stay as they are.",
        choices=(
            ("all", "All customers"),
            ("high_value", "High-value"),
            ("discount_seeker", "Discount seekers"),
            ("infrequent", "Infrequent"),
            ("lapsed", "Lapsed"),
            ("new", "New"),
        ),
    )
    measure: str = param(
        "choice",
        "monetary",
        "Measure",
        "What the bars beside the customers count.",
        choices=(("monetary", "Net sales"), ("orders", "Orders"), ("average_order_value", "Average order")),
    )
    average: str = param(
        "choice",
        "median",
        "Typical value",
        "The middle customer, or the arithmetic mean.",
        choices=(("median", "Median"), ("mean", "Mean")),
    )
    versus: str = param(
        "text",
        "",
        "Compare with",
        "All customers (on a segment's page the rest); the number of a segment, or “before”: the same groups "
        "30 days ago.",
    )
    attributes: int = param(
        "integer", 10, "Number of attributes", "How many are compared, strongest first.", low=3, high=40
    )
    questions: str = param(
        "choice",
        "3",
        "Rule length",
        "How many things the plain rule of a segment may ask about a customer. Fewer are easier to remember, "
        "and fit less well.",
        choices=(("1", "One question"), ("2", "Up to two"), ("3", "Up to three")),
    )
    heat: str = param(
        "choice",
        "units",
        "In the cells",
        "Real values, or how many standard deviations a segment is from all.",
        choices=(("units", "Real values"), ("steps", "Standard differences")),
    )
    tests: str = param(
        "choice",
        "hidden",
        "More than chance?",
        "A table of the tests: which differences between the segments are more than chance.",
        choices=(("hidden", "No table"), ("shown", "Table of tests")),
    )
    finance: float | None = param(
        "number",
        None,
        "Net sales in your finance report",
        "Is compared with the net sales here, and the gap is explained.",
        low=0.0,
        high=1e12,
    )
    against: tuple[str, ...] = param(
        "others",
        (),
        "Compare with",
        "Other ways to group the same customers, up to three, each by what differs. None: one segment fewer "
        "and one more.",
    )
    column: str = param("slug", "", "Attribute to show", "Which attribute the first chart shows.")
    group: str = param("slug", "", "Group by", "Splits the charts by this attribute.")
    x: str = param("slug", "", "Across", "The attribute on the horizontal axis.")
    y: str = param("slug", "", "Up", "The attribute on the vertical axis.")
    who: str = param("slug", "", "Who are they, by", "Which attribute says who the customers are.")
    since: str = param(
        "month",
        "",
        "Period shown",
        "From which month to which the charts over time go. What is counted stays the same.",
    )
    until: str = param("month", "", "Period shown, last month", "The last month of the charts over time.")
    scale: str = param(
        "choice",
        "auto",
        "Axis",
        "Ten times as much takes one step on a logarithmic axis.",
        choices=(("auto", "Automatic"), ("linear", "Even steps"), ("log", "Logarithmic")),
    )
    bins: int | None = param(
        "integer",
        None,
        "Number of bars",
        "About so many bars show how an attribute is spread; they begin and end at round numbers.",
        low=5,
        high=100,
    )
    far: str = param(
        "choice",
        "shown",
        "Far-off values",
        "The highest 1 % can be left off the axes, so that the others are seen better; how many they are is "
        "said. Nobody is left out of any other figure.",
        choices=(("shown", "Show all"), ("cut", "Leave off the highest 1 %")),
    )
    correlation: str = param(
        "choice",
        "spearman",
        "Go together by",
        "Rank compares orderings and is not moved by extremes; linear compares amounts.",
        choices=(("spearman", "Rank (Spearman)"), ("pearson", "Linear (Pearson)")),
    )
    cells: str = param(
        "choice",
        "customers",
        "Cells show",
        "What the cells of last order against how much and how often count.",
        choices=(("customers", "Customers"), ("value", "Net sales")),
    )
    tab: str = param(
        "choice",
        "time",
        "More charts",
        "",
        choices=(
            ("time", "Over time"),
            ("groups", "Groups compared"),
            ("concentration", "How concentrated"),
            ("together", "What goes together"),
            ("pair", "Any two columns"),
            ("missing", "Missing values"),
        ),
    )


IN_PATH: Final = "segment"
"""The field that a path says (`/profiles/2`), so a query never does."""

STAGES: Final = ("source", "clean", "cohort", "features", "cluster", "lens")
GROUPING: Final = ("clean", "features", "cluster")
"""The parts in which studies that are compared may differ: the data and who is included are the same."""

MOST_OTHERS: Final = 3
REFERENCES: Final = 2
"""How many references are followed: that of a study, and the one that the reference itself has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Everything a view depends on. The order of the fields is the order of the pipeline."""

    source: Source = field(default_factory=Source)
    clean: Clean = field(default_factory=Clean)
    cohort: Cohort = field(default_factory=Cohort)
    features: Features = field(default_factory=Features)
    cluster: Cluster = field(default_factory=Cluster)
    lens: Lens = field(default_factory=Lens)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, query: str | Mapping[str, Any] | None) -> "Study":
        """Read a query string (or Dash's mapping of one). Never raises.

        Unknown names are ignored, bad values fall back to the default, values out of bounds to the nearest
        bound; each leaves a sentence in `notes`.
        """
        raw, notes = _raw(query)
        return cls().updated(raw, notes)

    def with_(self, **values: Any) -> "Study":
        """This study with other values, by their URL names; values may be raw as a control gives them."""
        return replace(self, notes=()).updated(values, [])

    def updated(self, raw: Mapping[str, Any], notes: list[str]) -> "Study":
        """This study with raw values read into it; what could not be read is added to the notes."""
        parts: dict[str, dict[str, Any]] = {}
        for name, given in raw.items():
            if name not in PARAMS:
                notes.append(f"“{clean_text(name)[:40]}” in the link is not known here and was ignored.")
                continue
            part, declared = PARAMS[name]
            parts.setdefault(part, {})[name] = _settle(name, declared, given, notes)
        changed: dict[str, Any] = {
            part: replace(getattr(self, part), **values) for part, values in parts.items()
        }
        return replace(self, **changed, notes=tuple(notes))

    def query(self) -> str:
        """The query string, `?` first: what differs from the defaults, in declaration order; may be empty."""
        pairs = [
            f"{name}={quote(text, safe=':,~-._')}"
            for name, (_, declared) in PARAMS.items()
            if name != IN_PATH
            for text in declared.write(self.value(name))
        ]
        return "?" + "&".join(pairs) if pairs else ""

    def other(self, text: str) -> "Study":
        """The study that one of `against` names; it is looked at as this one, and compared with none."""
        return self.with_(against=None, **dict(_given(text)))

    def apart(self, other: "Study") -> str:
        """How another study groups customers otherwise than this one, as `against` says it; may be empty."""
        return _spelled({n: other.value(n) for n in groups_by() if self.value(n) != other.value(n)})

    @property
    def reference(self) -> "Study | None":
        """The study whose segments give this one's their numbers and names; None without one."""
        return Study.parse(self.cluster.ref) if self.cluster.ref else None

    @property
    def alone(self) -> "Study":
        """The same study without a reference."""
        return replace(self, cluster=replace(self.cluster, ref=""))

    def value(self, name: str) -> Any:
        """The value of a field by its URL name."""
        return getattr(getattr(self, PARAMS[name][0]), name)

    def key(self, stage: str) -> str:
        """Cache key of a stage: sha256 over every part up to it, and the version of the code."""
        upto = STAGES[: STAGES.index(stage) + 1]
        names = [n for n, (part, _) in PARAMS.items() if part in upto]
        body = [CODE_VERSION(), stage, [[n, PARAMS[n][1].write(self.value(n))] for n in names]]
        return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()

    def changed(self, part: str) -> tuple[str, ...]:
        """Names of a part's fields that differ from their defaults."""
        return tuple(n for n, (p, d) in PARAMS.items() if p == part and self.value(n) != d.default)


def _declared() -> Iterator[tuple[str, tuple[str, Param]]]:
    for part, kind in zip(STAGES, (Source, Clean, Cohort, Features, Cluster, Lens), strict=True):
        for f in fields(kind):
            yield f.name, (part, f.metadata["param"])


PARAMS: Final[dict[str, tuple[str, Param]]] = dict(_declared())
"""URL name -> (part of the Study, its declaration), in the order of the pipeline."""


def _raw(query: str | Mapping[str, Any] | None) -> tuple[Mapping[str, Any], list[str]]:
    if isinstance(query, Mapping):
        return query, []
    if not isinstance(query, str):
        return {}, []
    if len(query) > QUERY_LIMIT:
        return {}, [f"The link is longer than {QUERY_LIMIT:,} characters and was ignored."]
    found: dict[str, list[str]] = {}
    for name, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        found.setdefault(name, []).append(text)
    return found, []


def _settle(name: str, declared: Param, given: Any, notes: list[str]) -> Any:
    try:
        value = declared.read(given)
    except ValueError as error:
        notes.append(f"{declared.label} ({name}): {error}; the default was used.")
        return declared.default
    if declared.kind == "others":
        return _others(value, notes)
    if declared.kind == "query":
        return _referred(value, notes)
    kept = declared.clamp(value)
    if kept != value:
        notes.append(f"{declared.label} ({name}): {value:g} is outside what is allowed and became {kept:g}.")
    return kept


def _referred(text: str, notes: list[str], left: int = REFERENCES) -> str:
    """The query of a reference in normal form, without its `?`; what can't be read is noted.

    How it is looked at is left out, and a reference beyond the second.
    """
    if not text or not left:
        return ""
    raw = dict(_raw(text)[0])
    further = str(raw.pop("ref", [""])[-1])
    if not any(name in PARAMS for name in raw):
        notes.append(f"Compare with saved (ref): “{text[:60]}” is not a link; names are not kept.")
        return ""
    said: list[str] = []
    study = Study().updated({n: v for n, v in raw.items() if PARAMS.get(n, [""])[0] != "lens"}, said)
    study = replace(study, cluster=replace(study.cluster, ref=_referred(further, said, left - 1)))
    found = study.query()[1:] or f"ds={DEMO}"
    if len(found) > QUERY_TEXT:
        notes.append("Compare with saved (ref): the link is too long; names are not kept.")
        return ""
    notes += [f"In the link of what is compared with: {note}" for note in said]
    return found


def groups_by() -> tuple[str, ...]:
    """Names of the fields in which studies that are compared may differ; a reference only gives names."""
    return tuple(n for n, (part, p) in PARAMS.items() if part in GROUPING and p.kind != "query")


def _others(texts: tuple[str, ...], notes: list[str]) -> tuple[str, ...]:
    """What differs in each of the other studies, in normal form; what can't be read is noted and left out."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[_spelled({name: _read(name, raw, notes) for name, raw in _given(text)})] = None
        except ValueError as error:
            notes.append(f"“{text[:60]}” can't be compared with: {error}.")
    if len(found) > MOST_OTHERS:
        notes.append(f"At most {MOST_OTHERS + 1} ways to group are compared; the first were taken.")
    return tuple(found)[:MOST_OTHERS]


def _given(text: str) -> list[tuple[str, list[str]]]:
    """The fields that a text such as `k:5~algorithm:mixture` names, and their raw values."""
    found: dict[str, list[str]] = {}
    for piece in text.split("~"):
        name, mark, value = piece.strip().partition(":")
        if not mark or name not in PARAMS:
            raise ValueError(f"{piece[:40]!r} is not a choice such as k:5")
        if name not in groups_by():
            raise ValueError(f"{PARAMS[name][1].label.lower()} ({name}) must be the same for all")
        found.setdefault(name, []).append(unquote(value))
    return list(found.items())


def _read(name: str, raw: list[str], notes: list[str]) -> Any:
    """A value of another study; one out of bounds becomes the nearest bound, with a note."""
    declared = PARAMS[name][1]
    declared.read(raw)
    return _settle(name, declared, raw, notes)


def _spelled(values: Mapping[str, Any]) -> str:
    """Values as one text, in the order of the fields; `~` and `%` inside a value are percent-encoded."""
    return "~".join(
        f"{name}:{text.replace('%', '%25').replace('~', '%7E')}"
        for name, (_, declared) in PARAMS.items()
        if name in values
        for text in declared.spell(values[name])
    )


@functools.cache
def CODE_VERSION() -> str:  # noqa: N802
    """Hash of core's sources and of the versions of the libraries that decide a number."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for package in ("numpy", "scipy", "scikit-learn", "duckdb"):
        digest.update(importlib.metadata.version(package).encode())
    return digest.hexdigest()[:16]
