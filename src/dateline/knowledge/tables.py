"""Reading the CSV tables of this folder, with a check of their columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.resources import files


class KnowledgeError(ValueError):
    """A knowledge table does not fit its schema; the message names the file and the row."""


def read_csv(name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of ``knowledge/<name>`` as dicts of stripped strings.

    Raises KnowledgeError when the header differs from ``columns`` or a row has too many or too few
    fields.
    """
    resource = files("dateline.knowledge").joinpath(*name.split("/"))
    with resource.open("r", encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if list(reader.fieldnames or []) != list(columns):
            raise KnowledgeError(
                f"{name}: expected columns {list(columns)}, found {reader.fieldnames}"
            )
        return [_checked(name, reader.line_num, row) for row in reader]


def _checked(name: str, line: int, row: dict[str, str | None]) -> dict[str, str]:
    clean: dict[str, str] = {}
    for key, value in row.items():
        if key is None or value is None:
            raise KnowledgeError(f"{name}, line {line}: wrong number of fields")
        clean[key] = value.strip()
    return clean
