"""How far ``confidence`` can be believed, type by type, on judged events of the development articles.

``python benchmarks/fairness/calibration.py --judged benchmarks/judged/judgements/fix-*.jsonl --corpora
POLNEAR... GEOWEBNEWS`` gives every candidate that a judgement fits its chance of being right by an
acceptance model that saw nothing of its article (the folds of ``training/acceptance.py``), and prints
for each type what was said and what was right. The events of ``judgements/measure.jsonl``, which no
model saw, are printed after them with the confidence that they had when they were judged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import extract
from dateline.evaluation.files import rows
from dateline.evaluation.judged import article_row, sources
from dateline.record.events import candidate_events

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

from acceptance import Example, context_of, cross_validated, verdict  # noqa: E402

MEASURE = ROOT / "benchmarks/judged/judgements/measure.jsonl"
PENALTY = 6.0  # as in training/acceptance.py
LEAST = 0.25  # candidates under it are never shown, see record/events.py
FEWEST = 8  # events of a type below which its shares say nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """One judged event: its type, the chance that was given, and whether every field is right."""

    type: str
    said: float
    right: bool


def examples(judged: list[Path], corpora: list[Path]) -> Iterator[tuple[str, Example]]:
    """Type and example of each candidate that a judgement fits."""
    marks: dict[str, list[dict[str, Any]]] = {}
    for row in rows(judged):
        marks.setdefault(row["article"], []).append(row)
    for source in sources(corpora):
        if source.id not in marks:
            continue
        article = extract(source.text.encode())
        if article.published is None:
            article = article.model_copy(update={"published": source.day})
        for event, features in candidate_events(context_of(article)):
            right = verdict(marks[source.id], article_row(source.id, article, event))
            if right is not None:
                yield event.type, Example(source.id, features, right, single=False)


def crossed(found: list[tuple[str, Example]]) -> list[Judged]:
    """Each example with the chance that a model gives it which saw none of its article."""
    listed = [example for _, example in found]
    names = sorted({name for example in listed for name in example.features})
    chances = cross_validated(listed, names, PENALTY)
    return [
        Judged(kind, float(chance), example.right)
        for (kind, example), chance in zip(found, chances, strict=True)
    ]


def table(judged: Iterable[Judged]) -> str:
    """A row a type, the commonest first: events, mean of what was said, share that is right, and the
    Brier score; types with few events together at the end."""
    groups: dict[str, list[Judged]] = {}
    for event in judged:
        groups.setdefault(event.type, []).append(event)
    few = [event for group in groups.values() if len(group) < FEWEST for event in group]
    shown = sorted((g for g in groups.items() if len(g[1]) >= FEWEST), key=lambda g: -len(g[1]))
    shown += [("others", few)] if few else []
    shown += [("all", [event for group in groups.values() for event in group])]
    lines = ["| type | events | said | right | Brier |", "|" + " --- |" * 5]
    for name, group in shown:
        size = len(group)
        said, right = sum(e.said for e in group) / size, sum(e.right for e in group) / size
        brier = sum((e.said - e.right) ** 2 for e in group) / size
        lines.append(f"| {name} | {size} | {said:.2f} | {right:.2f} | {brier:.3f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judged", type=Path, nargs="+", required=True)
    parser.add_argument("--corpora", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    found = [e for e in crossed(list(examples(args.judged, args.corpora))) if e.said >= LEAST]
    print("crossed by article, at", LEAST, "and above\n\n" + table(found))
    measured = [Judged(r["type"], r["confidence"], not r["wrong"]) for r in rows([MEASURE])]
    print("\nmeasure.jsonl\n\n" + table(measured))


if __name__ == "__main__":
    main()
