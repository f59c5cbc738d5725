"""Pages from JSON Lines and CSV: one a row, in named columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from dateline.store.inputs.model import Options
from dateline.store.inputs.streams import LONGEST_LINE, lines
from dateline.store.model import RawPage

# Seconds since 1970 stay below this till the year 5138; a larger number counts milliseconds.
_LARGEST_SECONDS = 1e11


def json_lines(stream: IO[bytes], location: str, options: Options) -> Iterator[RawPage]:
    """One page a line; blank lines are skipped, a line that is no JSON object is a failed page."""
    for number, line in lines(stream):
        part = f"line {number}"
        if line is None:
            yield _failed(
                location, part, f"a line longer than {LONGEST_LINE >> 20} MB", str(number)
            )
        elif line.strip():
            yield _json_page(line, location, part, options)


def _json_page(line: bytes, location: str, part: str, options: Options) -> RawPage:
    text = line.decode("utf-8-sig", "replace")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _failed(location, part, f"a line that is not JSON ({error})", text)
    if not isinstance(row, dict):
        return _failed(location, part, f"a JSON {type(row).__name__}", text)
    return _page(row, location, part, options, text)


def csv_rows(
    stream: IO[bytes], location: str, options: Options, delimiter: str = ","
) -> Iterator[RawPage]:
    """One page a row under a header; a row that cannot be read is a failed page."""
    csv.field_size_limit(LONGEST_LINE)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        part = f"row {number - 1}"
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _failed(location, part, f"a row that is not CSV ({error})", str(number))
            continue
        if header is None:
            header = [name.strip() for name in fields]
        elif fields:
            row = dict(zip(header, fields, strict=False))
            yield _page(row, location, part, options, "\x1f".join(fields))


def _page(
    row: Mapping[str, Any], location: str, part: str, options: Options, whole: str
) -> RawPage:
    """The page of a row. Of ``html`` and ``text`` the first that is not blank is taken."""
    columns = options.columns
    content = next((c for c in (_text(row, columns[n]) for n in ("html", "text")) if c), None)
    if content is None:
        found = ", ".join(map(str, list(row)[:8])) or "no columns"
        names = f"{columns['text']!r} or {columns['html']!r}"
        hint = "name the column with --column text=NAME" if row else ""
        return _failed(location, part, f"no words in {names} among {found}", whole, hint)
    return RawPage(
        location,
        content,
        part,
        url=_text(row, columns["url"]),
        published=_moment(row.get(columns["published"])),
        title=_text(row, columns["title"]),
    )


def _text(row: Mapping[str, Any], column: str) -> str | None:
    """A column's words, None when it is missing, blank or no text."""
    value = row.get(column)
    return value if isinstance(value, str) and value.strip() else None


def _moment(value: object) -> str | None:
    """A date as text; a number counts seconds or milliseconds since 1970."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > _LARGEST_SECONDS else value
        try:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        except (OverflowError, ValueError, OSError):
            return str(value)
    return None if value is None else str(value)


def _failed(location: str, part: str, found: str, mark: str, hint: str = "") -> RawPage:
    message = f"Expected a page in {part} of {location}; found {found}." + (
        f" {hint}." * bool(hint)
    )
    return RawPage(location, None, part, reason="bad_row", message=message, mark=mark)
