"""Fit the ranking of places (``dateline/analysis/places/ranking.json``).

    python training/places.py --data DATA/places [--folds 5] [--write]

Learns from LGL, GeoVirus and GeoWebNews which reading of a name is meant: a candidate is right when
it lies within 161 km of the gold position. Folds are made by document. Readings depend on each other,
so that the network is fitted a few times over, each time on the numbers that the last fit gives.
Needs torch (the ``train`` extra) and takes about a minute. The seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dateline.analysis.places import ranking
from dateline.analysis.places.finder import all_mentions, find_places
from dateline.analysis.places.ranking import Floats, Table
from dateline.analysis.places.resolution import lay_out
from dateline.evaluation.places import (
    LIMIT_KM,
    Document,
    Tally,
    read_documents,
    score_document,
)
from dateline.spans import overlap_length

SEED, HIDDEN, STEPS, DECAY, PASSES = 1, 12, 300, 3e-3, 3
COUNTY_KM = 450.0  # a county without a position of its own stands in the middle of its state
NEAR_KM = 40.0  # where a candidate that close exists, only such ones are right
FILES = ("lgl.jsonl.gz", "geovirus.jsonl.gz", "geowebnews.xml")


@dataclass
class Example:
    """The candidates of one document, which of them are right, and how many mentions each group
    has with a known answer (0: none, or no candidate is right)."""

    fold: int
    table: Table
    right: Floats
    weight: Floats  # [groups]


def make_example(document: Document, fold: int) -> Example | None:
    """Lay out one document; None when no name in it has candidates and a gold position."""
    text = document.text
    mentions, keys, every = lay_out(text, all_mentions(text, {}))
    groups = {key: group for key, group in every.items() if group.entries}
    if not groups:
        return None
    gold: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for toponym in document.toponyms:
        best = max(
            range(len(mentions)),
            key=lambda i: overlap_length(mentions[i].span, toponym.span), default=None,
        )  # fmt: skip
        if best is None or toponym.lat is None or toponym.lon is None:
            continue
        if overlap_length(mentions[best].span, toponym.span) and keys[best] in groups:
            gold.setdefault(keys[best], []).append((toponym.lat, toponym.lon))
    table = ranking.make_table(list(groups.values()), {})
    right, weight = np.zeros(len(table.entries)), np.zeros(len(groups))
    for number, key in enumerate(groups):
        rows = np.flatnonzero(table.group == number)
        for lat, lon in gold.get(key, ()):
            away = distances(table.points[rows], lat, lon)
            rough = np.array([table.entries[row].rough for row in rows])
            close = away <= np.where(rough, COUNTY_KM, LIMIT_KM)
            if rough.any() and (close & rough).any():
                close = close & (away <= away[rough].min() + 1.0)
            elif (away <= NEAR_KM).any():
                close = away <= NEAR_KM
            if close.any():
                right[rows] += close
                weight[number] += 1
    right = (right > 0).astype(np.float64)
    return Example(fold, table, right, weight) if weight.any() else None


def distances(points: Floats, lat: float, lon: float) -> Floats:
    """Kilometres from unit vectors to a position in degrees."""
    a, b = np.radians(lat), np.radians(lon)
    point = np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    return 6371.0 * np.arccos(np.clip(points @ point, -1.0, 1.0))


def chances_of(example: Example, weights: dict[str, Floats] | None, rounds: int) -> Floats:
    """Probabilities after ``rounds`` rounds; before the first fit, those of the start."""
    chances = ranking.start(example.table)
    for _ in range(rounds if weights else 0):
        rows = ranking.features(example.table, chances)
        chances = ranking.softmax(example.table, ranking.score(rows, weights or {}))
    return chances


def fit(examples: list[Example]) -> dict[str, Floats]:
    """Weights, fitted ``PASSES`` times over."""
    weights: dict[str, Floats] | None = None
    for step in range(PASSES):
        blocks = []
        for example in examples:
            for rounds in {0, step, max(0, step - 1)} if weights else {0}:
                rows = ranking.features(example.table, chances_of(example, weights, rounds))
                blocks.append((rows, example))
        weights = fit_once(blocks)
    assert weights is not None
    return weights


def fit_once(blocks: list[tuple[Floats, Example]]) -> dict[str, Floats]:
    """One fit of the network to rows and answers, by the likelihood of the right readings."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rows = np.concatenate([rows for rows, _ in blocks])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    x = torch.tensor((rows - mean) / scale, dtype=torch.float32)
    groups, shift = [], 0
    for _, example in blocks:
        groups.append(example.table.group + shift)
        shift += int(example.table.group[-1]) + 1
    group = torch.tensor(np.concatenate(groups))
    right = torch.tensor(np.concatenate([e.right for _, e in blocks]), dtype=torch.float32)
    weight = torch.tensor(
        np.concatenate([np.sqrt(e.weight) for _, e in blocks]), dtype=torch.float32
    )
    width = x.shape[1]
    w0 = torch.zeros(width, requires_grad=True)
    w1 = (0.1 * torch.randn(width, HIDDEN)).requires_grad_()
    b1 = torch.zeros(HIDDEN, requires_grad=True)
    w2 = (0.1 * torch.randn(HIDDEN)).requires_grad_()
    optimiser = torch.optim.Adam([w0, w1, b1, w2], lr=0.03)
    for _ in range(STEPS):
        optimiser.zero_grad()
        scores = torch.tanh(x @ w1 + b1) @ w2 + x @ w0
        top = torch.full((shift,), -1e9).scatter_reduce(0, group, scores.detach(), "amax")
        exp = torch.exp(scores - top[group])
        total = torch.zeros(shift).index_add(0, group, exp)
        good = torch.zeros(shift).index_add(0, group, exp * right)
        known = weight > 0
        loss = -(weight[known] * torch.log(good[known] / total[known] + 1e-6)).sum()
        loss = loss / weight[known].sum()
        loss = loss + DECAY * sum((w**2).sum() for w in (w0, w1, w2))
        loss.backward()
        optimiser.step()
    found = {"w0": w0, "w1": w1, "b1": b1, "w2": w2}
    return {
        "mean": mean, "scale": scale,
        **{name: w.detach().numpy().astype(np.float64) for name, w in found.items()},
    }  # fmt: skip


def cross_validate(
    documents: dict[str, list[Document]], examples: dict[str, list[Example]], folds: int
) -> None:
    """Print the figures of ``dateline eval places`` on documents not fitted."""
    tallies = {name: Tally() for name in (*documents, "all")}
    for fold in range(folds):
        weights = fit([e for listed in examples.values() for e in listed if e.fold != fold])
        ranking._weights = lambda weights=weights: weights
        for name, listed in documents.items():
            for document in listed:
                if fold_of(document, folds) == fold:
                    places = find_places(document.text)
                    score_document(document, places, tallies[name])
                    score_document(document, places, tallies["all"])
    for name, tally in tallies.items():
        print(name, {key: round(value, 4) for key, value in tally.scores().items()})


def fold_of(document: Document, folds: int) -> int:
    """The fold of a document, by its id."""
    return zlib.crc32(document.id.encode()) % folds


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="fit on all and write the weights")
    arguments = parser.parse_args()
    folds = max(1, arguments.folds)
    documents = {name: list(read_documents(arguments.data / name)) for name in FILES}
    examples = {
        name: [e for d in listed if (e := make_example(d, fold_of(d, folds)))]
        for name, listed in documents.items()
    }
    if arguments.write:
        weights = fit([example for listed in examples.values() for example in listed])
        path = Path(ranking.__file__).with_name("ranking.json")
        rounded = {name: np.round(w, 5).tolist() for name, w in weights.items()}
        path.write_text(json.dumps({"weights": rounded}) + "\n", encoding="utf-8")
        print(f"wrote {path}")
    if folds > 1:
        cross_validate(documents, examples, folds)


if __name__ == "__main__":
    main()
