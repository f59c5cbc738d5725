"""Measuring ``dateline.event_type`` and ``dateline.events`` on sentences with known events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dateline.evaluation.files import rows
from dateline.evaluation.scores import f1, macro_f1
from dateline.record.model import Event
from dateline.spans import Span, overlaps

# Type names of the first PLOVER gold records, and what they are called today (PLOVER manual).
OLDER_TYPES = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "FIGHT": "ASSAULT",
}
_MARKER = re.compile(r"</?[st]>")


def unmarked(marked: str) -> tuple[str, list[Span], list[Span]]:
    """Text without <s>, <t> markers; spans of sources and of targets. A marker that is never closed
    marks nothing."""
    parts: list[str] = []
    length = position = 0
    opened: dict[str, int] = {}
    found: dict[str, list[Span]] = {"s": [], "t": []}
    for match in _MARKER.finditer(marked):
        parts.append(marked[position : match.start()])
        length += match.start() - position
        position = match.end()
        kind = match.group()[-2]
        if "/" not in match.group():
            opened[kind] = length
        elif kind in opened:
            found[kind].append((opened.pop(kind), length))
    return "".join([*parts, marked[position:]]), found["s"], found["t"]


def evaluate_plv(paths: Iterable[Path]) -> dict[str, Any]:
    """Accuracy and macro F1 of the type of a marked pair. CONCEDE and RETREAT count as YIELD, as in
    the PLV data."""
    from dateline import event_type

    gold, predicted = [], []
    for row in rows(paths):
        text, sources, targets = unmarked(row["text"])
        chances = event_type(text, sources[0] if sources else None, targets[0] if targets else None)
        chances["YIELD"] = chances.pop("CONCEDE") + chances.pop("RETREAT")
        gold.append(row["plover"])
        predicted.append(max(chances, key=lambda t: chances[t]))
    right = sum(g == p for g, p in zip(gold, predicted, strict=True))
    return {
        "macro_f1": macro_f1(gold, predicted),
        "accuracy": round(right / len(gold), 4) if gold else 0.0,
        "n": len(gold),
    }


def evaluate_spans(paths: Iterable[Path]) -> dict[str, Any]:
    """Token F1 of actor (S) and recipient (T) words; R words count as both. Rows have ``tokens`` and
    BIO ``tags``. All events found in the sentence count; parties of a reciprocal event, which
    ``events`` lists as actors, count as recipients too from the second on."""
    from dateline import events

    counts = {"actor": [0, 0, 0], "recipient": [0, 0, 0]}
    for row in rows(paths):
        offsets = _offsets(row["tokens"])
        found = events(" ".join(row["tokens"]))
        actors, recipients = _party_spans(found)
        for role, letter, spans in (("actor", "S", actors), ("recipient", "T", recipients)):
            for offset, tag in zip(offsets, row["tags"], strict=True):
                truth = tag[2:] in {letter, "R"}
                guess = any(overlaps(offset, s) for s in spans)
                counts[role][0] += truth and guess
                counts[role][1] += guess
                counts[role][2] += truth
    return {role: f1(*numbers) for role, numbers in counts.items()}


def _offsets(tokens: Sequence[str]) -> list[Span]:
    offsets, at = [], 0
    for token in tokens:
        offsets.append((at, at + len(token)))
        at += len(token) + 1
    return offsets


def _party_spans(found: Sequence[Event]) -> tuple[list[Span], list[Span]]:
    actors: list[Span] = []
    recipients: list[Span] = []
    for event in found:
        actors += [p.span for p in event.actors]
        recipients += [p.span for p in event.recipients]
        if not event.recipients and len(event.actors) > 1:
            recipients += [p.span for p in event.actors[1:]]
    return actors, recipients


def evaluate_gsr(paths: Iterable[Path]) -> dict[str, Any]:
    """PLOVER gold records: share of records with type, actor, recipient, and all three right in one
    event. A party is right when its words overlap a gold party's text; a missing gold recipient is
    right when none is given. For a reciprocal event any party may be either."""
    from dateline import events

    sums = {"type": 0, "actor": 0, "recipient": 0, "all": 0}
    n = 0
    for row in rows(paths):
        n += 1
        best = max(
            (_gsr_marks(row, event) for event in events(row["text"])),
            key=lambda marks: (sum(marks.values()), marks["type"]),
            default=dict.fromkeys(sums, False),
        )
        for key, value in best.items():
            sums[key] += value
    return {**{k: round(v / n, 4) if n else 0.0 for k, v in sums.items()}, "n": n}


def _gsr_marks(row: Mapping[str, Any], event: Event) -> dict[str, bool]:
    actors = [p.text for p in event.actors]
    recipients = [p.text for p in event.recipients]
    if not recipients and len(actors) > 1:
        recipients = actors
    marks = {
        "type": event.type == OLDER_TYPES.get(row["event"], row["event"]),
        "actor": _any_named(row.get("source", []), actors),
        "recipient": _any_named(row["target"], recipients)
        if row.get("target")
        else not event.recipients,
    }
    return {**marks, "all": all(marks.values())}


def _any_named(gold: Sequence[Mapping[str, str]], texts: Sequence[str]) -> bool:
    if not gold:
        return not texts
    return any(
        g["actorText"].lower() in t.lower() or t.lower() in g["actorText"].lower()
        for g in gold
        for t in texts
        if g.get("actorText")
    )
