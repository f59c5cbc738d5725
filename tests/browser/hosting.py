"""An explorer to visit in a browser: a corpus of the samples and a hostile page, served from here."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# A page whose every part tries to run a script. 'ran' must never be set.
_RUN = "window.ran = true"
HOSTILE = f"""<!doctype html>
<html><head><title>Envoys meet &lt;script&gt;{_RUN}&lt;/script&gt; in Geneva</title>
<link rel="canonical" href="javascript:{_RUN}">
<meta property="og:site_name" content='"><img src=x onerror="{_RUN}">'>
<meta name="author" content="&lt;svg onload={_RUN}&gt;">
<meta property="article:published_time" content="2025-02-12T08:00:00Z"></head><body><article>
<h1>Envoys meet &lt;script&gt;{_RUN}&lt;/script&gt;&lt;img src=x onerror={_RUN}&gt; in Geneva</h1>
<p>Geneva — Foreign Minister Jan Vzor of Czechia met the Norwegian foreign minister, Kari Fjell, in Geneva
on Tuesday and said &lt;script&gt;{_RUN}&lt;/script&gt; that sanctions on Belarus should stay.</p>
<p>“&lt;svg onload={_RUN}&gt; We demand that all prisoners be released,” Vzor said. He accused Belarus of
breaking the truce, and urged the European Union &lt;img src=x onerror={_RUN}&gt; to send observers.</p>
<p>Police in Minsk arrested forty protesters on Monday, the opposition leader Ales Bahdan said, and the
government &lt;a href=javascript:{_RUN}&gt;rejected&lt;/a&gt; the demand of the envoys.</p>
<svg><script>{_RUN}</script><text>&lt;script&gt;{_RUN}&lt;/script&gt;</text></svg>
<p>The two ministers agreed to meet again in Oslo next week. Norway promised 40 million euros in aid.</p>
</article></body></html>
"""


def build_pages(pages: Path, store: Path) -> None:
    """Build a store of the pages in this process."""
    from dateline.store.build import build
    from dateline.store.model import Settings
    from dateline.store.reading import read_page

    class Here:
        name = "here"

        def read(self, listed):
            return (read_page(page, Settings()) for page in listed)

    class Quiet:
        def progress(self, progress: object) -> None:
            """Says nothing."""

        def phase(self, name: str) -> None:
            """Says nothing."""

    build([str(pages)], store, Here(), Quiet())


def serve(store: Path) -> Iterator[str]:
    """The address of an explorer of a store."""
    import uvicorn

    from dateline.views.web.app import create_app
    from dateline.views.web.settings import Settings

    app = create_app(Settings(store, port=0, query_seconds=60))
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass
class Visit:
    """What pages did behind their reader's back. ``refused`` are statuses that a test expects."""

    home: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert self.elsewhere == [], "requests to another host"
        assert self.complaints == [], "errors in the console"
        assert self.failed == [], "requests that failed"


def watch(context, seen: Visit) -> None:
    """Keep requests from leaving, and note them, failures and what the console says."""

    def route(route):
        if urlsplit(route.request.url)[:2] == urlsplit(seen.home)[:2]:
            route.continue_()
        else:
            seen.elsewhere.append(route.request.url)
            route.abort()

    def answered(response):
        if response.status >= 400:
            seen.failed.append(f"{response.status} {response.url}")

    context.route("**/*", route)
    context.on("response", answered)
    context.on(
        "console",
        lambda said: seen.complaints.append(said.text) if said.type == "error" else None,
    )
