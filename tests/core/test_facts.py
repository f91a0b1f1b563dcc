"""The facts of DEFINITIONS.md, on the real files."""

from pathlib import Path

import duckdb
import pytest

from core import pipeline
from core.features.customers import Customers, LedgerRow
from core.features.lines import standard_lines
from core.io.dataset import Dataset
from core.io.query.repeated import mark_repeated
from core.io.store import Store
from core.pipeline import Results
from core.spec import Study
from tests.core.ordered import orders_of
from tests.core.small import column


def results(store: Store, dataset: Dataset, query: str) -> Results:
    """A study of a data set."""
    return pipeline.run(Study.parse(query).with_(ds=dataset.id), store)


def sizes(found: Results) -> list[int]:
    """Sizes of the segments, largest first."""
    assert found.profile is not None
    return sorted((s.size for s in found.profile.segments), reverse=True)


def silhouette(found: Results) -> float:
    """The silhouette, which must be exact."""
    assert found.clustering is not None and found.clustering.silhouette is not None
    assert not found.clustering.silhouette.sampled
    return round(found.clustering.silhouette.value, 4)


# Mall Customers


MALL = "cols=annual_income_k,spending_score_1_100&k=5&transform=none"


@pytest.mark.parametrize(("scaling", "expected"), [("standard", 0.5547), ("none", 0.5539)])
def test_mall_customers(store: Store, mall: Dataset, scaling: str, expected: float) -> None:
    found = results(store, mall, f"{MALL}&scaling={scaling}")
    assert found.clustering is not None
    assert sizes(found) == [81, 39, 35, 23, 22]
    assert silhouette(found) == expected
    assert found.clustering.suggested_k == 5
    if scaling == "none":
        assert round(found.clustering.inertia, 1) == 44_448.5


def test_malls_score_is_no_money(store: Store, mall: Dataset) -> None:
    found = results(store, mall, "")
    assert found.matrix is not None and found.profile is not None
    assert found.matrix.columns == ("spending_score_1_100", "annual_income_k")
    assert {s.value_share for s in found.profile.segments} == {None}


# Online Retail


@pytest.fixture(scope="module")
def retail(store: Store, online_retail: Dataset) -> Customers:
    """The customer sheet of Online Retail with every default."""
    return pipeline.run(Study.parse(f"ds={online_retail.id}"), store, need="customers").customers


@pytest.fixture(scope="module")
def way(retail: Customers) -> dict[str, LedgerRow]:
    """Its ledger."""
    return {row.key: row for row in retail.ledger}


def test_online_retail_lines(way: dict[str, LedgerRow]) -> None:
    assert (way["file"].rows, way["no_customer"].rows) == (541_909, 135_080)
    assert (way["known"].customers, round(way["known"].money or 0, 2)) == (4_372, 8_300_065.81)


def test_online_retail_gross(store: Store, online_retail: Dataset, retail: Customers) -> None:
    lines = standard_lines(mark_repeated(store.engine, online_retail.table.content), online_retail)
    sales = lines.filter((lines.kind == "sale") & lines.customer.notnull())
    found = store.engine.run(
        sales.agg(
            lines=sales.count(),
            orders=sales.order_key.nunique(),
            customers=sales.customer.nunique(),
            gross=sales.gross.sum(),
        )
    ).to_pylist()[0]
    assert (found["lines"], found["orders"], found["customers"]) == (397_884, 18_532, 4_338)
    assert round(float(found["gross"]), 2) == 8_911_407.90
    assert round(retail.gross or 0, 2) == 8_911_407.90
    kept = orders_of(store, online_retail)
    assert kept["stands"].to_pylist().count(False) == 152
    assert kept["stands"].to_pylist().count(True) == 18_380


def test_online_retail_customers(retail: Customers, way: dict[str, LedgerRow]) -> None:
    assert len(retail) == way["standing"].customers == 4_327
    assert way["no_standing_order"].customers == 45
    assert sum(column(retail, "orders").values()) == 18_380


def test_online_retail_gaps(retail: Customers) -> None:
    assert (round(retail.gap_p75 or 0), round(retail.gap_p90 or 0)) == (99, 166)


def test_the_giant_order_undone_within_minutes(retail: Customers) -> None:
    assert column(retail, "monetary")["16446"] == pytest.approx(2.90)
    assert column(retail, "orders")["16446"] == 1
    assert column(retail, "gross")["16446"] > 168_000
    assert "12346" not in column(retail, "orders")


def test_a_silhouette_alone_would_split_off_a_few(store: Store, online_retail: Dataset) -> None:
    found = results(store, online_retail, "transform=none&k=2&cols=recency,orders,monetary")
    assert min(sizes(found)) < 60
    assert silhouette(found) > 0.85


def test_online_retail_is_segmented(store: Store, online_retail: Dataset) -> None:
    found = results(store, online_retail, "")
    assert sum(sizes(found)) == 4_327
    assert found.matrix is not None and found.matrix.columns == ("recency", "orders", "monetary")


# marketing_campaign


SIXTEEN = (
    "year_birth,income,kidhome,teenhome,recency,mntwines,mntfruits,mntmeatproducts,mntfishproducts,"
    "mntsweetproducts,mntgoldprods,numdealspurchases,numwebpurchases,numcatalogpurchases,"
    "numstorepurchases,numwebvisitsmonth"
)


def test_marketing_campaign(store: Store, marketing: Dataset) -> None:
    found = results(store, marketing, f"cols={SIXTEEN}&missing=drop&transform=none&k=2")
    assert found.matrix is not None and len(found.matrix.columns) == 16
    assert sizes(found) == [1300, 916]
    assert round(silhouette(found), 3) == 0.302
    assert found.clustering is not None
    best = max(found.clustering.candidates, key=lambda c: c.silhouette.value if c.silhouette else -1)
    assert best.k == 2


# Complete Journey


def test_complete_journey_as_raw_columns(store: Store, shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "households.parquet"
    transactions = shared_data / "completejourney" / "transactions.parquet"
    duckdb.sql(
        f"""
        copy (
          select household_id, count(distinct basket_id) as baskets, round(sum(sales_value), 2) as spend,
            date '2018-01-01' - max(transaction_timestamp)::date as recency
          from read_parquet('{transactions}') group by household_id
        ) to '{path}' (format parquet)
        """
    )
    roles = {"household_id": "id", "baskets": "frequency", "spend": "spend", "recency": "recency"}
    found = results(store, store.add(path, roles=roles), "transform=none")
    assert found.clustering is not None and found.matrix is not None
    assert found.matrix.columns == ("recency", "orders", "monetary")
    assert sizes(found) == [1881, 456, 132]
    assert silhouette(found) == 0.5628
    assert found.clustering.k == 3
    assert found.verdict is not None and found.verdict.kind == "none"  # hardly clearer than by chance


def test_complete_journey_as_a_log(store: Store, shared_data: Path) -> None:
    """A basket without a piece or a price is no order here, which moves two households."""
    log = store.add(shared_data / "completejourney" / "transactions.parquet", answers={"discount": "after"})
    found = results(store, log, "cols=recency,orders,monetary&transform=none")
    assert found.clustering is not None
    assert sizes(found) == [1883, 454, 132]
    assert silhouette(found) == 0.5631
    assert found.clustering.k == 3
    assert found.verdict is not None and found.verdict.kind == "none"  # hardly clearer than by chance
