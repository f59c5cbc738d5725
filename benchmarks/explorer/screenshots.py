"""Pictures of every view, to look at: 1280 and 390 pixels wide, light and dark.

``python benchmarks/explorer/screenshots.py [--store FILE.duckdb] [--to FOLDER] [--only timeline ...]``.
Without a store one of the samples is built, with a few corrections. The folder (build/screenshots) is
ignored by git. Needs the extras `web` and `test`, and Chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from visiting import VIEWS, addresses, browser, build_samples, serve

from dateline.store.corpus import connect
from dateline.store.corrections import Corrections, find_target
from dateline.store.corrections.ask import asker

WIDTHS = (1280, 390)
_TALL = 4000  # pixels of a page that a picture shows at most


def take(page: Any, path: Path) -> None:
    """A picture of a page from its head, as tall as the page within limits."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": max(700, min(height, _TALL))})
    page.screenshot(path=str(path))


def corrected_samples(folder: Path) -> Path:
    """A store of the samples in which three acts were corrected."""
    store = build_samples(folder)
    changes = ({"type": "COERCE", "mode": None}, {"status": "denied"}, {"wrong": True})
    with connect(store) as connection:
        ask = asker(connection)
        acts = ask("SELECT id FROM acts WHERE type <> 'COERCE' ORDER BY id LIMIT 3", {})
        targets = [find_target(ask, "acts", act["id"]) for act in acts]
    for target, change in zip(targets, changes, strict=False):
        if target is not None:
            made = Corrections(store).add(target, change, author="Ada", reason="The words say so.")
    Corrections(store).withdraw(made[0].id, author="Ada")
    return store


def take_all(store: Path, folder: Path, only: list[str]) -> list[str]:
    """Pictures of all views, or of those named; what went wrong."""
    problems = []
    listed = addresses(store)
    with serve(store) as home, browser() as chromium:
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                context = chromium.new_context(
                    base_url=home,
                    color_scheme=scheme,
                    viewport={"width": width, "height": 900},
                    reduced_motion="reduce",
                )
                page = context.new_page()
                for name in only or VIEWS:
                    answer = page.goto(listed[name])
                    take(page, folder / f"{name}-{width}-{scheme}.png")
                    over = page.evaluate("document.documentElement.scrollWidth") - width
                    if answer.status != 200 or over > 0:
                        problems.append(f"{name} {width}: status {answer.status}, {over} px over")
                page.goto(listed["timeline"])
                page.locator("a[data-correct]").first.click()
                page.locator("form.correct").wait_for()
                take(page, folder / f"correcting-{width}-{scheme}.png")
                context.close()
    return problems


def main() -> None:
    """Take the pictures and print where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--to", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", nargs="*", default=[], choices=list(VIEWS))
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or corrected_samples(Path(folder))
        problems = take_all(store, options.to, options.only)
    print("\n".join(problems))
    print(f"pictures in {options.to}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
