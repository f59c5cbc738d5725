"""Shares of judged positions that are right, and recall on the bundled samples.

``python benchmarks/positions/score.py judgements/measure.jsonl`` or ``... score.py --samples``.
"""

from __future__ import annotations

import argparse
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import dateline
from dateline.record.model import Position, Record

FIELDS = ("party", "issue", "stance", "words")


def precision(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Share of rows right in each field, and in all of them."""
    total = len(rows)
    shares = {f: sum(f not in row["wrong"] for row in rows) / total for f in FIELDS}
    return {**shares, "all": sum(not row["wrong"] for row in rows) / total}


def is_told(record: Record, expected: dict[str, Any]) -> bool:
    """True when the record holds the position expected."""
    return any(_fits(record, position, expected) for position in record.positions)


def _fits(record: Record, position: Position, expected: dict[str, Any]) -> bool:
    actor = next((a for a in record.actors if a.id == position.party.actor), None)
    country = actor.country if actor else ""
    party = expected["party"] == country or expected["party"] in position.party.text
    words = record.article.text[slice(*position.content)]
    return (
        party
        and position.issue in expected["issue"]
        and position.stance in expected["stance"]
        and expected["words"] in words
    )


def recall_on_samples() -> tuple[int, int]:
    """Positions found, and those listed by hand, over the bundled samples."""
    listed = json.loads((Path(__file__).parent / "samples.json").read_text())
    found = total = 0
    for name, positions in listed.items():
        record = dateline.read(Path(str(files("dateline"))) / "samples" / name)
        for expected in positions:
            hit = is_told(record, expected)
            found, total = found + hit, total + 1
            if not hit:
                print(f"missed in {name}: {expected}")
    return found, total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judgements", type=Path, nargs="*")
    parser.add_argument("--samples", action="store_true")
    args = parser.parse_args()
    for path in args.judgements:
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        shares = "  ".join(f"{name} {share:.2f}" for name, share in precision(rows).items())
        print(f"{path.name}: {len(rows)} positions  {shares}")
    if args.samples:
        found, total = recall_on_samples()
        print(f"samples: {found} of {total} positions found, {found / total:.2f}")


if __name__ == "__main__":
    main()
