"""Train the pair layer alone on a frozen encoder, from a network trained by ``train.py``.

``python training/tune_pairs.py --run DIR --data DIR --base DIR --out DIR``. The encoder's outputs are
computed once, so that many passes over the small event corpora take minutes on a CPU.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from pathlib import Path

import torch
from corpora import TYPES, Example
from model import Network
from scoring import evaluate_pairs
from torch import Tensor
from train import FOLD_SEED, held_out, load, pair_losses
from transformers import AutoModel, AutoTokenizer
from vectors import Batch, collate, encode

WEIGHT = {"type": 1.0, "conflict": 0.3, "trigger": 0.3}


def cached(net: Network, examples: list[Example], tokenizer) -> list[tuple[Tensor, Batch]]:
    """Encoder outputs of single examples."""
    result = []
    with torch.no_grad():
        for example in examples:
            batch = collate([encode(example, tokenizer)], "cpu")
            if batch.roles is not None and len(example.words) > 1:
                words = net.encoder(batch.ids, batch.mask, batch.shapes, batch.first)
                result.append((words, batch))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", type=float, default=0.2)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    labels = json.loads((args.run / "labels.json").read_text())
    counts = {k: len(labels[k]) for k in ("names", "attribution", "roles", "tag", "rel")}
    net = Network(AutoModel.from_pretrained(args.base), counts, len(TYPES))
    net.load_state_dict(torch.load(args.run / "network.pt"))
    net.eval()
    own = Path(__file__).parent / "own_pairs.jsonl"
    groups = load(args.data, labels["tag"], labels["rel"], own, pairs_only=True)
    dev = held_out(groups, args.held, FOLD_SEED) if args.held else {}
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    print("before", evaluate_pairs(net, tokenizer, dev, "cpu"), flush=True)
    items = cached(net, [e for group in groups.values() for e in group], tokenizer)
    tune(net, items, args)
    print("after", evaluate_pairs(net, tokenizer, dev, "cpu"), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), args.out / "network.pt")
    shutil.copy(args.run / "labels.json", args.out / "labels.json")


def tune(net: Network, items: list[tuple[Tensor, Batch]], args: argparse.Namespace) -> None:
    net.pair.train()
    optimizer = torch.optim.AdamW(net.pair.parameters(), lr=args.lr, weight_decay=0.01)
    rng = random.Random(args.seed)
    steps, step = args.epochs * ((len(items) + 15) // 16), 0
    for epoch in range(args.epochs):
        rng.shuffle(items)
        total = 0.0
        for start in range(0, len(items), 16):
            for group in optimizer.param_groups:
                group["lr"] = args.lr * (1 - step / steps)
            optimizer.zero_grad()
            chunk = items[start : start + 16]
            for words, batch in chunk:
                losses = pair_losses(net, words, batch)
                loss = sum(WEIGHT[k] * v for k, v in losses.items()) / len(chunk)
                loss.backward()
                total += loss.item()
            optimizer.step()
            step += 1
        print(epoch, round(total * 16 / len(items), 4), flush=True)
    net.pair.eval()


if __name__ == "__main__":
    main()
