"""A log gathered in parts of its customers, beside the same at once; and the measures beside pandas."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.features.customers import Customers
from core.features.gathered import ADDING
from core.features.log_sheet import log_sheet
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.store import Store
from core.spec import Clean, Source
from tests.core.small import add

ROLES = {
    "customer": "id",
    "order": "order",
    "date": "date",
    "product": "product",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "discount": "discount",
    "country": "country",
    "category": "category",
}


def lines(seed: int = 0, n: int = 4000, customers: int = 150) -> pd.DataFrame:
    """Lines of a shop, a tenth of them sent back later, some without a customer, some twice."""
    rng = np.random.default_rng(seed)
    order = np.sort(rng.integers(0, n // 4, n))
    customer = rng.integers(1, customers, n // 4)[order].astype(float)
    day = rng.integers(0, 600, n // 4)[order]
    minute = rng.integers(0, 1440, n // 4)[order]
    start = np.datetime64("2024-01-01", "m")
    sold = pd.DataFrame(
        {
            "customer": np.where(rng.random(n) < 0.02, np.nan, customer),
            "order": order,
            "date": start
            + day.astype("timedelta64[D]").astype("timedelta64[m]")
            + minute.astype("timedelta64[m]"),
            "product": rng.integers(100, 130, n),
            "quantity": rng.integers(1, 4, n),
            "unit_price": rng.integers(100, 5000, n) / 100,
            "country": rng.choice(["Italy", "Spain"], n),
            "category": rng.choice(["Tea", "Mugs", "Other"], n, p=[0.6, 0.3, 0.1]),
        }
    )
    sold["discount"] = np.where(
        rng.random(n // 4)[order] < 0.4, (sold.quantity * sold.unit_price * 0.1).round(2), 0.0
    )
    back = sold.sample(n // 10, random_state=seed)
    later = rng.integers(0, 30, len(back)).astype("timedelta64[D]")
    back = back.assign(quantity=-back.quantity, order=back.order + n, discount=0.0, date=back.date + later)
    return pd.concat([sold, back, sold[sold.order < 20].assign(order=sold.order + 3 * n)], ignore_index=True)


def stored(store: Store, path: Path, frame: pd.DataFrame, name: str) -> Dataset:
    """The lines as a data set."""
    frame = frame.assign(customer=frame.customer.astype("Int64"), date=frame.date.astype("datetime64[us]"))
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path / f"{name}.parquet")
    return store.add(path / f"{name}.parquet", roles=ROLES, answers={"discount": "before"})


@pytest.fixture(scope="module")
def shop(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A log with whole numbers for customers, orders and products."""
    return stored(store, tmp_path_factory.mktemp("shop"), lines(), "shop")


@pytest.fixture(scope="module")
def spelled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The same log with text for them."""
    found = lines().assign(
        order=lambda f: "o" + f.order.astype(str), product=lambda f: "p" + f["product"].astype(str)
    )
    return stored(store, tmp_path_factory.mktemp("spelled"), found, "spelled")


def sheet(engine: Engine, dataset: Dataset, parts: int, **source: object) -> Customers:
    """The sheet in so many parts."""
    return log_sheet(engine, dataset, Source(**source), Clean(), lambda stage, share: None, parts)  # type: ignore[arg-type]


EVERY = ("gaps", "habits", "categories", "start", "trend")


@pytest.mark.parametrize("window", ["all", "365"])
@pytest.mark.parametrize("parts", [2, 7])
def test_parts_make_no_difference(store: Store, shop: Dataset, parts: int, window: str) -> None:
    whole = sheet(store.engine, shop, 1, window=window, extras=EVERY)
    found = sheet(store.engine, shop, parts, window=window, extras=EVERY)
    sums_of_floats = ["expected_discounted", "gap_variation"]
    assert found.table.drop(sums_of_floats).equals(whole.table.drop(sums_of_floats))
    for slug in sums_of_floats:
        np.testing.assert_allclose(found.number(slug), whole.number(slug), rtol=1e-12)
    assert found.ledger == whole.ledger
    assert found.months is not None and found.months.equals(whole.months)
    assert (found.gross, found.returns, found.duplicates) == (whole.gross, whole.returns, whole.duplicates)


def test_numbers_and_text_name_the_same_customers(store: Store, shop: Dataset, spelled: Dataset) -> None:
    numbers, text = sheet(store.engine, shop, 1), sheet(store.engine, spelled, 3)
    assert numbers.table["id"].equals(text.table["id"])
    for slug in ("orders", "monetary", "variety", "recency", "returns"):
        assert numbers.table[slug].equals(text.table[slug]), slug


def test_progress_is_told_per_part(store: Store, shop: Dataset) -> None:
    told: list[tuple[str, float]] = []
    log_sheet(store.engine, shop, Source(), Clean(), lambda stage, share: told.append((stage, share)), 4)
    assert [stage for stage, _ in told].count(ADDING) == 4
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_nothing_stays_on_disk(store: Store, shop: Dataset) -> None:
    sheet(store.engine, shop, 3)
    assert not list((store.home / "spill").rglob("*.parquet"))


def test_little_memory_is_enough(store: Store, shop: Dataset) -> None:
    small = Engine(store.data, threads=1, memory_mb=100)
    assert small.memory_mb == 100
    assert sheet(small, shop, 2).table["monetary"].equals(sheet(store.engine, shop, 1).table["monetary"])


def test_measures_are_those_of_pandas(store: Store, shop: Dataset) -> None:
    frame = lines().dropna(subset="customer").assign(customer=lambda f: f.customer.astype(int).astype(str))
    found = sheet(store.engine, shop, 1)
    assert found.as_of is not None
    frame = frame[frame.date.dt.date <= found.as_of]
    ids = found.table["id"].to_pylist()
    sale = frame[frame.quantity > 0]
    value = sale.quantity * sale.unit_price
    bought = sale.assign(value=value).groupby("customer")
    gross, off = bought.value.sum(), bought.discount.sum()
    back = frame[frame.quantity < 0]
    returned = (-back.quantity * back.unit_price - back.discount).groupby(back.customer).sum()
    net = (gross - off).sub(returned, fill_value=0)
    first, last = bought.date.min().dt.date, bought.date.max().dt.date
    np.testing.assert_allclose(found.number("monetary"), net.loc[ids], atol=1e-9)
    np.testing.assert_allclose(found.number("discount_share"), (off / gross).loc[ids])
    days = sale.assign(day=sale.date.dt.date).groupby("customer").day.nunique()
    gap = pd.Series([(last[i] - first[i]).days / (days[i] - 1) if days[i] > 1 else np.nan for i in ids])
    np.testing.assert_allclose(found.number("interpurchase_days"), gap)
    standing = standing_orders(frame)
    np.testing.assert_array_equal(
        found.number("orders"), standing.groupby("customer").order.nunique().loc[ids]
    )
    np.testing.assert_array_equal(
        found.number("variety"), standing.groupby("customer")["product"].nunique().loc[ids]
    )
    latest = standing.groupby("customer").date.max().dt.date
    np.testing.assert_array_equal(found.number("recency"), [(found.as_of - latest[i]).days for i in ids])


def standing_orders(frame: pd.DataFrame) -> pd.DataFrame:
    """Sale lines of orders with a line that was kept: a return undoes the latest earlier sale like it."""
    text = frame.order.astype(str)
    frame = frame.assign(
        back=frame.quantity < 0, size=frame.quantity.abs(), text=text, row=np.arange(len(frame))
    )
    undone: set[int] = set()
    for _, moves in frame.sort_values(["date", "back", "text", "row"]).groupby(
        ["customer", "product", "size"]
    ):
        open_sales: list[int] = []
        for row, back in zip(moves.row, moves.back, strict=True):
            if not back:
                open_sales.append(row)
            elif open_sales:
                undone.add(open_sales.pop())
    sales = frame[~frame.back]
    kept = sales[~sales.row.isin(undone)]
    return sales.merge(kept[["customer", "order"]].drop_duplicates(), on=["customer", "order"])


def test_the_day_is_the_last_order_day(store: Store, shop: Dataset) -> None:
    assert isinstance(sheet(store.engine, shop, 2).as_of, dt.date)


def test_an_order_amount_is_shared_among_customers_whatever_the_part(store: Store) -> None:
    rows = [f"{o},c{(o + i) % 7},2024-0{1 + o % 9}-01,p{i},{10 + o}" for o in range(20) for i in range(3)]
    roles = {
        "order": "order",
        "customer": "id",
        "date": "date",
        "product": "product",
        "amount": "line_amount",
    }
    log = add(store, "order,customer,date,product,amount\n" + "\n".join(rows), roles, order_amount="once")
    whole, parts = sheet(store.engine, log, 1), sheet(store.engine, log, 4)
    assert whole.table.equals(parts.table)
    assert sum(whole.number("monetary")) == pytest.approx(sum(10 + o for o in range(20)))
