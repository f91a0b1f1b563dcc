"""Files written for a test, and what the store has made of them."""

from pathlib import Path

import pyarrow.parquet as pq

from core.io.dataset import Dataset
from core.io.store import Store


def written(folder: Path, text: str, name: str = "file.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text)
    return path


def column(store: Store, dataset: Dataset, slug: str) -> list[object]:
    """A column as it is stored."""
    table = pq.read_table(store.data / dataset.table.content / "table.parquet")
    values: list[object] = table[slug].to_pylist()
    return values


def files(store: Store) -> set[str]:
    """What lies under the store's folder, beside the database and the lock."""
    found = (path for path in store.home.rglob("*") if path.is_file())
    return {
        str(path.relative_to(store.home)) for path in found if not path.name.startswith(("atlas", "store."))
    }
