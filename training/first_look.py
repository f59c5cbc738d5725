"""Fit the first look at candidate events (``record/acceptance.py``, ``worth_asking``).

``python training/first_look.py --corpora POLNEAR... GEOWEBNEWS [--articles 150] [--write]``: over the
first 5,000 characters of articles, every candidate is an example, positive when the whole pipeline
would make an event of it. Prints, from a cross-validation by article, how many candidates each threshold
leaves out and which share of the events is lost; ``--write`` writes
``knowledge/event_first_look.csv``. No randomness. To be run after ``acceptance.py``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from acceptance import ROOT, Example, context_of, cross_validated, fit, matrix, write

from dateline import extract
from dateline.evaluation.judged import sources
from dateline.record.acceptance import probability
from dateline.record.context import Context
from dateline.record.events import least_chance, of_acts, read_acts

TABLE = ROOT / "src/dateline/knowledge/event_first_look.csv"
CHARACTERS = 5000
THRESHOLDS = (0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)


def examples_of(name: str, context: Context) -> list[Example]:
    """One example for each candidate that has a first look."""
    acts = read_acts(context, every=True)
    taken = {
        id(act)
        for act, _, found in of_acts(context, acts)
        if probability(found) >= least_chance(context)
    }
    return [Example(name, act.first, id(act) in taken, single=False) for act in acts if act.first]


def report(p: np.ndarray, y: np.ndarray) -> None:
    print(f"{len(y)} candidates, {y.mean():.3f} become events")
    for least in THRESHOLDS:
        out = p < least
        print(f"  at {least:.2f}: {out.mean():.3f} left out, {y[out].sum() / y.sum():.3f} of the events")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, nargs="+", required=True)
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--penalty", type=float, default=3.0)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    found: list[Example] = []
    every = list(sources(args.corpora))
    for source in every[:: max(1, len(every) // args.articles)]:
        article = extract(source.text[:CHARACTERS].encode())
        found += examples_of(source.id, context_of(article))
    names = sorted({n for e in found for n in e.features})
    x, y = matrix(found, names)
    report(cross_validated(found, names, args.penalty), y)
    if args.write:
        write(TABLE, names, fit(x, y, args.penalty), "training/first_look.py")


if __name__ == "__main__":
    main()
