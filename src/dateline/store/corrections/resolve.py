"""Which rows of a store corrections are about, as the store is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dateline.store.corrections.file import Correction
from dateline.store.corrections.places import Places
from dateline.store.corrections.targets import Ask

Changes = dict[str, Any]

_SPANS: Mapping[str, str] = {
    "events": "trigger_start AS span_start, trigger_end AS span_end",
    "statements": "content_spans[1][1] AS span_start, content_spans[-1][2] AS span_end",
    "positions": "content_start AS span_start, content_end AS span_end",
    "articles": "NULL AS span_start, NULL AS span_end",
}
_ACTS = "SELECT event, act FROM machine.act_events WHERE event IN (SELECT unnest($ids))"
_MEMBERS = "SELECT event, act FROM machine.act_events WHERE act IN (SELECT unnest($ids))"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Corrections with the ids that their targets have now, in the order they were made; those whose
    target is not in the store are left out. ``events`` are the changes of each event, its act's
    among them; ``members`` the events of each act that is reached."""

    corrections: tuple[Correction, ...]
    places: Places
    events: Mapping[str, Changes] = field(default_factory=dict)
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def by_target(self, table: str) -> dict[str, Changes]:
        """Changes by id, of one table."""
        return _by_target(c for c in self.corrections if c.table == table)


def resolve(ask: Ask, corrections: Sequence[Correction]) -> Resolved:
    """Find what ``corrections`` are about. A record keeps its id when the store is built anew; when a
    newer model gave it another, the record of the same article and words is meant."""
    anchors = _anchors(ask, corrections)
    acts = _acts(ask, [anchors[c.id] for c in corrections if c.table == "acts" and c.id in anchors])
    found = tuple(
        replace(c, anchor=anchors[c.id], target=acts.get(anchors[c.id], anchors[c.id]))
        if c.table == "acts"
        else replace(c, anchor=anchors[c.id], target=anchors[c.id])
        for c in corrections
        if c.id in anchors
    )
    members = _members(ask, found)
    named = [c.new for c in found if c.field == "place" and c.new]
    return Resolved(found, Places(ask, named), _event_changes(found, members), members)


def _anchors(ask: Ask, corrections: Sequence[Correction]) -> dict[str, str]:
    """Correction -> the id that its anchor has now."""
    found: dict[str, str] = {}
    for table, spans in _SPANS.items():
        about = [c for c in corrections if _table(c) == table]
        if not about:
            continue
        known = _ids(ask, table, [c.anchor for c in about])
        lost = [c for c in about if c.anchor not in known]
        moved = _moved(ask, table, spans, lost) if lost and table != "articles" else {}
        found |= {c.id: c.anchor for c in about if c.anchor in known} | moved
    return found


def _table(c: Correction) -> str:
    """The table of a correction's anchor."""
    return "events" if c.table == "acts" else c.table


def _ids(ask: Ask, table: str, ids: Sequence[str]) -> set[str]:
    query = f"SELECT id FROM machine.{table} WHERE id IN (SELECT unnest($ids))"
    return {row["id"] for row in ask(query, {"ids": list(ids)})}


def _moved(ask: Ask, table: str, spans: str, lost: Sequence[Correction]) -> dict[str, str]:
    """The only record of the same article and words, for corrections that lost theirs."""
    query = (
        f"SELECT id, article, {spans} FROM machine.{table} WHERE article IN (SELECT unnest($ids))"
    )
    at: dict[Any, list[str]] = defaultdict(list)
    for row in ask(query, {"ids": sorted({c.article for c in lost})}):
        at[row["article"], (row["span_start"], row["span_end"])].append(row["id"])
    found = {c.id: at.get((c.article, c.span), []) for c in lost}
    return {id: ids[0] for id, ids in found.items() if len(ids) == 1}


def _acts(ask: Ask, events: Sequence[str]) -> dict[str, str]:
    """Event -> its act."""
    return {row["event"]: row["act"] for row in ask(_ACTS, {"ids": list(events)})} if events else {}


def _members(ask: Ask, corrections: Sequence[Correction]) -> dict[str, list[str]]:
    """Act -> its events in order of id, for acts that a correction reaches."""
    events = [c.anchor for c in corrections if c.table == "events"]
    acts = {c.target for c in corrections if c.table == "acts"} | set(_acts(ask, events).values())
    members: dict[str, list[str]] = defaultdict(list)
    for row in ask(_MEMBERS, {"ids": sorted(acts)}) if acts else ():
        members[row["act"]].append(row["event"])
    return {act: sorted(listed) for act, listed in members.items()}


def _event_changes(
    corrections: Sequence[Correction], members: Mapping[str, Sequence[str]]
) -> dict[str, Changes]:
    """What holds for each event: what was said last of it or of its act."""
    changes: dict[str, Changes] = defaultdict(dict)
    for c in corrections:
        if c.table == "events":
            changes[c.target][c.field] = c.new
        elif c.table == "acts":
            for event in members.get(c.target, [c.target]):
                changes[event][c.field] = c.new
    return dict(changes)


def _by_target(corrections: Iterable[Correction]) -> dict[str, Changes]:
    changes: dict[str, Changes] = defaultdict(dict)
    for c in corrections:
        changes[c.target][c.field] = c.new
    return dict(changes)
