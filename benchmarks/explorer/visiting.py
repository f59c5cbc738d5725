"""What the browser's commands share: the views, an explorer to visit, a browser."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dateline
from dateline.views.web.app import create_app
from dateline.views.web.settings import Settings

VIEWS = {
    "overview": "/",
    "timeline": "/timeline",
    "filtered": "/timeline?type=ASSAULT&country={country}",
    "event": "/event/{act}",
    "positions": "/positions",
    "history": "/positions/{party}/{issue}",
    "compare": "/compare?a={party}&b={other}",
    "map": "/map",
    "network": "/network",
    "actors": "/actors",
    "actor": "/actor/{party}",
    "articles": "/articles",
    "article": "/article/{article}",
    "lit": "/article/{article}?record=e1#lit",
    "search": "/search?q={word}",
    "cite": "/cite/events/{act}",
    "correct": "/correct/acts/{act}",
    "corrections": "/corrections",
    "api": "/api",
}


def addresses(store: Path) -> dict[str, str]:
    """Address of each view, with ids of the store: its most told act, best known parties ..."""
    with dateline.open(store, frame="arrow") as corpus:

        def first(sql: str) -> list[Any]:
            rows = corpus.sql(sql).to_pylist()
            return list(rows[0].values()) if rows else [""] * 3

        party, issue = first(
            "SELECT p.actor, s.issue FROM positions s JOIN parties p ON p.owner = s.id "
            "WHERE p.actor NOT LIKE '~%' GROUP BY ALL ORDER BY count(*) DESC, 1, 2 LIMIT 1"
        )[:2]
        other = first(
            "SELECT p.actor FROM positions s JOIN parties p ON p.owner = s.id WHERE p.actor NOT "
            f"LIKE '~%' AND p.actor <> '{party}' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )[0]
        found = {
            "act": first("SELECT id FROM acts ORDER BY n_articles DESC, id LIMIT 1")[0],
            "article": first("SELECT article FROM events GROUP BY 1 ORDER BY count(*) DESC, 1")[0],
            "country": first(
                "SELECT country FROM actors WHERE length(country) = 3 GROUP BY 1 "
                "ORDER BY count(*) DESC, 1"
            )[0],
            "word": first("SELECT split_part(name, ' ', -1) FROM actors ORDER BY article, 1")[0],
        }
    named = found | {"party": party, "issue": issue, "other": other}
    values = {name: quote(str(value), safe="") for name, value in named.items()}
    return {view: address.format(**values) for view, address in VIEWS.items()}


def build_samples(folder: Path) -> Path:
    """A store of the sample pages."""
    from dateline.store.build import Progress, build
    from dateline.store.local import LocalEngine
    from dateline.store.model import Settings as Reading

    class Quiet:
        def progress(self, progress: Progress) -> None:
            """Says nothing."""

        def phase(self, name: str) -> None:
            """Says nothing."""

    pages = folder / "pages"
    pages.mkdir()
    for sample in (Path(dateline.__file__).parent / "samples").glob("*.*"):
        if sample.suffix in (".html", ".txt"):
            shutil.copy(sample, pages)
    build([str(pages)], folder / "corpus.duckdb", LocalEngine(Reading(), 1), Quiet())
    return folder / "corpus.duckdb"


@contextmanager
def serve(store: Path) -> Iterator[str]:
    """The address of an explorer of a store, as long as it is needed."""
    import uvicorn

    app = create_app(Settings(store, port=0, query_seconds=120))
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            sys.exit("the explorer did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium: the one on the path, or the one that DATELINE_CHROMIUM names."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("DATELINE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("no Chromium was found: apt-get install chromium, or set DATELINE_CHROMIUM")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield started
        finally:
            started.close()
