"""Draw events to be judged by reading, and print them with their sentences.

``python benchmarks/judged/sample.py FILE... --articles 80 --events 120 --seed 1 --show sheet.txt
--out sample.jsonl``: reads the articles drawn from FILE..., draws at most ``--per-article`` events from
each, and writes what a judge reads (``--show``, third-party text, not to be committed) and one JSON row
an event (``--out``: ids, offsets and labels only). Offsets count in the page, so that they outlive
changes of the text cleaner.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dateline
from dateline.evaluation.judged import Source, article_row, sources
from dateline.record.model import Event, Party, Record
from dateline.spans import Span


def read_source(source: Source) -> Record:
    """The record of one article of a corpus."""
    return dateline.read(source.text.encode(), published=source.published)


def between_countries(record: Record, event: Event) -> bool:
    """The parties are of more than one known country."""
    actors = {actor.id: actor for actor in record.actors}
    found = {
        actors[p.actor].country for p in (*event.actors, *event.recipients) if p.actor in actors
    }
    return len(found - {""}) > 1


def sheet(number: int, source: Source, record: Record, event: Event) -> str:
    """The event and its sentence, for the judge."""
    text = record.article.text
    actors = {actor.id: actor for actor in record.actors}

    def told(party: Party) -> str:
        actor = actors.get(party.actor or "")
        codes = f"{actor.name[:30]} {actor.country} {actor.sector}" if actor else "?"
        return f"{' '.join(party.text.split())} <{codes}>"

    speaker = next((s.speaker for s in record.statements if s.id == event.statement), None)
    reported = f" | said by {speaker.text}" if speaker else (" | said" if event.statement else "")
    place = f" | at {event.place.name}" if event.place else ""
    return (
        f"{number}. [{source.id[:28]}] {_sentence(text, event.trigger)}\n"
        f"   {event.type} {event.mode or ''} {event.status} | {'; '.join(map(told, event.actors))}"
        f" -> {'; '.join(map(told, event.recipients))} | {text[slice(*event.trigger)]}"
        f"{place}{reported} | {event.confidence:.2f}\n"
    )


def _sentence(text: str, span: Span, before: int = 330, after: int = 260) -> str:
    """The paragraph around a span, cut to a readable length; the trigger in asterisks."""
    start = max(text.rfind("\n", 0, span[0]) + 1, span[0] - before)
    end = text.find("\n", span[1])
    end = min(len(text) if end < 0 else end, span[1] + after)
    marked = f"{text[start : span[0]]}*{text[slice(*span)]}*{text[span[1] : end]}"
    return " ".join(marked.split())


def draw(
    chosen: list[Source], per_article: int, rng: random.Random, abroad: bool = False
) -> Iterator[tuple[Source, Record, Event]]:
    """At most ``per_article`` events of each article, in order of the articles; ``abroad``: only those
    between countries."""
    for source in chosen:
        record = read_source(source)
        found = [e for e in record.events if not abroad or between_countries(record, e)]
        events = sorted(
            rng.sample(found, min(per_article, len(found))), key=lambda e: e.trigger
        )
        for event in events:
            yield source, record, event


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=80)
    parser.add_argument("--events", type=int, default=120)
    parser.add_argument("--per-article", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--between-countries", action="store_true")
    parser.add_argument("--ids", type=Path, help="JSON list of the articles to take, no others")
    parser.add_argument("--first", type=int, help="read only so many characters of each article")
    parser.add_argument("--show", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    found = list(sources(args.data))
    if args.ids:
        wanted = json.loads(args.ids.read_text())
        by_id = {source.id: source for source in found}
        chosen = [by_id[i] for i in wanted if i in by_id]
    else:
        chosen = rng.sample(found, min(args.articles, len(found)))
    if args.first:
        chosen = [replace(source, text=source.text[: args.first]) for source in chosen]
    drawn = list(draw(chosen, args.per_article, rng, args.between_countries))[: args.events]
    with args.show.open("w") as show, args.out.open("w") as out:
        for number, (source, record, event) in enumerate(drawn, start=1):
            show.write(sheet(number, source, record, event))
            out.write(
                json.dumps({"n": number, **article_row(source.id, record.article, event)}) + "\n"
            )


if __name__ == "__main__":
    main()
