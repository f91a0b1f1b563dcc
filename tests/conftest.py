"""What every test may ask for: the developers' data where it is there, and one store with all of it."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from core.io.dataset import Dataset
from core.io.store import Store

ROOT = Path(__file__).resolve().parents[1]
NO_DATA = "no developers' data here (TEST_DATA_DIR)"

# Where this is set, each of the many processes that the tests start would compile our modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files given as bytes are named by their argument: an archive holds the time at which it was made."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The developers' data sets; a test that needs them is skipped where they are not."""
    folder = Path(os.environ.get("TEST_DATA_DIR") or ROOT.parent / "shared" / "data").resolve()
    if not (folder / "Mall_Customers.csv").exists():
        pytest.skip(NO_DATA)
    return folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the demo, shared by the tests of a worker; what is added to it stays."""
    made = Store(tmp_path_factory.mktemp("store"))
    made.ensure_demo()
    return made


@pytest.fixture(scope="session")
def mall(store: Store, shared_data: Path) -> Dataset:
    """Mall Customers, in the store: a customer table of 200 rows."""
    return store.add(shared_data / "Mall_Customers.csv")


@pytest.fixture(scope="session")
def marketing(store: Store, shared_data: Path) -> Dataset:
    """marketing_campaign, in the store: a customer table of 2,240 rows."""
    return store.add(shared_data / "marketing_campaign.csv")


@pytest.fixture(scope="session")
def online_retail(store: Store, shared_data: Path) -> Dataset:
    """Online Retail, in the store: a log of 541,909 lines."""
    return store.add(shared_data / "online_retail.parquet")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close with the number of tests that were skipped for want of data."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput"):
        skipped = [r for r in reporter.stats.get("skipped", []) if NO_DATA in str(r.longrepr)]
        reporter.write_line(f"Skipped for want of the developers' data: {len(skipped)}")
