"""A build to be killed: python build_child.py STORE INPUT. Small batches, no worker processes, and
pages that take no time, so that a kill hits every step of a build."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dateline.store import build
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.reading import read_page


class Here:
    """Reads pages in this process."""

    name = "here"

    def read(self, pages: Iterator[RawPage]) -> Iterator[PageResult]:
        for page in pages:
            yield read_page(page, Settings())


class Silent:
    """Watches and says nothing."""

    def progress(self, progress: build.Progress) -> None:
        """Nothing to do."""

    def phase(self, name: str) -> None:
        """Nothing to do."""


def run(store: Path, inputs: list[str], *, batch: int = 3, publish: bool = False) -> build.Progress:
    """Build with commits every ``batch`` pages; with ``publish`` after each of them too."""
    build._BATCH = batch
    build._PUBLISH_SECONDS, build._PUBLISH_SHARE = (0.0, 1e9) if publish else (60.0, 0.05)
    return build.build(inputs, store, Here(), Silent())


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run(Path(sys.argv[1]), sys.argv[2:], publish=True)
