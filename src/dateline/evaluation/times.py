"""Time expressions against TimeML corpora, the TempEval-3 task A way (UzZaman et al., 2013).

Relaxed: an expression is right when it overlaps one of the gold ones. Strict: the spans are equal.
Value: relaxed, and the value is the same; its F1 is the relaxed F1 times the share of overlapping
pairs with the same value.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.analysis.model import TimeExpression
from dateline.analysis.times import find_times
from dateline.spans import overlap_length


@dataclass(slots=True)
class Counts:
    """Totals over documents."""

    gold: int = 0
    found: int = 0
    relaxed: int = 0
    strict: int = 0
    value: int = 0
    type: int = 0

    def add(self, gold: list[dict[str, Any]], found: list[TimeExpression]) -> None:
        """Count one document."""
        self.gold += len(gold)
        self.found += len(found)
        for expression, row in pairs(gold, found):
            self.relaxed += 1
            self.strict += expression.span == (row["start"], row["end"])
            self.value += expression.value == row["value"]
            self.type += expression.type == row["type"]


def pairs(
    gold: list[dict[str, Any]], found: list[TimeExpression]
) -> Iterator[tuple[TimeExpression, dict[str, Any]]]:
    """Each expression with the gold row it overlaps most; a gold row is used once."""
    used: set[int] = set()
    for expression in found:
        lengths = [
            (overlap_length(expression.span, (row["start"], row["end"])), -i)
            for i, row in enumerate(gold)
            if i not in used
        ]
        best = max(lengths, default=(0, 0))
        if best[0] > 0:
            used.add(-best[1])
            yield expression, gold[-best[1]]


def read_documents(path: str | Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines file (``.gz`` or plain) with ``text``, ``created`` and ``timexes``."""
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            if line.strip():
                yield json.loads(line)


def score(documents: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Precision, recall and F1 (relaxed, strict), value F1 and type F1, all 0..1."""
    counts = Counts()
    for row in documents:
        counts.add(row["timexes"], find_times(row["text"], reference=row.get("created")))
    precision = counts.relaxed / counts.found if counts.found else 0.0
    recall = counts.relaxed / counts.gold if counts.gold else 0.0
    total = counts.gold + counts.found
    return {
        "gold": float(counts.gold),
        "found": float(counts.found),
        "relaxed_precision": precision,
        "relaxed_recall": recall,
        "relaxed_f1": 2 * counts.relaxed / total if total else 0.0,
        "strict_f1": 2 * counts.strict / total if total else 0.0,
        "value_f1": 2 * counts.value / total if total else 0.0,
        "type_f1": 2 * counts.type / total if total else 0.0,
    }


def evaluate(paths: Iterable[str | Path]) -> dict[str, float]:
    """Scores over all documents of the files; see :func:`score`. Raises OSError when a file cannot
    be read and ValueError when a line is no JSON."""
    return score(row for path in paths for row in read_documents(path))
