"""The docs say what the code does: their tables, sections and links."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.cluster import ALGORITHMS
from core.figures import CHARTS
from core.io.readers import READERS
from core.spec import PARAMS, Study
from tests.docs.blocks import BLOCK, BLOCKS, DOCS, VARIABLES, refreshed
from webapp.pages import PAGES
from webapp.settings import ROOT, Settings

STUDY_ALGORITHMS = PARAMS["algorithm"][1].choices
OWN_WORDS = ("Does.", "Good when", "Costs", "From")
PATHS = re.compile(r"/(eda|clustering|compare|profiles(/(none|\d+))?|customers(/[0-9a-f]{16})?)?\Z")


def lines_of(name: str) -> list[str]:
    text = (ROOT / "tests" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def section(text: str, heading: str) -> str:
    """The text under a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_comes_from_the_code_is_up_to_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == refreshed(text), f"{path.name} is behind the code: .venv/bin/python -m tests.docs"


def test_every_block_stands_in_a_document() -> None:
    found = {name for path in DOCS for _, name, _ in BLOCK.findall(path.read_text(encoding="utf-8"))}
    assert found == set(BLOCKS)


def test_the_table_of_variables_is_what_the_settings_read(tmp_path: Path) -> None:
    asked: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            asked.add(key)
            return super().get(key, default)

    Settings.from_env(
        Watched(DATA_DIR=str(tmp_path), HOST="0.0.0.0", SECRET_KEY="s" * 32, ALLOW_ANONYMOUS="1")
    )
    elsewhere = {"WEB_CONCURRENCY", "DATABASE_URL"}  # gunicorn.conf.py and core.io.sets.catalog
    assert asked | elsewhere == set(VARIABLES)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_has_its_section(name: str) -> None:
    text = (ROOT / "docs/algorithms.md").read_text(encoding="utf-8")
    headings = [h for h in re.findall(r"^## (.+)$", text, re.M) if h.endswith(f": {ALGORITHMS[name].label}")]
    assert len(headings) == 1
    assert all(f"**{word}" in section(text, headings[0]) for word in OWN_WORDS)


def test_the_url_names_every_algorithm_as_its_table_does() -> None:
    assert list(STUDY_ALGORITHMS) == [(name, a.label) for name, a in ALGORITHMS.items()]


@pytest.mark.parametrize("name", READERS)
def test_every_format_has_its_section(name: str) -> None:
    assert section((ROOT / "docs/formats.md").read_text(encoding="utf-8"), name).strip()


def test_the_architecture_counts_the_charts_and_pages() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert f"{len(CHARTS)} charts" in text and f"{len(PAGES)} pages" in text


def test_every_dependency_has_its_reason() -> None:
    own = [(ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt")]
    wanted = {
        name
        for text in own
        for name in re.findall(r"^([\w-]+)==", text.partition("# Brought along")[0], re.M)
    }
    table = section((ROOT / "docs/architecture.md").read_text(encoding="utf-8"), "Dependencies")
    assert set(re.findall(r"^\| (\w[\w-]*) \|", table, re.M)) - {"package"} == wanted


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]), ids=lambda path: path.name
)
def test_links_lead_to_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    missing = [t for t in targets if t and not (path.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("line", lines_of("urls.txt"))
def test_an_old_link_still_means_what_it_says(line: str) -> None:
    parts = urlsplit(line)
    study = Study.parse(parts.query)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    assert PATHS.match(parts.path)
    assert given.keys() <= PARAMS.keys()
    assert study.notes == ()


def test_old_links_use_every_field() -> None:
    used = {
        name
        for line in lines_of("urls.txt")
        for name, _ in parse_qsl(urlsplit(line).query, keep_blank_values=True)
    }
    assert set(PARAMS) - used == {"segment"}  # stands in the path
