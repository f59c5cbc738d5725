"""The ``dateline`` command. Each command parses its options, calls one public function and prints.

Imports stay inside the commands: `dateline --help` must not load the language model's libraries.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.views import terminal
from dateline.views.build_command import build, status
from dateline.views.codebook_command import show_codebook
from dateline.views.errors import Exit, UsageProblem
from dateline.views.explain_command import explain
from dateline.views.export_command import export
from dateline.views.fetch_command import fetch
from dateline.views.gazetteer_command import app as gazetteer
from dateline.views.query_command import query
from dateline.views.report_command import report
from dateline.views.serve_command import serve

if TYPE_CHECKING:
    from dateline.article.model import Article
    from dateline.views.sources import PageBytes

app = typer.Typer(
    help="Read news reports and keep the record: who said and did what to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Source = Annotated[
    str, typer.Argument(metavar="FILE|-|URL", help="HTML or text page; - is standard input.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Full = Annotated[bool, typer.Option("--full", help="Show every entry, uncut.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from dateline.version import __version__

        terminal.write(f"dateline {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that stand before a command."""


@app.command()
def read(
    source: Source,
    json: Json = False,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When it was published, where the page does not say."),
    ] = None,
    actors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own actors (docs/actors.md), put first."),
    ] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own event types (docs/codebook.md)."),
    ] = None,
    issues: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own issues for positions (docs/positions.md)."),
    ] = None,
    full: Full = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write a page to look at, one file, instead."),
    ] = None,
) -> None:
    """Print the record of a news page. Exit code 3: no story was found."""
    day = parse_published(published)
    page = _load(source)
    import dateline
    from dateline.knowledge.tables import KnowledgeError

    try:
        record = dateline.read(
            page.data, url=page.url, published=day, actors=actors, codebook=codebook, issues=issues
        )
    except KnowledgeError as error:
        if actors is None and codebook is None and issues is None:
            raise
        raise UsageProblem(str(error)) from None
    except OSError as error:
        named = [path for path in (codebook, issues) if error.filename == str(path)]
        if not named:
            raise
        raise UsageProblem(f"{named[0]}: {error.strerror}") from None
    if html is not None and record.article.problem is None:
        from dateline.views.page_file import write_page_file

        write_page_file(record, page.data, html)
    if json:
        terminal.write(record.model_dump_json(indent=2) + "\n")
    elif record.article.problem is None and html is None:
        from dateline.views.text import render_record

        terminal.show(render_record(record, width=terminal.width(), full=full))
    _stop_without_story(record.article)


@app.command()
def extract(source: Source, json: Json = False, full: Full = False) -> None:
    """Print the story of a page without what stands around it. Exit code 3: no story was found."""
    page = _load(source)
    import dateline

    article = dateline.extract(page.data, url=page.url)
    if json:
        terminal.write(article.model_dump_json(indent=2) + "\n")
    elif article.problem is None:
        from dateline.views.text import render_article

        terminal.show(render_article(article, width=terminal.width(), full=full))
    _stop_without_story(article)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from dateline.record.model import Record
    from dateline.views.tasks import to_json

    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    terminal.write(to_json(dialect | Record.model_json_schema()) + "\n")


@app.command(name="eval")
def evaluate(
    task: Annotated[str, typer.Argument(help="What to measure: attribution, plv, spans, ...")],
    data: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Labelled data; may be repeated.")
    ] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Further data files.")
    ] = None,
) -> None:
    """Measure one task on labelled data and print the figures as JSON."""
    from dateline.views import tasks

    terminal.write(tasks.to_json(tasks.evaluate(task, [*(data or []), *(more or [])])) + "\n")


app.command()(build)
app.command()(status)
app.command()(fetch)
app.add_typer(gazetteer, name="gazetteer")
app.command()(query)
app.command()(export)
app.command(name="codebook")(show_codebook)
app.command()(explain)
app.command()(serve)
app.command()(report)


def parse_published(text: str | None) -> date | datetime | None:
    """The date, or date and time in UTC when it names no zone, given with --published.

    None stands for no date given. Raises UsageProblem when ``text`` is not an ISO 8601 date.
    """
    if text is None:
        return None
    try:
        if len(text.strip()) == len("2025-02-12"):
            return date.fromisoformat(text.strip())
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(
            f"--published {text!r} is not a date; expected one like 2025-02-12 or 2025-02-12T21:20"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _load(source: str) -> PageBytes:
    from dateline.views.sources import load

    return load(source)


def _stop_without_story(article: Article) -> None:
    """Say what stood on a page without a story, and end with its exit code."""
    if article.problem is not None:
        terminal.say(article.problem.message)
        raise typer.Exit(Exit.NO_STORY)


def main() -> None:
    """Run the command line and exit. Whatever goes wrong ends in one line and an exit code
    (``dateline.views.errors.Exit``), never in a traceback."""
    terminal.use_utf8()
    # The tables and models that a command loads stay till it ends: looking through them for garbage
    # again and again as they load took a fifth of its time (benchmarks/cold_start.py).
    gc.set_threshold(200_000, 50, 50)
    try:
        app(prog_name="dateline")
    except UsageProblem as problem:
        _stop(Exit.USAGE, str(problem))
    except KeyboardInterrupt:
        _stop(Exit.INTERRUPTED, "interrupted")
    except Exception as fault:  # the last resort: every other error is a fault of ours
        if _is_of_gazetteer(fault):
            _stop(Exit.USAGE, str(fault))
        _stop(Exit.FAULT, _fault_line(fault))


def _stop(code: Exit, message: str) -> None:
    terminal.say(message)
    sys.exit(code)


def _is_of_gazetteer(fault: Exception) -> bool:
    """True when the user's imported gazetteer cannot be used, whichever command needed it."""
    from dateline.analysis.places.geonames import GazetteerError

    return isinstance(fault, GazetteerError)


def _fault_line(fault: Exception) -> str:
    """One line that is enough for a report: what failed and where."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    reason = f"{type(fault).__name__}: {' '.join(str(fault).split())[:200]}"
    return f"a fault in dateline, please report this line and the page: {reason}{where}"
