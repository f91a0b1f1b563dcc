"""Which measures a data set has, told from its roles alone: pages offer them before anything is computed."""

from collections.abc import Sequence
from typing import Final

from core.features.customers import Measure
from core.features.labels import LABELS
from core.io.dataset import Column, Dataset, TableRef
from core.io.names import slugs

LOG_MEASURES: Final = (
    Measure(slug="recency", label="Days since last order", unit="days"),
    Measure(slug="orders", label="Orders", unit="count"),
    Measure(slug="monetary", label="Spend", unit="money"),
    Measure(slug="average_order_value", label="Average order", unit="money"),
    Measure(slug="tenure", label="Customer for", unit="days"),
    Measure(slug="purchase_frequency", label="Orders a year", unit="rate"),
    Measure(slug="interpurchase_days", label="Days between orders", unit="days"),
    Measure(slug="discount_share", label="Discount share", unit="share"),
    Measure(slug="discounted_orders_share", label="Orders on discount", unit="share"),
    Measure(slug="return_rate", label="Share returned", unit="share"),
    Measure(slug="basket_size", label="Pieces per order", unit="number"),
    Measure(slug="variety", label="Different products", unit="count"),
    Measure(slug="country", label="Country", unit="category"),
)
UNITS: Final = {
    "number": "number",
    "spend": "money",
    "frequency": "count",
    "recency": "days",
    "score": "score",
    "age": "age",
    "band": "band",
    "gender": "category",
    "category": "category",
    "country": "category",
    "flag": "flag",
    "discount": "number",
    "since": "text",
}
"""Role of a customer table's column -> unit of its measure. Roles that are not here are never measures."""

EXTRA_MEASURES: Final = (
    Measure(slug="gap_variation", label="Irregularity of orders", unit="number"),
    Measure(slug="weekend_share", label="Orders at weekends", unit="share"),
    Measure(slug="weekday", label="Usual weekday", unit="category"),
    Measure(slug="evening_share", label="Orders in the evening", unit="share"),
    Measure(slug="day_part", label="Usual time of day", unit="category"),
    Measure(slug="first_month", label="First month", unit="category"),
    Measure(slug="trend", label="Trend of spend", unit="number"),
)
EXTRA_SLUGS: Final[dict[str, tuple[str, ...]]] = {
    "gaps": ("gap_variation",),
    "habits": ("weekend_share", "weekday", "evening_share", "day_part"),
    "start": ("first_month",),
    "trend": ("trend",),
}
"""Optional measures by the name they are asked for; those of categories depend on the file."""

TIMED: Final = ("evening_share", "day_part")
MOST_CATEGORIES: Final = 8
CATEGORY_REST: Final = "cat_other"

LOG_NAMES: Final = {
    *(m.slug for m in LOG_MEASURES),
    *(m.slug for m in EXTRA_MEASURES),
    *LABELS,
    *("id", "customer", "last", "gross", "discount", "returns", "order_value", "units", "lines"),
    *("discounted_orders", "expected_discounted", "orders_in_all", "net_last_year", "had_return"),
    *("r", "f", "m", "fm"),
}
"""Names that a log's customer sheet uses itself."""


def measures_of(dataset: Dataset, extras: Sequence[str] = ()) -> tuple[Measure, ...]:
    """The measures a data set's customers can have; on a log some may turn out empty.

    Parameters
    ----------
    extras : sequence of str
        The optional measures that are asked for (`extras` of a study). Shares per category are known before
        they are computed only where the file has few categories.
    """
    if dataset.kind == "log":
        beside = columns_as_measures(dataset.people, LOG_NAMES) if dataset.people else []
        asked = [slug for name in extras for slug in EXTRA_SLUGS.get(name, ())]
        words = most_frequent(dataset.table.one("category")) if "categories" in extras else ()
        shares = category_shares(words)
        asked += [slug for slug, _ in shares] + ([CATEGORY_REST] if shares else [])
        more = extra_measures(dataset, asked, shares)
        return (*log_measures(dataset.table), *more, *(m for m, _ in beside))
    made = synthesised(dataset.table)
    plain = columns_as_measures(dataset.table, made)
    return (*(m for m in LOG_MEASURES if m.slug in made), *(m for m, _ in plain))


def log_measures(ref: TableRef) -> tuple[Measure, ...]:
    """The measures of DEFINITIONS.md that a log with these roles can have."""
    absent = set()
    if not ref.by_role("discount"):
        absent |= {"discount_share", "discounted_orders_share"}
    if not (ref.one("product") or ref.one("category")):
        absent.add("variety")
    if not ref.one("country"):
        absent.add("country")
    if not ref.one("quantity"):
        absent.add("basket_size")
    return tuple(m for m in LOG_MEASURES if m.slug not in absent)


def extra_measures(
    dataset: Dataset, asked: Sequence[str], shares: Sequence[tuple[str, str]]
) -> tuple[Measure, ...]:
    """The optional measures of these names; those of times only where the log has times.

    Parameters
    ----------
    shares : sequence of (slug, category)
        `category_shares`.
    """
    date = dataset.table.one("date")
    timed = date is not None and date.type == "datetime"
    plain = [m for m in EXTRA_MEASURES if m.slug in asked and (timed or m.slug not in TIMED)]
    words = [*shares, *([(CATEGORY_REST, "Other")] if shares else [])]
    named = [Measure(slug=s, label=f"Share of {word}", unit="share") for s, word in words if s in asked]
    return (*plain, *named)


def most_frequent(column: Column | None) -> tuple[str, ...]:
    """The categories of a column by their lines, as far as its description knows them."""
    return column.values if column is not None else ()


def category_shares(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(slug, category) of the categories with a measure of their own: the first eight."""
    chosen = [word.strip() for word in words if word.strip()][:MOST_CATEGORIES]
    return tuple(
        (f"cat_{slug}", word) for slug, word in zip(slugs(["other", *chosen])[1:], chosen, strict=True)
    )


def columns_as_measures(ref: TableRef, taken: set[str]) -> list[tuple[Measure, Column]]:
    """The columns of a customer table that are measures of their own; a name that is taken makes room."""
    found = []
    for column in ref.columns:
        unit = UNITS.get(column.role)
        if unit is None:
            continue
        slug = column.slug if column.slug not in taken else f"{column.slug}_column"
        numeric = column.type in ("integer", "number")
        if unit not in ("band", "category", "flag", "text") and not numeric:
            unit = "category"
        found.append(
            (
                Measure(
                    slug=slug,
                    label=column.name,
                    unit=unit,
                    makes=unit != "text",
                    levels=column.levels,
                    group=column.group,
                ),
                column,
            )
        )
    return found


def synthesised(ref: TableRef) -> set[str]:
    """Names of the measures that are sums of role columns, so that a column of the same name makes room."""
    taken = {"id", *LABELS, "r", "f", "m", "fm"}
    if ref.by_role("spend"):
        taken.add("monetary")
    if ref.by_role("frequency"):
        taken.add("orders")
    if ref.one("recency"):
        taken.add("recency")
    if ref.one("since"):
        taken.add("tenure")
    if ref.by_role("spend") and ref.by_role("frequency"):
        taken.add("average_order_value")
    return taken
