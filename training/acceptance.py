"""Fit the acceptance model of events (``record/acceptance.py``).

``python training/acceptance.py --judged benchmarks/judged/judgements/fix-*.jsonl --corpora POLNEAR...
GEOWEBNEWS --gsr FILE [--write]``: the candidates of every judged article that are the same as a judged
event (same words and labels), and the candidates of the PLOVER gold records, are the examples. Prints
figures from a cross-validation by article, and writes ``knowledge/event_acceptance.csv`` on
``--write``. Logistic regression with an L2 penalty by Newton's method; no randomness but the fixed
split.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dateline import extract
from dateline.article.model import Article
from dateline.evaluation.files import rows
from dateline.evaluation.judged import Source, article_row, sources
from dateline.evaluation.relations import _gsr_marks
from dateline.record.acceptance import Features
from dateline.record.build import read_context
from dateline.record.context import Context
from dateline.record.events import candidate_events
from dateline.record.model import Event
from dateline.record.statements import make_statements
from dateline.spans import overlaps

ROOT = Path(__file__).resolve().parents[1]

TABLE = ROOT / "src/dateline/knowledge/event_acceptance.csv"
SCRIPT = "training/acceptance.py"
FOLDS = 6
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate with its features; ``group`` (an article) is never split between folds."""

    group: str
    features: Features
    right: bool
    single: bool


def context_of(article: Article) -> Context:
    """The context that events of an article are made from."""
    published = article.published.date() if article.published else None
    dateline = article.datelines[0] if article.datelines else None
    context = read_context(article.text, published, dateline=dateline)
    context.statements = make_statements(context)
    return context


def judged_examples(judged: list[Path], corpora: list[Path]) -> Iterator[Example]:
    """Candidates of the judged articles that a judgement fits."""
    marks: dict[str, list[dict[str, Any]]] = {}
    for row in rows(judged):
        marks.setdefault(row["article"], []).append(row)
    for source in sources(corpora):
        if source.id in marks:
            yield from _of_article(source, marks[source.id])


def _of_article(source: Source, marks: list[dict[str, Any]]) -> Iterator[Example]:
    article = extract(source.text.encode())
    if article.published is None:
        article = article.model_copy(update={"published": source.day})
    for event, found in candidate_events(context_of(article)):
        right = verdict(marks, article_row(source.id, article, event))
        if right is not None:
            yield Example(source.id, found, right, single=False)


_FIELDS = {"type": "type", "actor": "actors", "recipient": "recipients", "status": "status",
           "place": "place"}  # fmt: skip


def verdict(judged: list[dict[str, Any]], row: dict[str, Any]) -> bool | None:
    """Whether a candidate is right by the judgements of events with its trigger: right like one judged
    right in every field, wrong when it has a value judged wrong, or another than one judged right.
    None when they do not tell."""
    seen = [j for j in judged if j["trigger"] == row["trigger"]]
    same = [{name: _same(j[key], row[key]) for name, key in _FIELDS.items()} for j in seen]
    if any(not j["wrong"] and all(s.values()) for j, s in zip(seen, same, strict=True)):
        return True
    for j, s in zip(seen, same, strict=True):
        if any(alike == (name in j["wrong"]) for name, alike in s.items()):
            return False
    return None


def _same(a: Any, b: Any) -> bool:
    """Equal labels; or the same parties, whose phrases may be cut differently."""
    if not isinstance(a, list) or not isinstance(b, list) or not a or not b:
        return bool(a == b)
    if not isinstance(a[0], list):
        return overlaps(tuple(a), tuple(b))
    return all(any(overlaps(tuple(x), tuple(y)) for y in b) for x in a) and all(
        any(overlaps(tuple(x), tuple(y)) for y in a) for x in b
    )


def gold_examples(path: Path) -> Iterator[Example]:
    """Candidates of single gold sentences; right when type, actor and recipient are."""
    for number, row in enumerate(rows([path])):
        context = read_context(row["text"], None)
        context.statements = make_statements(context)
        for event, found in candidate_events(context):
            yield Example(f"gold{number}", found, _gold_right(row, event), single=context.single)


def _gold_right(row: dict[str, Any], event: Event) -> bool:
    return bool(_gsr_marks(row, event)["all"])


def matrix(examples: list[Example], names: list[str]) -> tuple[Floats, Floats]:
    """Features (last column 1) and labels."""
    x = np.array([[*(e.features.get(n, 0.0) for n in names), 1.0] for e in examples])
    return x, np.array([float(e.right) for e in examples])


def fit(x: Floats, y: Floats, penalty: float) -> Floats:
    """Weights that maximise the penalised likelihood; the last (bias) is not penalised."""
    weights = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-6
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - ridge * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def cross_validated(examples: list[Example], names: list[str], penalty: float) -> Floats:
    """Probability of each example by a model that saw none of its article."""
    x, y = matrix(examples, names)
    fold = np.array([int(hashlib.sha1(e.group.encode()).hexdigest(), 16) % FOLDS for e in examples])
    found = np.zeros(len(examples))
    for n in range(FOLDS):
        weights = fit(x[fold != n], y[fold != n], penalty)
        found[fold == n] = 1 / (1 + np.exp(-x[fold == n] @ weights))
    return found


def report(name: str, p: Floats, y: Floats) -> None:
    """Precision and share of the right ones kept at each threshold, and the Brier score."""
    if not len(y):
        return
    base = float(y.mean())
    print(f"{name}: {len(y)} examples, {base:.3f} right, Brier {np.mean((p - y) ** 2):.3f} "
          f"(base rate {base * (1 - base):.3f})")  # fmt: skip
    for least in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8):
        kept = p >= least
        if kept.any():
            print(f"  at {least:.2f}: {kept.sum():4d} kept, precision {y[kept].mean():.3f}, "
                  f"of the right ones {y[kept].sum() / y.sum():.3f}")  # fmt: skip


def write(table: Path, names: list[str], weights: Floats, script: str) -> None:
    """Write a table of weights, the bias (last) first."""
    with table.open("w", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(["name", "weight", "note"])
        out.writerow(["bias", f"{weights[-1]:.4f}", f"fitted by {script}"])
        for name, weight in zip(names, weights[:-1], strict=True):
            out.writerow([name, f"{weight:.4f}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judged", type=Path, nargs="+", required=True)
    parser.add_argument("--corpora", type=Path, nargs="+", required=True)
    parser.add_argument("--gsr", type=Path)
    parser.add_argument("--penalty", type=float, default=6.0)
    parser.add_argument("--dump", type=Path, help="write the examples here")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    examples = list(judged_examples(args.judged, args.corpora))
    examples += gold_examples(args.gsr) if args.gsr else ()
    names = sorted({n for e in examples for n in e.features})
    p = cross_validated(examples, names, args.penalty)
    y = np.array([float(e.right) for e in examples])
    single = np.array([e.single for e in examples])
    report("articles", p[~single], y[~single])
    report("single sentences", p[single], y[single])
    if args.dump:
        args.dump.write_text(
            json.dumps([[e.group, e.features, e.right, e.single] for e in examples])
        )
    if args.write:
        write(TABLE, names, fit(*matrix(examples, names), args.penalty), SCRIPT)


if __name__ == "__main__":
    main()
