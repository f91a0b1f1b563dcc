"""The segments of a report: their table, their labels, and each by itself."""

from collections.abc import Sequence

from markupsafe import Markup

from core import describe
from core.actions import Action, actions_for
from core.differences.result import Gap
from core.features.labels import said_rule
from core.figures.gaps import sentence
from core.figures.theme import segment_colours
from core.io.sets.kept_rows import Edit
from core.pipeline import Results
from core.plain import DEPTH, Plain
from core.profile import Profile, Segment
from core.profile.profile import SMALL
from core.report import drawn
from core.report.told import About, Advice, Drawing, Part, Sheet, sheet
from core.words import number, plural

MOST_GAPS = 6
MOST_DRAWN = 12
"""Segments whose differences are drawn; those of the others are sentences alone."""


def segment_table(results: Results, about: About) -> Sheet:
    """A row per segment and one for all customers."""
    profile, currency, say = _profile(results), results.customers.currency, about.say
    money = profile.value is not None
    columns = [("Segment", False), ("Customers", True), ("Share", True)]
    columns += [("Net sales", True), ("Share", True), ("Times its share", True)] if money else []
    columns += [("Reliability", False), ("Labels", False)]
    rows = []
    for s in profile.segments:
        row = [s.name, f"{s.size:,}", number(s.share, "share")]
        if money:
            row += [
                number(s.net, "money", currency),
                number(s.value_share, "share"),
                number(s.index, "times"),
            ]
        rows.append([*row, describe.reliability(results, s.number), ", ".join(s.labels)])
    overall = ["All customers", f"{profile.customers:,}", "100 %"]
    overall += [number(profile.net, "money", currency), "100 %", "1.0×"] if money else []
    return sheet(columns, [[row[0], *map(say, row[1:])] for row in [*rows, [*overall, "", ""]]])


def segment_marks(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Of each row of the table: its colour, and where the segment stands; empty for all customers."""
    colours = segment_colours(profile.segments)
    return (*((colours[s.number], f"segment-{s.number}") for s in profile.segments), ("", ""))


def label_table(profile: Profile, about: About) -> Sheet:
    """Labels with their counts and evidence: of those that can be judged, how many carry it."""
    able = [label for label in profile.labels if not label.reason]
    if not able:
        return sheet([], [])
    columns = [("Segment", False), *((label.name, True) for label in able)]
    rows = [
        [s.name, *(about.say(f"{label.flagged[at]:,} of {label.judged[at]:,}") for label in able)]
        for at, s in enumerate(profile.segments)
    ]
    overall = [about.say(f"{label.yes:,} of {label.judged_all:,}") for label in able]
    return sheet(columns, [*rows, ["All customers", *overall]])


def label_rules(results: Results, about: About) -> tuple[tuple[str, str], ...]:
    """Each label's rule, or why it can't be judged."""
    currency = results.customers.currency
    return tuple(
        (
            label.name,
            about.say(f"can't be judged. {label.reason}" if label.reason else said_rule(label, currency)),
        )
        for label in _profile(results).labels
    )


def parts(results: Results, about: About, questions: int = DEPTH) -> tuple[Part, ...]:
    """Each segment by itself; its rule asks at most so many `questions`."""
    profile = _profile(results)
    rules = results.plain
    return tuple(
        _part(results, s, at, about, rules.of(at, questions)[0] if rules is not None else None)
        for at, s in enumerate(profile.segments)
    )


def _part(results: Results, s: Segment, at: int, about: About, plain: Plain | None) -> Part:
    currency, say, profile = results.customers.currency, about.say, _profile(results)
    gaps = _gaps(results, s, at)
    colour = segment_colours(profile.segments)[s.number]
    rule, fit = _rule(plain, currency)
    return Part(
        target=f"segment-{s.number}",
        name=s.name,
        colour=colour,
        size=say(_size(s, results)),
        because=say(describe.because(profile, s, currency)),
        labels=s.labels,
        sentences=tuple(say(_sentence(gap, currency)) for gap in gaps),
        rule=say(rule),
        fit=say(fit),
        actions=_actions(profile, s, about),
        note=_note(results, s),
        drawing=_drawing(s, gaps, colour, say(_alt(s, gaps, currency))) if gaps and at < MOST_DRAWN else None,
    )


def _profile(results: Results) -> Profile:
    assert results.profile is not None
    return results.profile


def _size(s: Segment, results: Results) -> str:
    said = f"{plural(s.size, 'customer')}, {number(s.share, 'share')} of all"
    if s.value_share is not None:
        said += (
            f" · net sales {number(s.net, 'money', results.customers.currency)},"
            f" {number(s.value_share, 'share')} of all, {number(s.index, 'times')} its share"
        )
    seal = describe.reliability(results, s.number)
    if s.size < SMALL:
        said += f" · fewer than {SMALL}: medians and differences are not shown"
    return said if seal == "–" else f"{said} · {seal}"


def _gaps(results: Results, s: Segment, at: int) -> list[Gap]:
    """The strongest differences that made the segment or are shown to be more than chance."""
    if results.differences is None or s.size < SMALL:
        return []
    return [gap for gap in results.differences.of(at) if gap.made or gap.claimed][:MOST_GAPS]


def _sentence(gap: Gap, currency: str) -> str:
    made = " Segments were built on this." if gap.made else ""
    few = " A few customers decide it." if gap.few else ""
    return sentence(gap, currency=currency) + made + few


def _rule(found: Plain | None, currency: str) -> tuple[str, str]:
    if found is None or not found.rule.conditions:
        return "", ""
    said = (
        f"Of 100 the rule picks, {_of_hundred(found.precision)} belong; of 100 that belong, it finds"
        f" {_of_hundred(found.recall)} (on {plural(found.held_out, 'customer')} it was not made from)."
    )
    faithful = "" if found.faithful else "Not faithful: to be read, not to be used. "
    return found.rule.said(currency), faithful + said


def _of_hundred(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


def _actions(profile: Profile, s: Segment, about: About) -> tuple[Advice, ...]:
    """What is suggested for the segment, or what the team has written in its place."""
    if not s.number:
        return ()
    return tuple(_advice(action, about.edits.get(action.kind, ())) for action in actions_for(profile, s))


def _advice(action: Action, edits: Sequence[Edit]) -> Advice:
    if edits and edits[0].text:
        return Advice(text=edits[0].text, source=edits[0].author or "written by the team")
    return Advice(text=action.text, source=f"Source: {action.source}")


def _note(results: Results, s: Segment) -> str:
    given = results.titles.given.get(s.number) if results.titles is not None else None
    return given.note if given is not None else ""


def _drawing(s: Segment, gaps: Sequence[Gap], colour: str, alt: str) -> Drawing:
    return Drawing(
        title="Beside the rest",
        answer="",
        alt=alt,
        svg=Markup(drawn.rest(gaps, colour)),
        caption="In standard deviations over all customers; the line is the likely range (95 %).",
    )


def _alt(s: Segment, gaps: Sequence[Gap], currency: str) -> str:
    return f"Differences of {s.name} from the rest. " + " ".join(sentence(g, currency=currency) for g in gaps)
