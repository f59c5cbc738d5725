"""Check own_events.jsonl and count it. ``python training/check_own_events.py [FILE]``

Exit status 1 when a row is wrong: a phrase that is not in its text (word-aligned, ``phrase#2`` for
the second occurrence), an unknown type or status, a party without words, or a text seen before.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

STATUSES = ["happened", "ongoing", "planned", "proposed", "hypothetical", "denied", "background"]
TYPES = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
KEYS = {"trigger", "type", "actor", "recipient", "status"}
NUMBER = re.compile(r"#(\d+)$")


def locate(text: str, phrase: str) -> tuple[int, int] | None:
    """Half-open character span of ``phrase`` (with an optional ``#n``) in ``text``, or None."""
    mark = NUMBER.search(phrase)
    words, nth = (phrase[: mark.start()], int(mark[1])) if mark else (phrase, 1)
    if not words or words != words.strip():
        return None
    found = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    return found[nth - 1].span() if 1 <= nth <= len(found) else None


def event_faults(text: str, event: dict[str, Any]) -> list[str]:
    """What is wrong with one event of ``text``; empty when nothing is."""
    if set(event) != KEYS:
        return [f"keys {sorted(event)}"]
    faults = [f"type {event['type']}"] if event["type"] not in TYPES else []
    if event["status"] not in STATUSES:
        faults.append(f"status {event['status']}")
    phrases = [event["trigger"], *event["actor"], *event["recipient"]]
    faults += [f"phrase {p!r}" for p in phrases if locate(text, p) is None]
    if len(event["trigger"].split()) > 3:
        faults.append(f"long trigger {event['trigger']!r}")
    return faults


def row_faults(row: dict[str, Any]) -> list[str]:
    """What is wrong with one row; empty when nothing is."""
    if set(row) != {"text", "events"}:
        return [f"keys {sorted(row)}"]
    faults = [fault for event in row["events"] for fault in event_faults(row["text"], event)]
    spans = [locate(row["text"], event["trigger"]) for event in row["events"]]
    if len(set(spans)) < len(spans):
        faults.append("two events share a trigger")
    return faults


def report(rows: list[dict[str, Any]]) -> None:
    """Print how many rows have 0, 1, 2, 3+ events, and the types, triggers and statuses."""
    events = [event for row in rows for event in row["events"]]
    sizes = Counter(min(3, len(row["events"])) for row in rows)
    print(
        len(rows), "rows;", len(events), "events; rows by events (3 = 3+):", sorted(sizes.items())
    )
    print("statuses:", Counter(event["status"] for event in events).most_common())
    for kind in TYPES:
        own = [NUMBER.sub("", e["trigger"]).lower() for e in events if e["type"] == kind]
        print(f"{kind:10} {len(own):4} events {len(set(own)):4} triggers")


def main() -> int:
    default = Path(__file__).with_name("own_events.jsonl")
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wrong, seen = 0, set()
    for number, row in enumerate(rows, 1):
        faults = row_faults(row) + (["text seen before"] if row.get("text") in seen else [])
        seen.add(row.get("text"))
        wrong += bool(faults)
        for fault in faults:
            print(f"{path.name}:{number}: {fault}", file=sys.stderr)
    report(rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
