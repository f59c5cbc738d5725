"""Building a store: new pages are read, committed batch by batch, and published."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from dateline.record.build import record_version
from dateline.store.across import Across
from dateline.store.inputs import Options, check_inputs, find_files, state_of
from dateline.store.intake import Intake
from dateline.store.model import PageResult, RawPage
from dateline.store.rows import version_id
from dateline.store.workspace import Workspace
from dateline.store.writer import Writer, begin_run, end_run, is_across_done

# A batch is committed after so many pages or seconds, whichever comes first: what a kill can cost.
_BATCH = 200
_BATCH_SECONDS = 5.0
# Readers see how a build goes on at most this often, and publishing takes at most this share of it.
_PUBLISH_SECONDS = 60.0
_PUBLISH_SHARE = 0.05


class Engine(Protocol):
    """What reads pages: gives the result of each, in the order of the pages."""

    name: str

    def read(self, pages: Iterator[RawPage]) -> Iterator[PageResult]:
        """The results of ``pages``."""


@dataclass(slots=True)
class Progress:
    """Counts of this run. ``known`` pages were in the store already. ``bytes`` of the inputs, as they
    are on the disk, were read; ``total_bytes`` is None for standard input."""

    pages: int = 0
    articles: int = 0
    failed: int = 0
    known: int = 0
    bytes: int = 0
    total_bytes: int | None = None


class Watcher(Protocol):
    """Is told how a build goes on."""

    def progress(self, progress: Progress) -> None:
        """After each page."""

    def phase(self, name: str) -> None:
        """Before a step that is not reading pages."""


@dataclass(slots=True)
class _Batch:
    """Results that are not committed yet."""

    results: list[PageResult] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def is_due(self) -> bool:
        return len(self.results) >= _BATCH or time.monotonic() - self.since >= _BATCH_SECONDS


def build(
    inputs: Sequence[str],
    store: Path,
    engine: Engine,
    watcher: Watcher,
    *,
    options: Options | None = None,
    again: bool = False,
) -> Progress:
    """Add what is new in ``inputs`` to the store, which is made when it is not there; what was done.

    With ``again`` pages that failed before are read once more. Ctrl-C commits and publishes what is
    there and raises KeyboardInterrupt. After any other end the working copy stays as it was last
    committed, and the next build goes on from it. Raises InputError, StoreError, and OSError or
    duckdb.Error when the disk fails.
    """
    check_inputs(inputs)
    workspace = Workspace(store)
    try:
        return _Run(workspace, inputs, engine, watcher, options or Options(), again).run()
    finally:
        workspace.close()


class _Run:
    """One run of a build."""

    def __init__(
        self,
        workspace: Workspace,
        inputs: Sequence[str],
        engine: Engine,
        watcher: Watcher,
        options: Options,
        again: bool,
    ) -> None:
        self._workspace = workspace
        self._intake = Intake(inputs, options, workspace.reader, again=again)
        self._engine = engine
        self._watcher = watcher
        self._across = Across()
        self._again = again
        self._about = json.dumps({"inputs": list(inputs), "options": options.key})
        self._number: int | None = None
        self._progress = Progress(total_bytes=_total_bytes(inputs))
        self._publish_after = time.monotonic() + _PUBLISH_SECONDS

    def run(self) -> Progress:
        try:
            self._read()
        except KeyboardInterrupt:
            self._finish("interrupted")
            raise
        if not is_across_done(self._workspace.reader()):
            self._watcher.phase("grouping copies and merging reports")
            self._across.update(self._workspace.writer())
        self._finish("done")
        return self._progress

    def _read(self) -> None:
        batch = _Batch()
        try:
            for result in self._engine.read(self._intake.pages()):
                batch.results.append(result)
                self._tell(result)
                if batch.is_due():
                    self._commit(batch)
                    batch = _Batch()
                    self._publish_if_due()
        except KeyboardInterrupt:
            self._commit(batch)
            raise
        self._commit(batch)

    def _tell(self, result: PageResult) -> None:
        progress = self._progress
        progress.pages += 1
        progress.articles += result.outcome == "article"
        progress.failed += result.outcome == "failed"
        self._update()
        self._watcher.progress(progress)

    def _update(self) -> None:
        self._progress.known = self._intake.known
        self._progress.bytes = self._intake.meter.position()

    def _commit(self, batch: _Batch) -> None:
        """Commit a batch and the inputs that are done with it."""
        ends = self._intake.finished(self._progress.pages)
        self._update()
        if not batch.results and not ends:
            return
        Writer(self._workspace.writer(), self._run_number(), again=self._again).write(
            batch.results, ends
        )
        self._intake.commit([result.page for result in batch.results])
        self._workspace.lock.tell({"pages": self._progress.pages, "failed": self._progress.failed})

    def _run_number(self) -> int:
        """The number of this run, which is noted in the store with its first batch."""
        if self._number is None:
            version = version_id(record_version())
            self._number = begin_run(
                self._workspace.writer(), self._about, self._engine.name, version
            )
        return self._number

    def _publish_if_due(self) -> None:
        """Let readers see what was committed, stories and acts included."""
        if time.monotonic() < self._publish_after:
            return
        start = time.monotonic()
        self._across.update(self._workspace.writer())
        self._workspace.publish(last=False)
        cost = time.monotonic() - start
        self._publish_after = time.monotonic() + max(_PUBLISH_SECONDS, cost / _PUBLISH_SHARE)

    def _finish(self, state: str) -> None:
        """Note the end of the run and publish; nothing at all when nothing was new."""
        if not self._workspace.has_changes:
            return
        self._watcher.phase("writing the store")
        end_run(self._workspace.writer(), self._run_number(), state)
        self._workspace.publish(last=True)


def _total_bytes(inputs: Sequence[str]) -> int | None:
    """Bytes of all files of the inputs; None with standard input among them."""
    total = 0
    for file in find_files(inputs):
        if file.is_stdin:
            return None
        try:
            total += state_of(file)[0]
        except OSError:
            continue  # it will be a failed page
    return total
