"""What to do for a kind of segment: a suggestion each, from a page that was read or by our judgement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.cluster.rules import NAMES
from core.features.labels import LABELS
from core.profile import Profile, Segment

JUDGEMENT: Final = "our judgement"
MOST: Final = 3
"""Suggestions for one segment."""

_LESSON: Final = (
    "Klaviyo Academy: Identify key customer cohorts with the RFM analysis",
    "https://academy.klaviyo.com/en-us/learning-paths/activate-your-data-with-advanced-kdp/courses/"
    "drive-roi-by-increasing-customer-retention-rates/lessons/"
    "identify-key-customer-cohorts-with-the-rfm-analysis",
)
_COUPONS: Final = (
    "Klaviyo Help Center: RFM groups to avoid over-discounting",
    "https://help.klaviyo.com/hc/en-us/articles/26978522793627",
)
_WINE: Final = (
    "WinePulse: RFM segments and scoring",
    "https://support.winepulse.com/support/solutions/articles/47000843511-winepulse-rfm-segments-scoring",
)
_SIX: Final = ("Bonobo Help Center: The six RFM segments", "https://help-center.bonobo.com.tr/rfm/segments")
_SECOND: Final = (
    "Rejoiner: Welcome email series case study",
    "https://rejoiner.com/resources/case-study/welcome-email-series-case-study-peak-design/",
)
_OURS: Final = (JUDGEMENT, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A suggestion.

    Attributes
    ----------
    kind : str
        What it is kept by: a label, a rule's name as a slug, or the strongest difference.
    title : str
        Whom it is for.
    text : str
        What to do.
    source, address : str
        The page that says so; or that it is our judgement, without an address.
    """

    kind: str
    title: str
    text: str
    source: str
    address: str


def rule_kind(name: str) -> str:
    """The kind of a segment of the RFM rules: `rule-cant-lose-them`."""
    return "rule-" + name.lower().replace("'", "").replace(" ", "-")


def _of(kind: str, title: str, text: str, source: tuple[str, str]) -> tuple[str, Action]:
    return kind, Action(kind=kind, title=title, text=text, source=source[0], address=source[1])


ACTIONS: Final[dict[str, Action]] = dict(
    [
        _of(
            "rule-champions",
            "Champions",
            "Thank them and ask for something: a referral, a review, photos of what they bought. "
            "Show them new products first. They buy without a discount.",
            _LESSON,
        ),
        _of(
            "rule-loyal",
            "Loyal",
            "Keep them, and raise what an order is worth: the next better product, a set, free delivery "
            "above their usual order.",
            _LESSON,
        ),
        _of(
            "rule-potential-loyalists",
            "Potential Loyalists",
            "Invite them to the loyalty programme, and recommend what goes with their last orders.",
            _WINE,
        ),
        _of(
            "rule-new",
            "New",
            "Help them to make good use of the first order, and ask what else they are interested in, before "
            "any offer.",
            _WINE,
        ),
        _of(
            "rule-promising",
            "Promising",
            "Give a reason for the second or third order soon: a reminder when the first one is used up, "
            "something that goes with it.",
            _SIX,
        ),
        _of(
            "rule-need-attention",
            "Need Attention",
            "Make a limited offer on what goes with their past orders, while they still remember you.",
            _WINE,
        ),
        _of(
            "rule-about-to-sleep",
            "About to Sleep",
            "Remind them with what they looked for before, and a discount for a limited time. Start with "
            "those who have spent most.",
            _WINE,
        ),
        _of(
            "rule-cant-lose-them",
            "Can't Lose Them",
            "Call or write to them personally: ask what went wrong, and offer something for coming back. "
            "Few customers, much money.",
            _WINE,
        ),
        _of(
            "rule-at-risk",
            "At Risk",
            "Win them back with a clear offer; here a larger discount is worth it. Hold some customers back, "
            "so that you see whether it worked.",
            _COUPONS,
        ),
        _of(
            "rule-hibernating",
            "Hibernating",
            "Try once to wake them, then leave them in peace and save the money.",
            _SIX,
        ),
        _of(
            "high_value",
            "High-value",
            "Thank them, and lower or leave out discounts: they buy anyway. Spend on service, early access "
            "and a person to talk to.",
            _COUPONS,
        ),
        _of(
            "lapsed",
            "Lapsed",
            "Send one strong message to win them back; those who do not answer get no second one.",
            _SIX,
        ),
        _of(
            "discount_seeker",
            "Discount seekers",
            "Give discounts only in return for something, such as a review or a larger basket, and test a "
            "smaller discount against the usual one.",
            _COUPONS,
        ),
        _of(
            "infrequent",
            "Infrequent",
            "Work for the second order alone: remind them when the first one is used up, and say what others "
            "bought next.",
            _SECOND,
        ),
        _of(
            "new",
            "New",
            "Welcome them: how to use what they bought, whom to ask, what others buy next. Leave offers for "
            "later.",
            _WINE,
        ),
        _of(
            "silent",
            "Silent for long",
            "Ask whether they still want to hear from you, with the one product that fits them best.",
            _OURS,
        ),
        _of(
            "recent",
            "Bought recently",
            "Follow up on the last order while it is fresh: how did it go, what goes with it.",
            _OURS,
        ),
        _of(
            "frequent",
            "Frequent buyers",
            "Make reordering easy, and try to raise the order: a set, a larger pack, a subscription.",
            _OURS,
        ),
        _of(
            "rare",
            "Few orders",
            "Find out what brings them back at all: test two reasons, such as a season and a refill, on "
            "small groups.",
            _OURS,
        ),
        _of(
            "spenders",
            "Large spend",
            "Look after them as key customers: early access, service, no mass mailing.",
            _OURS,
        ),
        _of(
            "small",
            "Small spend",
            "Keep it cheap: automatic messages only, and a next product at a slightly higher price.",
            _OURS,
        ),
        _of(
            "full_price",
            "Seldom on discount",
            "Leave out discounts; tell them what is new and why it is worth its price.",
            _OURS,
        ),
        _of(
            "average",
            "Near the average",
            "Treat them like everybody until something sets them apart; do not spend on them first.",
            _OURS,
        ),
    ]
)
"""Kind -> what to do for it by default. docs/actions.md quotes the sentence of the page behind each."""

_LABELLED: Final = ("lapsed", "high_value", "discount_seeker", "infrequent", "new")
"""Labels in the order in which they decide: who is lapsed is not thanked for buying."""

_DIFFERENT: Final[dict[str, tuple[str, str]]] = {
    "recency": ("silent", "recent"),
    "orders": ("frequent", "rare"),
    "purchase_frequency": ("frequent", "rare"),
    "interpurchase_days": ("rare", "frequent"),
    "monetary": ("spenders", "small"),
    "average_order_value": ("spenders", "small"),
    "discount_share": ("discount_seeker", "full_price"),
    "discounted_orders_share": ("discount_seeker", "full_price"),
}
"""Measure -> the kinds of those with more and with less of it than the rest."""


def actions_for(profile: Profile, segment: Segment) -> tuple[Action, ...]:
    """The default suggestions for a segment, the one that decides first; at most `MOST`, at least one.

    A segment of the RFM rules is known by its name, any other one by the labels that it has earned, then by
    its strongest differences from the rest.
    """
    kinds = list(dict.fromkeys([*_of_rule(segment), *_of_labels(segment)]))
    kinds = kinds or list(dict.fromkeys(_of_differences(profile, segment)))[:2]
    return tuple(ACTIONS[kind] for kind in (kinds or ["average"])[:MOST])


def _of_rule(segment: Segment) -> Iterator[str]:
    name = segment.automatic or segment.name
    if name in NAMES:
        yield rule_kind(name)


def _of_labels(segment: Segment) -> Iterator[str]:
    yield from (key for key in _LABELLED if LABELS[key] in segment.labels)


def _of_differences(profile: Profile, segment: Segment) -> Iterator[str]:
    at = profile.at(segment.number)
    by_slug = {m.slug: m.rest[at] for m in profile.measures}
    for slug in segment.strongest:
        found = by_slug.get(slug)
        if slug in _DIFFERENT and found is not None:
            yield _DIFFERENT[slug][0 if found.effect > 0 else 1]
