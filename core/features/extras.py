"""Optional measures, computed only when they are asked for (`extras` of a study).

gaps
    How regular a customer is: the coefficient of variation (standard deviation, n − 1, over mean) of the
    days between their purchase days, over the whole file. Null with fewer than three purchase days. 0 is a
    metronome.
habits
    Of the standing orders in the period: the share on Saturdays and Sundays, the most frequent weekday (of
    a tie the earlier one from Monday on), and, where the log has times, the share from 18 to 24 o'clock and
    the most frequent part of the day (of a tie the earlier one).
categories
    Share of a customer's spend (gross − discount of the standing orders in the period) per category: the
    eight categories with the most lines in the file and the rest as Other. Which these are depends on the
    file alone, so that a link's columns stay when the period or the recipe changes. Null without spend.
start
    Month of the first standing order in the file, YYYY-MM.
trend
    (B − A) / (|A| + |B|), in [−1, 1]: A is the customer's net in the first half of the period (or of the
    file, where the whole file is counted), B in the second. It needs no fit, one number per half can be
    checked by hand, and one giant order moves it no further than ±1. Null for who had not ordered by the
    middle: they could only grow; and where both are 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.catalog import CATEGORY_REST
from core.features.lines import net
from core.features.scene import Scene
from core.io.dataset import WEEKDAYS

DAY_PARTS: Final = ("night", "morning", "afternoon", "evening")
"""0–6, 6–12, 12–18 and 18–24 o'clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """One optional table of measures: a row per customer (text), a column per measure."""

    name: str
    make: Callable[[Scene], ir.Table]


def asked(names: Sequence[str], scene: Scene) -> tuple[Extra, ...]:
    """The optional measures that are asked for and that this log can have."""
    possible = {**_MAKERS} if scene.categories else {k: v for k, v in _MAKERS.items() if k != "categories"}
    return tuple(Extra(name=name, make=possible[name]) for name in possible if name in names)


def gaps(scene: Scene) -> ir.Table:
    """`gap_variation` per customer."""
    days = scene.orders.select("customer", "day").distinct()
    before = days.day.lag(1).over(ibis.window(group_by="customer", order_by="day"))
    apart = days.mutate(_gap=days.day.delta(before, unit="day").cast("float64"))
    found = apart.group_by("customer").agg(
        n=apart._gap.count(), mean=apart._gap.mean(), spread=apart._gap.std(how="sample")
    )
    return found.filter(found.n > 1).select(
        customer=found.customer.cast("string"), gap_variation=found.spread / found["mean"]
    )


def habits(scene: Scene) -> ir.Table:
    """`weekend_share` and `weekday`, and with times `evening_share` and `day_part`, per customer."""
    orders = scene.counted
    orders = orders.mutate(_weekday=orders.day.day_of_week.index(), _part=orders["at"].hour() // 6)
    weekday = [_times(orders, orders._weekday == i) for i in range(7)]
    found = {
        "weekend_share": (orders._weekday >= 5).cast("float64").mean(),
        "weekday": _most(weekday, WEEKDAYS),
    }
    if scene.timed:
        part = [_times(orders, orders._part == i) for i in range(4)]
        found["evening_share"] = (orders._part == 3).cast("float64").mean()
        found["day_part"] = _most(part, DAY_PARTS)
    grouped = orders.group_by("customer").agg(**found)
    return grouped.mutate(customer=grouped.customer.cast("string"))


def categories(scene: Scene) -> ir.Table:
    """A share of spend per category, `cat_<slug>` and `cat_other`, per customer."""
    sales = scene.sales_counted
    paid = sales.gross - sales.discount
    known = [word for _, word in scene.categories]
    sums = {slug: paid.sum(where=sales.category == word) for slug, word in scene.categories}
    sums[CATEGORY_REST] = paid.sum(where=sales.category.notin(known) | sales.category.isnull())
    found = sales.group_by("customer").agg(_all=paid.sum(), **sums)
    whole = found._all.cast("float64").nullif(0.0)
    shares = {slug: found[slug].cast("float64").fill_null(0.0) / whole for slug in sums}
    return found.select(customer=found.customer.cast("string"), **shares)


def start(scene: Scene) -> ir.Table:
    """`first_month` per customer."""
    orders = scene.orders.filter(scene.orders.stands)
    found = orders.group_by("customer").agg(first=orders.day.min())
    return found.select(customer=found.customer.cast("string"), first_month=found["first"].strftime("%Y-%m"))


def trend(scene: Scene) -> ir.Table:
    """`trend` per customer."""
    begin = max(scene.start, scene.first)
    middle = begin + (scene.as_of - begin) / 2
    blocks, standing = scene.lived, scene.orders.filter(scene.orders.stands)
    inside, early = blocks.day >= begin, blocks.day <= middle
    halves = blocks.group_by("customer").agg(
        a=net(blocks).sum(where=inside & early), b=net(blocks).sum(where=inside & ~early)
    )
    known = standing.group_by("customer").agg(first=standing.day.min())
    found = halves.inner_join(known.filter(known["first"] <= middle), "customer")
    a, b = found.a.cast("float64").fill_null(0.0), found.b.cast("float64").fill_null(0.0)
    return found.select(
        customer=found.customer.cast("string"), trend=(b - a) / (a.abs() + b.abs()).nullif(0.0)
    )


def _times(orders: ir.Table, flag: ir.BooleanValue) -> ir.IntegerValue:
    return flag.cast("int64").sum()


def _most(times: Sequence[ir.IntegerValue], names: Sequence[str]) -> ir.StringValue:
    most = ibis.greatest(*times)
    return ibis.cases(*((count == most, name) for count, name in zip(times, names, strict=True)))


_MAKERS: Final[dict[str, Callable[[Scene], ir.Table]]] = {
    "gaps": gaps,
    "habits": habits,
    "categories": categories,
    "start": start,
    "trend": trend,
}
NAMES: Final = tuple(_MAKERS)
