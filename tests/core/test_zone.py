"""Times written with a zone fall on the days of the data set's time zone."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core import pipeline
from core.errors import UserError
from core.features.fates import seen_from
from core.features.recipe import today
from core.features.recipe_steps import recipe_steps
from core.io.dataset import Dataset
from core.io.store import Store
from core.quality import report
from core.spec import Clean, Source, Study

TIMES = ("2024-03-30T23:30:00Z", "2024-03-31T22:30:00Z", "2024-10-26T23:30:00+01:00", "2024-12-31T23:30:00Z")
"""Around both changes of the clock, and at the end of a year."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def log(path: Path, times: tuple[str, ...] = TIMES) -> Path:
    rows = [f"{i},C{i % 2},{time},1,{10 + i}" for i, time in enumerate(times)]
    path.write_text("\n".join(["order_id,customer_id,ordered_at,quantity,unit_price", *rows]) + "\n")
    return path


def days(store: Store, dataset: Dataset) -> list[dt.date]:
    """The last order's day of each customer, as the snapshot day less the recency."""
    results = pipeline.run(Study.parse(f"ds={dataset.id}"), store, need="customers")
    recency = results.customers.table["recency"].to_pylist()
    return sorted(results.customers.as_of - dt.timedelta(days=int(r)) for r in recency)


def expected(zone: str) -> list[dt.date]:
    moments = [dt.datetime.fromisoformat(time).astimezone(ZoneInfo(zone)) for time in TIMES]
    return sorted(max(moments[i::2]).date() for i in range(2))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_a_time_with_a_zone_falls_on_the_day_of_the_data_set_s_zone(
    store: Store, tmp_path: Path, zone: str
) -> None:
    dataset = store.add(log(tmp_path / "log.csv"))
    assert dataset.table.one("date").zoned  # type: ignore[union-attr]
    assert days(store, store.change(dataset.id, time_zone=zone)) == expected(zone)


def test_a_time_without_a_zone_stays_where_it_stands(store: Store, tmp_path: Path) -> None:
    times = tuple(time[:19] for time in TIMES)
    dataset = store.add(log(tmp_path / "log.csv", times))
    moved = store.change(dataset.id, time_zone="Asia/Kolkata")
    assert days(store, moved) == days(store, dataset)


def test_the_zone_of_a_parquet_file_is_known(store: Store, tmp_path: Path) -> None:
    frame = pd.read_csv(log(tmp_path / "log.csv"))
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"], utc=True).dt.tz_convert("US/Pacific")
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "log.parquet")
    dataset = store.change(store.add(tmp_path / "log.parquet").id, time_zone="Europe/Berlin")
    assert days(store, dataset) == expected("Europe/Berlin")


def test_rows_with_and_without_a_zone_are_not_mixed(store: Store, tmp_path: Path) -> None:
    dataset = store.add(log(tmp_path / "log.csv"))
    later = log(tmp_path / "more.csv", ("2025-01-02T10:00:00",))
    with pytest.raises(UserError, match="with their time zone, this file without it"):
        store.append(dataset.id, later)


MORNING = "2024-05-01T13:30:00+00:00"
"""A moment of 1 May in Europe and of 2 May in New Zealand."""


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 1), ("Pacific/Auckland", 2), ("Europe/Berlin", 1), ("Pacific/Honolulu", 1)]
)
def test_the_day_a_file_came_is_that_of_the_data_set_s_zone(
    store: Store, tmp_path: Path, zone: str, day: int
) -> None:
    dataset = replace(store.add(log(tmp_path / "log.csv")), added=MORNING, time_zone=zone)
    assert today(dataset) == dt.date(2024, 5, day)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_orders_of_this_morning_are_not_in_the_future(store: Store, tmp_path: Path, zone: str) -> None:
    times = ("2024-04-28T12:00:00Z", "2024-04-29T12:00:00Z", "2024-05-01T13:00:00Z")
    added = store.change(store.add(log(tmp_path / "log.csv", times)).id, time_zone=zone)
    dataset = replace(added, added=MORNING)
    local = dt.datetime.fromisoformat(times[-1]).astimezone(ZoneInfo(zone)).date()
    seen = seen_from(store.engine, dataset, Source(), Clean())
    assert (seen.as_of, seen.notes) == (local, ())
    problems = {p.key for p in report(store.engine, dataset).problems if p.rows}
    assert not any(key.startswith("future") for key in problems)
    steps = {step.name: step.rows for step in recipe_steps(store.engine, dataset, Clean())}
    assert not steps.get("impossible")


def test_a_moment_of_a_customer_table_is_judged_by_the_data_set_s_clock(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    since = ("2024-05-01T13:00:00Z", "2024-05-02T13:00:00Z")
    path.write_text("\n".join(["customer_id,since,spend", *(f"C{i},{s},{i}" for i, s in enumerate(since))]))
    added = store.change(store.add(path, roles={"since": "since"}).id, time_zone="Pacific/Auckland")
    dataset = replace(added, added=MORNING)
    steps = {step.name: step.rows for step in recipe_steps(store.engine, dataset, Clean())}
    assert steps["impossible"] == 1  # the other one is of this morning
    (found,) = [p for p in report(store.engine, dataset).problems if p.key.startswith("future")]
    assert found.rows == 1
