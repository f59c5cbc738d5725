"""How fast the explorer answers: time of the server and first paint in Chromium, view by view.

``python benchmarks/explorer/paint.py --store FILE.duckdb [--times 5] [--only timeline ...]``. README.md
has the figures of the store that corpus.py makes. All are milliseconds. *First* is the first visit after
the start, with nothing cached; the others are medians of the visits after it: *server* until the whole
answer is there, *cpu* the processor time that took (all threads, with the asking), and *paint* the
first-contentful-paint from the start of the navigation, coming from another page of the explorer.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from visiting import VIEWS, addresses, browser, serve

LIMIT = 300  # milliseconds to the first paint that the explorer promises
_PAINT = """() => new Promise((done) => {
  const read = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const wait = () => read() === undefined ? setTimeout(wait, 5) : done(read());
  wait();
})"""


@dataclass(frozen=True)
class Answer:
    """Milliseconds until the whole answer was there, of which the processor worked ``cpu``; bytes."""

    wall: float
    cpu: float
    size: int


def ask(client: httpx.Client, address: str) -> Answer:
    """Visit an address as a program."""
    start, worked = time.perf_counter(), time.process_time()
    answer = client.get(address)
    answer.raise_for_status()
    wall, cpu = time.perf_counter() - start, time.process_time() - worked
    return Answer(1000 * wall, 1000 * cpu, len(answer.content))


def paint_time(page: Any, address: str) -> float:
    """Milliseconds from the navigation's start to the first paint with content."""
    page.goto("/corrections", timeout=120_000)
    page.goto(address, timeout=120_000)
    return float(page.evaluate(_PAINT))


def _client(home: str) -> httpx.Client:
    return httpx.Client(base_url=home, timeout=120, follow_redirects=True)


def measure(store: Path, times: int, only: list[str]) -> list[str]:
    """Print a line for each view; those that are over the limit."""
    late = []
    listed = addresses(store)
    print(f"{'view':<12} {'first':>7} {'server':>7} {'cpu':>7} {'paint':>7} {'kB':>6}")
    with serve(store) as home, browser() as chromium, _client(home) as client:
        ask(client, "/corrections")
        page = chromium.new_page(base_url=home, viewport={"width": 1280, "height": 900})
        paint_time(page, "/articles")
        for name in only or VIEWS:
            address = listed[name].partition("#")[0]
            first = ask(client, address)
            answers = [ask(client, address) for _ in range(times)]
            server, cpu = (
                statistics.median(getattr(a, n) for a in answers) for n in ("wall", "cpu")
            )
            paint = statistics.median(paint_time(page, address) for _ in range(times))
            size = first.size / 1000
            line = f"{name:<12} {first.wall:7.0f} {server:7.0f} {cpu:7.0f} {paint:7.0f} {size:6.0f}"
            print(line, flush=True)
            if paint > LIMIT:
                late.append(name)
    return late


def main() -> None:
    """Measure and say which views are over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], choices=list(VIEWS))
    options = parser.parse_args()
    late = measure(options.store, options.times, options.only)
    print(f"over {LIMIT} ms: {', '.join(late) or 'none'}")


if __name__ == "__main__":
    main()
