"""The README's picture, from the running app: `python -m tests.browser.screenshots [--all DIR]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import DESKTOP, PHONE, ROOT, App, Watch, chromium_path, launched, running

PICTURE = ROOT / "docs" / "screenshot.png"
PAGES = {
    "home": "/",
    "data": "/?ds=demo-1",
    "eda": "/eda",
    "clustering": "/clustering",
    "profiles": "/profiles",
    "segment": "/profiles/1",
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "390": {"viewport": PHONE, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}


def taken(browser: Browser, app: App, address: str, path: Path, whole: bool, **look: Any) -> None:
    """Write one picture of an address."""
    context = browser.new_context(**look)
    watch = Watch(context.new_page(), app)
    watch.open(address)
    watch.page.screenshot(path=path, full_page=whole, animations="disabled")
    context.close()


def main(arguments: list[str] | None = None) -> int:
    """Start the app on a directory of its own, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every page too: light, dark, 390 px")
    folder = parser.parse_args(arguments).all
    if chromium_path() is None:
        print("No Chromium here: install chromium or google-chrome.", file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory() as data_dir,
        running(Path(data_dir)) as app,
        sync_playwright() as playwright,
    ):
        browser = launched(playwright)
        taken(browser, app, "/profiles", PICTURE, False, **LOOKS["light"])
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for name, address in PAGES.items():
                for look, options in LOOKS.items():
                    taken(browser, app, address, folder / f"{name}-{look}.png", True, **options)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
