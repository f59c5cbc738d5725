"""The score gate: no measured figure may fall below its floor, and no case may change unseen.

    gate.py                                         compare with the floors; a miss ends with 1
    gate.py --pin                                   raise the floors to today's scores
    gate.py --pin --allow-lower TASK --why TEXT     lower one, on the record

The cases are small, our own and hard enough to miss; a figure here is a tripwire, not a benchmark.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sample_scores
from dateline.views import tasks

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"
CASES = HERE / "cases"
# 8-bit weights are summed in another order, and on some processors saturate, from one kind of CPU
# to the next: one flipped answer in the smallest set (32 cases) moves a figure by 0.03.
MODEL_MARGIN = 0.03


@dataclass(frozen=True)
class Task:
    """One evaluator on its cases. ``figures`` are the ones held to a floor, ``margin`` what a score
    may differ by between machines."""

    data: tuple[str, ...]
    figures: tuple[str, ...]
    margin: float = 0.0


TASKS: Mapping[str, Task] = {
    "attribution": Task(("attribution.jsonl",), ("token_alpha", "linked.f1"), MODEL_MARGIN),
    "plv": Task(("plv.jsonl",), ("macro_f1",), MODEL_MARGIN),
    "spans": Task(("spans.jsonl",), ("actor.f1", "recipient.f1"), MODEL_MARGIN),
    "gsr": Task(("gsr.jsonl",), ("type", "actor", "recipient"), MODEL_MARGIN),
    "actors": Task(("actors.jsonl",), ("both", "country", "sector")),
    "times": Task(("times.jsonl",), ("relaxed_f1", "strict_f1", "value_f1")),
    "places": Task(("places.jsonl",), ("all.found", "all.within_161km_of_gold")),
    "pages": Task(("pages/ground-truth.json",), ("f1",)),
    "textpages": Task(("pages/ground-truth.json",), ("f1",)),
    "samples": Task(
        (),
        ("metadata", "furniture", "statements_found", "statements_speaker", "events_found"),
        MODEL_MARGIN,
    ),
}


@dataclass(frozen=True)
class Row:
    """One line of the report; ``problem`` is empty when the figure holds."""

    task: str
    figure: str
    score: float | None
    floor: float | None
    problem: str = ""


def case_files(name: str) -> list[Path]:
    """Every file that the cases of a task are made of."""
    if name == "samples":
        suffixes = (".html", ".txt", ".json")
        found = [path for path in sample_scores.SAMPLES.rglob("*") if path.suffix in suffixes]
    else:
        found = [CASES / file for file in TASKS[name].data]
        found += [p for file in found for p in (file.parent / "html").glob("*")]
    return sorted(found)


def fingerprint(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of the files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def measure(name: str) -> dict[str, float]:
    """Today's figures of a task, those under a floor only."""
    task = TASKS[name]
    evaluate: Callable[[], Any] = (
        sample_scores.evaluate
        if name == "samples"
        else lambda: tasks.evaluate(name, [CASES / file for file in task.data])
    )
    result = evaluate()
    return {figure: _figure(result, figure) for figure in task.figures}


def _figure(result: Any, path: str) -> float:
    """A figure of an evaluator's result; 'all.found' is the entry 'found' of the entry 'all'."""
    for key in path.split("."):
        result = result[key]
    return float(result)


def check(name: str, scores: Mapping[str, float], pinned: Mapping[str, Any]) -> list[Row]:
    """Compare one task's scores and cases with what is pinned for it."""
    rows = []
    if pinned.get("fingerprint") != fingerprint(case_files(name)):
        rows.append(Row(name, "cases", None, None, "cases differ from the pinned ones"))
    floors = pinned.get("floors", {})
    for figure, score in scores.items():
        floor = floors.get(figure)
        problem = "no floor pinned" if floor is None else "below its floor" if score < floor else ""
        rows.append(Row(name, figure, score, floor, problem))
    return rows


def pinned_floor(score: float, margin: float) -> float:
    """The floor for a score: less the margin, and rounded down so that the score itself passes."""
    return max(0.0, math.floor((score - margin) * 1000) / 1000)


def pin(
    floors: dict[str, Any], scores: Mapping[str, Mapping[str, float]], lower: str | None, why: str
) -> list[str]:
    """Raise the floors in ``floors`` to ``scores``; only task ``lower`` may fall, and its fall is
    recorded with the reason. Returns what was refused."""
    refused = []
    for name, figures in scores.items():
        entry = floors["tasks"].setdefault(name, {"floors": {}})
        entry["fingerprint"] = fingerprint(case_files(name))
        for figure, score in figures.items():
            new, old = pinned_floor(score, TASKS[name].margin), entry["floors"].get(figure)
            if old is None or new >= old:
                entry["floors"][figure] = new
            elif score < old and name != lower:
                refused.append(f"{name} {figure}: {score:.3f} is below its floor {old:.3f}")
            elif name == lower:
                fall = {"task": name, "figure": figure, "from": old, "to": new, "why": why}
                floors["lowered"].append(fall)
                entry["floors"][figure] = new
    return refused


def report(rows: Iterable[Row]) -> str:
    """The rows as an aligned table."""
    lines = [f"{'task':12} {'figure':26} {'score':>6} {'floor':>6}"]
    for row in rows:
        score = "" if row.score is None else f"{row.score:.3f}"
        floor = "" if row.floor is None else f"{row.floor:.3f}"
        lines.append(f"{row.task:12} {row.figure:26} {score:>6} {floor:>6}  {row.problem}".rstrip())
    return "\n".join(lines)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Hold every measured figure to its floor.")
    parser.add_argument("--task", choices=TASKS, action="append", help="only this one (repeatable)")
    parser.add_argument("--pin", action="store_true", help="raise the floors to today's scores")
    parser.add_argument("--allow-lower", metavar="TASK", choices=TASKS)
    parser.add_argument("--why", default="", help="the reason a floor is lowered")
    parser.add_argument("--wrong", action="store_true", help="list what the samples get wrong")
    options = parser.parse_args(arguments)
    if options.allow_lower and not (options.pin and options.why.strip()):
        parser.error("--allow-lower goes with --pin and a reason: --why TEXT")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run the gate; returns its exit code."""
    options = _options(arguments)
    if options.wrong:
        print("\n".join(sample_scores.evaluate()["wrong"]))
        return 0
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    scores = {name: measure(name) for name in options.task or TASKS}
    if options.pin:
        refused = pin(floors, scores, options.allow_lower, options.why)
        if refused:
            print("not pinned:", *refused, sep="\n  ", file=sys.stderr)
            return 1
        FLOORS.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    pinned = floors["tasks"]
    rows = [row for name in scores for row in check(name, scores[name], pinned.get(name, {}))]
    missed = [row for row in rows if row.problem]
    print(report(rows))
    print(f"gate: {len(rows) - len(missed)} of {len(rows)} figures at or above their floors")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
