"""A headless Chromium that visits an explorer of a corpus built from our samples.

The browser is Debian's package `chromium` (``make test`` installs it), another found on the path, or the
one that DATELINE_CHROMIUM names. Without one these tests fail; DATELINE_NO_BROWSER=1 leaves them out.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hosting import HOSTILE, Visit, build_pages, serve, watch

import dateline

SAMPLES = Path(dateline.__file__).parent / "samples"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NONE = (
    "no Chromium was found: `apt-get install chromium`, or name one with DATELINE_CHROMIUM;"
    " DATELINE_NO_BROWSER=1 leaves the browser tests out"
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    if os.environ.get("DATELINE_NO_BROWSER") == "1":
        pytest.skip("DATELINE_NO_BROWSER=1")
    wanted = os.environ.get("DATELINE_CHROMIUM")
    found = wanted or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(_NONE)
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root, as in a container, has no sandbox to run the browser in.
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> Path:
    """A folder of the samples and the hostile page."""
    folder = tmp_path_factory.mktemp("pages")
    for sample in sorted(SAMPLES.glob("*.*")):
        if sample.suffix in (".html", ".txt"):
            shutil.copy(sample, folder)
    (folder / "hostile.html").write_text(HOSTILE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def store(pages, tmp_path_factory) -> Path:
    """The corpus of the samples; tests that correct it take a copy."""
    path = tmp_path_factory.mktemp("store") / "corpus.duckdb"
    build_pages(pages, path)
    return path


@pytest.fixture(scope="session")
def address(store) -> Iterator[str]:
    """The explorer of the corpus, which no test changes."""
    yield from serve(store)


@pytest.fixture
def visit(browser, address) -> Iterator[Callable[..., object]]:
    """Opens a tab: ``visit(dark=True, width=390, script=False, home=address)``. Afterwards no tab may
    have asked another host, had an error in its console, or run a word of an article."""
    contexts = []
    visits: list[Visit] = []

    def open_tab(*, dark=False, width=1280, script=True, home=address):
        context = browser.new_context(
            base_url=home,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        seen = Visit(home)
        visits.append(seen)
        watch(context, seen)
        page = context.new_page()
        page.on("dialog", lambda dialog: (seen.complaints.append("dialog"), dialog.dismiss()))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        return page

    yield open_tab
    for context in contexts:
        context.close()
    for seen in visits:
        seen.check()
