"""Merging of reports into acts: quality on made-up acts, and cost as the corpus grows.

``python benchmarks/merging.py [--acts 2000] [--seeds 10 11 12]`` makes acts between invented officials
of twenty countries, lets one to six articles tell of each (as a person, a role or a country; the day
stated or only the day of publication; place, mode, recipient or numbers left out, numbers changed,
types confused within their family), with other acts of the same parties on the same and the next day
among them, and prints precision and recall over pairs of reports and microseconds a report.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import comb

from dateline.store.copies import Printing
from dateline.store.merge import Number, Report, Spot, Who, merge_reports

COUNTRIES = [f"C{n:02d}" for n in range(20)]
TYPES = {
    "CONSULT": ["phone", "visit", "third-party"],
    "AGREE": [None],
    "REQUEST": ["yield", "assist"],
    "ACCUSE": ["allege", "disapprove"],
    "THREATEN": [None],
    "SANCTION": ["convict", "withdraw"],
    "ASSAULT": ["heavy-weapons", "firearms"],
    "AID": [None],
    "PROTEST": ["demo"],
}
CONFUSED = {"AGREE": "COOPERATE", "AID": "COOPERATE", "ASSAULT": "MOBILIZE", "SANCTION": "COERCE"}
DAYS = 0.05  # days of the corpus for each act: the density of acts stays as the corpus grows


@dataclass(frozen=True)
class Truth:
    """An act as it was."""

    number: int
    type: str
    mode: str | None
    actor: Who
    recipient: Who
    day: date
    place: Spot
    toll: int
    words: frozenset[int]


def official(rng: random.Random) -> Who:
    country = rng.choice(COUNTRIES)
    name = f"{country}-leader{rng.randint(1, 3)}"
    return Who(name.lower(), name, country, "GOV", "person")


def town(country: str, rng: random.Random) -> Spot:
    number = rng.randint(1, 6)
    at = COUNTRIES.index(country)
    return Spot(f"{country}-town{number}", at * 3.0 - 30, at * 8.0 - 80 + number, country, None)


def acts(count: int, rng: random.Random) -> list[Truth]:
    """Acts, one in three of them a variation of the one before: another place, or the next day."""
    made: list[Truth] = []
    for number in range(count):
        kind = rng.choice(list(TYPES))
        words = frozenset(rng.sample(range(5000), 8))
        recipient = official(rng)
        day = date(2024, 1, 1) + timedelta(rng.randrange(max(1, int(count * DAYS))))
        act = Truth(
            number, kind, rng.choice(TYPES[kind]), official(rng), recipient, day,
            town(recipient.country, rng), rng.randint(3, 400), words,
        )  # fmt: skip
        if made and rng.random() < 1 / 3:
            act = variation(made[-1], act, rng)
        made.append(act)
    return made


def variation(before: Truth, fresh: Truth, rng: random.Random) -> Truth:
    same = replace(before, number=fresh.number, toll=fresh.toll, words=fresh.words)
    if rng.random() < 0.5:
        return replace(same, day=before.day + timedelta(1))
    other = [n for n in TYPES if n != before.type]
    if before.type in ("ASSAULT", "PROTEST"):
        return replace(same, place=fresh.place)
    return replace(same, type=(kind := rng.choice(other)), mode=rng.choice(TYPES[kind]))


def told(act: Truth, article: int, rng: random.Random) -> Report:
    late = rng.randint(0, 1)
    published = rng.random() < 0.4
    day = act.day + timedelta(late) if published else act.day
    confused = act.type in CONFUSED and rng.random() < 0.1
    words = set(rng.sample(sorted(act.words), 5)) | set(rng.sample(range(5000, 9000), 3))
    toll = act.toll + (rng.randint(1, 9) if rng.random() < 0.3 else 0)
    unknown = rng.random()
    return Report(
        event=f"e{act.number:06d}-{article}",
        printing=Printing(f"a{act.number}-{article}", "", f"outlet{rng.randint(1, 40)}"),
        type=CONFUSED[act.type] if confused else act.type,  # type: ignore[arg-type]
        status="denied" if rng.random() < 0.05 else "happened",
        mode=None if confused or rng.random() < 0.3 else act.mode,
        actors=() if unknown < 0.05 else (named(act.actor, rng),),
        recipients=() if 0.05 < unknown < 0.2 else (named(act.recipient, rng),),
        first=day,
        last=day,
        granularity="day",
        basis="published" if published else "stated",
        place=where(act, rng),
        numbers=(Number(f"{toll} people", toll, "people"),) if rng.random() < 0.4 else (),
        words=frozenset(words if rng.random() < 0.7 else rng.sample(range(9000), 6)),
        confidence=round(rng.random(), 3),
    )


def named(who: Who, rng: random.Random) -> Who:
    """The person, the office or the country."""
    form = rng.random()
    if form < 0.5:
        return who
    if form < 0.75:
        return Who(f"~president-{who.country.lower()}", "the president", who.country, "GOV", "role")
    return Who(who.country, who.country, who.country, "", "country")


def where(act: Truth, rng: random.Random) -> Spot | None:
    form = rng.random()
    if form < 0.45:
        return act.place
    return (
        Spot(act.place.country, None, None, act.place.country, None, True) if form < 0.6 else None
    )


def reports(listed: list[Truth], rng: random.Random) -> Iterator[tuple[Report, int]]:
    for act in listed:
        for article in range(rng.randint(1, 6)):
            yield told(act, article, rng), act.number


def measure(count: int, seed: int) -> dict[str, float]:
    rng = random.Random(seed)
    pairs = list(reports(acts(count, rng), rng))
    truth = {report.event: number for report, number in pairs}
    start = time.process_time()
    merged = merge_reports(report for report, _ in pairs)
    seconds = time.process_time() - start
    found = right = 0
    for act in merged:
        found += comb(len(act.members), 2)
        right += sum(comb(n, 2) for n in Counter(truth[r.event] for r in act.reports).values())
    same = sum(comb(n, 2) for n in Counter(truth.values()).values())
    return {
        "reports": len(pairs),
        "acts_true": len(set(truth.values())),
        "acts_found": len(merged),
        "precision": round(right / max(1, found), 4),
        "recall": round(right / max(1, same), 4),
        "us_per_report": round(seconds / len(pairs) * 1e6, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, nargs="+", default=[200, 2000, 10_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[10])
    args = parser.parse_args()
    for count in args.acts:
        for seed in args.seeds:
            print(json.dumps({"acts": count, "seed": seed} | measure(count, seed)), flush=True)


if __name__ == "__main__":
    main()
