"""Every view says itself in words: findings, the study's sentence, conditions, what was looked at."""

from collections.abc import Mapping

import numpy as np

from core.differences.result import RATIOS
from core.explore import Concentration, Correlations
from core.features.cohort import included
from core.features.customers import Customers, Measure
from core.features.who import Names, plainly, special_phrase, who
from core.groups import Verdict
from core.io.dataset import Dataset
from core.param import Filter
from core.pipeline import COMPARED_ONLY, Results
from core.profile import MeasureProfile, Profile, Segment
from core.spec import PARAMS, Study
from core.stability import RELIABLE, level
from core.words import about, cut, day, number, plural

RELATED = 0.2
"""A correlation from which two attributes are said to go together."""

OPS = {
    "eq": "is",
    "in": "is one of",
    "not": "is none of",
    "lt": "under",
    "le": "at most",
    "gt": "over",
    "ge": "at least",
}
LONGEST_TYPED = 7
"""Signs of a number that somebody typed, at most."""

WINDOWS = {"365": "the last 12 months", "730": "the last 24 months", "all": "all orders"}
RETURNS = {"net": "after returns", "exclude": "before returns", "flag": "after returns"}
COUNTED = {"cancelled": ("keep", "with cancelled orders"), "services": ("out", "without postage and fees")}
"""Choices that move what is counted: the value that is worth saying, and its words."""
HABITS = {
    "recency": "how recently",
    "orders": "how often",
    "monetary": "how much they bought",
    "discount_share": "how much of it on discount",
}
METHODS = {
    "kmeans": "balanced groups",
    "hierarchical": "family tree",
    "dbscan": "dense groups",
    "hdbscan": "dense groups, varying",
    "mixture": "overlapping groups",
    "rules": "RFM rules",
}


def condition(customers: Customers | None, found: Filter, names: Names | None = None) -> str:
    """A condition in words: `Age at least 40`; `names` are those of the segments."""
    special = special_phrase(customers, found, names or {}) if customers is not None else ""
    if special:
        return special[:1].upper() + special[1:]
    measure = customers.measure(found.column) if customers is not None else None
    label = measure.label if measure is not None else found.column.replace("_", " ")
    found = found if measure is None else plainly(measure, found)
    if found.op == "missing":
        return f"{label} is missing"
    if found.op == "known":
        return f"{label} is known"
    values = [_short(measure, text) for text in found.values]
    if found.op == "between":
        return f"{label} {values[0]} to {values[1]}"
    return f"{label} {OPS[found.op]} {', '.join(values)}"


def _short(measure: Measure | None, text: str) -> str:
    """A value as it was typed; one that a chart made, with all its digits, as the measure is said."""
    if measure is None or not measure.numeric or len(text) <= LONGEST_TYPED:
        return text
    try:
        return about(float(text), measure.unit)
    except ValueError:
        return text


def who_is_shown(study: Study, results: Results) -> str:
    """Whom “Show only” leaves, to stand after a number of customers: `who spent 20 to 50`."""
    lens = study.lens
    label = (Filter(lens.label, "eq", ("1",)),) if lens.label != "all" else ()
    return who(results.customers, (*lens.show, *label), names_of(results))


def names_of(results: Results) -> Names:
    """The names of a study's segments and of those it is compared with; none before there are any."""
    found: dict[int | tuple[int, int], str] = {}
    if results.profile is not None:
        found |= {s.number: s.name for s in results.profile.segments}
    for at, model in enumerate(results.comparison.models[1:] if results.comparison is not None else (), 1):
        found |= {(at, -1): model.name, **{(at, part.number): part.name for part in model.parts}}
    return found


def grouped_by(results: Results) -> str:
    """What customers are compared on, in plain words."""
    assert results.matrix is not None
    said = [HABITS.get(p.slug, p.label) for p in results.matrix.prepared]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def sentence(results: Results) -> str:
    """The study in one plain sentence, without method names."""
    clustering, profile = results.clustering, results.profile
    if clustering is None or profile is None:
        return f"{plural(len(results.customers), 'customer')}."
    found = f"{plural(clustering.k, 'segment')} of {plural(profile.customers, 'customer')}"
    return f"{found}, by {grouped_by(results)}."


def scope(study: Study, results: Results, tax: str = "tax not known") -> str:
    """What was looked at: customers, days, returns, tax."""
    customers = results.customers
    n = results.profile.customers if results.profile is not None else _count(study, customers)
    parts = [plural(n, "customer"), *filter(None, [sample(study, customers)])]
    if customers.kind == "log":
        parts.append(f"orders {day(customers.first_day)} – {day(customers.last_day)}")
        if study.source.window != "all":
            parts.append(f"counted: {WINDOWS[study.source.window]}")
        parts.append(RETURNS[study.clean.returns])
        parts += [words for name, (value, words) in COUNTED.items() if study.value(name) == value]
    elif customers.as_of is not None:
        parts.append(f"as of {day(customers.as_of)}")
    if customers.has("monetary"):
        parts.append(f"prices as in your file ({tax})")
    if not customers.currency and customers.has("monetary"):
        parts.append("no currency: amounts without unit")
    return " · ".join(parts)


def _count(study: Study, customers: Customers) -> int:
    met, size = _met(study, customers), study.cohort.sample
    return met if size is None else min(size, met)


def _met(study: Study, customers: Customers) -> int:
    return int(included(customers, study.cohort.where)[0].sum())


def sample(study: Study, customers: Customers) -> str:
    """That a study looks at a sample of the customers only; empty where it does not."""
    size = study.cohort.sample
    if size is None or size >= (met := _met(study, customers)):
        return ""
    return f"from a sample of {size:,} of {met:,} customers"


def offered(values: Mapping[str, str]) -> str:
    """What a button does that opens a study with other values, by their URL names."""
    said = []
    for name, text in values.items():
        declared = PARAMS[name][1]
        value = declared.read(text)
        if name == "sample":
            said.append(f"Group a sample of {value:,} customers")
        else:
            said.append(f"{declared.label}: {dict(declared.choices).get(text, value)}")
    return ", ".join(said)


def how(study: Study, results: Results) -> tuple[str, ...]:
    """Method, preparation and seed, a sentence each, for the one who asks how."""
    clustering, matrix = results.clustering, results.matrix
    if clustering is None or matrix is None:
        return ()
    method = f"Method: {METHODS[clustering.algorithm]} ({_technical(study, results)})."
    said = [
        method,
        f"Number of segments: {clustering.k}, {clustering.reason}.",
        *[p.text for p in matrix.prepared],
    ]
    if clustering.silhouette is not None:
        said.append(f"How clearly apart (silhouette): {clustering.silhouette.value:.2f}.")
    if clustering.start_agreement is not None:
        said.append(
            f"Another start gives the same grouping to {clustering.start_agreement:.2f} (1 = the same)."
        )
    return (*said, *recipe_changes(study, results), *[s.text for s in matrix.steps])


def recipe_changes(study: Study, results: Results) -> tuple[str, ...]:
    """The choices on the rows of the file that differ from the usual ones, a sentence each."""
    told = {s.name: s.text for s in results.customers.steps}
    rows = [n for n in study.changed("clean") if n not in COMPARED_ONLY]
    return tuple(told.get(name) or _choice(study, name) for name in rows)


def _choice(study: Study, name: str) -> str:
    declared, value = PARAMS[name][1], study.value(name)
    if declared.kind == "blanks":
        chosen = ", ".join(f"“{word}” in {slug.replace('_', ' ')}" for slug, word in value)
    else:
        chosen = dict(declared.choices)[value]
    return f"{declared.label}: {chosen[:1].lower()}{chosen[1:]}."


def _technical(study: Study, results: Results) -> str:
    spec, clustering = study.cluster, results.clustering
    assert clustering is not None
    if spec.algorithm == "kmeans":
        return f"K-Means, best of {plural(spec.n_init, 'start')}, start number {spec.seed}"
    if spec.algorithm == "hierarchical":
        return f"Hierarchical, {spec.linkage} linkage"
    if spec.algorithm == "mixture":
        return f"Gaussian mixture, begun from K-Means, start number {spec.seed}"
    if spec.algorithm == "rules":
        return "fixed names by quintiles of recency, and of frequency and spend together"
    if spec.algorithm == "hdbscan":
        return f"HDBSCAN, minimum neighbours {spec.min_samples}"
    return f"DBSCAN, reach {clustering.eps:.3g}, minimum neighbours {spec.min_samples}"


def saved(results: Results) -> str:
    """What a study's segments are compared with, for its chip."""
    found = results.match
    if found is None or not found.then:
        return "Compared with saved segments"
    of = plural(found.customers, "customer")
    return f"Compared with saved: {plural(len(found.then), 'segment')} of {of}"


def profiles_finding(profile: Profile) -> str:
    """Heading of Profiles (PAGES.md §4)."""
    real = [s for s in profile.segments if s.number]
    if not real:
        return "No segments: no crowd of customers is dense enough."
    if real[0].value_share is None:
        return _two_that_differ(profile, real)
    ordered = sorted(real, key=lambda s: -(s.value_share or 0))
    value = share = 0.0
    for j, segment in enumerate(ordered, 1):
        value, share = value + (segment.value_share or 0), share + segment.share
        if value >= 2 / 3 and value >= share + 0.10:
            return (
                f"{j} of {plural(len(real), 'segment')} ({number(share, 'share')} of customers)"
                f" {'brings' if j == 1 else 'bring'} {number(value, 'share')} of net sales."
            )
    strong = [s for s in ordered if s.share >= 0.02 and (s.index or 0) >= 1.5]
    if strong:
        s = strong[0]
        customers, worth = number(s.share, "share"), number(s.value_share, "share")
        return f"{s.name}: {customers} of customers bring {worth} of net sales."
    if len(profile.segments) == 1:
        return f"All {plural(profile.customers, 'customer')} are in one segment."
    if len(real) == 1:
        alone = f"1 segment: {number(real[0].share, 'share')} of customers"
        return f"{alone}, {number(real[0].value_share, 'share')} of net sales."
    top = max(s.index or 0 for s in real)
    return f"Value is spread evenly: no segment brings over {number(top, 'times')} its share."


def _two_that_differ(profile: Profile, real: list[Segment]) -> str:
    made = [m for m in profile.measures if m.made]
    if len(real) < 2 or not made:
        return f"{plural(len(real), 'segment')} of {plural(profile.customers, 'customer')}."

    def spread(m: MeasureProfile) -> float:
        known = [z for z in m.z[: len(real)] if z is not None]
        return max(known) - min(known) if known else 0.0

    m = max(made, key=spread)
    low, high = sorted(range(len(real)), key=lambda i: m.z[i] or 0.0)[:: len(real) - 1][:2]
    return (
        f"“{real[high].name}” and “{real[low].name}” differ most: {m.label}"
        f" {number(m.segments[high].median, m.unit)} against {number(m.segments[low].median, m.unit)}."
    )


def demo_finding(profile: Profile) -> str:
    """Heading of the first page: what the demo shows."""
    found = profiles_finding(profile)
    return "Demo shop: " + found[:1].lower() + found[1:] if not found[0].isdigit() else f"Demo shop: {found}"


def about_net(customers: Customers) -> float:
    """Σ spend of the customers who can be segmented."""
    return float(np.nansum(customers.number("monetary")))


def data_finding(dataset: Dataset, customers: Customers, currency: str) -> str:
    """Heading of Data for an own file."""
    file = customers.ledger[0]
    used = next(r for r in customers.ledger if r.key == "used")
    out = file.rows - used.rows
    share = number(out / file.rows, "share") if out else "none"
    left_out = f"{share} of the rows {'are' if out else 'is'} left out"
    if customers.kind == "log":
        lost = sum(r.money or 0 for r in customers.ledger if r.kind == "out" and r.key in _LINES_OUT)
        net = about(used.money, "money", currency)
        worth = f", worth {about(lost, 'money', currency)}" if out else ""
        return f"{plural(len(customers), 'customer')} and {net} net sales are ready; {left_out}{worth}."
    return f"{plural(len(customers), 'customer')} are ready; {left_out}."


_LINES_OUT = ("duplicate", "no_customer", "no_date", "after", "status", "other", "before")


def eda_finding(
    customers: Customers,
    n: int,
    held: Concentration | None,
    together: Correlations | None,
    included: int | None = None,
) -> str:
    """Heading of EDA (PAGES.md §2); `included` is how many there are where only `n` of them are shown."""
    many = plural(n, "customer") if included is None else f"{n:,} of {plural(included, 'customer')} shown"
    if n < 50:
        return f"{many}: read shares with care."
    if held is not None:
        once = (
            f"; {number(held.once, 'share')} bought only once"
            if held.once is not None and customers.kind == "log"
            else ""
        )
        top = f"the top 20 % of customers bring {number(held.top20, 'share')} of net sales{once}."
        if included is None:
            return f"T{top[1:]}"
        return f"{many}: {top.replace('of customers bring', 'of them bring').replace('net', 'their net', 1)}"
    if together is not None and together.strongest:
        a, b, r = together.strongest[0]
        pair, said = f"{cut(a)} and {cut(b)}", f"r = {number(r, 'r')}"
        if abs(r) < RELATED:
            return f"{many}: no two attributes clearly go together (at most {pair}, {said})."
        return f"{many}: {pair} go {'together' if r > 0 else 'against each other'} most ({said})."
    return f"{many}."


def clustering_finding(study: Study, results: Results) -> str:
    """Heading of Clustering (PAGES.md §3)."""
    clustering = results.clustering
    assert clustering is not None
    verdict = results.verdict
    if no_groups(results):
        found = "No clear groups: customers differ by degree."
        return f"{found} RFM rules still sort them usefully." if results.customers.has("fm") else found
    if most_allowed(study, results):
        return f"{clustering.k} is the most you allowed; more might fit better."
    if verdict is not None and verdict.kind == "piles":
        equal = _labels(results, verdict.piles)
        return f"{plural(clustering.k, 'segment')}, mostly of customers with equal {equal}."
    return f"{plural(clustering.k, 'segment')}: {clustering.reason}."


def no_groups(results: Results) -> bool:
    """Whether the segments are a convenience: there are no clear groups, and no fixed rules make them."""
    assert results.clustering is not None
    none = results.verdict is not None and results.verdict.kind == "none"
    return none and results.clustering.algorithm != "rules"


def most_allowed(study: Study, results: Results) -> bool:
    """Whether the best number of segments is the most that may be taken, and more than that could be."""
    found, most = results.clustering, max(study.cluster.k_low, study.cluster.k_high)
    assert found is not None
    return found.k == found.suggested_k == most < (PARAMS["k_high"][1].high or most)


def reliability(results: Results, segment: int) -> str:
    """How repeatable a segment is: a word and its mean Jaccard index; without clear groups only that."""
    found = results.stability
    clustering = results.clustering
    if not segment or clustering is None or found is None or not found.jaccard.size:
        return "–"
    index = float(found.jaccard[clustering.place(segment)])
    if np.isnan(index):
        return "–"
    if results.verdict is not None and results.verdict.kind == "none":
        return f"{index:.2f}"
    return f"{level(index)} ({index:.2f})"


def reliable(results: Results) -> tuple[str, str] | None:
    """How many segments are reliable, and what that rests on; None where it was not or can't be judged."""
    found = results.stability
    if found is None or not found.jaccard.size:
        return None
    if results.verdict is not None and results.verdict.kind == "none":
        return None
    good = int((found.jaccard >= RELIABLE).sum())
    of = f"found again in {found.rounds} samples of {plural(found.rows, 'customer')}"
    return f"{good} of {found.jaccard.size}", of


def chance_test(verdict: Verdict) -> str:
    """What the chance test found, in one or two sentences."""
    if verdict.kind == "unknown":
        return f"{plural(verdict.rows, 'customer')} are too few to tell groups from chance."
    highest = max(verdict.references, key=lambda one: one.percentile)
    said = f"{number(verdict.silhouette, 'r')} against at most {number(highest.percentile, 'r')} by chance"
    if verdict.kind == "none":
        return f"The clearest grouping is hardly clearer than of customers without groups: {said}."
    if verdict.kind == "piles":
        return f"The groups are clearer than by chance ({said}), but only where values are equal."
    return f"The clearest grouping is clearer than of customers without groups: {said}."


def _labels(results: Results, names: tuple[str, ...]) -> str:
    """Compared columns by the names that people read."""
    assert results.matrix is not None
    labels = {p.slug: p.label.lower() for p in results.matrix.prepared}
    return " and ".join(dict.fromkeys(labels.get(name.split("=")[0], name) for name in names))


def segment_finding(profile: Profile, segment: Segment, currency: str = "") -> str:
    """Heading of a segment's page: share of customers, of net sales, and its strongest difference."""
    said = f"{segment.name}: {number(segment.share, 'share')} of customers"
    if segment.value_share is not None:
        said += f", {number(segment.value_share, 'share')} of net sales"
    strongest = strongest_measure(profile, segment.number)
    if strongest is None:
        return f"{said}."
    return f"{said}; {difference(strongest, profile.at(segment.number), currency)}."


def strongest(profile: Profile, segment: Segment, currency: str = "") -> list[tuple[str, str, str]]:
    """The differences behind a segment's name: (what, of its customers, of all), strongest first.

    By the middle customer; by the mean, and said so, where the middle customers print alike.
    """
    at, measures = profile.at(segment.number), {m.slug: m for m in profile.measures}
    found = []
    for name in segment.strongest:
        slug, _, level_ = name.partition("=")
        m = measures.get(slug)
        if level_ or m is None:
            found += _level_share(profile, slug, level_, at)
            continue
        own, overall = m.segments[at], m.overall
        said, whole = (about(v, m.unit, currency) for v in (own.median, overall.median))
        if said == whole:
            said, whole = (about(v, m.unit, currency) for v in (own.mean, overall.mean))
            said = f"{said} on average"
        found.append((m.label, said, whole))
    return found


def because(profile: Profile, segment: Segment, currency: str = "") -> str:
    """What is behind a segment's name as one line; what the segment is where there is nothing."""
    found = strongest(profile, segment, currency)
    said = [f"{what} {own} (all: {whole})" for what, own, whole in found]
    return f"{'; '.join(said)}." if said else segment.because


def _level_share(profile: Profile, slug: str, level_: str, at: int) -> list[tuple[str, str, str]]:
    mix = next((m for m in profile.mixes if m.slug == slug), None)
    if mix is None or level_ not in mix.levels:
        return []
    place = mix.levels.index(level_)
    shares = [c[place] / sum(c) if sum(c) else None for c in (mix.segments[at], mix.overall)]
    return [(f"{mix.label}: {level_}", number(shares[0], "share"), number(shares[1], "share"))]


def strongest_measure(profile: Profile, number_: int) -> MeasureProfile | None:
    """The measure in which a segment differs most from all."""
    at = profile.at(number_)
    known = [m for m in profile.measures if m.z[at] is not None]
    return max(known, key=lambda m: abs(m.z[at] or 0.0)) if known else None


def difference(m: MeasureProfile, at: int, currency: str = "") -> str:
    """A segment's difference on a measure in words: `orders a year 8.2, 2.0× that of the rest`."""
    own, rest = m.segments[at], m.rest[at]
    said = f"{m.label[:1].lower()}{m.label[1:]} {number(own.mean, m.unit, currency)} on average"
    if rest is None or rest.times is None or own.mean is None:
        return f"{said} (all: {number(m.overall.mean, m.unit, currency)})"
    if rest.times >= 1 and m.unit in RATIOS:
        return f"{said}, {number(rest.times, 'times')} that of the rest"
    return f"{said}, against {number(own.mean / rest.times, m.unit, currency)} of the rest"


def gone(number_: str, profile: Profile) -> str:
    """A segment in a link that this study does not have; `none` is that of those who fit no group."""
    real = [s for s in profile.segments if s.number]
    if number_ == "none":
        return f"Everybody in this view is in one of its {plural(len(real), 'segment')}."
    return f"There is no segment {number_[:20]} in this view; it has {plural(len(real), 'segment')}."
