"""A worker process: takes raw pages from a pipe and sends back their rows.

Nothing heavy is imported here before the process is a worker.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import threading
from multiprocessing.connection import Connection

from dateline.store.model import RawPage, Settings


def work(pipe: Connection, settings: Settings) -> None:
    """Run a worker till the pipe closes or None comes. Sends the version of what makes records when
    it is ready, then a PageResult for each page, in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and closes the pipe
    # The tables stay till the end: looking through them for garbage took a tenth of the time.
    gc.set_threshold(200_000, 50, 50)
    os.environ["DATELINE_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    pages: queue.SimpleQueue[RawPage | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, pages), daemon=True).start()
    from dateline.record.build import record_version
    from dateline.store.reading import read_page

    try:
        pipe.send(record_version())
        while (page := pages.get()) is not None:
            pipe.send(read_page(page, settings))
    except (BrokenPipeError, ConnectionResetError):
        return  # the parent is gone


def _receive(pipe: Connection, pages: queue.SimpleQueue[RawPage | None]) -> None:
    """Take pages off the pipe as they come, so that the parent never waits on a busy worker."""
    try:
        while (page := pipe.recv()) is not None:
            pages.put(page)
    except (EOFError, OSError):
        pass
    pages.put(None)
