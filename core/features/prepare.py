"""A compared column as columns of the matrix: evened out, scaled, weighted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.clean import MISSING, Compared
from core.errors import UserError
from core.spec import Features

SKEWED: Final = 1.0
LARGEST: Final = 1e60
"""Squares and their sums must stay far from the largest float."""

SMALLEST: Final = 1e-60
"""Values that differ by less are the same: squares of differences must stay far from the smallest float."""

APART: Final = {"standard": 2.563, "robust": 1.9, "minmax": 1.0, "none": 2.563}
"""How far apart customers of different categories are: as the 10th and 90th percentile of a number that is
scaled so. As in Gower's coefficient (1971) this holds for any number and shares of categories; the range is
one that a few extremes do not move, and for 0 to 1 Gower's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was done to one compared column, with what it takes to do it again to new customers.

    A missing value becomes `filled`, and a number beyond `limits` the limit. A number x then becomes
    (t(x) − centre) / scale × weight, where t is `none`, `log1p` (of the absolute value, with its sign) or
    `yeo-johnson` with `lmbda`. A category becomes one 0/1 column per level, centred and scaled so that
    customers of different levels are `APART`; so do the columns of a one-hot group together, each with the
    one level that says yes.

    Attributes
    ----------
    centre : tuple of float
        Of a number, and after it of its `mark`; of each level of a category.
    filled : float or None
        What stands in for a missing number; None where it is not filled. Filling like similar customers has
        no one value: this is then the middle one.
    filled_level : str
        What stands in for a missing category; empty where it is not filled.
    levels : tuple of str
        Of a category; one that is not among them counts as `core.clean.OTHER` where that is one of them.
    merged : tuple of str
        The levels that were rare and became `core.clean.OTHER`.
    mark : float or None
        Scale of a second column: 1 where the number was missing, else 0; None without one.
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
    filled_level: str = ""
    limits: tuple[float, float] | None = None
    merged: tuple[str, ...] = ()
    mark: float | None = None

    @property
    def fills(self) -> bool:
        """Whether something stands in for a missing value."""
        return self.filled is not None or bool(self.filled_level)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns of the matrix: `age`, `gender=Female`, `age=without Age`."""
        if self.mark is not None:
            return self.slug, f"{self.slug}=without {self.label}"
        words = (f"without {self.label}" if level == MISSING else level for level in self.levels)
        return tuple(f"{self.slug}={word}" for word in words) or (self.slug,)


def prepare(column: Compared, before: Compared, features: Features) -> tuple[np.ndarray, Prepared] | None:
    """A column of the matrix (several for a category) and what was done; None where it tells nobody apart.

    Parameters
    ----------
    column, before : Compared
        The column after and before cleaning, of the same customers.
    """
    if np.isnan(column.values).all() or (np.ptp(column.values) < SMALLEST and column.gaps is None):
        return None
    weight = dict(features.weight).get(column.slug, 1.0)
    if column.kind == "category":
        return _category(column, weight, _scale_of_levels(features))
    _refuse_too_large(column)
    changed = 0 if column.limits is None else int(_beyond(before.values, column.limits).sum())
    block, made = _number(column, changed, features, weight)
    return _marked(block, made, column.gaps) if column.gaps is not None else (block, made)


def prepare_group(columns: Sequence[Compared], features: Features) -> list[tuple[np.ndarray, Prepared]]:
    """The columns of a one-hot group: one 0/1 column each, which together count as one attribute."""
    weights = dict(features.weight)
    hot = [_hot(c) for c in columns]
    scale = _scale_of_levels(features)
    told = f"one of {len(columns)} columns of “{columns[0].group}” that together count as one attribute"
    return [
        (
            ((h - h.mean()) / scale * weights.get(c.slug, 1.0))[:, None],
            replace(
                _plain(c, weights.get(c.slug, 1.0)),
                kind="category" if level else "number",
                transform="one-hot",
                centre=(float(h.mean()),),
                scale=scale,
                levels=(level,) if level else (),
                text=f"{c.label}: {told}.",
            ),
        )
        for c, (h, level) in zip(columns, hot, strict=True)
    ]


def _plain(column: Compared, weight: float) -> Prepared:
    """What is the same for every kind of column."""
    category = column.kind == "category"
    return Prepared(
        slug=column.slug,
        label=column.label,
        kind="category" if category else "number",
        transform="none",
        lmbda=None,
        skew=None,
        centre=(),
        scale=1.0,
        weight=weight,
        filled=None if category else column.stand_in,
        levels=(),
        text="",
        filled_level=_level(column) if category else "",
        limits=column.limits,
        merged=column.merged,
    )


def _level(column: Compared) -> str:
    if column.stand_in is None:
        return ""
    at = int(column.stand_in)
    return column.levels[at] if at < len(column.levels) else MISSING


def _number(column: Compared, changed: int, features: Features, weight: float) -> tuple[np.ndarray, Prepared]:
    values = column.values
    skew = _skew(values)
    how = features.transform
    if how == "auto":
        how = "yeo-johnson" if abs(skew) > SKEWED else "none"
    even, lmbda = _transform(values, how)
    if not np.isfinite(even).all() or np.ptp(even) == 0:
        even, how, lmbda = values, "none", None
    centre, scale = _scale(even, features.scaling)
    return ((even - centre) / scale * weight)[:, None], replace(
        _plain(column, weight),
        transform=how,
        lmbda=lmbda,
        skew=skew,
        centre=(centre,),
        scale=scale,
        text=_sentence(column.label, how, skew, changed, features.scaling),
    )


def _marked(block: np.ndarray, made: Prepared, gaps: np.ndarray) -> tuple[np.ndarray, Prepared]:
    """A number with a second column that marks where it was missing.

    Both have the same variance, and together that of the number alone: they are one attribute.
    """
    number = float(block.var()) / made.weight**2 if made.weight else 0.0
    share = float(gaps.mean())
    spread = float(np.sqrt(share * (1 - share)))
    if not spread:
        return block, made
    wanted = number or 1.0
    shrink = float(np.sqrt(wanted / (number + wanted)))
    mark = spread / np.sqrt(wanted) / shrink
    both = np.hstack([block * shrink, ((gaps - share) / mark * made.weight)[:, None]])
    return both, replace(made, scale=made.scale / shrink, centre=(*made.centre, share), mark=float(mark))


def _category(column: Compared, weight: float, scale: float) -> tuple[np.ndarray, Prepared]:
    codes = column.values.astype(np.int64)
    present = np.unique(codes)
    hot = (codes[:, None] == present[None, :]).astype(np.float64)
    centre = hot.mean(axis=0)
    return (hot - centre) / scale * weight, replace(
        _plain(column, weight),
        transform="one-hot",
        centre=tuple(float(c) for c in centre),
        scale=scale,
        levels=tuple(column.levels[i] for i in present),
        text=f"{column.label}: {present.size} categories that together count as one attribute.",
    )


def _scale_of_levels(features: Features) -> float:
    """Two levels differ in two columns of 0 and 1."""
    return float(np.sqrt(2)) / APART[features.scaling]


def _hot(column: Compared) -> tuple[np.ndarray, str]:
    """A column of a one-hot group as 0 and 1, and the word that is 1 (`true`, `yes`); empty for numbers."""
    if column.kind != "category":
        return column.values, ""
    yes = max((w for w in column.levels if w != MISSING), key=str.casefold)
    return (column.values == column.levels.index(yes)).astype(np.float64), yes


def _refuse_too_large(column: Compared) -> None:
    values = column.values
    if np.abs(values).max() > LARGEST:
        raise UserError(
            f"{column.label} holds {values[np.abs(values).argmax()]:.3g}, too large to compare customers by.",
            "Correct it in the file, limit extreme values, or choose other attributes.",
        )


def _beyond(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return (values < limits[0]) | (values > limits[1])


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


def _sentence(label: str, how: str, skew: float, changed: int, scaling: str) -> str:
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
    return f"{label}: {done}{limit}, {scaled}."
