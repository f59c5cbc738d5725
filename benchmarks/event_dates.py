"""How often is the date of an event right? Measured on events whose dates were read off by hand.

    python benchmarks/event_dates.py --polnear polnear-dev.jsonl.gz [--half A] [--wrong]

``event_dates.jsonl`` holds the labels, no text: article (a PolNeAR id or one of our sample pages),
span of the trigger in the article's text, and the date that the words support. ``basis``:

* ``stated``: the words at hand give the date;
* ``inferred``: other words of the article do, or the act is part of one that is dated;
* ``published``: told as news or as a state of affairs on the day of publication, no date given;
* ``none``: of another time, which the text does not tell (a plan, a supposition, an undated past act).

A date is right when first and last day and granularity are the label's. For ``published`` the day of
publication is right, stated or not. For ``none`` no date is right, and so is the day of publication
when ``basis`` says that nothing else is known; ``strict`` counts only no date. Half A was read while
the rules were written, half B only measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import dateline
from dateline.record.model import Event, Record

LABELS = Path(__file__).with_name("event_dates.jsonl")
SAMPLES = files("dateline") / "samples"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--polnear", type=Path, help="PolNeAR articles, JSON Lines (.gz)")
    parser.add_argument("--half", choices=["A", "B"], help="only this half of the labels")
    parser.add_argument("--wrong", action="store_true", help="list the wrong dates")
    options = parser.parse_args()
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    labels = [row for row in labels if options.half in (None, row["half"])]
    articles = read_articles(options.polnear) if options.polnear else {}
    counts = measure(labels, articles, options.wrong)
    for name in sorted(counts):
        print(name.ljust(16), " ".join(f"{k} {v}" for k, v in sorted(counts[name].items())))
    print(json.dumps(shares(counts["all"], counts["dated"])))


def read_articles(path: Path) -> dict[str, dict[str, Any]]:
    """PolNeAR rows by id."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        return {row["id"]: row for row in map(json.loads, handle)}


def measure(
    labels: list[dict[str, Any]], articles: dict[str, dict[str, Any]], tell: bool
) -> dict[str, Counter[str]]:
    """Counts of right, lenient (right only without ``strict``), wrong and missed labels, for each
    basis, for all, and for the labels with a date of their own."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in labels:
        grouped[row["article"]].append(row)
    for article, rows in grouped.items():
        record = _read(article, articles)
        if record is None:
            continue
        for row in rows:
            event = _event(record, tuple(row["trigger"]))
            verdict = "missed" if event is None else judge(event, row, record)
            dated = ["dated"] if row["basis"] in ("stated", "inferred") else []
            for name in [row["basis"], "all", *dated]:
                counts[name][verdict] += 1
            if tell and event is not None and verdict == "wrong":
                print(_line(article, row, event, record))
    return counts


def _read(article: str, articles: dict[str, dict[str, Any]]) -> Record | None:
    if article.endswith(".txt"):
        return dateline.read((SAMPLES / article).read_text(encoding="utf-8"))
    row = articles.get(article)
    return dateline.read(row["text"], published=row["date"]) if row else None


def _event(record: Record, trigger: tuple[int, int]) -> Event | None:
    """The event at a trigger; None when it is not coded or was merged into another."""
    return next((e for e in record.events if e.trigger == trigger), None)


def judge(event: Event, row: dict[str, Any], record: Record) -> str:
    """'right', 'lenient' or 'wrong'."""
    when = event.when
    if row["basis"] == "none":
        if when is None:
            return "right"
        return "lenient" if when.basis == "published" else "wrong"
    if when is None:
        return "wrong"
    if row["basis"] == "published":
        published = record.article.published
        day = published.date().isoformat() if published else ""
        return "right" if (when.start, when.end) == (day, day) else "wrong"
    told = (when.start[:10], when.end[:10])
    return "right" if told == (row["start"], row["end"]) else "wrong"


def shares(every: Counter[str], dated: Counter[str]) -> dict[str, float]:
    """The figures: share right, the same with ``none`` strict, and of events that have a date."""
    coded = sum(every.values()) - every["missed"]
    with_date = sum(dated.values()) - dated["missed"]
    right = every["right"] + every["lenient"]
    return {
        "coded": coded,
        "right": round(right / coded, 3) if coded else 0.0,
        "strict": round(every["right"] / coded, 3) if coded else 0.0,
        "dated_coded": with_date,
        "dated_right": round(dated["right"] / with_date, 3) if with_date else 0.0,
    }


def _line(article: str, row: dict[str, Any], event: Event, record: Record) -> str:
    when, (start, end) = event.when, event.trigger
    got = f"{when.start}/{when.end} {when.basis}" if when else "none"
    words = record.article.text[max(0, start - 120) : end + 80].replace("\n", " ")
    return f"{article} {row['basis']} {row['start']} got {got} {event.status}: {words}"


if __name__ == "__main__":
    main()
