"""The cleaning recipe in words: its steps in order, what each did here, and how each is switched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.clean import Step
from core.effect import Grouped
from core.features.customers import Customers, LedgerRow
from core.features.matrix import Matrix
from core.features.prepare import Prepared
from core.io.dataset import Column, Dataset
from core.io.meaning.questions import leaves_out_duplicates
from core.io.names import listed
from core.spec import PARAMS, Study
from core.words import about, number, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeStep:
    """One step of the recipe, for one study.

    Attributes
    ----------
    key : str
        Name of the step.
    field : str
        URL name of its choice; empty where the choice is not part of an address (how the file was read).
    title, text : str
        What the step is about, and in a sentence what it did here.
    on : bool
        Whether it does anything; the choices that only count are off.
    off_value, on_value : tuple of str
        Raw values of the field that switch it off, and on as it is usually wanted.
    rows, values : int
        Rows of the file or customers it touched; values it changed.
    money : float or None
        What these rows are worth, where that is known.
    """

    key: str
    field: str
    title: str
    text: str
    on: bool
    off_value: tuple[str, ...] = ()
    on_value: tuple[str, ...] = ()
    rows: int = 0
    values: int = 0
    money: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a step did; None in its place where it can't apply to this kind of data.

    `settled` where an answer about the file decides, whatever the recipe says.
    """

    text: str
    rows: int = 0
    values: int = 0
    money: float | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What the steps tell of."""

    study: Study
    dataset: Dataset
    customers: Customers
    matrix: Matrix | None

    @property
    def log(self) -> bool:
        return self.dataset.kind == "log"

    @property
    def columns(self) -> tuple[Column, ...]:
        people = self.dataset.people
        return (*self.dataset.table.columns, *(people.columns if people else ()))

    def step(self, name: str) -> Step | None:
        """What a choice did, as the sheet or the matrix tells it."""
        told = (*self.customers.steps, *(self.matrix.steps if self.matrix else ()))
        return next((s for s in told if s.name == name), None)

    def left_out(self, *keys: str) -> LedgerRow | None:
        """The first of these rows of the ledger."""
        rows = (*self.customers.ledger, *(self.matrix.ledger if self.matrix else ()))
        return next((r for r in rows if r.key in keys and r.kind == "out"), None)

    def prepared(self, kind: str) -> list[Prepared]:
        """The compared columns of a kind."""
        return [p for p in (self.matrix.prepared if self.matrix else ()) if p.kind == kind]

    def worth(self, money: float | None) -> str:
        """An amount as the end of a phrase, where there is one."""
        return "" if money is None else f", worth {about(money, 'money', self.customers.currency)}"


def recipe(study: Study, results: Grouped, dataset: Dataset) -> tuple[RecipeStep, ...]:
    """The steps of the recipe that can apply to this data, in their order.

    Parameters
    ----------
    results : core.pipeline.Results
        Of this study; without a matrix the steps on the compared columns are not listed.
    dataset : Dataset
    """
    case = _Case(study=study, dataset=dataset, customers=results.customers, matrix=results.matrix)
    found = [_types(dataset)]
    for key, (field, off, on, tell) in _STEPS.items():
        told = tell(case)
        if told is not None:
            found.append(_listed(case, key, field, off, on, told))
    return tuple(found)


def _listed(case: _Case, key: str, field: str, off: str, on: str, told: _Told) -> RecipeStep:
    declared = PARAMS[field][1]
    value = case.study.value(field)
    return RecipeStep(
        key=key,
        field="" if told.settled else field,
        title=declared.label,
        text=told.text,
        on=told.settled or value != declared.read(off),
        off_value=(off,) if off else (),
        on_value=_offered(case) if field == "blanks" else (on,),
        rows=told.rows,
        values=told.values,
        money=told.money,
    )


def _types(dataset: Dataset) -> RecipeStep:
    text = " ".join(dataset.decisions) or "Every value is taken as it stands in the file."
    return RecipeStep(key="types", field="", title="How the file is read", text=text, on=True)


def _offered(case: _Case) -> tuple[str, ...]:
    """The values that may mean “missing”, as the field `blanks` writes them."""
    chosen = tuple(f"{slug}:{word}" for slug, word in case.study.clean.blanks)
    return chosen or tuple(f"{c.slug}:{word}" for c in case.columns for word, _ in c.blanks)


def _blanks(case: _Case) -> _Told | None:
    offered = {(c.slug, word): rows for c in case.columns for word, rows in c.blanks}
    chosen = case.study.clean.blanks
    step = case.step("blanks")
    if chosen and step is not None:
        return _as_told(step)
    if chosen:
        rows = sum(offered.get(pair, 0) for pair in chosen)
        return _Told(text=f"{_words(case, chosen)} counts as an empty cell.", rows=rows, values=rows)
    if not offered:
        return None
    rows = sum(offered.values())
    text = f"{_words(case, tuple(offered))} may mean that the value is missing"
    return _Told(text=f"{text} ({plural(rows, 'cell')}); counted as they stand.")


def _words(case: _Case, pairs: tuple[tuple[str, str], ...]) -> str:
    names = {c.slug: c.name for c in case.columns}
    return listed([f"“{word}” in {names.get(slug, slug)}" for slug, word in pairs])


def _duplicates(case: _Case) -> _Told | None:
    step, customers = case.step("duplicates"), case.customers
    if step is not None:
        return _as_told(step)
    out = case.left_out("duplicate")
    if out is not None:
        why = " As answered above." if leaves_out_duplicates(case.dataset) else ""
        text = f"{out.text}: {plural(out.rows, 'row')}{case.worth(out.money)}, left out.{why}"
        return _Told(text=text, rows=out.rows, money=out.money, settled=bool(why))
    n = customers.duplicates
    if not n:
        return _Told(text="No row equals an earlier one.")
    money = customers.duplicates_money
    equal = "row equals" if n == 1 else "rows equal"
    text = f"{n:,} {equal} an earlier row in every column{case.worth(money)}: kept and counted."
    return _Told(text=text, rows=n, money=money)


def _impossible(case: _Case) -> _Told | None:
    step, out = case.step("impossible"), case.left_out("impossible")
    if step is not None:
        return _as_told(step, out)
    if out is not None:
        return _gone(case, out, "with an impossible value")
    if not any(c.role in ("age", "since", "spend", "date") for c in case.columns):
        return None
    return _Told(text="No age is over 110, no date in the future, no spend below zero.")


def _cancelled(case: _Case) -> _Told | None:
    if not case.log or not case.dataset.table.by_role("status"):
        return None
    step, out = case.step("cancelled"), case.left_out("status")
    if step is not None:
        return _as_told(step, out)
    if out is not None:
        return _gone(case, out, "of cancelled or test orders")
    if case.study.clean.cancelled == "keep":
        return _Told(text="Cancelled and test orders count like the others.")
    return _Told(text="No order is cancelled or a test.")


def _services(case: _Case) -> _Told | None:
    if not case.log or not case.dataset.table.by_role("product"):
        return None
    step, out = case.step("services"), case.left_out("service", "services")
    if step is not None:
        return _as_told(step, out)
    if out is not None:
        return _gone(case, out, "that is no product" if out.rows == 1 else "that are not products")
    if case.study.clean.services == "keep":
        return _Told(text="Postage, fees and the like count like products.")
    return _Told(text="Every line is a product.")


def _returns(case: _Case) -> _Told | None:
    customers = case.customers
    if not case.log or customers.returns is None:
        return None
    step = case.step("returns")
    if step is not None:
        return _as_told(step)
    n = int((np.nan_to_num(customers.number("returns")) > 0).sum()) if customers.has("returns") else 0
    if not n:
        return _Told(text="Nobody returned anything.")
    done = {
        "net": "are taken off spend",
        "exclude": "are not taken off spend",
        "flag": "are taken off spend, and these customers are marked",
    }[case.study.clean.returns]
    money = about(customers.returns, "money", customers.currency)
    return _Told(
        text=f"Returns of {plural(n, 'customer')}, worth {money} in all, {done}.",
        rows=n,
        money=customers.returns,
    )


def _missing(case: _Case) -> _Told | None:
    step = case.step("missing")
    return None if step is None else _as_told(step, case.left_out("missing"), case)


def _outliers(case: _Case) -> _Told | None:
    step = case.step("outliers")
    if step is None or not case.prepared("number"):
        return None
    return _as_told(step, case.left_out("outliers"), case)


def _rare(case: _Case) -> _Told | None:
    step = case.step("rare")
    if not (step and step.rows) and not any(len(p.levels) > 1 for p in case.prepared("category")):
        return None
    if step is not None:
        return _as_told(step)
    return _Told(text="Every category counts as itself.")


def _transforms(case: _Case) -> _Told | None:
    numbers = case.prepared("number")
    if not numbers or case.matrix is None:
        return None
    done = [p.label for p in numbers if p.transform in ("log1p", "yeo-johnson")]
    if not done:
        return _Told(text="Every number is taken as it is.")
    n = len(case.matrix.x)
    how = "on a logarithmic scale" if case.study.features.transform == "log1p" else "evened out"
    return _Told(
        text=f"{', '.join(done)}: {how}, so that a few very large values do not decide everything;"
        " figures are shown in real units.",
        rows=n,
        values=n * len(done),
    )


def _as_told(step: Step, out: LedgerRow | None = None, case: _Case | None = None) -> _Told:
    """A step in its own words, with the money of those who left for it."""
    money = out.money if out is not None else None
    text = step.text
    if case is not None and out is not None:
        text = f"{text[:-1]} ({plural(out.customers, 'customer')}{case.worth(money)})."
    return _Told(text=text, rows=step.rows, values=step.values, money=money)


def _gone(case: _Case, out: LedgerRow, which: str) -> _Told:
    what = plural(out.rows, "line" if case.log else "row")
    whom = f" of {plural(out.customers, 'customer')}" if case.log else ""
    share = number(out.rows / case.customers.ledger[0].rows, "share")
    return _Told(
        text=f"{what} {which}{whom} ({share} of the file{case.worth(out.money)}): left out.",
        rows=out.rows,
        money=out.money,
    )


_STEPS: Final[dict[str, tuple[str, str, str, Callable[[_Case], _Told | None]]]] = {
    "blanks": ("blanks", "", "", _blanks),
    "duplicates": ("duplicates", "report", "drop", _duplicates),
    "impossible": ("impossible", "report", "missing", _impossible),
    "cancelled": ("cancelled", "keep", "out", _cancelled),
    "services": ("services", "keep", "out", _services),
    "returns": ("returns", "exclude", "net", _returns),
    "missing": ("missing", "leave", "median", _missing),
    "outliers": ("outliers", "report", "cap-iqr", _outliers),
    "rare": ("rare", "0", "5", _rare),
    "transforms": ("transform", "none", "auto", _transforms),
}
"""Key -> field, value that switches it off, value that switches it on, and what it tells."""
