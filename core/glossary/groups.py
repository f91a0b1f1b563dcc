"""What the numbers of many customers are: sizes and value, what is typical, how good the segments are."""

from typing import Final

from core.glossary.term import Term, term

_MEASURES: Final = "core.features.measures:measures"
_PROFILE: Final = "core.profile.profile:profile"

GROUPS: Final[dict[str, Term]] = {
    # Sizes and value
    "customers": term(
        "number of customers",
        "Customers who are included and have an order that stands.",
        "number of customers",
        "segments",
        _PROFILE,
    ),
    "share": term(
        "share of customers",
        "How many of all customers are in it.",
        "customers of the segment ÷ all customers of the segments, “No segment” included",
        "segments",
        _PROFILE,
    ),
    "value_share": term(
        "value share",
        "Customers below zero count as 0, so it can differ a little from finance's share of net sales.",
        "sum of spend above 0 in the segment ÷ the same of all customers",
        "period",
        _PROFILE,
    ),
    "index": term(
        "index",
        "2.6×: brings 2.6 times as much as its number of customers would.",
        "share of net sales ÷ share of customers",
        "period",
        _PROFILE,
    ),
    # Customers as a whole
    "median": term(
        "median and quartiles",
        "The middle customer; half of all lie between the two ends of the middle half.",
        "the value that half of the customers stay under; middle half: from 25 to 75 of 100",
        "segments",
        "core.profile.measured:stats",
    ),
    "median_range": term(
        "confidence interval of a median",
        "What the data allow for: of 100 such ranges, 95 hold the true median. Groups under 6 have none.",
        "from the k-th lowest value to the k-th highest: k the largest for which fewer than k of n values lie"
        " below the median with a chance under 2.5 % (binomial, Thompson 1936)",
        "segments",
        "core.profile.likely:median_rank",
    ),
    "share_range": term(
        "confidence interval of a share",
        "What the data allow for: of 100 such ranges, 95 hold the true share.",
        "(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n): p the share of n, z = 1.96 (Wilson 1927)",
        "segments",
        "core.profile.likely:share_range",
    ),
    "gap_range": term(
        "effect size with a bootstrap interval",
        "How two groups differ, and what the data allow for: of 100 such ranges, 95 hold the true one.",
        "mean (or share) of one − that of the other, or the one ÷ the other; from 2.5 to 97.5 of 100 of 1,000"
        " draws of the customers (Poisson bootstrap, Hanley and MacGibbon 2006; shares: Newcombe 1998)",
        "segments",
        "core.differences.sums:Blocks",
    ),
    "corrected_p": term(
        "Holm-corrected p-value",
        "How easily chance alone makes a difference as large, with all tests of the table counted in.",
        "tests in order of p: the i-th smallest of m × (m − i + 1), never below the one before (Holm 1979)",
        "segments",
        "core.differences.evidence:holm",
    ),
    "explained": term(
        "variance explained (η²)",
        "How much of the differences between customers lies between the segments, not inside them.",
        "spread of the segments' means ÷ spread of all customers, both squared; of a category Goodman and"
        " Kruskal's τ",
        "segments",
        "core.drivers:explained",
    ),
    "drop": term(
        "permutation importance",
        "How much harder it is to tell segments apart without this attribute.",
        "of 100 unseen customers, those put into the right segment by a forest − the same with the attribute"
        " shuffled, together with all that say the same (Breiman 2001)",
        "segments",
        "core.drivers:drivers",
    ),
    "basket_share": term(
        "share of sales per category",
        "How the sales of a group divide over what was bought. Sales after discounts, before returns.",
        "sales of the category ÷ all sales of the group",
        "period",
        "core.profile.baskets:baskets",
    ),
    "once": term(
        "one-time buyers",
        "Share of customers with a single order.",
        "customers with one order in the period ÷ customers",
        "period",
        "core.explore:concentration",
    ),
    "concentration": term(
        "concentration (Lorenz) curve",
        "How much of net sales the customers who spend most bring.",
        "spend above 0 of the top x % ÷ the same of all",
        "period",
        "core.explore:concentration",
    ),
    "correlation": term(
        "correlation: Spearman's ρ or Pearson's r",
        "1: always go together. 0: no link. −1: one goes up as the other goes down.",
        "correlation of the ranks (or of the amounts) of customers who have both",
        "segments",
        "core.explore:correlation",
    ),
    "missing": term(
        "missing values",
        "How many customers have no value.",
        "customers without a value ÷ customers",
        "segments",
        "core.explore:missing",
    ),
    # Segments as groups
    "silhouette": term(
        "silhouette",
        "1 = clearly apart, 0 = touching. Over 0.5 clear, 0.25–0.5 fair, below weak. Compare only on the same"
        " attributes.",
        "mean of (b − a) ÷ max(a, b): a the mean distance to the own segment, b to the nearest other one",
        "segments",
        "core.silhouette.mean:silhouettes",
    ),
    "lead": term(
        "relative margin to the next centroid",
        "How much nearer the middle of the own segment is than that of the next one. 0.6 and more far nearer,"
        " 0.3 clearly, 0.1 a little, below about as near, under 0 the next one is nearer.",
        "1 − distance to the own middle ÷ distance to the next one, in the compared numbers",
        "segments",
        "core.margins:margins",
    ),
    "speaks": term(
        "share of the squared-distance difference",
        "How much of what makes the own segment the nearer one comes from this attribute.",
        "(distance to the next middle)² − (to the own)², in this attribute ÷ the sum of those above 0",
        "segments",
        "core.placed:placed",
    ),
    "rule_fit": term(
        "recall and precision of the rule; F1",
        "Of 100 customers of the segment the rule finds so many; of 100 that it picks so many do not belong."
        " Not faithful where F1 is under 0.80.",
        "found = in the segment and picked ÷ in the segment; wrong = picked and not in it ÷ picked; F1 = 2 ×"
        " precision × recall ÷ (precision + recall), on customers that the rule was not made from",
        "segments",
        "core.plain.found:plain_rule",
    ),
    "reliability": term(
        "stability: mean Jaccard over bootstraps",
        "How often the segment returns when the customers are drawn again. From 0.85 very reliable, 0.75"
        " reliable, 0.6 rough pattern, below: not reliable, do not act on it alone.",
        "customers in both ÷ customers in either, of the segment and its best match; mean of 30 draws",
        "segments",
        "core.stability:stabilities",
    ),
    "inertia": term(
        "inertia (within-cluster sum of squares)",
        "How far customers are from their segment's centre. Always falls with more segments.",
        "sum of squared distances to the own centre",
        "segments",
        "core.choose.criteria:criteria",
    ),
    "calinski_harabasz": term(
        "Calinski–Harabasz index",
        "Higher is better apart.",
        "(spread between ÷ (k − 1)) ÷ (spread inside ÷ (n − k))",
        "segments",
        "core.choose.criteria:criteria",
    ),
    "davies_bouldin": term(
        "Davies–Bouldin index",
        "Lower is better apart.",
        "mean over segments of the worst (radius + radius) ÷ distance of centres",
        "segments",
        "core.choose.criteria:criteria",
    ),
    "gap": term(
        "gap statistic",
        "How much tighter the segments are than those of data without groups.",
        "mean log spread of such data − log spread of yours",
        "segments",
        "core.choose.gap:gaps",
    ),
    "agreement": term(
        "adjusted Rand index (ARI)",
        "1 = same grouping, 0 = no more alike than chance.",
        "(pairs grouped alike − expected by chance) ÷ (most possible − expected)",
        "segments",
        "core.compare.agreement:adjusted_rand",
    ),
    "z": term(
        "standardised difference (effect size)",
        "How far the segment's mean lies from everybody's, in units of how much customers differ.",
        "(mean of the segment − mean of all) ÷ standard deviation of all",
        "segments",
        _PROFILE,
    ),
    "segments": term(
        "number of clusters (k)",
        "How many segments there are. Automatic tries 3 to 8 and takes the best that keeps all large enough.",
        "number of segments, “No segment” not counted",
        "segments",
        "core.choose:cluster",
    ),
    "smallest": term(
        "smallest cluster",
        "Smaller groups are hard to act on.",
        "customers of the smallest segment ÷ all customers of the segments",
        "segments",
        _PROFILE,
    ),
    "nobody": term(
        "noise (label −1)",
        "Unusual customers who fit no group.",
        "customers without a segment",
        "segments",
        _PROFILE,
    ),
    "kept": term(
        "share of objects in matched clusters",
        "Segments are matched so that as many customers as possible stay.",
        "customers whose segment has its match in every other model ÷ customers",
        "segments",
        "core.compare:comparison",
    ),
    "change": term(
        "migration between segments",
        "Up is to a segment of higher value (a smaller number). Measured again with the data up to 30 days"
        " before, and put into segments by the rules of today.",
        "customers now in a smaller (larger) segment number than 30 days before the snapshot day",
        "file",
        "core.change:change",
    ),
    "rows_used": term(
        "rows used",
        "The rest is told row by row in “From file to result”.",
        "rows that are counted ÷ rows in the file",
        "",
        "core.features.ledger:log_ledger",
    ),
    "period_covered": term(
        "observation period",
        "From the first to the last order that is counted.",
        "day of the last order − day of the first order",
        "file",
        _MEASURES,
    ),
    "attributes": term(
        "number of variables",
        "Columns that describe a customer and can be used.",
        "number of columns with a meaning that can be used",
        "",
        "core.features.catalog:measures_of",
    ),
}
