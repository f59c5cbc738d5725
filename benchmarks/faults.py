"""Builds that meet what builds meet: kills, a full disk, a damaged archive, another build, a wrong clock.

``python benchmarks/faults.py [--kills 50] [--pages 60] [--seed 1] [--only NAME]``: a folder of pages, our
samples with variations, is built once in peace; then each fault is brought about on a build of the same
pages. It must end in the same rows in every table but ``runs``, or in one line of error with everything
that was committed still there and the same rows after the command is given again. Prints a line of JSON
for each fault and exits 1 when one of them ends otherwise. Small file systems for the full disk and the
read-only one are mounted where the user may; else a limit on the size of files stands in.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

# What differs by nature: times of the clock, and in how many runs the work was done.
NOT_COMPARED = {"runs"}
PORTS = ["Aldport", "Brenton", "Corvo", "Dunmore", "Eskmouth", "Farholm", "Gant", "Hove"]
# A build that commits every few pages. ``publish`` publishes after each commit too, and takes what was
# read of a page from the build in peace (which keeps it: ``keep``), so that a kill hits the writing,
# where all the state is, and not the loading of the network. ``clock`` makes each look at the clock jump
# by years.
CHILD = """
import pickle, random, sys
from datetime import datetime, timedelta
from pathlib import Path
from dateline.store import build, writer
from dateline.store.local import LocalEngine
from dateline.store.model import Settings

class Silent:
    def progress(self, progress): pass
    def phase(self, name): pass

class Jumping(datetime):
    dice = random.Random(1)
    @classmethod
    def now(cls, zone=None):
        return datetime.now(zone) + timedelta(days=cls.dice.randrange(-3650, 3650))

class Keeping(LocalEngine):
    def read(self, pages):
        results = list(super().read(pages))
        kept.write_bytes(pickle.dumps({result.page: result for result in results}))
        yield from results

class Kept:
    name = LocalEngine.name
    def read(self, pages):
        results = pickle.loads(kept.read_bytes())
        for page in pages:
            yield results[page.id]

if __name__ == "__main__":
    store, inputs, how = sys.argv[1:]
    kept = Path(inputs).with_name("results.pickle")
    build._BATCH = 3
    build._PUBLISH_SECONDS, build._PUBLISH_SHARE = (0.0, 1e9) if how == "publish" else (60.0, 0.05)
    if how == "clock":
        writer.datetime = Jumping
    engines = {"publish": Kept, "keep": lambda: Keeping(Settings(), 1)}
    engine = engines.get(how, lambda: LocalEngine(Settings(), 1))()
    build.build([inputs], Path(store), engine, Silent())
"""

Contents = dict[str, list[str]]
Fault = Callable[["Bench"], Iterator[dict[str, Any]]]
FAULTS: dict[str, Fault] = {}


def fault(function: Fault) -> Fault:
    """Register a fault under the function's name."""
    FAULTS[function.__name__] = function
    return function


@dataclass
class Bench:
    """A folder with the pages, and what a build in peace makes of them."""

    folder: Path
    kills: int
    seed: int
    whole: Contents = field(default_factory=dict)
    seconds: float = 0.0
    store_bytes: int = 0

    @property
    def pages(self) -> Path:
        return self.folder / "pages"

    def store(self, name: str) -> Path:
        """A place for a store of its own, empty."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder / "corpus.duckdb"

    def finish(self, store: Path) -> dict[str, Any]:
        """Give the command again in peace, and compare."""
        run = command(self.pages, store)
        found = contents(store)
        left = sorted(f.name for f in store.parent.glob(f"{store.name}.*"))
        return {
            "again": run.returncode,
            "identical": found == self.whole,
            "differ": [name for name in self.whole if found.get(name) != self.whole[name]],
            "left": left,
            "ok": run.returncode == 0 and found == self.whole and not left,
        }


# -- builds ------------------------------------------------------------------------------------------


def child(
    store: Path, inputs: Path, how: str = "publish", **options: Any
) -> subprocess.Popen[bytes]:
    """A build that commits and publishes often."""
    script = store.parent.parent / "child.py"
    script.write_text(CHILD)
    return subprocess.Popen(
        [sys.executable, str(script), str(store), str(inputs), how],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, **options,
    )  # fmt: skip


def command(inputs: Path, store: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """``dateline build`` as a user starts it."""
    arguments = [sys.executable, "-m", "dateline", "build", str(inputs), "--to", str(store)]
    return subprocess.run([*arguments, "--jobs", "1"], capture_output=True, text=True, **options)


def contents(store: Path) -> Contents:
    """All rows but those of the runs, in a fixed order."""
    with duckdb.connect(str(store), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        return {
            name: sorted(map(repr, connection.execute(f"FROM {name}").fetchall()))
            for name in names
            if name not in NOT_COMPARED
        }


def explained(run: subprocess.CompletedProcess[str]) -> bool:
    """Whether a command ended with a message of its own and no traceback."""
    lines = run.stderr.strip().splitlines()
    return run.returncode in {1, 2} and bool(lines) and "Traceback" not in run.stderr


def last_line(run: subprocess.CompletedProcess[str]) -> str:
    return " ".join(run.stderr.split())[-240:]


def kept(before: Contents, after: Contents) -> bool:
    """Whether every page that was there still is."""
    return set(before.get("pages", [])) <= set(after.get("pages", []))


def write_pages(folder: Path, count: int) -> None:
    """Our samples under other names of places, and an archive among them."""
    folder.mkdir()
    samples = files("dateline").joinpath("samples")
    kinds = sorted(f.name for f in samples.iterdir() if f.name.endswith((".html", ".txt")))
    texts = {name: samples.joinpath(name).read_text("utf-8") for name in kinds}
    for number in range(count):
        name = kinds[number % len(kinds)]
        page = (
            texts[name]
            .replace("Geneva", PORTS[number % 8])
            .replace("La Paz", PORTS[number // 8 % 8])
        )
        page = page.replace("Porto", PORTS[number // 3 % 8])
        (folder / f"{number:04}-{name}").write_text(page, "utf-8")
    rows = [json.dumps({"text": texts[n], "url": f"https://osk.example/{n}"}) for n in kinds]
    (folder / "rows.jsonl").write_text("\n".join([*rows, "{"]) + "\n")
    (folder / "broken.html").write_bytes(b"%PDF-1.7 \x00\x01\x02")


# -- faults ------------------------------------------------------------------------------------------


@fault
def kills(bench: Bench) -> Iterator[dict[str, Any]]:
    """kill -9 of the build and its workers at random moments, till it is done; then another store."""
    dice, done, stores = random.Random(bench.seed), 0, 0
    while done < bench.kills:
        store, here = bench.store("killed"), 0
        while done < bench.kills:
            process = child(store, bench.pages)
            try:
                process.wait(dice.uniform(0.3, 0.9) * bench.seconds)
                break
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                done, here = done + 1, here + 1
        child(store, bench.pages).wait()
        stores += 1
        yield {"kills": here, "store": stores, **bench.finish(store)}


@fault
def killed_workers(bench: Bench) -> Iterator[dict[str, Any]]:
    """kill -9 of the worker alone, five times in one build: its pages are read again."""
    store, dice = bench.store("workers"), random.Random(bench.seed)
    process, killed = child(store, bench.pages, "batch"), 0
    while process.poll() is None and killed < 5:
        time.sleep(dice.uniform(1.0, 4.0))
        for worker in _workers(process.pid):
            os.kill(worker, signal.SIGKILL)
            killed += 1
    code = process.wait()
    found = contents(store)
    failed = [row for row in found["pages"] if "'crash'" in row]
    same = code == 0 and (found == bench.whole or bool(failed))
    yield {"killed": killed, "exit": code, "pages_given_up": len(failed), "ok": same}


def _workers(parent: int) -> list[int]:
    """Processes that a build started, without multiprocessing's own keeper of resources."""
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for pid in map(int, task.read_text().split()):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


@fault
def full_disk(bench: Bench) -> Iterator[dict[str, Any]]:
    """File systems, or files, that are too small for the store by more or less."""
    for share in (0.3, 0.9, 1.6):
        room = int(share * bench.store_bytes)
        with file_system(bench.folder / "small", f"size={room}") as small:
            if small is not None:
                run = command(bench.pages, small / "corpus.duckdb")
                yield _after_full(bench, run, small / "corpus.duckdb", f"tmpfs of {room:,} bytes")
    room = bench.store_bytes // 2
    store = bench.store("limited")
    run = command(bench.pages, store, preexec_fn=lambda: _limit_files(room))
    yield _after_full(bench, run, store, f"files of at most {room:,} bytes")


def _limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _after_full(
    bench: Bench, run: subprocess.CompletedProcess[str], store: Path, room: str
) -> dict[str, Any]:
    """What a build on a full disk left, and what comes of it where there is room."""
    report: dict[str, Any] = {"room": room, "exit": run.returncode, "said": last_line(run)}
    target = bench.store("moved")
    for path in store.parent.glob(f"{store.name}*"):
        if path.is_file():
            shutil.copy(path, target.parent / path.name)
    ended = run.returncode == 0 or explained(run)
    finished = bench.finish(target)
    return report | finished | {"ok": ended and finished["ok"]}


@fault
def read_only(bench: Bench) -> Iterator[dict[str, Any]]:
    """A target that cannot be written: with no store on it, and with one that then must not change."""
    for number, there in enumerate((False, True)):
        with file_system(bench.folder / f"readonly{number}", "size=200m") as place:
            if place is None:
                place = Path("/proc")
            store = place / "corpus.duckdb"
            if there and place != Path("/proc"):
                shutil.copy(bench.folder / "whole" / "corpus.duckdb", store)
            if place != Path("/proc"):
                subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
            run = command(bench.pages, store)
            unchanged = not there or place == Path("/proc") or contents(store) == bench.whole
            yield {
                "store_there": there, "exit": run.returncode, "said": last_line(run),
                "ok": explained(run) and unchanged,
            }  # fmt: skip


@contextmanager
def file_system(place: Path, options: str) -> Iterator[Path | None]:
    """A file system in memory; None where it cannot be mounted."""
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True
    )
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(place)], check=True)


@fault
def corrupt_warc(bench: Bench) -> Iterator[dict[str, Any]]:
    """One record of an archive damaged in turn: every other page is as it was."""
    from dateline.store.inputs import Options, find_files, read_inputs
    from dateline.store.model import RawPage

    texts = [path.read_bytes() for path in sorted(bench.pages.glob("0*.html")) * 9][:9]
    records = [_record(number, text) for number, text in enumerate(texts)]
    damages: dict[str, Callable[[bytes], bytes]] = {
        "bytes flipped": lambda r: r[:40] + bytes(b ^ 0x55 for b in r[40:60]) + r[60:],
        "cut short": lambda r: r[: len(r) // 2],
        "no length": lambda r: r.replace(b"Content-Length", b"Content-Len"),
        "false length": lambda r: r.replace(b"Content-Length: ", b"Content-Length: 9"),
        "garbage": lambda r: b"\x00\xff" * 500,
    }
    for suffix, pack in ((".warc", bytes), (".warc.gz", gzip.compress)):
        for name, damage in damages.items():
            data = [pack(r) for r in records]
            hit = damage(records[4])
            # In a packed archive the record's own member is damaged: what is in it, or its bytes.
            in_bytes = suffix == ".warc.gz" and name in {"bytes flipped", "cut short"}
            data[4] = damage(data[4]) if in_bytes else pack(hit)
            file = bench.folder / f"damaged{suffix}"
            file.write_bytes(b"".join(data))
            found = list(read_inputs(find_files([str(file)]), Options(), lambda *_: False))
            pages = [p for p in found if isinstance(p, RawPage)]
            read = {p.url for p in pages if p.content is not None}
            missing = [n for n in range(9) if f"https://osk.example/{n}" not in read]
            failed = [p.reason for p in pages if p.content is None]
            yield {
                "archive": suffix, "damage": name, "missing": missing, "failed": failed,
                # What comes before the damage is read; what is not read is told.
                "ok": set(range(4)).isdisjoint(missing) and bool(failed or not missing),
            }  # fmt: skip


def _record(number: int, page: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    fields = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://osk.example/%d\r\n" % number
    )
    fields += b"Content-Type: application/http; msgtype=response\r\n"
    return fields + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


@fault
def other_versions(bench: Bench) -> Iterator[dict[str, Any]]:
    """Stores of every older schema are brought up to date; of a newer one, refused and left alone."""
    from dateline.store.schema import MIGRATIONS, migrate

    for version in range(max(MIGRATIONS)):
        store = bench.store("older")
        with duckdb.connect(str(store)) as connection:
            if version:
                migrate(connection, {n: sql for n, sql in MIGRATIONS.items() if n <= version})
        yield {"schema": version, **bench.finish(store)}
    store = bench.store("newer")
    shutil.copy(bench.folder / "whole" / "corpus.duckdb", store)
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE store SET value = '99' WHERE key = 'schema'")
    before = store.read_bytes()
    run = command(bench.pages, store)
    same = store.read_bytes() == before
    yield {
        "schema": 99,
        "exit": run.returncode,
        "said": last_line(run),
        "ok": explained(run) and same,
    }
    store = bench.store("foreign")
    store.write_bytes(b"no database at all" * 500)
    before = store.read_bytes()
    run = command(bench.pages, store)
    same = store.read_bytes() == before
    yield {
        "schema": None,
        "exit": run.returncode,
        "said": last_line(run),
        "ok": explained(run) and same,
    }


@fault
def two_builds(bench: Bench) -> Iterator[dict[str, Any]]:
    """Two builds on one store: the second is told so, and the first goes on."""
    store = bench.store("two")
    first = child(store, bench.pages, "batch")
    lock = store.with_name(store.name + ".lock")
    while not lock.exists() and first.poll() is None:
        time.sleep(0.05)
    second = command(bench.pages, store)
    code = first.wait()
    report = {"first": code, "second": second.returncode, "said": last_line(second)}
    finished = bench.finish(store)
    yield report | finished | {"ok": code == 0 and explained(second) and finished["ok"]}


@fault
def jumping_clock(bench: Bench) -> Iterator[dict[str, Any]]:
    """A clock that jumps by years at every look, and inputs whose times lie in the future or in 1970."""
    store = bench.store("clock")
    process = child(store, bench.pages, "clock")
    _, said = process.communicate()
    report: dict[str, Any] = {"exit": process.returncode, "said": said.decode()[-200:]}
    times = {path: path.stat().st_mtime_ns for path in sorted(bench.pages.iterdir())}
    for number, path in enumerate(times):
        os.utime(path, (0, 0) if number % 2 else (4e9, 4e9))
    finished = bench.finish(store)
    same = {name for name in finished["differ"] if name != "inputs"} == set()
    for path, time_ns in times.items():
        os.utime(path, ns=(time_ns, time_ns))
    # A file's time is part of its row in ``inputs``: that table alone may differ.
    yield report | finished | {"ok": process.returncode == 0 and same and not finished["left"]}


# -- all of them --------------------------------------------------------------------------------------


def prepare(bench: Bench, count: int) -> None:
    """The pages, and the store built in peace."""
    write_pages(bench.pages, count)
    store = bench.store("whole")
    if child(store, bench.pages, "keep").wait() != 0:
        raise SystemExit("the build in peace failed")
    start = time.perf_counter()
    child(bench.store("timed"), bench.pages).wait()
    bench.seconds = time.perf_counter() - start
    bench.whole = contents(store)
    bench.store_bytes = store.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=sorted(FAULTS))
    args = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), args.kills, args.seed)
        prepare(bench, args.pages)
        rows = sum(map(len, bench.whole.values()))
        print(json.dumps({"pages": args.pages, "rows": rows, "seconds": round(bench.seconds, 1)}))
        for fault_name in args.only or FAULTS:
            for report in FAULTS[fault_name](bench):
                failed = failed or not report["ok"]
                print(json.dumps({"fault": fault_name, **report}), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
