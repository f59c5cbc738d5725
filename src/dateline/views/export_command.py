"""``dateline export``: a store, or what meets conditions, in the formats of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.query_command import (
    Actors,
    Corpora,
    Countries,
    Issues,
    Pair,
    Places,
    Since,
    Statuses,
    Texts,
    Types,
    Uncorrected,
    Until,
    checked,
    choice,
    opened,
)

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus
    from dateline.store.filters import Filters


def export(
    corpus: Corpora,
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT", help="gdelt, polecat, plover, parquet, jsonl, csv or corrections."
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files go.")],
    actor: Actors = None,
    pair: Pair = None,
    country: Countries = None,
    type: Types = None,
    since: Since = None,
    until: Until = None,
    place: Places = None,
    issue: Issues = None,
    status: Statuses = None,
    text: Texts = None,
    what: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="For parquet, jsonl and csv: events, reports, statements, positions, actors or"
            " articles; may be repeated. Without it, all.",
        ),
    ] = None,
    uncorrected: Uncorrected = False,
) -> None:
    """Write a store to files, and print their names. Without --status, gdelt and polecat, which have
    no column for it, get what happened or is ongoing. corrections are those people made, as training
    examples."""
    from dateline.export import FORMATS
    from dateline.store.queries import KINDS

    format = choice("--format", format, FORMATS)
    kinds = tuple(choice("--what", kind, KINDS) for kind in what or KINDS)
    conditions = checked(
        actor=actor or (),
        pair=pair,
        country=country or (),
        type=type or (),
        since=since,
        until=until,
        place=place or (),
        issue=issue or (),
        status=status or (),
        text=text or (),
    )
    with opened(corpus, corrected=not uncorrected) as store:
        for path in _written(store, format, to, conditions, kinds):
            terminal.write(f"{path}\n")


def _written(
    store: Corpus, format: Any, to: Path, conditions: Filters, kinds: tuple[Any, ...]
) -> list[Path]:
    from dateline.export import export as write
    from dateline.store.filters import QueryError

    try:
        return write(store, format, to, conditions, what=kinds)
    except QueryError as error:
        raise UsageProblem(f"--{error}; name the kinds you want with --what") from None
    except OSError as error:
        raise UsageProblem(f"cannot write to {to}: {error.strerror or error}") from None
