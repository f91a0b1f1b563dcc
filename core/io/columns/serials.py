"""Days that are written as numbers: 19970101, and the days as a workbook counts them (45322, 45322.5)."""

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.io.columns import dates

_NAMED: Final = re.compile(
    r"(?:^|[^A-Za-z])(?<![ _-][Tt][Oo][ _-])(?i:date|dates|datum|fecha|datetime|dt|timestamp)(?:$|[^A-Za-z])|"
    r"[a-z](?<![a-z]To)Date(?:$|[^a-z])|"
    r"(?i:order|invoice|purchase|sale|birth|ship|due|start|end|join|created|signup|last|first)date"
)
"""Names of dates; `sales_to_date` is a sum up to today, while `to_date` alone is a day."""

_FIRST_DAY, _LAST_DAY = 19_000_101, 21_001_231
_FIRST_SERIAL, _LAST_SERIAL = 29_221, 73_415
_SERIAL_START: Final = np.datetime64("1899-12-30", "us")
_MILLISECONDS: Final = 86_400_000
_ENOUGH: Final = 3


def moments(name: str, values: pa.ChunkedArray) -> tuple[np.ndarray, str] | None:
    """The numbers of a column as datetime64[us], and what was decided; None where they are plain numbers.

    Eight digits are days where every one of them exists as year, month and day (1900 to 2100), and there are
    at least three or the column's name says date. Counted days (1980 to 2100) need such a name.
    """
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return None
    ends = pc.min_max(values).as_py()
    if ends["min"] is None:
        return None
    named = _NAMED.search(name) is not None
    if pa.types.is_integer(values.type) and _FIRST_DAY <= ends["min"] <= ends["max"] <= _LAST_DAY:
        return _digits(values, named)
    if named and _FIRST_SERIAL <= ends["min"] <= ends["max"] <= _LAST_SERIAL:
        return _counted(values), "days counted as in a workbook, read as dates"
    return None


def _digits(values: pa.ChunkedArray, named: bool) -> tuple[np.ndarray, str] | None:
    known = pc.fill_null(values, _FIRST_DAY).to_numpy()
    year, month, day = known // 10_000, known // 100 % 100, known % 100
    found = dates.days(year, month, day)
    if np.isnat(found).any() or not (named or pc.count_distinct(values).as_py() >= _ENOUGH):
        return None
    found[values.is_null().to_numpy()] = np.datetime64("NaT")
    return found.astype("datetime64[us]"), "days such as 20240131 read as dates"


def _counted(values: pa.ChunkedArray) -> np.ndarray:
    numbers = values.to_numpy().astype(np.float64)
    unknown = np.isnan(numbers)
    steps = np.rint(np.where(unknown, 0, numbers) * _MILLISECONDS).astype("timedelta64[ms]")
    found: np.ndarray = _SERIAL_START + steps
    found[unknown] = np.datetime64("NaT")
    return found
