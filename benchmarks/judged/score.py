"""Figures of the judged samples.

``python benchmarks/judged/score.py precision JUDGEMENTS...``: the share of the judged events with each
field right, and with all right, from the stored judgements alone (no corpus needed).
``python benchmarks/judged/score.py recall LEADS CORPUS...``: reads the articles of LEADS and counts the
events marked there by hand that the coder finds: one of the types allowed, its trigger or evidence on
the marked words. ``--missed`` lists the others by article and offset.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import dateline
from dateline.evaluation.files import rows
from dateline.evaluation.judged import sources
from dateline.record.model import Event, Record
from dateline.spans import Span, overlaps

FIELDS = ("type", "actor", "recipient", "status", "place")


def precision(paths: list[Path]) -> str:
    """One line a field: right, judged, share; then a line a type with all fields right."""
    judged = list(rows(paths))
    wrong = Counter(field for row in judged for field in row["wrong"])
    lines = [_line(field, len(judged) - wrong[field], len(judged)) for field in FIELDS]
    right = sum(not row["wrong"] for row in judged)
    lines.append(_line("all fields", right, len(judged)))
    for kind, count in Counter(row["type"] for row in judged).most_common():
        good = sum(not row["wrong"] for row in judged if row["type"] == kind)
        lines.append("  " + _line(kind, good, count))
    return "\n".join(lines)


def _line(name: str, right: int, count: int) -> str:
    return f"{name}: {right} of {count}, {right / count:.3f}" if count else f"{name}: none judged"


def recall(leads: Path, corpora: list[Path], missed: bool) -> str:
    """How many of the events marked by hand are found, with the right type among those allowed."""
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows([leads]):
        wanted[row["article"]] += [row] if row["words"] else []
    found = total = 0
    lines = []
    for source in sources(corpora):
        if not wanted.get(source.id):
            continue
        record = dateline.read(source.text.encode(), published=source.published)
        for row in wanted[source.id]:
            hit = any(_tells(record, event, row) for event in record.events)
            found, total = found + hit, total + 1
            if missed and not hit:
                words = source.text[slice(*row["words"])]
                lines.append(f"missed {source.id} {row['words']} {row['types']} {words!r}")
    return "\n".join([*lines, _line("recall", found, total)])


def _tells(record: Record, event: Event, row: dict[str, Any]) -> bool:
    words: Span = (row["words"][0], row["words"][1])
    spans = [*record.article.page_spans(event.trigger)]
    spans += [p for e in event.evidence[1:] for p in record.article.page_spans(e)]
    return event.type in row["types"] and any(overlaps(s, words) for s in spans)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("precision", "recall"))
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--missed", action="store_true")
    args = parser.parse_args()
    if args.task == "precision":
        print(precision(args.data))
    else:
        print(recall(args.data[0], args.data[1:], args.missed))


if __name__ == "__main__":
    main()
