"""From the customer sheet to the numbers that are clustered: filled, capped, evened out, scaled, weighted."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.clean import Step, cap, fill, missing_step, outlier_step, outside
from core.errors import UserError
from core.features.customers import Customers, LedgerRow, Measure
from core.spec import Clean, Features

SKEWED: Final = 1.0
MAX_LEVELS: Final = 40
LARGEST: Final = 1e60
"""Squares and their sums must stay far from the largest float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was done to one compared column, with what it takes to do it again to new customers.

    A number x becomes (t(x) − centre) / scale × weight, where t is `none`, `log1p` (of the absolute value,
    with its sign) or `yeo-johnson` with `lmbda`. A category becomes one 0/1 column per level, centred and
    scaled so that the block as a whole has the variance of one standardised number.
    """

    slug: str
    label: str
    kind: str
    transform: str
    lmbda: float | None
    skew: float | None
    centre: tuple[float, ...]
    scale: float
    weight: float
    filled: float | None
    levels: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The compared numbers.

    Attributes
    ----------
    rows : int array (n,)
        Rows of the customer sheet, ascending: the customers of the study.
    x : float64 array (m, p)
        Compared numbers of the m ≤ n customers that have all of them.
    fitted : bool array (n,)
        Which of the n have all of them (all, unless missing values are left).
    names : tuple of str
        Names of the p columns; `gender=Female` for a level.
    """

    rows: np.ndarray
    x: np.ndarray
    fitted: np.ndarray
    names: tuple[str, ...]
    prepared: tuple[Prepared, ...]
    steps: tuple[Step, ...]
    ledger: tuple[LedgerRow, ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Slugs of the compared columns."""
        return tuple(p.slug for p in self.prepared)


def default_columns(customers: Customers) -> tuple[str, ...]:
    """The columns compared when nobody chose (DEFINITIONS.md, Clusters)."""
    return default_slugs(customers.kind, customers.measures)


def default_slugs(kind: str, measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """The default columns of a log (`log`) or a customer table with these measures."""
    has = {m.slug for m in measures}
    main = [s for s in ("recency", "orders", "monetary") if s in has]
    if kind == "log":
        return (*main, *(["discount_share"] if "discount_share" in has else []))
    chosen = [*main, *(m.slug for m in measures if m.unit == "score")]
    if len(chosen) < 2:
        chosen += [m.slug for m in measures if m.unit in ("number", "band") and m.slug not in chosen]
    return tuple(chosen)


def matrix(customers: Customers, mask: np.ndarray, features: Features, clean: Clean) -> Matrix:
    """Prepare the compared columns of the included customers.

    Parameters
    ----------
    mask : bool array (len(customers),)
        Who is included.

    Raises
    ------
    UserError
        When nobody is left, or no column can be compared.
    """
    measures, notes = _chosen(customers, features)
    rows = np.flatnonzero(mask)
    if not rows.size:
        raise UserError("Nobody meets the conditions of “Who is included”.", "Remove or widen a condition.")
    raw = {m.slug: _raw(customers, m)[rows] for m in measures}
    kept, fitted, steps, ledger = _cleaned(customers, rows, raw, measures, clean, mask)
    blocks, prepared = [], []
    for m in measures:
        found = _prepare(customers, m, raw[m.slug][kept & fitted], features, clean)
        if found is None:
            notes.append(f"{m.label} is the same for every customer and was left out of the grouping.")
            continue
        blocks.append(found[0])
        prepared.append(found[1])
    if not blocks:
        raise UserError(
            "Every attribute chosen has one value only.", "Choose attributes in which customers differ."
        )
    names = [n for p in prepared for n in ([f"{p.slug}={level}" for level in p.levels] or [p.slug])]
    return Matrix(
        rows=rows[kept].astype(np.int64),
        x=np.ascontiguousarray(np.hstack(blocks)),
        fitted=fitted[kept],
        names=tuple(names),
        prepared=tuple(prepared),
        steps=steps,
        ledger=ledger,
        notes=tuple(notes),
    )


def _chosen(customers: Customers, features: Features) -> tuple[list[Measure], list[str]]:
    notes, found = [], []
    for slug in features.cols:
        m = customers.measure(slug)
        if m is None or not m.makes:
            notes.append(f"This data set has no attribute “{slug}” to group by; it was ignored.")
        else:
            found.append(m)
    if not found:
        if features.cols:
            notes.append("None of the chosen attributes is there; the usual ones were used.")
        found = [m for m in (customers.measure(s) for s in default_columns(customers)) if m is not None]
    if not found:
        raise UserError(
            "This table has no column with numbers to group customers by.",
            "Choose a category under “Grouped by”, or give a column the meaning Number on the Data page.",
        )
    return found, notes


def _is_number(m: Measure) -> bool:
    return m.numeric or (m.unit == "band" and bool(m.levels))


def _raw(customers: Customers, m: Measure) -> np.ndarray:
    if _is_number(m):
        return customers.number(m.slug)
    codes, levels = customers.codes(m.slug)
    codes = np.minimum(codes, MAX_LEVELS - 1) if len(levels) > MAX_LEVELS else codes
    return np.where(codes < 0, np.nan, codes).astype(np.float64)


def _cleaned(
    customers: Customers,
    rows: np.ndarray,
    raw: dict[str, np.ndarray],
    measures: list[Measure],
    clean: Clean,
    mask: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, tuple[Step, ...], tuple[LedgerRow, ...]]:
    """Which of the included stay, which of them can be compared, what was done, and the ledger of it.

    Missing values are settled first; what is unusual is judged among the customers who are then compared.
    """
    ledger = []
    if not mask.all():
        ledger.append(_out(customers, ~mask, "outside_cohort", "Customers who are not included"))
    complete = ~np.logical_or.reduce([np.isnan(values) for values in raw.values()])
    fitted = complete if clean.missing in ("drop", "leave") else np.ones(rows.size, dtype=bool)
    _refuse_nobody(fitted)
    kept = fitted if clean.missing == "drop" else np.ones(rows.size, dtype=bool)
    if not kept.all():
        ledger.append(_out(customers, rows[~kept], "missing", "Customers with a missing value"))
    numbers = {m.label: raw[m.slug][fitted] for m in measures if m.numeric}
    steps = (
        missing_step({m.label: raw[m.slug] for m in measures}, clean.missing),
        outlier_step(numbers, clean.outliers),
    )
    if clean.outliers == "drop" and steps[1].rows:
        far = np.zeros(rows.size, dtype=bool)
        far[fitted] = np.logical_or.reduce([outside(values, "drop") for values in numbers.values()])
        kept = kept & ~far
        _refuse_nobody(kept & fitted)
        ledger.append(_out(customers, rows[far], "outliers", "Customers with an unusually high or low value"))
    ledger.append(_out(customers, rows[kept], "segmented", "Customers in the segments", "total"))
    return kept, fitted, steps, tuple(ledger)


def _refuse_nobody(left: np.ndarray) -> None:
    if not left.any():
        raise UserError(
            "No customer is left after leaving out missing and extreme values.",
            "Fill or limit them instead, or choose fewer attributes.",
        )


def _out(customers: Customers, rows: np.ndarray, key: str, text: str, kind: str = "out") -> LedgerRow:
    table = customers.table
    size = int(rows.sum()) if rows.dtype == bool else int(rows.size)

    def total(slug: str) -> float:
        return float(np.nansum(customers.number(slug)[rows]))

    money = None
    if "gross" in table.column_names:
        money = total("gross") - total("discount") - total("returns")
    elif "monetary" in table.column_names:
        money = total("monetary")
    lines = int(total("lines")) if "lines" in table.column_names else size
    return LedgerRow(
        key=key,
        kind=kind,
        text=text,
        rows=lines,
        customers=size,
        money=None if money is None else round(money, 4),
    )


def _prepare(
    customers: Customers, m: Measure, values: np.ndarray, features: Features, clean: Clean
) -> tuple[np.ndarray, Prepared] | None:
    """A column of the matrix (several for a category) and what was done; None where it tells nobody apart."""
    known = values[~np.isnan(values)]
    if not known.size or known.min() == known.max():
        return None
    weight = dict(features.weight).get(m.slug, 1.0)
    if not _is_number(m):
        how = "mode" if clean.missing == "median" else clean.missing
        filled = fill(values, how)
        return _category(customers, m, filled.astype(int), _stand_in(values, filled), weight)
    limited = cap(values, clean.outliers) if m.numeric else values
    filled = fill(limited, clean.missing)
    if np.ptp(filled) == 0:
        return None
    if np.abs(filled).max() > LARGEST:
        raise UserError(
            f"{m.label} holds {filled[np.abs(filled).argmax()]:.3g}, too large to compare customers by.",
            "Correct it in the file, limit extreme values, or choose other attributes.",
        )
    changed = int((np.abs(limited - values) > 0).sum())
    return _number(m, filled, _stand_in(values, filled), changed, features, weight)


def _stand_in(values: np.ndarray, filled: np.ndarray) -> float | None:
    """What stands in for a missing value; None where none was missing."""
    gaps = np.isnan(values)
    return float(filled[gaps][0]) if gaps.any() else None


def _number(
    m: Measure,
    values: np.ndarray,
    stand_in: float | None,
    changed: int,
    features: Features,
    weight: float,
) -> tuple[np.ndarray, Prepared]:
    skew = _skew(values)
    how = features.transform
    if how == "auto":
        how = "yeo-johnson" if abs(skew) > SKEWED else "none"
    even, lmbda = _transform(values, how)
    if not np.isfinite(even).all() or np.ptp(even) == 0:
        even, how, lmbda = values, "none", None
    centre, scale = _scale(even, features.scaling)
    return ((even - centre) / scale * weight)[:, None], Prepared(
        slug=m.slug,
        label=m.label,
        kind="number",
        transform=how,
        lmbda=lmbda,
        skew=skew,
        centre=(centre,),
        scale=scale,
        weight=weight,
        filled=stand_in,
        levels=(),
        text=_sentence(m, how, skew, changed, features.scaling),
    )


def _category(
    customers: Customers, m: Measure, codes: np.ndarray, stand_in: float | None, weight: float
) -> tuple[np.ndarray, Prepared]:
    levels = customers.codes(m.slug)[1]
    names = (*levels[: MAX_LEVELS - 1], "other") if len(levels) > MAX_LEVELS else levels
    present = np.unique(codes)
    hot = (codes[:, None] == present[None, :]).astype(np.float64)
    centre = hot.mean(axis=0)
    scale = float(np.sqrt(((hot - centre) ** 2).mean(axis=0).sum()))
    return (hot - centre) / scale * weight, Prepared(
        slug=m.slug,
        label=m.label,
        kind="category",
        transform="one-hot",
        lmbda=None,
        skew=None,
        centre=tuple(float(c) for c in centre),
        scale=scale,
        weight=weight,
        filled=stand_in,
        levels=tuple(names[i] for i in present),
        text=f"{m.label}: {present.size} categories that together count as one attribute.",
    )


def _skew(values: np.ndarray) -> float:
    """Fisher–Pearson skewness g1 = m3 / m2^1.5."""
    centred = values - values.mean()
    spread = float(np.sqrt((centred**2).mean()))
    return float(((centred / spread) ** 3).mean()) if spread else 0.0


def _transform(values: np.ndarray, how: str) -> tuple[np.ndarray, float | None]:
    if how == "log1p":
        return np.sign(values) * np.log1p(np.abs(values)), None
    if how == "yeo-johnson":
        from sklearn.preprocessing import PowerTransformer

        fitted = PowerTransformer(method="yeo-johnson", standardize=False)
        return fitted.fit_transform(values[:, None])[:, 0], float(fitted.lambdas_[0])
    return values, None


def _scale(values: np.ndarray, how: str) -> tuple[float, float]:
    """Centre and scale of `standard`, `robust`, `minmax` or `none`; scale 1 where the spread is zero."""
    if how == "none":
        return 0.0, 1.0
    if how == "minmax":
        return float(values.min()), float(np.ptp(values)) or 1.0
    spread = float(values.std()) or 1.0
    if how == "robust":
        first, middle, third = np.quantile(values, [0.25, 0.5, 0.75])
        return float(middle), float(third - first) or spread
    return float(values.mean()), spread


def _sentence(m: Measure, how: str, skew: float, changed: int, scaling: str) -> str:
    done = {
        "none": "taken as it is",
        "log1p": "on a logarithmic scale",
        "yeo-johnson": f"extremes evened out (its skew was {skew:.1f})",
    }[how]
    limit = f", {changed:,} values limited" if changed else ""
    scaled = {
        "standard": "then weighed equally",
        "robust": "then weighed equally by its middle half",
        "minmax": "then brought to 0 to 1",
        "none": "in its own unit",
    }[scaling]
    return f"{m.label}: {done}{limit}, {scaled}."
