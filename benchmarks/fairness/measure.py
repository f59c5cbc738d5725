"""What is read when only the countries of a sentence change.

``python benchmarks/fairness/measure.py [--shifts 7] [--out ROWS]`` reads every sentence of
``sentences.csv`` with every country of ``parties.csv`` in both places, and prints Markdown tables: by
type, by country, by region, and by the confidence that was given. ``--out`` keeps a row for each
reading; ``--from ROWS`` prints the tables of kept rows. Some four minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from sentences import Filled, fill, pairs, parties, sentences

from dateline.record.build import read_context
from dateline.record.context import Context
from dateline.record.events import make_events
from dateline.record.model import Event, Party
from dateline.record.statements import make_statements
from dateline.spans import overlaps

PUBLISHED = date(2024, 3, 14)
FIELDS = ("type", "status", "actor", "recipient", "speaker")
SHIFTS = (7,)
SHUFFLES = 1000
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one filled sentence. Parties are letters: A, B, '?' another country, '-' one
    without a country, several in alphabetical order; type '' means that no event was found there."""

    sentence: int
    a: str
    b: str
    type: str
    status: str
    actor: str
    recipient: str
    speaker: str
    confidence: float

    @property
    def answer(self) -> tuple[str, ...]:
        return self.type, self.status, self.actor, self.recipient, self.speaker


def read(filled: Filled) -> Reading:
    """The event that the words of the act tell, if one is found."""
    context = read_context(filled.text, PUBLISHED)
    context.statements = make_statements(context)
    wanted = filled.sentence.types
    here = [e for e in make_events(context) if overlaps(e.trigger, filled.act)]
    event = max(here, key=lambda e: (e.type in wanted, e.confidence), default=None)
    codes = filled.a.code, filled.b.code
    if event is None:
        return Reading(filled.sentence.number, *codes, "", "", "", "", "", 0.0)
    return Reading(
        filled.sentence.number,
        *codes,
        event.type,
        event.status,
        _letters(context, event.actors, filled),
        _letters(context, event.recipients, filled),
        _letters(context, _speakers(context, event), filled),
        event.confidence,
    )


def _speakers(context: Context, event: Event) -> list[Party]:
    told = [s.speaker for s in context.statements if s.id == event.statement]
    return [speaker for speaker in told if speaker is not None]


def _letters(context: Context, found: Sequence[Party], filled: Filled) -> str:
    names = {filled.a.code: "A", filled.b.code: "B", "": "-"}
    known = (context.cast.actors.get(party.actor or "") for party in found)
    return "".join(sorted({names.get(actor.country if actor else "", "?") for actor in known}))


def right(reading: Reading, field: str) -> bool:
    """Whether a field is as a careful reader has it. Of an act done together it does not matter who
    is called actor and who recipient."""
    gold = sentences()[reading.sentence - 1]
    if not reading.type:
        return False
    if gold.actor == "A+B" and field in {"actor", "recipient"}:
        return set(reading.actor + reading.recipient) == {"A", "B"}
    if field == "type":
        return reading.type in gold.types
    return bool(getattr(reading, field) == getattr(gold, field))


def all_right(reading: Reading) -> bool:
    return all(right(reading, field) for field in FIELDS)


def held(readings: Sequence[Reading]) -> dict[Reading, bool]:
    """Whether each reading gives the answer that its sentence gets most often."""
    answers: dict[int, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for reading in readings:
        answers[reading.sentence][reading.answer] += 1
    usual = {n: counted.most_common(1)[0][0] for n, counted in answers.items()}
    return {reading: reading.answer == usual[reading.sentence] for reading in readings}


def swapped(readings: Sequence[Reading]) -> tuple[int, int]:
    """Of the sentences read with A and B and with B and A, those whose answers are the same but for
    the two; and all of them."""
    by_key = {(r.sentence, r.a, r.b): r.answer for r in readings}
    both = [key for key in by_key if (key[0], key[2], key[1]) in by_key and key[1] < key[2]]
    return sum(by_key[k] == by_key[k[0], k[2], k[1]] for k in both), len(both)


# Tables


def by_type(readings: Sequence[Reading]) -> list[str]:
    """A row a type, and one for all."""
    types = list(dict.fromkeys(s.types[0] for s in sentences()))
    lines = _head("type", "sentences", "readings")
    for kind in types:
        numbers = {s.number for s in sentences() if s.types[0] == kind}
        lines.append(
            _row(readings, [r for r in readings if r.sentence in numbers], kind, len(numbers))
        )
    return [*lines, _row(readings, readings, "all", len(sentences()))]


def by_status(readings: Sequence[Reading]) -> list[str]:
    lines = _head("status", "sentences", "readings")
    for status in dict.fromkeys(s.status for s in sentences()):
        numbers = {s.number for s in sentences() if s.status == status}
        lines.append(
            _row(readings, [r for r in readings if r.sentence in numbers], status, len(numbers))
        )
    return lines


def by_country(readings: Sequence[Reading], group: Callable[[str], str]) -> list[str]:
    """A row a country (or what ``group`` makes of its code), with the readings it has a part in."""
    lines = _head("parties", "countries", "readings")
    members: dict[str, set[str]] = defaultdict(set)
    for party in parties():
        members[group(party.code)].add(party.code)
    for name, codes in members.items():
        lines.append(_row(readings, _with(readings, codes), name, len(codes)))
    return lines


def _with(readings: Iterable[Reading], codes: set[str]) -> list[Reading]:
    return [r for r in readings if r.a in codes or r.b in codes]


def _head(first: str, second: str, third: str) -> list[str]:
    names = [first, second, third, *FIELDS, "all five", "as usual", "confidence"]
    return ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]


def _row(everything: Sequence[Reading], chosen: Sequence[Reading], name: str, count: int) -> str:
    usual = held(everything)
    shares = [_share(right(r, field) for r in chosen) for field in FIELDS]
    shares += [_share(map(all_right, chosen)), _share(usual[r] for r in chosen)]
    sure = [r.confidence for r in chosen if r.type]
    shares.append(f"{sum(sure) / len(sure):.2f}" if sure else "")
    return f"| {name} | {count} | {len(chosen)} | " + " | ".join(shares) + " |"


def _share(marks: Iterable[bool]) -> str:
    listed = list(marks)
    return f"{sum(listed) / len(listed):.3f}" if listed else ""


def spread(readings: Sequence[Reading]) -> str:
    """How far countries lie apart in 'as usual', and how far they would by chance: the marks of a
    sentence dealt out anew among its readings, ``SHUFFLES`` times."""
    usual = held(readings)
    codes = [party.code for party in parties()]

    def deviation(marks: dict[Reading, bool]) -> float:
        counts = {code: [0, 0] for code in codes}
        for reading, mark in marks.items():
            for code in (reading.a, reading.b):
                counts[code][0] += mark
                counts[code][1] += 1
        shares = [good / all_ for good, all_ in counts.values()]
        mean = sum(shares) / len(shares)
        return float((sum((s - mean) ** 2 for s in shares) / len(shares)) ** 0.5)

    draw, grouped = random.Random(1), defaultdict(list)
    for reading in readings:
        grouped[reading.sentence].append(reading)
    chance = []
    for _ in range(SHUFFLES):
        dealt: dict[Reading, bool] = {}
        for group in grouped.values():
            marks = [usual[r] for r in group]
            draw.shuffle(marks)
            dealt.update(zip(group, marks, strict=True))
        chance.append(deviation(dealt))
    chance.sort()
    return (
        f"standard deviation between countries {deviation(usual):.3f}; by chance "
        f"{chance[len(chance) // 2]:.3f} (95 of 100 draws under {chance[int(0.95 * SHUFFLES)]:.3f})"
    )


def by_confidence(readings: Sequence[Reading]) -> list[str]:
    """How often all five fields are right at each height of confidence."""
    lines = ["| confidence | events | mean | all five right |", "|" + " --- |" * 4]
    for low, high in pairwise(BINS):
        inside = [r for r in readings if r.type and low < r.confidence <= high]
        if inside:
            mean = sum(r.confidence for r in inside) / len(inside)
            share = _share(map(all_right, inside))
            lines.append(f"| {low} to {high} | {len(inside)} | {mean:.2f} | {share} |")
    return lines


def worst(readings: Sequence[Reading]) -> list[str]:
    """The sentences whose answer depends most on the countries."""
    usual = held(readings)
    lines = ["| sentence | as usual | usual answer right |", "|" + " --- |" * 3]
    rows = []
    for sentence in sentences():
        chosen = [r for r in readings if r.sentence == sentence.number]
        share = sum(usual[r] for r in chosen) / len(chosen)
        good = any(usual[r] and all_right(r) for r in chosen)
        rows.append((share, f"| {sentence.text} | {share:.2f} | {'yes' if good else 'no'} |"))
    return lines + [row for _, row in sorted(rows)[:12]]


def report(readings: Sequence[Reading]) -> str:
    """All tables as Markdown."""
    same, both = swapped(readings)
    regions = {party.code: party.region for party in parties()}
    names = {party.code: f"{party.name} ({party.code})" for party in parties()}
    parts = [
        ("By type", by_type(readings)),
        ("By status", by_status(readings)),
        ("Swapped", [f"{same} of {both} the same, {same / both:.3f}"]),
        ("Spread", [spread(readings)]),
        ("By region", by_country(readings, regions.__getitem__)),
        ("By country", by_country(readings, names.__getitem__)),
        ("By confidence", by_confidence(readings)),
        ("Least steady", worst(readings)),
    ]
    return "\n\n".join(f"### {title}\n\n" + "\n".join(lines) for title, lines in parts)


def readings(shifts: Iterable[int]) -> list[Reading]:
    """Every sentence with every pair of each shift, in both orders."""
    return [
        read(fill(sentence, a, b))
        for sentence in sentences()
        for shift in shifts
        for one, other in pairs(shift)
        for a, b in ((one, other), (other, one))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shifts", type=int, nargs="+", default=SHIFTS)
    parser.add_argument("--out", type=Path, help="keep the readings here, JSON Lines")
    parser.add_argument("--from", dest="kept", type=Path, help="print the tables of these readings")
    args = parser.parse_args()
    if args.kept:
        lines = args.kept.read_text(encoding="utf-8").splitlines()
        found = [Reading(**json.loads(line)) for line in lines]
    else:
        found = readings(args.shifts)
    if args.out:
        rows = "".join(json.dumps(asdict(reading)) + "\n" for reading in found)
        args.out.write_text(rows, encoding="utf-8")
    print(report(found))


if __name__ == "__main__":
    main()
