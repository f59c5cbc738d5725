"""From the parts of a phrase to the sector its words give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.record.actors.phrase import Mark, Phrase, Segment
from dateline.record.actors.registry import Entity
from dateline.record.actors.roles import RoleTerm

_ARMED = frozenset({"UAF", "MIL", "PRM"})
_ARMED_QUALIFIERS = frozenset({"REB", "CRM", "PRM", "MIL", "COP", "SPY", "OPP"})
_VAGUE = frozenset({"CVL", "UNK", "REF"})
# Offices that 'former' turns into PLOVER's ELI; former rebels, say, it does not.
_ENDED_BY_FORMER = frozenset({"GOV", "LEG", "JUD", "COP", "SPY", "PTY", "MIL", "IGO"})
_RULES: dict[tuple[str, str], tuple[str, str]] = {
    # (sector of the head, sector of a qualifying word) -> the two sectors of the whole
    ("JRN", "GOV"): ("GOV", "JRN"),
    ("PTY", "OPP"): ("PTY", "OPP"),
    ("LEG", "OPP"): ("LEG", "OPP"),
    ("CVL", "OPP"): ("OPP", ""),
    ("MIL", "REB"): ("REB", ""),
    ("PRM", "REB"): ("REB", ""),
    ("PRM", "OPP"): ("REB", ""),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the role words of a phrase say. ``entity`` holds the known body that gave the sector;
    ``head`` is the word the phrase turns on."""

    sector: str
    sector2: str = ""
    head: Mark | None = None
    entities: tuple[Entity, ...] = ()
    former: bool = False
    default: bool = False


def read_role(phrase: Phrase) -> Reading | None:
    """The reading of the first segment that holds a role word; None when none does."""
    for index, segment in enumerate(phrase.segments):
        if index and segment.relation == "to":
            continue
        reading = _read_segment(phrase, index)
        if reading:
            return _past(phrase, segment, reading)
    return None


def _read_segment(phrase: Phrase, index: int) -> Reading | None:
    marks = phrase.within(phrase.segments[index])
    nouns = [mark for mark in marks if mark.role and mark.role.noun]
    if not nouns:
        return _qualifiers_only(marks)
    head = nouns[-1]
    before = [mark for mark in marks if mark.first < head.first]
    assert head.role is not None
    if head.role.weight == "strong":
        return _strong(head, head.role, before)
    return _weak(phrase, index, head, head.role, before)


def _qualifiers_only(marks: Sequence[Mark]) -> Reading | None:
    """'army accountant': with no known head the last qualifying word decides."""
    for mark in reversed(marks):
        if mark.role and mark.role.weight == "modifier":
            return Reading(mark.role.sector, mark.role.sector2, mark)
    return None


def _strong(head: Mark, role: RoleTerm, before: Sequence[Mark]) -> Reading:
    for mark in reversed(before):
        if mark.role is None:
            continue
        combined = _RULES.get((role.sector, mark.role.sector))
        if combined:
            return Reading(*combined, head)
    return Reading(role.sector, role.sector2, head)


def _weak(
    phrase: Phrase, index: int, head: Mark, role: RoleTerm, before: Sequence[Mark]
) -> Reading:
    qualified = _qualified(head, role, before)
    if qualified:
        return qualified
    for later in range(index + 1, len(phrase.segments)):
        if phrase.segments[later].relation not in ("of", "and"):
            break
        if phrase.segments[later].relation == "and":
            continue
        complement = _complement(phrase, later, role)
        if complement:
            return Reading(complement.sector, complement.sector2, head, complement.entities)
    topic = next((m.role for m in reversed(before) if m.role and m.role.weight == "topic"), None)
    if topic and role.sector == "UNK":
        return Reading(topic.sector, topic.sector2, head)
    return Reading(role.sector, role.sector2, head, default=True)


def _qualified(head: Mark, role: RoleTerm, before: Sequence[Mark]) -> Reading | None:
    vague: Reading | None = None
    for mark in reversed(before):
        if mark.entities:
            return Reading("", "", head, mark.entities)
        if mark.role is None or mark.role.weight not in ("strong", "weak", "modifier"):
            continue
        if mark.role.flag == "adjective":
            continue
        sector = mark.role.sector
        if sector in _VAGUE:
            if role.sector == "UNK" and vague is None:
                vague = Reading(sector, mark.role.sector2, head)
            continue
        if role.sector in _ARMED and role.flag != "any" and sector not in _ARMED_QUALIFIERS:
            continue
        if role.sector in _ARMED and sector == "OPP":
            sector = "REB"
        return Reading(sector, mark.role.sector2, head)
    return vague


def _complement(phrase: Phrase, index: int, role: RoleTerm) -> Reading | None:
    marks = phrase.within(phrase.segments[index])
    inner = _read_segment(phrase, index)
    if inner and role.flag == "any" and not inner.entities:
        return inner
    if inner and not inner.default and (inner.sector not in _VAGUE or role.sector == "UNK"):
        return inner
    entities = next((mark.entities for mark in marks if mark.entities), ())
    if entities:
        return Reading("", "", None, entities)
    return inner if inner and role.sector == "UNK" else None


def _past(phrase: Phrase, segment: Segment, reading: Reading) -> Reading:
    former = any(
        mark.role is not None and mark.role.weight == "former"
        for mark in phrase.within(segment)
        if reading.head is None or mark.first < reading.head.first
    )
    if not former:
        return reading
    ended = reading.sector in _ENDED_BY_FORMER
    return Reading(
        "ELI" if ended else reading.sector,
        "" if ended else reading.sector2,
        reading.head,
        reading.entities,
        True,
    )
