"""What of a log is written to files, a part of the customers to each, where memory is too small for all."""

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from core.features.fates import key_of_log
from core.features.lines import key_of
from core.features.services import naming_columns
from core.io.dataset import Dataset
from core.io.engine import Engine
from core.io.meaning.questions import counted_once
from core.spec import Clean

PART: Final = "part"
"""The view of the rows of one part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """SQL of the rows to write, with `_customer` to tell parts by, and of the lines that a part holds."""

    rows: str
    lines: str


def spreading(engine: Engine, dataset: Dataset, clean: Clean, lines: str) -> Spreading:
    """Rows as they are stored are smaller to write than what becomes of them.

    Where an amount is shared out among an order's lines, which may be of several customers, it is the lines
    that are written.

    Parameters
    ----------
    lines : str
        SQL of the view `lines`.
    """
    if counted_once(dataset):
        return Spreading(
            rows=f"select *, customer as _customer from ({lines})",
            lines=f'select * exclude (_customer) from "{PART}"',
        )
    content = dataset.table.content
    rows = engine.compiled(
        ("rows", *key_of_log(dataset, clean)), lambda: _rows(engine.table(content), dataset)
    )
    return Spreading(rows=rows, lines=lines.replace(f'"table_{content}"', f'"{PART}"'))


def _rows(table: ir.Table, dataset: Dataset) -> ir.Table:
    """The stored rows; columns that no line is made of are empty, which takes no room."""
    ref = dataset.table
    used = {
        "_row",
        *(c.slug for c in ref.columns if c.role != "ignore"),
        *(c.slug for c in naming_columns(ref)),
    }
    kept = {name: table[name] if name in used else ibis.null(table[name].type()) for name in table.columns}
    return table.select(**kept, _customer=key_of(table, ref.one("id")))
