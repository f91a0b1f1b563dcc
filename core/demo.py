"""The demo: two years of a made-up shop, with the segment each customer was planted in.

The generator knows nothing of the rest of `core`: nothing here looks at a feature, a score or a label.
Each segment is a habit (how many orders, how dear, how long ago, how often on discount); what its customers
then do is drawn from broad distributions, so the groups overlap as in a real shop.

How the columns are to be read (roles in brackets):

- `Unit price` (unit_price) is the list price of one piece, *before* discount, on every sale line.
- `Discount` (discount) is the money taken off the whole line, never null. It is a whole number of cents
  a piece, so that the price paid for a piece is a whole number of cents too. No line is given away.
- A return is a line of its own under an order id of its own (`R…`): later, same customer and product,
  the number of pieces negative, `Unit price` = what was refunded for one piece, `Discount` = 0. Its
  value is thus −`Quantity` × `Unit price` whichever way the discount is read, and net is what stayed in
  the till.
- A return takes back the whole of its customer's latest earlier sale line of that product and quantity.
  Where all lines of an order come back, the order is cancelled.
- Orders without a `Customer ID` are guest checkouts.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

VERSION = 1
"""Frozen with what it generates: other data from the same seed is another version and another data set."""

FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2025, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
DAY_SECONDS = 86_400

NO_SEGMENT = -1
"""The plant of a prospect: somebody of the customer table who never ordered."""

PROSPECTS_SHARE = 0.008
GUEST_ORDERS_SHARE = 0.01
CANCELLED_SHARE = 0.006
RETURNED_SHARE = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How the customers of one planted segment shop.

    `share` of the customers; `recency` is the mean number of average shop days since the last order and
    `recency_shape` the shape of its gamma distribution; `orders` the mean number of orders, spread over
    customers by a log-normal factor of `orders_sigma`; `order_value` the median list value of an order,
    log-normal with `value_sigma` between customers; `on_discount` the share of orders on discount
    outside of the shop's sales, `depth` the usual discount; `taste` the weight of each category; `age`,
    `women` and `income` (0 = the middle) lean a little with the habit and decide nothing.
    """

    name: str
    share: float
    recency: float
    recency_shape: float
    orders: float
    orders_sigma: float
    order_value: float
    value_sigma: float
    on_discount: float
    depth: float
    taste: tuple[float, ...]
    age: float
    women: float
    income: float


HABITS = (
    Habit(
        name="Big, frequent buyers",
        share=0.14,
        recency=14,
        recency_shape=2,
        orders=29,
        orders_sigma=0.25,
        order_value=130,
        value_sigma=0.4,
        on_discount=0.07,
        depth=0.10,
        taste=(2, 2, 1, 1, 1, 1, 2, 1),
        age=50,
        women=0.55,
        income=0.9,
    ),
    Habit(
        name="Regulars",
        share=0.26,
        recency=28,
        recency_shape=3,
        orders=8,
        orders_sigma=0.2,
        order_value=60,
        value_sigma=0.3,
        on_discount=0.06,
        depth=0.10,
        taste=(1, 1, 1, 1, 1, 2, 1, 2),
        age=44,
        women=0.54,
        income=0.1,
    ),
    Habit(
        name="Bargain hunters",
        share=0.22,
        recency=50,
        recency_shape=1.5,
        orders=8,
        orders_sigma=0.5,
        order_value=50,
        value_sigma=0.6,
        on_discount=0.85,
        depth=0.28,
        taste=(1, 1, 1, 1, 3, 2, 1, 1),
        age=35,
        women=0.62,
        income=-0.6,
    ),
    Habit(
        name="Occasional buyers",
        share=0.20,
        recency=190,
        recency_shape=3,
        orders=1.5,
        orders_sigma=0.1,
        order_value=38,
        value_sigma=0.5,
        on_discount=0.06,
        depth=0.10,
        taste=(1, 1, 1, 2, 2, 1, 1, 1),
        age=40,
        women=0.47,
        income=-0.1,
    ),
    Habit(
        name="Lapsed regulars",
        share=0.18,
        recency=330,
        recency_shape=12,
        orders=8.5,
        orders_sigma=0.3,
        order_value=60,
        value_sigma=0.45,
        on_discount=0.06,
        depth=0.10,
        taste=(1, 1, 2, 1, 1, 1, 2, 1),
        age=47,
        women=0.50,
        income=0.1,
    ),
)

# Name, list price of a usual piece, and five things, each of which comes in every product line.
CATEGORIES = (
    ("Kitchen", 34.0, ("mug set", "frying pan", "knife block", "kettle", "bread box")),
    ("Living", 48.0, ("cushion", "table lamp", "wool throw", "wall clock", "vase")),
    ("Garden", 29.0, ("plant pot", "watering can", "lantern", "hand fork set", "bird feeder")),
    ("Paper", 9.0, ("notebook", "calendar", "pen set", "gift wrap", "card box")),
    ("Toys", 17.0, ("puzzle", "card game", "wooden train", "soft bear", "paint set")),
    ("Care", 13.0, ("hand cream", "soap set", "bath salt", "candle", "towel")),
    ("Travel", 62.0, ("backpack", "wash bag", "thermos", "umbrella", "weekend bag")),
    ("Pantry", 11.0, ("coffee", "tea tin", "olive oil", "honey", "chocolate box")),
)
THING_FACTORS = (0.6, 1.0, 1.7, 1.3, 0.8)
PRODUCT_LINES = (("Arbor", 0.65), ("Linnea", 1.0), ("Nova", 1.8))

CITIES = (
    ("Berlin", "Germany", 0.16),
    ("Hamburg", "Germany", 0.11),
    ("Munich", "Germany", 0.11),
    ("Cologne", "Germany", 0.09),
    ("Paris", "France", 0.12),
    ("Lyon", "France", 0.06),
    ("Amsterdam", "Netherlands", 0.09),
    ("Rotterdam", "Netherlands", 0.06),
    ("Vienna", "Austria", 0.08),
    ("Graz", "Austria", 0.03),
    ("Brussels", "Belgium", 0.05),
    ("Antwerp", "Belgium", 0.04),
)
INCOME_BANDS = ("<25K", "25-34K", "35-49K", "50-74K", "75-99K", "100K+")
INCOME_CUTS = (-1.2, -0.6, 0.1, 0.9, 1.6)

HOUR_WEIGHTS = (1, 0, 0, 0, 0, 1, 3, 7, 11, 13, 14, 14, 15, 14, 13, 13, 14, 16, 19, 23, 25, 21, 12, 4)
WEEKDAY_WEIGHTS = (1.08, 1.0, 0.97, 0.97, 0.95, 0.92, 1.11)
MONTH_WEIGHTS = (0.9, 0.85, 0.92, 0.95, 1.0, 0.95, 0.9, 0.86, 0.97, 1.05, 1.45, 1.6)

# First and last day (month, day) of the shop's own sales, when everybody buys on discount more often.
SALES = (((1, 2), (1, 14)), ((7, 8), (7, 21)), ((11, 22), (12, 1)))
SALE_CHANCE = 0.22


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo shop.

    Attributes
    ----------
    lines : pyarrow.Table
        The transaction log, one row per line of an order or a return, by time.
    people : pyarrow.Table
        The customer table, one row per customer, by Customer ID.
    plant : numpy.ndarray
        For each row of `people` the position in `HABITS` of its planted segment, `NO_SEGMENT` for a prospect.
    """

    lines: pa.Table
    people: pa.Table
    plant: np.ndarray


def generate(seed: int = 1, customers: int = 5000) -> Demo:
    """Make the demo shop's log and customer table.

    Parameters
    ----------
    seed : int
        The same seed gives the same tables; the released demo is seed 1.
    customers : int
        Rows of the customer table, prospects among them.

    Returns
    -------
    Demo
        Log, customer table and the planted segments. What the columns mean stands at the top of this module.
    """
    plant_rng, order_rng, basket_rng, return_rng, people_rng = np.random.default_rng(seed).spawn(5)
    plant = _plant(plant_rng, customers)
    orders = _with_guests(order_rng, _orders(order_rng, plant), customers)
    lines = _with_returns(return_rng, _baskets(basket_rng, orders), len(orders.second))
    city = _cities(people_rng, max(customers, orders.customer.max() + 1))
    return Demo(_log(lines, city, customers), _people(people_rng, plant, city[:customers]), plant)


@dataclass(frozen=True, slots=True)
class _Orders:
    """Orders as parallel arrays; `customer` is the row in the customer table, beyond its end for a guest."""

    customer: np.ndarray
    habit: np.ndarray
    second: np.ndarray
    value: np.ndarray
    rate: np.ndarray


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines as parallel arrays; money in whole cents, `discount` of the whole line."""

    order: np.ndarray
    customer: np.ndarray
    second: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray

    def take(self, rows: np.ndarray) -> "_Lines":
        return _Lines(*(getattr(self, name)[rows] for name in self.__slots__))


def _shares(weights: np.ndarray) -> np.ndarray:
    return np.asarray(weights / weights.sum())


def _per_habit(field: str) -> np.ndarray:
    return np.array([getattr(habit, field) for habit in HABITS])


def _plant(rng: np.random.Generator, customers: int) -> np.ndarray:
    prospects = round(customers * PROSPECTS_SHARE)
    edges = np.round(np.cumsum(_shares(_per_habit("share"))) * (customers - prospects)).astype(int)
    sizes = np.diff(edges, prepend=0)
    plant = np.repeat(np.arange(NO_SEGMENT, len(HABITS)), [prospects, *sizes])
    return rng.permutation(plant)


# ---- orders ----


def _days() -> np.ndarray:
    return np.datetime64(FIRST_DAY) + np.arange(DAYS)


def _busyness() -> np.ndarray:
    """How busy each day is, mean 1: by month (smoothed over its edges) and weekday."""
    days = _days()
    month = np.array(MONTH_WEIGHTS)[days.astype("datetime64[M]").astype(int) % 12]
    weekday = np.array(WEEKDAY_WEIGHTS)[(days.astype(int) + 3) % 7]  # 1970-01-01 was a Thursday
    smooth = np.convolve(np.pad(month, 7, mode="edge"), np.full(15, 1 / 15), mode="valid")
    busy = smooth * weekday
    return np.asarray(busy / busy.mean())


def _on_sale() -> np.ndarray:
    """Whether each day lies in one of the shop's sales."""
    days = _days()
    years = (FIRST_DAY.year, LAST_DAY.year)
    spans = [(date(year, *first), date(year, *last)) for year in years for first, last in SALES]
    within = [(days >= np.datetime64(first)) & (days <= np.datetime64(last)) for first, last in spans]
    return np.asarray(np.logical_or.reduce(within))


def _orders(rng: np.random.Generator, plant: np.ndarray) -> _Orders:
    buyers = np.flatnonzero(plant != NO_SEGMENT)
    habit = plant[buyers]
    count = _order_counts(rng, habit)
    moment = _moments(rng, habit, count)
    row = np.repeat(np.arange(len(buyers)), count)
    taste_for_value = rng.normal(0, _per_habit("value_sigma")[habit])[row]
    value = _per_habit("order_value")[habit][row] * np.exp(taste_for_value + rng.normal(0, 0.35, len(row)))
    second = _seconds(rng, moment)
    appetite = _appetites(rng, habit)[row]
    return _Orders(buyers[row], habit[row], second, value, _discount_rates(rng, habit[row], second, appetite))


def _order_counts(rng: np.random.Generator, habit: np.ndarray) -> np.ndarray:
    """Orders of each customer, at least one: Poisson around a log-normal mean of the customer's own."""
    sigma = _per_habit("orders_sigma")[habit]
    own = (_per_habit("orders")[habit] - 1) * np.exp(rng.normal(0, sigma) - sigma**2 / 2)
    return np.asarray(1 + rng.poisson(own))


def _moments(rng: np.random.Generator, habit: np.ndarray, count: np.ndarray) -> np.ndarray:
    """When each order was placed, in average shop days since the first day.

    The last order is drawn from the habit; the others lie anywhere between it and the day the customer
    joined, which for many was before the log begins.
    """
    shape = _per_habit("recency_shape")[habit]
    recency = rng.gamma(shape, _per_habit("recency")[habit] / shape)
    last = DAYS - np.minimum(recency, DAYS * rng.uniform(0.75, 0.98, len(habit)))
    joined = last * np.maximum(rng.uniform(-0.7, 0.7, len(habit)), 0)
    position = rng.random(count.sum())
    position[np.cumsum(count) - 1] = 1.0
    return np.asarray(np.repeat(joined, count) + position * np.repeat(last - joined, count))


def _seconds(rng: np.random.Generator, moment: np.ndarray) -> np.ndarray:
    """Seconds since the first day's midnight, by the shop's busy and quiet days and its hours."""
    clock = np.cumsum(_busyness())
    day = np.minimum(np.searchsorted(clock, moment, side="right"), DAYS - 1)
    hour = rng.choice(24, size=len(moment), p=_shares(np.array(HOUR_WEIGHTS)))
    return np.asarray(day * DAY_SECONDS + hour * 3600 + rng.integers(0, 3600, len(moment)))


def _appetites(rng: np.random.Generator, habit: np.ndarray) -> np.ndarray:
    """The share of a customer's orders on discount: a beta of the customer's own around the habit's."""
    mean, weight = _per_habit("on_discount")[habit], 12
    return np.asarray(rng.beta(mean * weight, (1 - mean) * weight))


def _discount_rates(
    rng: np.random.Generator, habit: np.ndarray, second: np.ndarray, appetite: np.ndarray
) -> np.ndarray:
    """Each order's discount as a share of its list value, in steps of 5 %; 0 for an order at list price."""
    chance = np.maximum(appetite, SALE_CHANCE * _on_sale()[second // DAY_SECONDS])
    depth = _per_habit("depth")[habit] * np.exp(rng.normal(0, 0.3, len(habit)))
    rate = np.clip(np.round(depth * 20) / 20, 0.05, 0.5)
    return np.where(rng.random(len(habit)) < chance, rate, 0.0)


def _with_guests(rng: np.random.Generator, orders: _Orders, customers: int) -> _Orders:
    """The orders and, on top, those of guests, who shop like regulars; numbered by time."""
    guests = round(len(orders.second) * GUEST_ORDERS_SHARE)
    habit = np.full(guests, 1)
    second = _seconds(rng, rng.uniform(0, DAYS, guests))
    value = HABITS[1].order_value * np.exp(rng.normal(0, 0.5, guests))
    rate = _discount_rates(rng, habit, second, _appetites(rng, habit))
    extra = _Orders(customers + np.arange(guests), habit, second, value, rate)
    by_time = np.argsort(np.concatenate([orders.second, extra.second]), kind="stable")
    pairs = ((getattr(orders, name), getattr(extra, name)) for name in _Orders.__slots__)
    return _Orders(*(np.concatenate(pair)[by_time] for pair in pairs))


# ---- baskets ----


def _catalogue() -> tuple[list[str], list[str], np.ndarray]:
    """Names, categories and list prices in cents of all products, by price."""
    rows = [
        (max(195, round(price * thing_factor * line_factor) * 100 - 5), f"{line} {thing}", category)
        for category, price, things in CATEGORIES
        for thing, thing_factor in zip(things, THING_FACTORS, strict=True)
        for line, line_factor in PRODUCT_LINES
    ]
    prices, names, categories = zip(*sorted(rows), strict=True)
    return list(names), list(categories), np.array(prices)


def _baskets(rng: np.random.Generator, orders: _Orders) -> _Lines:
    """Fill each order with products until about its value is reached; one line a product."""
    count = 1 + rng.poisson(1.3, len(orders.second))
    order = np.repeat(np.arange(len(count)), count)
    weight = rng.gamma(3.0, size=len(order))
    target = 100 * (orders.value / np.bincount(order, weight))[order] * weight
    product = _choose_products(rng, orders.habit[order], target)
    _, kept = np.unique(order * 1000 + product, return_index=True)
    order, product, target = order[kept], product[kept], target[kept]
    price = _catalogue()[2][product]
    quantity = np.clip(np.round(target / price), 1, 12).astype(np.int64)
    rate = np.where(rng.random(len(order)) < 0.9, orders.rate[order], 0.0)
    discount = quantity * np.round(price * rate).astype(np.int64)
    return _Lines(order, orders.customer[order], orders.second[order], product, quantity, price, discount)


def _choose_products(rng: np.random.Generator, habit: np.ndarray, target: np.ndarray) -> np.ndarray:
    """A product for each line, of a price that fits its target, by popularity and the habit's taste."""
    _, categories, prices = _catalogue()
    names = [category[0] for category in CATEGORIES]
    category = np.array([names.index(c) for c in categories])
    popularity = np.exp(rng.normal(0, 0.6, len(prices)))
    high = np.maximum(np.searchsorted(prices, target * 1.15), 1)
    low = np.minimum(np.searchsorted(prices, target / 5), high - 1)
    product = np.empty(len(target), dtype=np.int64)
    for index, each in enumerate(HABITS):
        mine = habit == index
        heap = np.concatenate([[0.0], np.cumsum(popularity * np.array(each.taste)[category])])
        start, end = heap[low[mine]], heap[high[mine]]
        drawn = np.searchsorted(heap, start + rng.random(mine.sum()) * (end - start), side="right") - 1
        product[mine] = np.clip(drawn, low[mine], high[mine] - 1)
    return product


# ---- returns ----


def _with_returns(rng: np.random.Generator, sales: _Lines, orders: int) -> _Lines:
    """All lines by time: sales, and returns under numbers of their own that follow those of the orders."""
    whole = (rng.random(orders) < CANCELLED_SHARE)[sales.order]
    part = rng.random(len(sales.order)) < RETURNED_SHARE
    when = np.where(whole, _undone(rng, sales, orders), _booked_back(rng, sales))
    back = (whole | part) & (when < np.minimum(_sold_again(sales), DAYS * DAY_SECONDS))
    returns = _refunds(sales.take(np.flatnonzero(back)), when[back], orders)
    lines = _Lines(*(np.concatenate([getattr(sales, n), getattr(returns, n)]) for n in _Lines.__slots__))
    return lines.take(np.lexsort((lines.product, lines.order, lines.second)))


def _undone(rng: np.random.Generator, sales: _Lines, orders: int) -> np.ndarray:
    """When a cancelled order is taken back: all of it at once, within two days."""
    delay = rng.integers(600, 2 * DAY_SECONDS, orders)
    return np.asarray(sales.second + delay[sales.order])


def _booked_back(rng: np.random.Generator, sales: _Lines) -> np.ndarray:
    """When goods sent back are booked in: 3 to 30 days later, in the warehouse's hours."""
    day = sales.second // DAY_SECONDS + rng.integers(3, 31, len(sales.second))
    return np.asarray(day * DAY_SECONDS + rng.integers(8 * 3600, 17 * 3600, len(sales.second)))


def _sold_again(sales: _Lines) -> np.ndarray:
    """When the customer next buys as many of the same product: a return after that would be of that line."""
    key = (sales.customer * 1000 + sales.product) * 100 + sales.quantity
    by_key = np.lexsort((sales.second, key))
    again = np.full(len(key), np.iinfo(np.int64).max)
    same = key[by_key][1:] == key[by_key][:-1]
    again[by_key[:-1][same]] = sales.second[by_key][1:][same]
    return again


def _refunds(sold: _Lines, when: np.ndarray, first_number: int) -> _Lines:
    by_time = np.lexsort((sold.order, when))
    sold, when = sold.take(by_time), when[by_time]
    new = (np.diff(when, prepend=-1) != 0) | (np.diff(sold.order, prepend=-1) != 0)
    number = first_number + np.cumsum(new) - 1
    paid = sold.price - sold.discount // sold.quantity
    return _Lines(number, sold.customer, when, sold.product, -sold.quantity, paid, np.zeros_like(paid))


# ---- tables ----


def _cities(rng: np.random.Generator, number: int) -> np.ndarray:
    weights = np.array([weight for _, _, weight in CITIES])
    return rng.choice(len(CITIES), size=number, p=_shares(weights))


def _customer_ids(customers: int) -> list[str]:
    return [f"C{number:05d}" for number in range(1, customers + 1)]


def _names(values: list[str], positions: np.ndarray) -> pa.Array:
    """Each position's name; one past the end is missing."""
    missing_last = pa.array([*values, None], pa.string())
    return missing_last.take(pa.array(np.minimum(positions, len(values))))


def _order_ids(lines: _Lines) -> pa.Array:
    """`O` and a running number for an order, `R` and one for a return."""
    orders = int(lines.order[lines.quantity > 0].max()) + 1
    ids = [f"O{100001 + n}" if n < orders else f"R{n - orders + 50001}" for n in range(lines.order.max() + 1)]
    return _names(ids, lines.order)


def _log(lines: _Lines, city: np.ndarray, customers: int) -> pa.Table:
    products, categories, _ = _catalogue()
    midnight = np.datetime64(FIRST_DAY, "ms")
    columns = {
        "Order ID": _order_ids(lines),
        "Order date": pa.array(midnight + lines.second.astype("timedelta64[s]")),
        "Customer ID": _names(_customer_ids(customers), lines.customer),
        "Product": _names(products, lines.product),
        "Category": _names(categories, lines.product),
        "Country": _names([country for _, country, _ in CITIES], city[lines.customer]),
        "Quantity": pa.array(lines.quantity, pa.int64()),
        "Unit price": pa.array(lines.price / 100),
        "Discount": pa.array(lines.discount / 100),
    }
    return pa.table(columns)


def _people(rng: np.random.Generator, plant: np.ndarray, city: np.ndarray) -> pa.Table:
    number = len(plant)
    columns = {
        "Customer ID": pa.array(_customer_ids(number)),
        "Age": _ages(rng, plant),
        "Gender": _genders(rng, plant),
        "City": _names([name for name, _, _ in CITIES], city),
        "Income band": _incomes(rng, plant),
    }
    return pa.table(columns)


def _habit_of(field: str, plant: np.ndarray) -> np.ndarray:
    """A habit's value for each customer; a prospect has the mean of all habits."""
    values = _per_habit(field)
    return np.asarray(np.append(values, values.mean())[plant])


def _ages(rng: np.random.Generator, plant: np.ndarray) -> pa.Array:
    age = np.clip(np.round(rng.normal(_habit_of("age", plant), 13)), 18, 89).astype(np.int64)
    return pa.array(age, mask=rng.random(len(plant)) < 0.03)


def _genders(rng: np.random.Generator, plant: np.ndarray) -> pa.Array:
    women = _habit_of("women", plant)
    drawn = rng.random(len(plant))
    position = np.select([drawn < 0.015, drawn < 0.04, drawn < 0.04 + 0.96 * women], [2, 3, 0], 1)
    return _names(["Female", "Male", "Diverse"], position)


def _incomes(rng: np.random.Generator, plant: np.ndarray) -> pa.Array:
    latent = rng.normal(_habit_of("income", plant), 1.0)
    band = np.searchsorted(INCOME_CUTS, latent)
    return _names(list(INCOME_BANDS), np.where(rng.random(len(plant)) < 0.04, len(INCOME_BANDS), band))
