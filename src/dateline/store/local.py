"""The local engine: worker processes on this machine.

Each worker has a network of its own on one thread. Results come in the order of the pages, so that a
store is built the same way with any number of workers, and an interrupted one goes on where it was.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from dateline.record.model import Version
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.rows import failed_result
from dateline.store.worker import work

# Pages waiting at a worker: enough to keep it busy while the parent commits a batch.
_AHEAD = 4
# Results held back because an earlier page is not done: what bounds the memory.
_WINDOW = 256
# A new process after so many pages: caches of words and names grow a little with each.
_PAGES_PER_WORKER = 5000
_ATTEMPTS = 2
_FAILED_STARTS = 3
# Loading the tables and the network takes two seconds; a machine under load may need far longer.
_START_SECONDS = 300.0
_PATIENCE = 1.0


class EngineError(Exception):
    """The engine cannot run; the message says why."""


@dataclass(slots=True)
class _Task:
    number: int
    page: RawPage
    attempts: int = 0


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    tasks: deque[_Task] = field(default_factory=deque)
    version: Version | None = None  # None till it is ready
    since: float = 0.0  # when it began the first of its tasks
    given: int = 0


Work = Callable[[Connection, Settings], None]


class LocalEngine:
    """Reads pages in ``jobs`` worker processes, each of which runs ``work``."""

    name = "local"

    def __init__(self, settings: Settings, jobs: int, work: Work = work) -> None:
        self._settings = settings
        self._work = work
        self._jobs = jobs
        # The worker stops a page itself, by the processor's time; this, by the clock, is for one that
        # does not come back to Python, and leaves room for a machine that does much else.
        self._hard_limit = 10 * settings.seconds + 10
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._again: deque[_Task] = deque()
        self._done: dict[int, PageResult] = {}
        self._version: Version | None = None
        self._failed_starts = 0
        self._taken = self._given_back = 0

    def read(self, pages: Iterator[RawPage]) -> Iterator[PageResult]:
        """The result of each page, in order. Raises EngineError when no worker can be started."""
        self._workers = [self._start() for _ in range(self._jobs)]
        more = True
        try:
            while True:
                more = self._fill(pages, more)
                if not more and self._taken == self._given_back:
                    return
                while self._given_back in self._done:
                    self._given_back += 1
                    yield self._done.pop(self._given_back - 1)
                if self._taken > self._given_back:
                    self._listen()
        finally:
            self._stop()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=self._work, args=(theirs, self._settings), name="dateline-worker", daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours, since=time.monotonic())

    def _fill(self, pages: Iterator[RawPage], more: bool) -> bool:
        """Hand out pages as far as workers and window have room; whether there may be more."""
        for old in [w for w in self._workers if w.given >= _PAGES_PER_WORKER and not w.tasks]:
            self._retire(old)
        while (worker := self._free_worker()) is not None:
            if self._again:
                self._give(worker, self._again.popleft())
                continue
            if not more or self._taken - self._given_back >= _WINDOW:
                return more
            page = next(pages, None)
            if page is None:
                return False
            self._give(worker, _Task(self._taken, page))
            self._taken += 1
        return more

    def _free_worker(self) -> _Worker | None:
        """The worker with the fewest pages waiting, None when all have enough."""
        ready = [w for w in self._workers if len(w.tasks) < _AHEAD and w.given < _PAGES_PER_WORKER]
        return min(ready, key=lambda w: len(w.tasks), default=None)

    def _give(self, worker: _Worker, task: _Task) -> None:
        if not worker.tasks:
            worker.since = time.monotonic()
        worker.tasks.append(task)
        worker.given += 1
        try:
            worker.pipe.send(task.page)
        except OSError:
            return  # it has died; _listen finds out and gives its pages to another

    def _listen(self) -> None:
        """Wait for results and deal with workers that are done, dead or stuck."""
        heard = wait([w.pipe for w in self._workers], timeout=_PATIENCE)
        for worker in list(self._workers):
            if worker.pipe in heard:
                self._receive(worker)
            elif worker.tasks and time.monotonic() - worker.since > self._limit(worker):
                self._replace(worker, "timeout")

    def _limit(self, worker: _Worker) -> float:
        return _START_SECONDS if worker.version is None else self._hard_limit

    def _receive(self, worker: _Worker) -> None:
        try:
            while worker.pipe.poll():
                message = worker.pipe.recv()
                if isinstance(message, PageResult):
                    self._done[worker.tasks.popleft().number] = message
                else:
                    worker.version = self._version = message
                    self._failed_starts = 0
                worker.since = time.monotonic()
        except (EOFError, OSError):
            self._replace(worker, "crash")

    def _replace(self, worker: _Worker, reason: str) -> None:
        """A new worker for a dead or stuck one; its pages are given out again, but the one it was at
        is tried only once more after a crash, and not at all after it took too long."""
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if worker.version is None:
            self._count_failed_start(worker)
        elif worker.tasks:
            self._blame(worker.tasks[0], worker, reason)
        self._again.extendleft(t for t in reversed(worker.tasks) if t.number not in self._done)
        self._workers.append(self._start())

    def _count_failed_start(self, worker: _Worker) -> None:
        self._failed_starts += 1
        if self._failed_starts >= _FAILED_STARTS * self._jobs:
            raise EngineError(
                f"worker processes end before they are ready (exit code {worker.process.exitcode}); "
                "if the machine is short of memory, try fewer with --jobs"
            )

    def _blame(self, task: _Task, worker: _Worker, reason: str) -> None:
        task.attempts += 1
        if reason == "crash" and task.attempts < _ATTEMPTS:
            return
        assert worker.version is not None
        if reason == "crash":
            message = (
                f"Reading the page ended the process {task.attempts} times (exit code "
                f"{worker.process.exitcode}; -9 is often a lack of memory)."
            )
        else:
            message = f"The page did not stop after {self._hard_limit:g} seconds."
        self._done[task.number] = failed_result(
            task.page, reason, message, worker.version, max(1, task.attempts)
        )

    def _retire(self, worker: _Worker) -> None:
        """End a worker that has read its share and start another."""
        self._workers.remove(worker)
        self._end(worker)
        self._workers.append(self._start())

    def _end(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.join(timeout=_PATIENCE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

    def _stop(self) -> None:
        """End all workers; those in the middle of a page are killed."""
        for worker in self._workers:
            if worker.tasks or worker.version is None:
                worker.process.kill()
        for worker in self._workers:
            self._end(worker)
