"""Reading the CSV tables of this folder, with a check of their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from importlib.resources import files
from io import StringIO


class KnowledgeError(ValueError):
    """A knowledge table does not fit its schema; the message names the file and the row."""


def read_text(name: str) -> str:
    """The text of ``knowledge/<name>``, line ends as they stand."""
    resource = files("dateline.knowledge").joinpath(*name.split("/"))
    return resource.read_bytes().decode("utf-8")


def read_csv(name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of ``knowledge/<name>`` as dicts of stripped strings; blank lines are passed over.

    Raises KnowledgeError when the header differs from ``columns`` or a row has too many or too few
    fields.
    """
    return [row for _, row in numbered_rows(name, columns)]


def numbered_rows(
    name: str, columns: Sequence[str], *, more: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Like ``read_csv``, each row with the number of its last line. ``more`` allows columns beyond
    ``columns``, in any order; they are in the rows too."""
    reader = csv.reader(StringIO(read_text(name), newline=""))
    header = next(reader, [])
    fits = set(columns) <= set(header) if more else header == list(columns)
    if not fits:
        raise KnowledgeError(f"{name}: expected columns {list(columns)}, found {header}")
    width, strip = len(header), str.strip
    for cells in reader:  # the tables have 30,000 rows: DictReader would take three times as long
        if len(cells) == width:
            yield reader.line_num, dict(zip(header, map(strip, cells), strict=False))
        elif cells:
            raise KnowledgeError(f"{name}, line {reader.line_num}: wrong number of fields")
