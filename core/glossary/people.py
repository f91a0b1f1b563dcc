"""What a customer's numbers are: measures, the shop's money, labels, scores."""

from typing import Final

from core.glossary.term import Term, term

_MEASURES: Final = "core.features.measures:measures"
_LABELS: Final = "core.features.labels:all_labels"

PEOPLE: Final[dict[str, Term]] = {
    # A customer's measures
    "recency": term(
        "recency",
        "Small is recent.",
        "snapshot day − day of the last order, in whole days",
        "file",
        _MEASURES,
    ),
    "orders": term(
        "orders",
        "Orders that stand: not cancelled, no test, not returned as a whole.",
        "number of standing orders in the period",
        "period",
        _MEASURES,
    ),
    "monetary": term(
        "monetary value",
        "Net sales of a customer in the period.",
        "sum of list price × quantity − discounts − returns; a total, not a mean",
        "period",
        _MEASURES,
    ),
    "average_order_value": term(
        "average order value (AOV)",
        "Sales after discounts per order, before returns.",
        "sum of (gross − discount) of the standing orders ÷ number of orders; of a group sum ÷ sum",
        "period",
        _MEASURES,
    ),
    "tenure": term(
        "tenure",
        "Days since the first order in this file; earlier orders are not in it.",
        "snapshot day − day of the first order, in days",
        "file",
        _MEASURES,
    ),
    "purchase_frequency": term(
        "purchase frequency",
        "Orders per year, for customers known at least 90 days.",
        "orders in the period ÷ (the shorter of days known and the period ÷ 365)",
        "period",
        _MEASURES,
    ),
    "interpurchase_days": term(
        "interpurchase time",
        "How many days lie between a customer's orders.",
        "(last − first order) ÷ (days with an order − 1); none with a single such day",
        "file",
        _MEASURES,
    ),
    "discount_share": term(
        "discount share",
        "Of 100 spent at list price, how much was discount.",
        "sum of discounts ÷ sum of gross sales",
        "period",
        _MEASURES,
    ),
    "discounted_orders_share": term(
        "share of discounted orders",
        "How many of a customer's orders had a discount.",
        "orders with a discount above 0 ÷ orders",
        "period",
        _MEASURES,
    ),
    "return_rate": term(
        "return rate",
        "How much of what was bought came back, by value; over 100 % where a sale is older than the file.",
        "value returned ÷ (gross − discount), cancelled orders included",
        "period",
        _MEASURES,
    ),
    "basket_size": term(
        "basket size",
        "Pieces in an order.",
        "pieces sold in the standing orders ÷ orders",
        "period",
        _MEASURES,
    ),
    "variety": term(
        "variety",
        "How many different products (or categories) a customer bought.",
        "number of distinct products bought",
        "period",
        _MEASURES,
    ),
    "gap_variation": term(
        "coefficient of variation of interpurchase times",
        "0: always the same gap between orders. 1: the gaps differ as much as they are long.",
        "standard deviation of the days between orders ÷ their mean; none with under three days of orders",
        "file",
        "core.features.extras:gaps",
    ),
    "weekend_share": term(
        "weekend share",
        "Share of orders on Saturdays and Sundays.",
        "orders at weekends ÷ orders",
        "period",
        "core.features.extras:habits",
    ),
    "evening_share": term(
        "evening share",
        "Share of orders from 18 o'clock on, in the shop's time.",
        "orders from 18 to 24 o'clock ÷ orders",
        "period",
        "core.features.extras:habits",
    ),
    "trend": term(
        "trend of spend",
        "1: bought in the second half of the period only. −1: in the first half only.",
        "(B − A) ÷ (|A| + |B|): A net sales in the first half of the period, B in the second",
        "period",
        "core.features.extras:trend",
    ),
    # Money of the shop
    "net": term(
        "net sales",
        "After discounts and returns. Tax as in your file.",
        "sum of gross − discounts − returns",
        "period",
        _MEASURES,
    ),
    "gross": term(
        "gross sales",
        "List price times quantity, before discounts and returns.",
        "sum of quantity × list price over sale lines",
        "period",
        _MEASURES,
    ),
    # Labels
    "high_value": term(
        "label High-value",
        "The top fifth by spend.",
        "at least 80 of 100 customers spend strictly less, and spend is above 0",
        "period",
        _LABELS,
    ),
    "discount_seeker": term(
        "label Discount seeker",
        "Buys on discount far more often than others did in the same weeks; judged from 3 orders on.",
        "(d + 2p) ÷ (n + 2) ≥ 0.5 and d ÷ n − e ≥ 0.10: n orders, d of them discounted, p the shop's share,"
        " e that of the other customers' orders in the same weeks",
        "period",
        _LABELS,
    ),
    "infrequent": term(
        "label Infrequent shopper",
        "In the bottom quarter of orders a year, and known long enough to say so.",
        "fewer than a quarter of customers have strictly fewer orders a year; known for at least 90 days and"
        " the shop's usual long gap; not New",
        "period",
        _LABELS,
    ),
    "lapsed": term(
        "label Lapsed",
        "Has been away far longer than is usual for this customer and this shop.",
        "days since last order > the larger of 2 × own gap and the gap that 90 of 100 customers stay under",
        "file",
        _LABELS,
    ),
    "new": term(
        "label New",
        "One order in all, not long ago.",
        "one order and first seen at most 90 days before the snapshot day",
        "file",
        _LABELS,
    ),
    # Scores
    "r": term(
        "recency score (quintile)",
        "5 = the fifth with the latest orders. Equal customers get equal scores.",
        "1 + ⌊5 × mid-rank ÷ number of customers⌋, best last",
        "file",
        "core.features.labels:quintile",
    ),
    "f": term(
        "frequency score (quintile)",
        "5 = the fifth with the most orders; fixed limits where one number of orders is very common.",
        "1 + ⌊5 × mid-rank ÷ number of customers⌋, best last",
        "period",
        "core.features.labels:frequency_score",
    ),
    "m": term(
        "monetary score (quintile)",
        "5 = the fifth that spends most. Equal customers get equal scores.",
        "1 + ⌊5 × mid-rank ÷ number of customers⌋, best last",
        "period",
        "core.features.labels:quintile",
    ),
    "fm": term(
        "FM score",
        "Mean of the scores of how often and how much, halves rounded up.",
        "⌊(F + M) ÷ 2 + ½⌋",
        "period",
        "core.features.labels:rfm_scores",
    ),
}
