"""How long `dateline read PAGE` takes from nothing: a new process, its imports, tables and models, and
one page.

    cold_start.py                       the built-in samples, one of text and one of HTML
    cold_start.py PAGE... --runs 9      other pages, or more runs
    cold_start.py --laps                only the steps, in this process

For each page it prints, over the runs,

- ``wall``: seconds from starting the process to its end, the least and the median. On a busy machine
  the least is the one to compare.
- ``cpu``: processor seconds, user and system, of all threads; it hardly depends on what else runs.
- ``rss``: the most memory the process held, in MB (2**20 bytes).

An installed package has its bytecode; so that a checkout has it too, bytecode goes to a temporary folder
and a first run, which writes it, is not counted.

Then come the laps of one more process that takes the steps one after the other: milliseconds of wall
clock and of processor time. There the network loads in the foreground, so the laps add up to more than
the whole command takes.

The figures come from the operating system's account of the process, which Windows does not keep.
The budget, for a page of 750 words on two idle cores: 1.5 s and 400 MB.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

SAMPLES = ("ceasefire.txt", "ceasefire.html")
TEXT = "He met rebel leaders in Berlin on Monday."
MODULES = (
    "dateline.views.cli", "pydantic", "numpy", "onnxruntime", "tokenizers",
    "dateline.article.model", "dateline.record.model", "dateline.analysis.engine",
    "dateline.analysis.times", "dateline.analysis.places", "dateline.record.actors",
    "dateline.record.lexicon", "dateline.record.build", "dateline.article.text",
)  # fmt: skip
HTML_MODULES = ("dateline.article.html", "trafilatura")


class Run(NamedTuple):
    """One process: wall clock and processor seconds, and the most memory held in MB."""

    wall: float
    cpu: float
    rss: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--laps", action="store_true", help="only the steps, in this process")
    options = parser.parse_args()
    if options.laps:
        show_laps()
        return 0
    with (
        as_file(files("dateline").joinpath("samples")) as samples,
        TemporaryDirectory() as bytecode,
    ):
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for page in options.pages or [samples / name for name in SAMPLES]:
            _, *runs = [run_once(page, environment) for _ in range(1 + max(1, options.runs))]
            show_runs(page, runs)
        sys.stdout.flush()
        laps = subprocess.run([sys.executable, __file__, "--laps"], env=environment, check=False)
    return laps.returncode


def run_once(page: Path, environment: Mapping[str, str]) -> Run:
    """Read one page in a new process. Raises SystemExit when the command fails."""
    command = [sys.executable, "-m", "dateline", "read", str(page)]
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise SystemExit(f"{' '.join(command)}: expected exit code 0, found {code}")
    return Run(wall, usage.ru_utime + usage.ru_stime, megabytes(usage.ru_maxrss))


def megabytes(maxrss: int) -> float:
    """``ru_maxrss`` counts kilobytes on Linux and bytes on macOS."""
    return maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def show_runs(page: Path, runs: list[Run]) -> None:
    wall, cpu = [run.wall for run in runs], [run.cpu for run in runs]
    print(
        f"{page.name}: {len(runs)} runs, wall {min(wall):.2f} s (median "
        f"{statistics.median(wall):.2f}), cpu {min(cpu):.2f} s (median "
        f"{statistics.median(cpu):.2f}), rss {max(run.rss for run in runs):.0f} MB"
    )


def show_laps() -> None:
    """Take the steps one after the other, as the command would in the end."""
    gc.set_threshold(200_000, 50, 50)  # as dateline.views.cli.main does
    print(f"{'lap':34}{'wall ms':>9}{'cpu ms':>9}")
    for name in MODULES:
        lap(f"import {name}", partial(import_module, name))
    for step in (network, tables, actors, frames, places, times):
        lap(step.__name__, step)
    lap("read text", lambda: read(SAMPLES[0]))
    lap("read text again", lambda: read(SAMPLES[0]))
    for name in HTML_MODULES:
        lap(f"import {name}", partial(import_module, name))
    lap("read html", lambda: read(SAMPLES[1]))


def lap(name: str, step: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:34}{wall * 1e3:9.0f}{cpu * 1e3:9.0f}")


def network() -> None:
    """Both models and the tokenizer."""
    import dateline

    dateline.attributions(TEXT)
    dateline.event_type(TEXT, None, None)


def tables() -> None:
    """The codebook and the registry of actors."""
    from dateline.record.actors import Registry
    from dateline.record.codebook import load_codebook

    load_codebook()
    Registry.load()


def actors() -> None:
    """The grammar of role phrases and the names of countries."""
    import dateline

    dateline.resolve_actor("rebel leaders", date="2025-01-01")


def frames() -> None:
    """The event lexicon and the tables beside it."""
    from dateline.record import lexicon

    for table in (
        lexicon.event_frames, lexicon.embeddings, lexicon.stances, lexicon.issues,
        lexicon.status_cues, lexicon.reporting_verbs,
    ):  # fmt: skip
        table()


def places() -> None:
    """The gazetteer and the index of cities."""
    from dateline.analysis.places import find_places

    find_places(TEXT)


def times() -> None:
    """The time grammar."""
    from dateline.analysis.times import find_times

    find_times(TEXT, reference="2025-01-01")


def read(sample: str) -> None:
    import dateline

    dateline.read(files("dateline").joinpath("samples", sample).read_bytes())


if __name__ == "__main__":
    sys.exit(main())
