"""The quality report, put together."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from core import words
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.quality.checks import Check
from core.quality.columns import EXACT_ROWS, described, is_amount
from core.quality.contract import ColumnQuality, Problem, Quality, Spread
from core.quality.counts import counted
from core.quality.found import problem
from core.quality.narrow import CLOSELY, used
from core.quality.subject import Subject, Touched
from core.quality.together import repeated_numbers, repeated_rows, services, unmatched_returns
from core.quality.unusual import unusual_combinations

_PEOPLE: Final = "people:"
"""What the key of a problem of the customer table beside a log begins with."""


def built(engine: Engine, dataset: Dataset) -> Quality:
    """The report of `core.quality.report`."""
    subject = Subject(engine, dataset)
    columns = described(engine, dataset.table)
    spreads = {
        c.slug: q.spread for c, q in zip(dataset.columns, columns, strict=True) if q.spread and is_amount(c)
    }
    whole, found = counted(subject, spreads)
    beside = _beside(engine, dataset)
    problems = [
        *_of_rows(subject, whole, found.values(), spreads),
        *_of_groups(subject, whole),
        *_of_columns(subject, whole),
        *_aside(subject),
        *(beside.problems if beside else ()),
    ]
    return Quality(
        rows=dataset.table.rows,
        aside=sum(rows for _, rows in dataset.table.aside),
        money=whole.money,
        columns=tuple(_with_outliers(c, found) if c.slug in spreads else c for c in columns),
        people=beside.columns if beside else (),
        problems=tuple(sorted(problems, key=_weight)),
        notes=(*_notes(dataset), *(beside.notes if beside else ())),
    )


def with_unusual(quality: Quality, engine: Engine, dataset: Dataset) -> Quality:
    """The report of `core.quality.with_unusual`."""
    found = [unusual_combinations(Subject(engine, dataset))]
    if dataset.people is not None:
        beside = unusual_combinations(Subject(engine, _people(dataset)))
        found.append(beside and replace(beside, key=_PEOPLE + beside.key))
    problems = (*quality.problems, *(one for one in found if one))
    return replace(quality, problems=tuple(sorted(problems, key=_weight)))


def _of_rows(
    subject: Subject, whole: Touched, found: Iterable[tuple[Check, Touched]], spreads: dict[str, Spread]
) -> Iterator[Problem]:
    narrow = {slug for slug, s in spreads.items() if s.first_quartile == s.third_quartile}
    unused = {c.slug for c in subject.dataset.columns if not used(c)}
    for check, touched in found:
        if not touched.rows:
            continue
        # without a middle half that has a width, every other value would be far from it
        if check.key.startswith("far:") and check.slug in narrow | unused:
            continue
        yield problem(
            subject,
            whole,
            touched,
            key=check.key,
            text=check.text,
            decides=check.decides,
            slug=check.slug,
            mild=check.mild,
        )


def _of_groups(subject: Subject, whole: Touched) -> Iterator[Problem]:
    for problems in (repeated_rows, unmatched_returns, services):
        if found := problems(subject, whole):
            yield found
    yield from repeated_numbers(subject, whole)


def _of_columns(subject: Subject, whole: Touched) -> Iterator[Problem]:
    """Columns with one value only, or none."""
    for column in subject.dataset.columns:
        if not used(column) or column.distinct > 1 or not subject.dataset.table.rows:
            continue
        rows = subject.dataset.table.rows - column.missing
        same = "{rows} have the same value and can't tell customers apart"
        text = f"{column.name}: {same}." if rows else f"{column.name} is empty in every {subject.noun}."
        yield problem(
            subject,
            whole,
            Touched(rows=rows, customers=None, money=None),
            key=f"constant:{column.slug}",
            text=text,
            decides="meanings",
            slug=column.slug,
            mild=True,
        )


def _aside(subject: Subject) -> Iterator[Problem]:
    for reason, rows in subject.dataset.table.aside:
        said = reason.rstrip(".")
        touched = Touched(rows=rows, customers=None, money=None)
        whole = Touched(rows=rows + subject.dataset.table.rows, customers=None, money=None)
        text = f"{{rows}} of the file could not be read and stand aside: {said[:1].lower()}{said[1:]}."
        yield problem(subject, whole, touched, key=f"aside:{reason}", text=text)


def _beside(engine: Engine, dataset: Dataset) -> Quality | None:
    """The report of the customer table beside a log."""
    if dataset.people is None:
        return None
    report = built(engine, _people(dataset))
    problems = tuple(replace(p, key=_PEOPLE + p.key) for p in report.problems)
    return replace(report, problems=problems)


def _people(dataset: Dataset) -> Dataset:
    """The customer table beside a log, as a data set."""
    assert dataset.people is not None, "asked of a log that has one"
    return replace(dataset, kind="customers", table=dataset.people, people=None)


def _with_outliers(column: ColumnQuality, found: dict[str, tuple[Check, Touched]]) -> ColumnQuality:
    far = found.get(f"far:{column.slug}")
    return replace(column, outliers=far[1].rows if far else 0)


def _weight(found: Problem) -> tuple[bool, float, int, str]:
    return found.money is None, -abs(found.money or 0.0), -found.rows, found.key


def _notes(dataset: Dataset) -> Iterator[str]:
    if dataset.table.rows > EXACT_ROWS:
        rows = words.plural(EXACT_ROWS, "row")
        yield f"Middle values and the limits of unusual ones come from a sample of about {rows}."
    if len(dataset.columns) > CLOSELY:
        yield (
            f"Of {len(dataset.columns):,} columns {CLOSELY} were looked at closely, those that are used"
            " first; of the others only empty and different values were counted."
        )
