"""``dateline build`` and ``dateline status``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem

if TYPE_CHECKING:
    from dateline.store.build import Progress
    from dateline.store.inputs import Options
    from dateline.store.model import Settings
    from dateline.store.status import Status

# Seconds between two lines of a build whose output is no terminal.
_LINE_SECONDS = 10.0


class EngineName(StrEnum):
    """What runs the stages."""

    local = "local"
    ray = "ray"


class FormatName(StrEnum):
    """What a file holds; dateline.store.inputs.FORMATS."""

    page = "page"
    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    warc = "warc"


def build(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Folders, files or patterns: HTML, text, JSON Lines, CSV, WARC, each also .gz or "
            ".zst; - is standard input.",
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="FILE", help="The store.")] = Path("corpus.duckdb"),
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes; one for each core.")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="ray reads the pages on the cluster of RAY_ADDRESS, or on this machine."),
    ] = EngineName.local,
    parts: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="With ray: where workers put their Parquet, such as s3://bucket/parts; it stays.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN",
            help="The column of text, html, url, published or title, where it is called otherwise.",
        ),
    ] = None,
    format: Annotated[
        FormatName | None, typer.Option(help="What the inputs are, whatever they are called.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Keep the words, or hashes and offsets only.")
    ] = True,
    actors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own actors (CSV or YAML), before the built-in."),
    ] = None,
    page_seconds: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="The longest that a page may take.")
    ] = 60.0,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read pages that failed before once more.")
    ] = False,
) -> None:
    """Read pages into a store that can be queried. Pages it has already are not read again, so that
    an interrupted build goes on when it is started once more."""
    settings = _settings(text, page_seconds, _checked_actors(actors))
    options = _options(column or [], format)
    with _explained(), _watcher() as watcher:
        if engine is EngineName.ray:
            from dateline.store.ray_engine import build_on_ray

            done = build_on_ray(
                inputs, to, settings, watcher, options=options, jobs=jobs, parts=parts
            )
        else:
            from dateline.store.build import build as build_here
            from dateline.store.local import LocalEngine

            local = LocalEngine(settings, jobs or _cores())
            done = build_here(inputs, to, local, watcher, options=options, again=retry_failed)
    terminal.write(_summary(done, to))


def status(
    store: Annotated[Path, typer.Argument(metavar="FILE")] = Path("corpus.duckdb"),
    failed: Annotated[bool, typer.Option("--failed", help="List the pages that failed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what a store holds, how its builds went, and whether one is running."""
    from dateline.store.schema import StoreError
    from dateline.store.status import read_status

    try:
        found = read_status(store, most_failed=None if failed or json else 0)
    except StoreError as error:
        raise UsageProblem(str(error)) from None
    if json:
        from dateline.views.tasks import to_json

        terminal.write(to_json(asdict(found)) + "\n")
    else:
        terminal.write("".join(f"{line}\n" for line in _status_lines(store, found, failed)))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what stops a build into one line."""
    import duckdb

    from dateline.store.inputs import InputError
    from dateline.store.local import EngineError
    from dateline.store.schema import StoreError

    try:
        yield
    except (InputError, StoreError, EngineError) as error:
        raise UsageProblem(str(error)) from None
    except (OSError, duckdb.IOException) as error:
        reason = " ".join(str(error).split())
        raise UsageProblem(
            f"stopped: {reason}. What was committed is kept; the same command goes on from there"
        ) from None


def _settings(text: bool, seconds: float, actors: Path | None) -> Settings:
    from dateline.store.model import Settings

    return Settings(keep_text=text, seconds=seconds, actors=actors)


def _options(columns: list[str], format: FormatName | None) -> Options:
    from dateline.store.inputs import COLUMNS, Options

    named = dict(COLUMNS)
    for pair in columns:
        name, equals, column = pair.partition("=")
        if name not in COLUMNS or not equals or not column:
            raise UsageProblem(
                f"--column {pair!r}: expected NAME=COLUMN with one of {', '.join(COLUMNS)} as NAME"
            )
        named[name] = column
    return Options(columns=named, format=None if format is None else format.value)


def _checked_actors(path: Path | None) -> Path | None:
    """The path of a user registry that loads."""
    if path is None:
        return None
    from dateline.knowledge.tables import KnowledgeError
    from dateline.record.actors import Registry

    try:
        Registry.load(path)
    except (KnowledgeError, OSError) as error:
        raise UsageProblem(f"--actors {path}: {error}") from None
    return path.resolve()


def _cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _watcher() -> _Lines:
    return _Bar() if sys.stderr.isatty() else _Lines()


class _Lines:
    """Tells in plain lines on standard error, one every ten seconds."""

    def __init__(self) -> None:
        self._started = self._told = time.monotonic()
        self._first: tuple[float, int] | None = None  # when the first page was done, and bytes then

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to put away."""

    def phase(self, name: str) -> None:
        terminal.say(name)

    def progress(self, progress: Progress) -> None:
        now = time.monotonic()
        self._first = self._first or (now, progress.bytes)
        if now - self._told < _LINE_SECONDS:
            return
        self._told = now
        seconds = now - self._started
        line = f"{_pages(progress)}, {progress.pages / seconds:.1f} pages/s"
        left = self._seconds_left(progress)
        terminal.say(line if left is None else f"{line}, {_duration(left)} left")

    def _seconds_left(self, progress: Progress) -> float | None:
        """Seconds till the end if the rest of the bytes goes as those since the first page; None when
        that cannot be told."""
        if progress.total_bytes is None or self._first is None:
            return None
        since, before = self._first
        read = progress.bytes - before
        rest = max(0, progress.total_bytes - progress.bytes)
        return (time.monotonic() - since) * rest / read if read > 0 else None


class _Bar(_Lines):
    """Shows a bar with rate and time left on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        from rich import progress
        from rich.console import Console

        self._stack = ExitStack()
        self._bar = progress.Progress(
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=None)

    def __enter__(self) -> _Bar:
        self._stack.enter_context(self._bar)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def phase(self, name: str) -> None:
        self._bar.update(self._task, description=name)

    def progress(self, progress: Progress) -> None:
        seconds = time.monotonic() - self._started
        self._first = self._first or (time.monotonic(), progress.bytes)
        text = f"{_pages(progress)}, {progress.pages / max(seconds, 0.1):.1f} pages/s"
        left = self._seconds_left(progress)
        self._bar.update(
            self._task,
            total=progress.total_bytes,
            completed=progress.bytes,
            description=text if left is None else f"{text}, {_duration(left)} left",
        )


def _pages(progress: Progress) -> str:
    text = f"{progress.pages:,} pages, {progress.articles:,} articles"
    if progress.failed:
        text += f", {progress.failed:,} failed"
    return text


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _summary(done: Progress, store: Path) -> str:
    if not done.pages:
        found = f"{done.known:,} known" if done.known else "none found"
        return f"{store}: no new pages ({found}).\n"
    parts = [f"{done.pages:,} new pages", f"{done.articles:,} articles"]
    without = done.pages - done.articles - done.failed
    if without:
        parts.append(f"{without:,} without a story")
    if done.failed:
        parts.append(f"{done.failed:,} failed (`dateline status {store} --failed` lists them)")
    if done.known:
        parts.append(f"{done.known:,} known before")
    return f"{store}: {', '.join(parts)}.\n"


def _status_lines(store: Path, found: Status, failed: bool) -> list[str]:
    pages = found.pages
    lines = [
        f"{store}: {sum(pages.values()):,} pages: {pages.get('article', 0):,} articles, "
        f"{pages.get('no_story', 0):,} without a story, {pages.get('failed', 0):,} failed"
    ]
    if found.reasons:
        lines.append("No article because: " + _listed(found.reasons))
    lines.append("Rows: " + _listed(found.rows))
    lines += [_run_line(run) for run in found.runs]
    if found.running is not None:
        said = found.running
        lines.append(
            f"A build is running (process {said.get('pid')}): {said.get('pages', 0):,} pages"
        )
    if found.interrupted:
        lines.append("A build was interrupted: start the same `dateline build` again to go on.")
    if failed:
        lines += [f"{page.location} {page.part or ''}: {page.message}" for page in found.failed]
    return lines


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _run_line(run: Mapping[str, Any]) -> str:
    return (
        f"Run {run['run']}, {run['started']:%Y-%m-%d %H:%M}, {run['state']}: {run['pages']:,} pages, "
        f"{run['articles']:,} articles, {run['failed']:,} failed in {_duration(run['seconds'])}"
    )
