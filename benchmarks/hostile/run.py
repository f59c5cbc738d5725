"""Put hostile pages through ``dateline.read`` and ``dateline build``, within limits for each page.

``python benchmarks/hostile/run.py --pages 10000 [--seed 1] [--seconds 60] [--memory 1500] [--jobs 2]
[--skip-build] [--log FILE]`` prints JSON and exits 1 when anything is wrong. With ``--log`` each page's
figures are appended to FILE, and pages that are in it are not read again: a run that was stopped goes on.
``--only NUMBER`` reads one page, in this process, and ``--write FILE`` saves it.

A page is wrong when reading it raises, takes more than ``--seconds`` of the processor (the clock says
more of what else the machine does; a page that is not done after twice as long is killed), more than
``--memory`` MB at its peak (of the whole process, network and tables included), when its record fails
one of ``hostile_checks``, or when the record does not survive JSON and the text view. A build is wrong
when it does not end with 0, prints a traceback, takes more memory, fails a page for any reason but a
damaged archive, or when words or places in the store do not agree.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hostile_build import build_pages
from hostile_checks import faults
from hostile_pages import HostilePage, page

# A worker that has not answered after so many times the limit, or so many seconds of the clock, is
# killed, and its page is a hang.
_PATIENCE = 2
_LONGEST_WAIT = 3600.0


@dataclass(slots=True)
class Reading:
    """How the reading of one page went. ``seconds`` of the clock, ``cpu`` of the processor, ``peak``
    of the process in MB."""

    number: int
    kind: str
    size: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    outcome: str = ""
    events: int = 0
    statements: int = 0
    wrong: list[str] = field(default_factory=list)


def read_one(hostile: HostilePage) -> Reading:
    """Read one page and check its record."""
    reading = Reading(hostile.number, hostile.kind, len(hostile.content))
    _reset_peak()
    clock, cpu = time.perf_counter(), time.process_time()
    try:
        _read_into(reading, hostile)
    except Exception as error:  # whatever it is, it is what we are looking for
        reading.wrong.append(f"{type(error).__name__}: {str(error)[:200]} at {_place(error)}")
    reading.seconds = reading.seconds or time.perf_counter() - clock
    reading.cpu = reading.cpu or time.process_time() - cpu
    return reading


def _read_into(reading: Reading, hostile: HostilePage) -> None:
    import dateline
    from dateline.page.decode import open_page
    from dateline.record.model import Record
    from dateline.views.text import render_record

    clock, cpu = time.perf_counter(), time.process_time()
    record = dateline.read(hostile.source, url=hostile.url)
    reading.seconds, reading.cpu = time.perf_counter() - clock, time.process_time() - cpu
    reading.peak = _peak()
    reading.outcome = record.article.problem.code if record.article.problem else "article"
    reading.events, reading.statements = len(record.events), len(record.statements)
    reading.wrong += faults(record, open_page(hostile.source).text)
    if Record.model_validate_json(record.model_dump_json()) != record:
        reading.wrong.append("record is not the same after JSON")
    "\n".join(map(str, render_record(record, width=80, full=True))).encode()


def _place(error: Exception) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"


def _processor_seconds(pid: int | None) -> float:
    """Seconds of the processor that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # not Linux: the peak is that of all pages so far
        return


def _peak() -> float:
    """Peak of the resident memory since the last reset, in MB."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


# -- many pages ---------------------------------------------------------------------------------------


def work(pipe: Connection, seed: int) -> None:
    """Read the pages whose numbers come through the pipe, till it ends."""
    read_one(page(seed, 0))  # loads the network and the tables
    pipe.send(None)
    while (number := pipe.recv()) is not None:
        pipe.send(read_one(page(seed, number)))


class Worker:
    """A process that reads pages one by one, and is started anew when it dies or hangs."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.number: int | None = None
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._seed), daemon=True)
        self._process.start()
        theirs.close()
        self.pipe.recv()

    def give(self, number: int) -> None:
        self.number, self._since = number, time.monotonic()
        self._before = _processor_seconds(self._process.pid)
        self.pipe.send(number)

    def result(self, seconds: float) -> Reading | None:
        """What became of the page; None while it is being read."""
        assert self.number is not None
        if self.pipe.poll(0.05):
            try:
                found: Reading = self.pipe.recv()
            except EOFError:
                return self._lost("the process ended")
            self.number = None
            return found
        spent = _processor_seconds(self._process.pid) - self._before
        if spent > seconds * _PATIENCE or time.monotonic() - self._since > _LONGEST_WAIT:
            return self._lost(f"no end after {spent:.0f} s of the processor")
        return None

    def _lost(self, why: str) -> Reading:
        assert self.number is not None
        hostile = page(self._seed, self.number)
        self._process.kill()
        self._process.join()
        self._start()
        self.number = None
        late = time.monotonic() - self._since
        return Reading(hostile.number, hostile.kind, len(hostile.content), late, wrong=[why])

    def end(self) -> None:
        self.pipe.send(None)
        self._process.join()


def read_all(seed: int, todo: Sequence[int], jobs: int, seconds: float) -> Iterator[Reading]:
    workers = [Worker(seed) for _ in range(jobs)]
    numbers = iter(todo)
    busy = list(workers)
    while busy:
        for worker in list(busy):
            if worker.number is None:
                number = next(numbers, None)
                if number is None:
                    busy.remove(worker)
                    continue
                worker.give(number)
            if (reading := worker.result(seconds)) is not None:
                yield reading
    for worker in workers:
        worker.end()


def summary(readings: list[Reading], seconds: float, memory: float) -> dict[str, Any]:
    wrong = [r for r in readings if r.wrong or r.cpu > seconds or r.peak > memory]
    slowest = max(readings, key=lambda r: r.cpu)
    largest = max(readings, key=lambda r: r.peak)
    by_kind: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_kind[reading.kind].append(reading)
    return {
        "pages": len(readings),
        "kinds": len(by_kind),
        "megabytes": round(sum(r.size for r in readings) / 1e6),
        "outcomes": dict(Counter(r.outcome for r in readings).most_common()),
        "events": sum(r.events for r in readings),
        "statements": sum(r.statements for r in readings),
        "limit_cpu_seconds": seconds,
        "limit_mb": memory,
        "slowest": {k: v for k, v in asdict(slowest).items() if k != "wrong"},
        "most_memory": {k: v for k, v in asdict(largest).items() if k != "wrong"},
        "longest_on_the_clock": round(max(r.seconds for r in readings), 1),
        "median_cpu_seconds": round(sorted(r.cpu for r in readings)[len(readings) // 2], 3),
        "cpu_seconds": round(sum(r.cpu for r in readings)),
        "cpu_by_kind": {
            name: round(max(r.cpu for r in rs), 2) for name, rs in sorted(by_kind.items())
        },
        "wrong": [asdict(r) for r in wrong[:50]],
        "wrong_pages": len(wrong),
    }


def read_pages(args: argparse.Namespace) -> dict[str, Any]:
    """Read the pages that are not in the log, and sum up all that are."""
    readings = _logged(args.log) if args.log else []
    readings = [reading for reading in readings if reading.number < args.pages]
    known = {reading.number for reading in readings}
    todo = [number for number in range(args.pages) if number not in known]
    for reading in read_all(args.seed, todo, args.jobs, args.seconds):
        readings.append(reading)
        line = json.dumps(asdict(reading))
        if args.log:
            with args.log.open("a") as log:
                log.write(line + "\n")
        if reading.wrong or reading.cpu > args.seconds:
            print(line, file=sys.stderr, flush=True)
        if len(readings) % 500 == 0:
            print(f"{len(readings)} pages", file=sys.stderr, flush=True)
    return summary(readings, args.seconds, args.memory)


def _logged(log: Path) -> list[Reading]:
    """Pages that were read before; none when there is no log."""
    if not log.exists():
        return []
    return [Reading(**json.loads(line)) for line in log.read_text().splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--memory", type=float, default=1500.0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--skip-build", action="store_true")
    parser.add_argument("--skip-read", action="store_true")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--only", type=int)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    if args.only is not None:
        hostile = page(args.seed, args.only)
        if args.write:
            args.write.write_bytes(hostile.data)
        print(json.dumps(asdict(read_one(hostile)), indent=1))
        return
    figures: dict[str, Any] = {}
    if not args.skip_read:
        figures["read"] = read_pages(args)
    if not args.skip_build:
        with tempfile.TemporaryDirectory() as name:
            figures["build"] = build_pages(
                Path(name), args.seed, args.pages, args.jobs, args.seconds, args.memory
            )
    print(json.dumps(figures, indent=1))
    sys.exit(any(part["wrong"] for part in figures.values()))


if __name__ == "__main__":
    main()
