"""A build from end to end beside the bare encoder, and builds that are killed.

``python benchmarks/build.py --data FILE [--articles 100] [--html] [--jobs 2]``: FILE has one JSON object
with ``text`` (and ``date``) a line. Each article is written as a page (``--html``: with the menus, links
and scripts of a news site around it), the folder is built into a store, and the shipped network is run
by as many processes over the same windows with nothing read off it. Prints articles per second of
both, their ratio, and memory.

``--kills N``: builds the same folder once in peace and once with ``kill -9`` at N random moments, and
compares the stores row for row.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from dateline.evaluation.files import rows
from dateline.store.build import Progress, build
from dateline.store.local import LocalEngine
from dateline.store.model import Settings
from dateline.store.status import read_status

MENU = ["World", "Business", "Sport", "Culture", "Weather", "Opinion", "Travel", "Science"]


class Silent:
    """Watches a build: keeps when its first page was done, for a rate without the start-up."""

    def __init__(self) -> None:
        self.first: float | None = None

    def progress(self, progress: Progress) -> None:
        self.first = self.first or time.perf_counter()

    def phase(self, name: str) -> None:
        """Nothing to do."""


def text_page(row: dict[str, Any]) -> str:
    day = row.get("date")
    return f"{day}\n\n{row['text']}" if day else str(row["text"])


def html_page(row: dict[str, Any], number: int) -> str:
    """The article as a site prints it: some 40 kB, most of it not the story."""
    links = "".join(f'<li><a href="/{n.lower()}">{n}</a></li>' for n in MENU)
    more = "".join(
        f'<li><a href="/story/{number + i}">Story {number + i} of the day in brief</a></li>'
        for i in range(1, 30)
    )
    paragraphs = "".join(
        f"<p>{html.escape(part.strip())}</p>\n" for part in row["text"].split("\n") if part.strip()
    )
    script = (
        "window.settings = {" + ",".join(f'"option{i}": "{i * 7919}"' for i in range(900)) + "};"
    )
    date = str(row.get("date", "2014-06-01"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Article {number}</title>'
        f'<meta property="article:published_time" content="{date}"><script>{script}</script></head>'
        f"<body><nav><ul>{links}</ul></nav><main><article><h1>Article {number}</h1>{paragraphs}"
        f"</article></main><aside><h2>Most read</h2><ul>{more}</ul></aside>"
        f"<footer><p>All rights reserved.</p></footer></body></html>"
    )


def write_pages(folder: Path, listed: list[dict[str, Any]], as_html: bool) -> None:
    folder.mkdir()
    for number, row in enumerate(listed):
        name = folder / f"{number:05}.{'html' if as_html else 'txt'}"
        name.write_text(html_page(row, number) if as_html else text_page(row), encoding="utf-8")


def encode(texts: list[str]) -> float:
    """Seconds that the network takes over all windows of the texts in this process."""
    os.environ["DATELINE_THREADS"] = "1"
    from dateline.analysis import network
    from dateline.analysis.sentences import split_sentences
    from dateline.analysis.tokens import tokenize
    from dateline.analysis.windows import WINDOW_PIECES, cut_windows

    prepared = []
    for text in texts:
        tokens = tokenize(text)
        pieces = network.word_pieces([t.text for t in tokens])
        sizes = [len(p) for p in pieces]
        for window in cut_windows(split_sentences(text, tokens), sizes, WINDOW_PIECES, 316):
            words = [t.text for t in tokens[window.first : window.last]]
            prepared.append((words, pieces[window.first : window.last], set(window.breaks)))
    network.run_window(*prepared[0])  # loads the weights
    start = time.perf_counter()
    for window_input in prepared:
        network.run_window(*window_input)
    return time.perf_counter() - start


def encoder_rate(texts: list[str], jobs: int) -> float:
    """Articles per second of the bare network in ``jobs`` processes at once."""
    shares = [texts[i::jobs] for i in range(jobs)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        seconds = list(pool.map(encode, shares))
    return len(texts) / max(seconds)


def measure(folder: Path, pages: Path, texts: list[str], jobs: int) -> dict[str, Any]:
    store, watcher = folder / "corpus.duckdb", Silent()
    start = time.perf_counter()
    done = build([str(pages)], store, LocalEngine(Settings(), jobs), watcher)
    end = time.perf_counter()
    assert watcher.first is not None
    rate = (done.pages - 1) / (end - watcher.first)
    encoder = encoder_rate(texts, jobs)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "pages": done.pages,
        "articles": done.articles,
        "failed": done.failed,
        "jobs": jobs,
        "seconds_with_start": round(end - start, 1),
        "articles_per_s": round(rate, 2),
        "encoder_articles_per_s": round(encoder, 2),
        "ratio": round(rate / encoder, 3),
        "writer_peak_mb": own // 1024,
        "largest_worker_peak_mb": workers // 1024,
        "store_kb_per_article": round(store.stat().st_size / 1024 / max(1, done.articles), 1),
        "rows": read_status(store, most_failed=0).rows,
    }


def kill_and_compare(folder: Path, pages: Path, kills: int, jobs: int, seed: int) -> dict[str, Any]:
    """Rows of a store built in peace, and whether one built with kills has the same."""
    whole, killed, dice = folder / "whole.duckdb", folder / "killed.duckdb", random.Random(seed)
    start = time.perf_counter()
    run_command(pages, whole, jobs).wait()
    length = time.perf_counter() - start
    states = []
    for _ in range(kills):
        child = run_command(pages, killed, jobs)
        try:
            child.wait(dice.uniform(0.05, 0.6) * length)
            states.append("ended")
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            states.append("killed")
    run_command(pages, killed, jobs).wait()
    expected, found = contents(whole), contents(killed)
    return {
        "kills": states.count("killed"),
        "ended_before_the_kill": states.count("ended"),
        "rows": sum(map(len, expected.values())),
        "identical": found == expected,
        "tables_that_differ": [name for name in expected if found[name] != expected[name]],
        "files_left": sorted(f.name for f in folder.glob("killed.duckdb.*")),
    }


def run_command(pages: Path, store: Path, jobs: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dateline", "build", str(pages), "--to", str(store)]
    return subprocess.Popen(
        [*command, "--jobs", str(jobs)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def contents(store: Path) -> dict[str, list[Any]]:
    """All rows but those of the runs, in a fixed order."""
    with duckdb.connect(str(store), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        return {
            name: sorted(connection.execute(f"FROM {name}").fetchall(), key=repr)
            for name in names
            if name != "runs"
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    listed = list(islice(rows([args.data]), args.articles))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder / "pages", listed, args.html)
        if args.kills:
            figures = kill_and_compare(folder, folder / "pages", args.kills, args.jobs, args.seed)
        else:
            texts = [row["text"] for row in listed]
            figures = measure(folder, folder / "pages", texts, args.jobs)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
