"""The rows behind any view as CSV or JSON Lines, sent as they are found."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from dateline.export.cells import cell
from dateline.store.aggregates import AGGREGATES, By, aggregate
from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import KINDS, select
from dateline.views.web.address import Asked
from dateline.views.web.database import Database
from dateline.views.web.deps import Db
from dateline.views.web.search import Kind, find
from dateline.views.web.word_index import terms_of

router = APIRouter(include_in_schema=False)

# Seconds until the last row of an export has to be taken.
SECONDS = 120.0
# Rows of a search, which are found before the first is sent.
MOST_FOUND = 5000
# Rows joined into one piece of the answer.
_AT_ONCE = 200

Format = Literal["csv", "jsonl"]
_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


@router.get("/export/{kind}.{format}")
def export(
    request: Request,
    db: Db,
    asked: Asked,
    kind: str,
    format: Format,
    q: Annotated[str, Query(max_length=500)] = "",
    by: By = "country",
) -> StreamingResponse:
    """Rows of a kind (those of ``dateline query --what``) that meet the conditions; with ``q``, those
    that a search finds."""
    if kind not in (*KINDS, *AGGREGATES) or (q and kind not in get_args(Kind)):
        raise HTTPException(404, f"there is no export of {kind!r}; {_CHOICES}")
    rows = _found(db, kind, asked, q) if q else _rows(db, kind, asked, by)
    # The first row is looked for before the answer begins, while an error can still be told.
    first = list(islice(rows, 1))
    pieces = _pieces(chain(first, rows), format)
    name = f"dateline-{kind}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=_TYPES[format], headers=headers)


_CHOICES = f"there are {', '.join((*KINDS, *AGGREGATES))}, each as .csv and .jsonl"


def _rows(db: Database, kind: Any, asked: Filters, by: By) -> Iterator[Row]:
    query = select(kind, asked) if kind in KINDS else aggregate(kind, asked, by=by)
    return db.stream(query, seconds=SECONDS)


def _found(db: Database, kind: Any, asked: Filters, q: str) -> Iterator[Row]:
    rows = find(db, kind, terms_of(q), asked, 0, MOST_FOUND).rows
    return ({name: row[name] for name in row if name != "excerpt"} for row in rows)


def _pieces(rows: Iterator[Row], format: Format) -> Iterator[str]:
    lines = _csv(rows) if format == "csv" else map(_json, rows)
    while piece := "".join(islice(lines, _AT_ONCE)):
        yield piece


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([cell(plain(value)) for value in row.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _json(row: Row) -> str:
    values = {name: plain(value) for name, value in row.items()}
    return json.dumps(values, ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """A value of a row for JSON: days as ISO 8601 text, moments in UTC ('2025-02-12T21:20:00Z')."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value
