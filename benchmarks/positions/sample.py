"""Draw positions to be judged by reading, and print them with their sentences.

``python benchmarks/positions/sample.py FILE... --articles 80 --per-article 5 --seed 1 --show sheet.txt
--out rows.jsonl``: what a judge reads (``--show``, third-party text, not to be committed) and one JSON
row a position (``--out``: ids, offsets into the article's text and labels only).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dateline
from dateline.evaluation.judged import Source, sources
from dateline.record.model import Position, Record


def sheet(number: int, source: Source, record: Record, position: Position) -> str:
    """The position and its sentence, for the judge."""
    text = record.article.text
    start, end = position.content
    before = max(text.rfind("\n", 0, start) + 1, start - 330)
    told = next((s for s in record.statements if s.id == position.statement), None)
    by = told.speaker.text if told and told.speaker else "-"
    sentence = f"{text[before:start]}*{text[start:end]}*{text[end : end + 160]}"
    return (
        f"{number}. [{source.id[:28]}] {' '.join(sentence.split())}\n"
        f"   {position.issue} {position.stance} | {' -> '.join(position.via)} | by {by}\n"
    )


def row(number: int, source: Source, position: Position) -> dict[str, Any]:
    """What is stored of a position; ``wrong`` is the judge's to fill."""
    return {
        "n": number, "article": source.id, "content": list(position.content),
        "party": position.party.actor, "issue": position.issue, "stance": position.stance,
        "wrong": [],
    }  # fmt: skip


def draw(
    chosen: list[Source], per_article: int, rng: random.Random
) -> Iterator[tuple[Source, Record, Position]]:
    """At most ``per_article`` positions of each article, in order of the articles."""
    for source in chosen:
        record = dateline.read(source.text.encode(), published=source.published)
        found = record.positions
        drawn = rng.sample(found, min(per_article, len(found)))
        for position in sorted(drawn, key=lambda p: p.content):
            yield source, record, position


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=80)
    parser.add_argument("--per-article", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ids", type=Path, help="JSON list of the articles to take, no others")
    parser.add_argument("--show", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    found = list(sources(args.data))
    if args.ids:
        wanted = set(json.loads(args.ids.read_text()))
        chosen = [source for source in found if source.id in wanted]
    else:
        chosen = rng.sample(found, min(args.articles, len(found)))
    with args.show.open("w") as show, args.out.open("w") as out:
        drawn = draw(chosen, args.per_article, rng)
        for number, (source, record, position) in enumerate(drawn, start=1):
            show.write(sheet(number, source, record, position))
            out.write(json.dumps(row(number, source, position)) + "\n")


if __name__ == "__main__":
    main()
