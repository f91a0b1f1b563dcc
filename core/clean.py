"""Cleaning: repeated rows of the file, and missing or extreme values of what customers are compared on."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from core.spec import Clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one cleaning choice did, in words and numbers.

    Attributes
    ----------
    name : str
        The URL name of the choice.
    text : str
        One sentence.
    rows : int
        Rows (of the file) or customers it touched.
    values : int
        Cells it changed.
    """

    name: str
    text: str
    rows: int
    values: int


def mark_duplicates(table: ir.Table) -> ir.Table:
    """The table with `_duplicate`: true where an earlier row has the same value in every column."""
    columns = [c for c in table.columns if c != "_row"]
    same = ibis.window(group_by=columns, order_by="_row")
    return table.mutate(_duplicate=ibis.row_number().over(same) > 0)


def fill(values: np.ndarray, how: str) -> np.ndarray:
    """A column without its gaps.

    Parameters
    ----------
    values : float array (n,)
        NaN where missing.
    how : str
        `median` or `mode` fill; `drop` and `leave` return the values as they are.

    Returns
    -------
    float array (n,)
        A column of nothing but gaps stays so.
    """
    gaps = np.isnan(values)
    if how not in ("median", "mode") or not gaps.any() or gaps.all():
        return values
    known = values[~gaps]
    return np.where(gaps, np.median(known) if how == "median" else _mode(known), values)


def limits(values: np.ndarray, how: str) -> tuple[float, float]:
    """The lowest and highest usual value.

    `cap-quantile` takes the 1 % and 99 % quantiles; every other choice the IQR rule, 1.5 widths of the middle half
    beyond its ends (Tukey 1977).
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return -np.inf, np.inf
    if how == "cap-quantile":
        low, high = np.quantile(known, [0.01, 0.99])
        return float(low), float(high)
    first, third = np.quantile(known, [0.25, 0.75])
    width = 1.5 * (third - first)
    return float(first - width), float(third + width)


def outside(values: np.ndarray, how: str) -> np.ndarray:
    """Where a value is unusually low or high; a missing value is neither."""
    low, high = limits(values, how)
    with np.errstate(invalid="ignore"):
        return (values < low) | (values > high)


def cap(values: np.ndarray, how: str) -> np.ndarray:
    """Values with those beyond the limits set to the limit, for the choices that limit; else unchanged."""
    if not how.startswith("cap"):
        return values
    return np.clip(values, *limits(values, how))


def describe_steps(columns: dict[str, np.ndarray], spec: Clean, labels: dict[str, str]) -> tuple[Step, ...]:
    """What the choices on missing and extreme values did to the compared columns.

    Parameters
    ----------
    columns : dict of str to float array (n,)
        The columns before cleaning.
    spec : Clean
    labels : dict of str to str
        Slug -> the word of the page.
    """
    gaps = {slug: np.isnan(v) for slug, v in columns.items()}
    # "drop" leaves out a customer for one unusual value, so the limits are those of the values present
    far = {slug: outside(v, spec.outliers) for slug, v in columns.items()}
    return (
        Step(
            name="missing",
            text=_gap_sentence({labels[s]: int(g.sum()) for s, g in gaps.items()}, spec.missing),
            rows=_any(gaps),
            values=sum(int(g.sum()) for g in gaps.values()) if spec.missing in ("median", "mode") else 0,
        ),
        Step(
            name="outliers",
            text=_far_sentence({labels[s]: int(f.sum()) for s, f in far.items()}, spec.outliers),
            rows=_any(far),
            values=sum(int(f.sum()) for f in far.values()) if spec.outliers.startswith("cap") else 0,
        ),
    )


def _mode(known: np.ndarray) -> float:
    found, counts = np.unique(known, return_counts=True)
    return float(found[np.argmax(counts)])


def _any(masks: dict[str, np.ndarray]) -> int:
    return int(np.logical_or.reduce(list(masks.values())).sum()) if masks else 0


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{n:,} in {label}" for label, n in found.items() if n)


def _gap_sentence(found: dict[str, int], how: str) -> str:
    said = _counts(found)
    if not said:
        return "No value is missing in what customers are compared on."
    done = {
        "median": "each filled with the middle value of its column",
        "mode": "each filled with the most frequent value of its column",
        "drop": "these customers are left out",
        "leave": "these customers get no segment",
    }[how]
    return f"Missing values: {said}; {done}."


def _far_sentence(found: dict[str, int], how: str) -> str:
    said = _counts(found)
    if not said:
        return "No value is unusually high or low."
    done = {
        "report": "counted, nothing changed",
        "cap-iqr": "each counts as the limit when customers are grouped",
        "cap-quantile": "each counts as the limit (1 % or 99 %) when customers are grouped",
        "drop": "these customers are left out",
    }[how]
    return f"Unusually high or low values: {said}; {done}."
