"""How far the act reader's probabilities can be believed, and the temperature that mends them.

``python training/calibration.py --data DATA --acts runs/acts`` reads the fold that training held back,
fits one temperature for types and one for status (Guo et al. 2017: logits divided by T, T by least
negative log-likelihood), each half of the fold scored with the temperature of the other, and prints the
expected calibration error (ten equal bins, weighted by their size) before and after. With ``--write`` the
temperatures of the whole fold go to ``temperatures.json`` in the run's folder, for ``export.py``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from acts import NONE, STATUSES
from base import base_folder
from corpora import ROLES, TYPES
from model import ActReader
from torch import Tensor
from train_acts import Question, answers, load, vectorise
from transformers import AutoModel, AutoTokenizer

BINS = 10
GRID = [round(0.5 + 0.05 * n, 2) for n in range(91)]  # temperatures tried, 0.5 to 5

Rows = list[tuple[Tensor, list[int]]]  # logits of one answer, and the right labels


def negative_log_likelihood(rows: Rows, temperature: float) -> float:
    total = 0.0
    for logits, right in rows:
        total -= float((logits / temperature).log_softmax(-1)[right].logsumexp(-1))
    return total / len(rows)


def fitted(rows: Rows) -> float:
    return min(GRID, key=lambda t: negative_log_likelihood(rows, t))


def sure_and_right(rows: Rows, temperature: float) -> list[tuple[float, bool]]:
    found = []
    for logits, right in rows:
        p = (logits / temperature).softmax(-1)
        best = int(p.argmax())
        sure = float(p[right].sum()) if best in right else float(p[best])
        found.append((min(sure, 1.0), best in right))
    return found


def calibration_error(pairs: list[tuple[float, bool]]) -> float:
    error = 0.0
    for n in range(BINS):
        inside = [(p, r) for p, r in pairs if n / BINS < p <= (n + 1) / BINS]
        if inside:
            sure = sum(p for p, _ in inside)
            right = sum(r for _, r in inside)
            error += abs(sure - right) / len(pairs)
    return error


def crossed(rows: Rows) -> list[tuple[float, bool]]:
    """Each half of the rows with the temperature fitted on the other."""
    halves = rows[::2], rows[1::2]
    return [
        pair
        for here, there in (halves, halves[::-1])
        for pair in sure_and_right(here, fitted(there))
    ]


def table(pairs: list[tuple[float, bool]]) -> list[dict[str, float]]:
    rows = []
    for n in range(BINS):
        inside = [(p, r) for p, r in pairs if n / BINS < p <= (n + 1) / BINS]
        if inside:
            sure, right = (sum(x) / len(inside) for x in zip(*inside, strict=True))
            rows.append({"n": len(inside), "said": round(sure, 3), "right": round(right, 3)})
    return rows


def type_rows(net: ActReader, asked: list[Question], device: str) -> Rows:
    """Types of pairs without NONE, as ``dateline.event_type`` gives them."""
    chosen = [q for q in asked if q.asked.types and NONE not in q.asked.types]
    return [
        (a["type"][:NONE], q.asked.types or [])
        for q, a in zip(chosen, answers(net, chosen, device), strict=True)
    ]


def status_rows(net: ActReader, asked: list[Question], device: str) -> Rows:
    chosen = [q for q in asked if q.asked.status is not None and q.asked.roles]
    return [
        (a["status"], [q.asked.status])
        for q, a in zip(chosen, answers(net, chosen, device), strict=True)
        if q.asked.status is not None
    ]


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", default=base_folder(), help="folder of the base encoder")
    parser.add_argument("--acts", type=Path, required=True, help="folder written by train_acts.py")
    parser.add_argument("--own-pairs", type=Path, default=here / "own_pairs.jsonl")
    parser.add_argument("--own-events", type=Path, default=here / "own_events.jsonl")
    parser.add_argument("--held", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    bert = AutoModel.from_pretrained(args.base)
    net = ActReader(bert, len(TYPES), len(ROLES), len(STATUSES))
    net.load_state_dict(torch.load(args.acts / "acts.pt", map_location="cpu"))
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    _, dev = load(args)
    asked = [vectorise(m, tokenizer) for name in dev for m in dev[name]]
    temperatures = {}
    for task, rows in (
        ("type", type_rows(net, asked, "cpu")),
        ("status", status_rows(net, asked, "cpu")),
    ):
        before, after = sure_and_right(rows, 1.0), crossed(rows)
        temperatures[task] = fitted(rows)
        print(task, len(rows), "rows, temperature", temperatures[task])
        print("  error before", round(calibration_error(before), 4))
        print("  error after ", round(calibration_error(after), 4), table(after))
    if args.write:
        (args.acts / "temperatures.json").write_text(json.dumps(temperatures))


if __name__ == "__main__":
    main()
