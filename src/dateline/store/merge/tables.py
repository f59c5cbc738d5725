"""Which types and statuses can be reports of one act: two tables of the knowledge folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import get_args

from dateline.knowledge.tables import KnowledgeError, numbered_rows
from dateline.record.model import EventType, Status

_STATUS_RELATIONS = ("same", "denial", "progress", "wording")


@dataclass(frozen=True, slots=True)
class TypeRow:
    """How reports of one type merge. Types that share a family can be one act. ``pooled``: who is
    actor and who recipient does not matter (A met B). ``place_bound``: two such acts on one day by
    the same parties differ by where they were. ``spoken``: they differ by what was said."""

    families: frozenset[str]
    pooled: bool
    place_bound: bool
    spoken: bool


@cache
def type_rows() -> Mapping[str, TypeRow]:
    """The row of each event type."""
    name, table = "merge/types.csv", {}
    for line, row in numbered_rows(name, ("type", "families", "sides", "bound", "spoken")):
        if row["type"] not in get_args(EventType) or row["sides"] not in ("pooled", "directed"):
            raise KnowledgeError(f"{name}, line {line}: unknown type or sides: {row}")
        table[row["type"]] = TypeRow(
            frozenset(row["families"].split("|")),
            row["sides"] == "pooled",
            bool(row["bound"]),
            bool(row["spoken"]),
        )
    missing = set(get_args(EventType)) - set(table)
    if missing:
        raise KnowledgeError(f"{name}: no row for {sorted(missing)}")
    return table


def status_relation(a: Status, b: Status) -> str | None:
    """How two statuses of one act go together: same, denial (one denies what the other tells),
    progress (planned, then done), wording (only in copies of one text); None when they do not."""
    return _statuses().get((a, b))


@cache
def _statuses() -> Mapping[tuple[str, str], str]:
    name, table = "merge/statuses.csv", {}
    for line, row in numbered_rows(name, ("a", "b", "how")):
        known = {row["a"], row["b"]} <= set(get_args(Status))
        if not known or row["how"] not in _STATUS_RELATIONS:
            raise KnowledgeError(f"{name}, line {line}: unknown status or relation: {row}")
        table[row["a"], row["b"]] = table[row["b"], row["a"]] = row["how"]
    return table
