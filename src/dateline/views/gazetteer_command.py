"""``dateline gazetteer``: a full GeoNames dump for those who have one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem

app = typer.Typer(
    help="Use a full GeoNames dump beside the places that come with dateline.",
    no_args_is_help=True,
)
_SAY_EVERY = 1_000_000


@app.command(name="import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="allCountries.txt, a country's file, or a zip.")
    ],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to keep it instead of your data folder."),
    ] = None,
) -> None:
    """Load a GeoNames dump; places are looked up in it from then on. With --to, set
    DATELINE_GAZETTEER to the same file to use it."""
    from dateline.analysis.places.gazetteers import VARIABLE, default_path, imported_path
    from dateline.analysis.places.geonames import GazetteerError, import_dump

    path = to or imported_path() or default_path()
    try:
        done = import_dump(source, path, progress=_progress())
    except GazetteerError as error:
        raise UsageProblem(str(error)) from None
    terminal.write(
        f"{done.places:,} places under {done.names:,} names in {done.path}\n"
        f"{done.passed_over:,} rows of other classes passed over, {done.unreadable:,} unreadable\n"
        f"version: {done.version}\n"
    )
    if done.path != imported_path():
        terminal.say(f"set {VARIABLE}={done.path} to use it")


@app.command()
def info() -> None:
    """Print which gazetteers are in use."""
    from dateline.analysis.places.gazetteers import gazetteer_version, imported
    from dateline.analysis.places.geonames import GazetteerError

    try:
        found = imported()
    except GazetteerError as error:
        raise UsageProblem(str(error)) from None
    terminal.write(gazetteer_version() + "\n")
    if found is not None:
        terminal.write(f"{found.places:,} places imported, in {found.path}\n")


def _progress() -> _Progress:
    return _Progress()


class _Progress:
    """Says how many rows were read, every million."""

    def __init__(self) -> None:
        self._said = 0

    def __call__(self, rows: int) -> None:
        if rows - self._said >= _SAY_EVERY:
            self._said = rows
            terminal.say(f"{rows:,} rows read")
