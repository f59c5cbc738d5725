"""``dateline query``: rows of a store that meet conditions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.layout import Line, Run, clean, clip, flow

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus, Row
    from dateline.store.filters import Filters

Corpora = Annotated[Path, typer.Argument(metavar="CORPUS", help="A store made by dateline build.")]
Actors = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A party's name, words or id.")
]
Pair = Annotated[
    str | None, typer.Option(metavar="A,B", help="Two parties or countries, both in the row.")
]
Countries = Annotated[
    list[str] | None, typer.Option(metavar="CODE", help="Country of a party: ISO-3 code or name.")
]
Types = Annotated[list[str] | None, typer.Option(metavar="TYPE", help="PLOVER type of an event.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="First day, month or year.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Last day, month or year.")]
Places = Annotated[list[str] | None, typer.Option(metavar="NAME", help="A place or country.")]
Issues = Annotated[list[str] | None, typer.Option(metavar="ISSUE", help="Issue of a position.")]
Statuses = Annotated[
    list[str] | None, typer.Option(metavar="STATUS", help="happened, planned, denied, ...")
]
Texts = Annotated[list[str] | None, typer.Option(metavar="WORDS", help="Words of the passage.")]
Uncorrected = Annotated[
    bool, typer.Option("--uncorrected", help="As the machine read it, without corrections.")
]

# Columns for programs rather than people.
_NOT_SHOWN = frozenset({"id", "article", "story", "published_granularity", "previous_article"})
_QUOTED = 160  # characters of the words shown for a row


def query(
    corpus: Corpora,
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
        str,
        typer.Option(
            metavar="KIND",
            help="events (each act once), reports, statements, positions, actors, articles,"
            " dyad-months, net-cooperation, position-changes.",
        ),
    ] = "events",
    by: Annotated[str, typer.Option(metavar="KEY", help="Sums: by country or actor.")] = "country",
    format: Annotated[str, typer.Option(metavar="FORMAT", help="table, jsonl or csv.")] = "table",
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most rows.")] = None,
    uncorrected: Uncorrected = False,
) -> None:
    """Print the rows of a store that meet all conditions; of an option given twice, either value."""
    from dateline.store.aggregates import AGGREGATES
    from dateline.store.queries import KINDS

    what = choice("--what", what, (*KINDS, *AGGREGATES))
    by = choice("--by", by, ("country", "actor"))
    format = choice("--format", format, tuple(_WRITERS))
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
        rows = _rows(store, what, conditions, limit, by)
        found = sum(1 for _ in _WRITERS[format](what, rows))
        if not found and format == "table":
            terminal.say(_nothing(store, conditions))


def checked(**conditions: Any) -> Filters:
    """Filters from the options. Raises UsageProblem."""
    from dateline.store.filters import QueryError, make_filters

    try:
        return make_filters(**conditions)
    except QueryError as error:
        raise UsageProblem(f"--{error}") from None


def opened(path: Path, *, corrected: bool = True) -> Corpus:
    """The store at a path. Raises UsageProblem."""
    from dateline.store.corpus import open_corpus
    from dateline.store.schema import StoreError

    try:
        return open_corpus(path, frame="arrow", corrected=corrected)
    except StoreError as error:
        raise UsageProblem(str(error)) from None


def choice(option: str, value: str, allowed: Sequence[str]) -> Any:
    """``value`` when it is allowed. Raises UsageProblem."""
    if value not in allowed:
        raise UsageProblem(f"{option}: expected one of {', '.join(allowed)}; found {value!r}")
    return value


def _rows(
    store: Corpus, what: Any, conditions: Filters, limit: int | None, by: Any
) -> Iterator[Row]:
    from dateline.store.filters import QueryError

    try:
        yield from store.rows(what, conditions, limit=limit, by=by)
    except QueryError as error:
        raise UsageProblem(f"--{error}") from None


def _nothing(store: Corpus, conditions: Filters) -> str:
    if conditions.text and not store.has_text:
        return "nothing found: the store was built without text, so --text finds nothing in it"
    return "nothing found"


def _table(what: str, rows: Iterable[Row]) -> Iterator[Row]:
    width = terminal.width()
    for row in rows:
        terminal.show(flow(_FIELDS.get(what, _plain_fields)(row), width=width, indent=0, hang=4))
        yield row


def _event_fields(row: Row) -> list[Line]:
    """Day, parties, act, status, place, how many tell it, words, address."""
    act = f"{row['type']} ({row['mode']})" if row["mode"] else str(row["type"])
    parties = [
        _names(row["actors"], row["actor_countries"], row["actor_sectors"]),
        Run(" → ", "dim"),
        _names(row["recipients"], row["recipient_countries"], row["recipient_sectors"]),
    ]
    fields: list[Line] = [
        (Run(_days(row), "dim"),),
        tuple(parties),
        (Run(act, "type"),),
        (Run(str(row["status"])),),
    ]
    fields += [(Run(clean(row["place"])),)] if row["place"] else []
    fields += [(Run(f"according to {clean(row['reported_by'])}"),)] if row["reported_by"] else []
    if "n_articles" in row:
        told = f"{row['n_articles']} articles, {row['n_independent']} independent"
        fields.append((Run(told if row["n_articles"] > 1 else "1 article", "dim"),))
    return [*fields, *_quoted(row.get("evidence")), *_address(row)]


def _names(names: list[str | None], countries: list[str], sectors: list[str]) -> Run:
    parts = []
    for name, country, sector in zip(names, countries, sectors, strict=True):
        codes = " ".join(code for code in (country, sector) if code)
        parts.append(f"{clean(name or '?')} [{codes}]" if codes else clean(name or "?"))
    return Run(", ".join(parts) or "?", "actor")


def _days(row: Row) -> str:
    first, last = (row.get("first_day"), row.get("last_day"))
    if "when_start" in row:
        first, last = row["when_start"], row["when_end"]
    if first is None:
        return "no date"
    return str(first) if first == last else f"{first} to {last}"


def _said_fields(row: Row) -> list[Line]:
    """Day, who, to whom or on what, words, address."""
    who = "speaker" if "speaker" in row else "party"
    fields: list[Line] = [(Run(_days(row), "dim"),), (_party(row, who),)]
    if who == "speaker":
        fields.append((Run(str(row["kind"])),))
        if row["addressee"]:
            fields.append((Run("to "), _party(row, "addressee")))
        if row["channel"]:
            fields.append((Run(clean(row["channel"])),))
    else:
        fields += [(Run(str(row["issue"]), "type"),), (Run(str(row["stance"])),)]
    return [*fields, *_quoted(row["content"]), *_address(row)]


def _party(row: Row, who: str) -> Run:
    return _names([row[who]], [row[f"{who}_country"] or ""], [row[f"{who}_sector"] or ""])


def _plain_fields(row: Row) -> list[Line]:
    """The values of a row that are set, numbers with their names."""
    fields: list[Line] = []
    for name, value in row.items():
        if name in _NOT_SHOWN or value in (None, "", []):
            continue
        shown = clean(_cell(value))
        fields.append((Run(f"{name} {shown}" if isinstance(value, int | float) else shown),))
    return fields


def _quoted(text: str | None) -> list[Line]:
    return [(Run(f"“{clip(clean(text).strip('“”'), _QUOTED)}”", "words"),)] if text else []


def _address(row: Row) -> list[Line]:
    return [(Run(clean(row["url"]), "dim"),)] if row.get("url") else []


def _jsonl(what: str, rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        terminal.write(json.dumps(row, ensure_ascii=False, default=_as_text) + "\n")
        yield row


def _csv(what: str, rows: Iterable[Row]) -> Iterator[Row]:
    header = False
    for row in rows:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        if not header:
            writer.writerow(row)
            header = True
        writer.writerow([_cell(value) for value in row.values()])
        terminal.write(buffer.getvalue())
        yield row


def _cell(value: Any) -> str:
    """A value in one cell: lists joined by '|', spans as 'start:end'."""
    from dateline.export.cells import cell

    return cell(value)


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_FIELDS: dict[str, Callable[[Row], list[Line]]] = {
    "events": _event_fields,
    "reports": _event_fields,
    "statements": _said_fields,
    "positions": _said_fields,
}
_WRITERS = {"table": _table, "jsonl": _jsonl, "csv": _csv}
