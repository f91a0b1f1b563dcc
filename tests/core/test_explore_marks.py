"""A mark of an EDA chart opens exactly whom it counts: its conditions, read from a link, find them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from core import explore
from core.features.cohort import included
from core.features.customers import Customers
from core.figures import CHARTS, Drawn
from core.spec import Study
from tests.core.small import sheet

N = 3_000
RNG = np.random.default_rng(11)
HOSTILE = ["<b>x</b>", "__proto__", "=1+1", "a,b%2C", "日本 🛍", " שלום", "x" * 300, "x" * 300 + "y", "&amp;"]
MONTHS = pa.table(
    {
        "month": [dt.date(2010, 11, 1), dt.date(2010, 12, 1), dt.date(2011, 1, 1), dt.date(2011, 2, 1)],
        **{name: [5.0, 6.0, 7.0, 8.0] for name in ("net", "gross")},
        **{name: [5, 6, 7, 8] for name in ("orders", "customers")},
    }
)


def _customers() -> Customers:
    """3,000 customers with ties, gaps, extremes, hostile categories, and months of orders."""
    spend = np.round(RNG.lognormal(4, 1.7, N), 2)
    spend[:40], spend[40:60] = 0, -12.5
    bits = RNG.integers(1, 16, N)
    first = np.log2(bits & -bits).astype(int)
    days = [dt.date(2010, 11, 5), dt.date(2010, 12, 31), dt.date(2011, 1, 1), dt.date(2011, 2, 1)]
    visits = np.where(RNG.random(N) < 0.1, np.nan, RNG.normal(0, 0.0371, N))
    columns: dict[str, Any] = {
        "monetary": spend,
        "orders": RNG.geometric(0.3, N).astype(float),
        "visits": visits,
        "share": np.where(RNG.random(N) < 0.05, np.nan, RNG.integers(0, 101, N) / 100),
        "big": RNG.integers(1, 10**9, N) * 1e7,
        "constant": np.full(N, 3.25),
        "age": [None if i % 9 == 0 else float(15 + i % 70) for i in range(N)],
        "gender": [["f", "m", None][i % 3] for i in range(N)],
        "city": [f"city {int(i**1.3) % 40}" for i in range(N)],
        "odd": [HOSTILE[i % len(HOSTILE)] for i in range(N)],
        "band": [[None, "low", "mid", "high"][i % 4] for i in range(N)],
        "flag": [bool(i % 2) for i in range(N)],
        "tenure": [float((dt.date(2011, 2, 20) - days[f]).days) for f in first],
    }
    units = {"monetary": "money", "orders": "count", "share": "share", "age": "age", "tenure": "days"}
    units |= {"gender": "category", "city": "category", "odd": "category", "band": "band", "flag": "flag"}
    made = sheet(columns, units, {"band": ("low", "mid", "high")})
    hidden = {"r": RNG.integers(0, 6, N), "fm": RNG.integers(1, 6, N), "_ordered_2010_11": bits}
    table = made.table
    for name, values in hidden.items():
        table = table.append_column(name, pa.array(values))
    return replace(
        made,
        table=table,
        months=MONTHS,
        as_of=dt.date(2011, 2, 20),
        first_day=dt.date(2010, 11, 5),
        last_day=dt.date(2011, 2, 20),
    )


CUSTOMERS = _customers()
NUMBERS = ("monetary", "orders", "visits", "share", "big", "constant", "age")
GROUPS = ("gender", "city", "band", "flag", "age", "odd")


def drawn(name: str, found: Any) -> Drawn:
    assert found is not None
    return CHARTS[name].draw(found)


Make = Callable[[np.ndarray], Drawn]
CASES: dict[str, Make] = {
    **{
        f"histogram {slug} {scale} {group}": lambda rows, s=slug, g=group, a=scale: drawn(
            "histogram", explore.histogram(CUSTOMERS, rows, s, g, a)
        )
        for slug in NUMBERS
        for group, scale in (("", "auto"), ("gender", "linear"), ("city", "log"))
    },
    **{
        f"histogram without the highest {slug} {scale}": lambda rows, s=slug, a=scale: drawn(
            "histogram", explore.histogram(CUSTOMERS, rows, s, "", a, 12, "cut")
        )
        for slug in NUMBERS
        for scale in ("linear", "log")
    },
    **{
        f"bars {slug} {group}": lambda rows, s=slug, g=group: drawn(
            "bars", explore.level_bars(CUSTOMERS, rows, s, g)
        )
        for slug in GROUPS
        for group in ("", "age")
    },
    "orders": lambda rows: drawn("orders", explore.order_bars(CUSTOMERS, rows, "band")),
    "rfm": lambda rows: drawn("rfm", explore.rfm_grid(CUSTOMERS, rows)),
    "concentration": lambda rows: drawn("concentration", explore.concentration(CUSTOMERS, rows)),
    "over_time": lambda rows: drawn("over_time", explore.months(CUSTOMERS, rows)),
    "retention": lambda rows: drawn("retention", explore.retention(CUSTOMERS, rows)),
    "retention of two months": lambda rows: drawn(
        "retention", explore.retention(CUSTOMERS, rows, ("2010-12", "2011-01"))
    ),
    "boxes": lambda rows: drawn("boxes", explore.boxes(CUSTOMERS, rows, "visits", "city")),
    "crossed": lambda rows: drawn("crossed", explore.cross(CUSTOMERS, rows, "city", "band")),
    "missing": lambda rows: drawn("missing", explore.missing(CUSTOMERS, rows)),
    "missing_together": lambda rows: drawn(
        "missing_together", explore.patterns(CUSTOMERS, rows, explore.missing(CUSTOMERS, rows))
    ),
}


def _opened(rows: np.ndarray, drawing: Drawn) -> list[tuple[str, int, int]]:
    """Key, customers counted, and customers that the mark's conditions find, read from a link."""
    there = np.zeros(N, dtype=bool)
    there[rows] = True
    found = []
    for mark in drawing.marks:
        link = Study().with_(show=[f.write() for f in mark.conditions]).query()
        study = Study.parse(link)
        assert not study.notes, study.notes
        mask, notes = included(CUSTOMERS, study.lens.show)
        assert not notes, notes
        found.append((mark.key, mark.customers, int((mask & there).sum())))
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("rows", [np.arange(N), np.arange(0, N, 7)], ids=["all", "some"])
def test_a_mark_opens_exactly_whom_it_counts(case: str, rows: np.ndarray) -> None:
    found = _opened(rows, CASES[case](rows))
    assert found
    assert [(key, met) for key, _, met in found] == [(key, counted) for key, counted, _ in found]


@pytest.mark.parametrize("far", ["shown", "cut"])
def test_a_cell_of_a_density_opens_exactly_whom_it_counts(far: str) -> None:
    n = explore.MAX_POINTS + 900
    columns = {"orders": RNG.geometric(0.3, n).astype(float), "spend": RNG.lognormal(4, 1.7, n)}
    many = sheet(columns, {"orders": "count", "spend": "money"})
    found = explore.pair(many, np.arange(n), "orders", "spend", "", "linear", far)
    drawing, cut = drawn("pair", found), found.beyond
    assert sum(mark.customers for mark in drawing.marks) == n - cut
    assert bool(cut) == (far == "cut")
    for mark in drawing.marks[::9]:
        assert int(included(many, mark.conditions)[0].sum()) == mark.customers


def test_marks_stand_on_every_mark_of_a_figure_that_counts_somebody() -> None:
    rows = np.arange(N)
    for case in ("histogram monetary linear gender", "bars gender ", "orders", "over_time"):
        drawing = CASES[case](rows)
        keys = {
            key
            for trace in drawing.figure.data
            for key, n in zip(trace.customdata, trace.y if trace.orientation != "h" else trace.x, strict=True)
            if n and not str(key).startswith(("net", "orders"))
        }
        assert keys == {mark.key for mark in drawing.marks}


def test_levels_that_a_link_cannot_say_apart_have_no_mark() -> None:
    said = [mark.said for mark in CASES["bars odd "](np.arange(N)).marks]
    assert not [text for text in said if "x" * 300 in text]
    assert len(said) == len(HOSTILE) - 2


@pytest.mark.parametrize("few", [0, 1, 2])
def test_charts_of_hardly_anybody_are_drawn(few: int) -> None:
    rows = np.arange(few)
    for case, make in CASES.items():
        if case.startswith(("histogram", "bars", "boxes", "crossed", "orders", "over_time", "missing ")):
            assert make(rows).answer
