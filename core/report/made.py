"""What a report says about how its numbers came to be: key figures, change, method, ledger, definitions."""

from importlib.metadata import version
from typing import Final

from core import describe
from core.figures import CHARTS
from core.glossary import TERMS
from core.pipeline import Results
from core.report.told import About, KeyFigure, Sheet, Term, sheet_of
from core.spec import CODE_VERSION, Study
from core.words import clearly_apart, day, number, plural

LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "duckdb")
_TERMS: Final = {
    "net": "Net sales",
    "share": "Share",
    "value_share": "Share of net sales",
    "index": "Times its share",
    "median": "Median",
    "z": "Colour of the differences",
    "silhouette": "How clearly apart",
    "reliability": "Reliability",
}
"""Key in the glossary -> how a report calls the number."""

_MONEY: Final = ("net", "value_share", "index")


def key_figures(results: Results, about: About) -> tuple[KeyFigure, ...]:
    """Four or five numbers under the finding."""
    profile, clustering, say = results.profile, results.clustering, about.say
    assert profile is not None and clustering is not None
    score = clustering.silhouette
    found = [("Customers", f"{profile.customers:,}", "")]
    if profile.net is not None:
        orders = plural(profile.orders, "order") if profile.orders is not None else ""
        found.append(("Net sales", number(profile.net, "money", results.customers.currency), orders))
    found.append(("Segments", str(clustering.k), describe.METHODS[clustering.algorithm]))
    if score is not None:
        found.append(("How clearly apart", clearly_apart(score.value), f"{score.value:.2f} of 1"))
    judged = describe.reliable(results)
    if judged is not None:
        found.append(("Reliable segments", *judged))
    return tuple(KeyFigure(label=label, value=say(value), sub=say(sub)) for label, value, sub in found)


def change(results: Results, about: About) -> str:
    """Who moved between segments in the last 30 days, in a sentence; empty where it is not known."""
    found, profile = results.change, results.profile
    if found is None or profile is None:
        return ""
    if found.reason:
        return about.say(f"Change over 30 days: {found.reason}")
    up, down = found.moved([s.number for s in profile.segments])
    said = (
        f"Since {day(found.day)}, by the same rules: {plural(up, 'customer')} moved to a segment of higher"
        f" value and {down:,} to one of lower; {found.new:,} are new."
    )
    return about.say(said)


def how(study: Study, results: Results, about: About) -> tuple[str, ...]:
    """Method, preparation and seed, a sentence each."""
    return tuple(about.say(text) for text in describe.how(study, results))


def versions() -> str:
    """What the numbers were computed with."""
    said = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"Computed with Segment Atlas {CODE_VERSION()}, {said}."


def ledger(results: Results, about: About) -> Sheet:
    """The way from the rows of the file to the segmented customers."""
    return sheet_of(CHARTS["ledger"].draw(results.ledger, results.customers.currency).table, about)


def terms(results: Results) -> tuple[Term, ...]:
    """What every number of the report means, in the words of the glossary."""
    profile = results.profile
    assert profile is not None
    money = profile.value is not None
    named = {m.slug: m.label for m in profile.measures}
    named |= {key: label for key, label in _TERMS.items() if money or key not in _MONEY}
    named |= {label.key: label.name for label in profile.labels if not label.reason}
    return tuple(
        Term(label=label, help=TERMS[key].help, formula=_capital(TERMS[key].formula))
        for key, label in named.items()
        if key in TERMS
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
