"""A user's own actors: a CSV or YAML file, a dictionary, or a folder of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import cast, get_args

from dateline.knowledge.tables import KnowledgeError
from dateline.record.actors.dates import is_date
from dateline.record.actors.dictionaries import read_dictionary
from dateline.record.actors.registry import (
    EXTRA_COLUMNS,
    Entity,
    EntityKind,
    NameOf,
    file_row,
)
from dateline.record.actors.roles import RoleTerm

UserActors = tuple[list[Entity], list[NameOf], list[tuple[str, RoleTerm]]]

_YAML = (".yaml", ".yml")
_TABLES = (".csv", *_YAML)
DICTIONARIES = (".txt", ".actors", ".agents", ".dic")


def read_user_actors(path: Path) -> UserActors:
    """Actors, names and role words of a file, or of the files of a folder in the order of their
    names; of two files that use one id, the later adds to it.

    Raises KnowledgeError, naming file and line, for what cannot be read.
    """
    entities: dict[str, Entity] = {}
    names: list[NameOf] = []
    agents: list[tuple[str, RoleTerm]] = []
    for file in _files(path):
        if file.suffix.lower() in DICTIONARIES:
            agents.extend(read_dictionary(file, _read(file), entities, names))
        else:
            _read_table(file, entities, names)
    return list(entities.values()), names, agents


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    known = (*_TABLES, *DICTIONARIES)
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in known)
    if not found:
        raise KnowledgeError(f"{path}: no file that ends in {', '.join(known)}")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path}: cannot be read as a registry: {error}") from error


def _read_table(path: Path, entities: dict[str, Entity], names: list[NameOf]) -> None:
    for number, row in enumerate(_rows(path), start=1):
        kind = row["kind"] or "organisation"
        if not row["id"] or not row["name"]:
            raise KnowledgeError(f"{path}, entry {number}: id and name must be filled")
        if kind not in get_args(EntityKind):
            raise KnowledgeError(
                f"{path}, entry {number}: kind {kind!r} is none of {get_args(EntityKind)}"
            )
        _check_period(path, number, row)
        file_row(entities, names, row, cast(EntityKind, kind), str(path))


def _check_period(path: Path, number: int, row: dict[str, str]) -> None:
    for column in ("start", "end"):
        if row[column] and not is_date(row[column]):
            raise KnowledgeError(
                f"{path}, entry {number}: {column} {row[column]!r} is no date; write 2024, 2024-05 "
                "or 2024-05-31"
            )
    if row["start"] and row["end"] and row["end"] < row["start"][: len(row["end"])]:
        raise KnowledgeError(f"{path}, entry {number}: it ends before it starts")


def _rows(path: Path) -> Iterable[dict[str, str]]:
    import yaml  # only here: it would double the time of a first answer

    text = _read(path)
    try:
        raw = _yaml_rows(text) if path.suffix.lower() in _YAML else _csv_rows(text)
    except (yaml.YAMLError, csv.Error) as error:
        raise KnowledgeError(f"{path}: cannot be read as a registry: {error}") from error
    return [_checked(path, number, row) for number, row in enumerate(raw, start=1)]


def _yaml_rows(text: str) -> list[object]:
    import yaml

    loaded = yaml.safe_load(text)
    if loaded is None:
        return []
    return loaded if isinstance(loaded, list) else [loaded]


def _csv_rows(text: str) -> list[object]:
    return list(csv.DictReader(text.splitlines()))


def _checked(path: Path, number: int, row: object) -> dict[str, str]:
    if not isinstance(row, dict) or None in row:
        raise KnowledgeError(f"{path}, entry {number}: expected the keys {EXTRA_COLUMNS}")
    unknown = sorted(str(key) for key in row if key not in EXTRA_COLUMNS)
    if unknown:
        raise KnowledgeError(
            f"{path}, entry {number}: unknown keys {unknown}; expected {EXTRA_COLUMNS}"
        )
    return {column: _cell(row.get(column)) for column in EXTRA_COLUMNS}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(str(item) for item in value)
    return str(value).strip()
