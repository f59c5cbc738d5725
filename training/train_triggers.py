"""Fit the main pass's trigger head: which words of a sentence tell an act, and of which type.

``python training/train_triggers.py --main runs/main`` goes on from ``network.pt`` in that folder and
writes it back. The encoder stays as it is, so that its other heads do: the words of
``own_events.jsonl`` are encoded once, and a small head learns from them. A tenth of the sentences is
held back for the scores.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import torch
from acts import NONE, own_questions, own_sentences
from base import base_folder
from corpora import TYPES, Example, folds
from model import Network
from scoring import f1
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoModel, AutoTokenizer
from vectors import collate, encode

BATCH = 512  # words
# The chance of a word from which a candidate is made is low: the act reader decides. These are printed.
LEAST = (0.1, 0.2, 0.3, 0.5)


def word_states(net: Network, tokenizer, sentences: list) -> tuple[Tensor, Tensor]:
    """Hidden states of all words [N,D], and the type each tells [N]."""
    states, kinds = [], []
    asked = [q for q in own_questions(sentences, random.Random(1)) if q.kinds]
    with torch.no_grad():
        for at in range(0, len(asked), 24):
            chunk = asked[at : at + 24]
            vectors = [encode(Example("own", q.words), tokenizer) for q in chunk]
            batch = collate(vectors, "cpu")
            inputs = net.encoder.bert.embeddings.word_embeddings(batch.ids)
            words = net.encoder(inputs, batch.mask, batch.shapes, batch.first)
            for row, (q, v) in enumerate(zip(chunk, vectors, strict=True)):
                states.append(words[row, : len(v.first)])
                kinds += (q.kinds or [])[: len(v.first)]
    return torch.cat(states), torch.tensor(kinds)


def fit(head: nn.Module, states: Tensor, kinds: Tensor, epochs: int, seed: int) -> None:
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.01)
    head.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(kinds), generator=order).split(BATCH):
            loss = F.cross_entropy(head(states[rows]), kinds[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    head.eval()


def scores(head: nn.Module, states: Tensor, kinds: Tensor) -> dict[str, float]:
    with torch.no_grad():
        p = head(states).softmax(-1)
    told, gold = 1 - p[:, NONE], kinds != NONE
    found = {}
    for least in LEAST:
        chosen = told >= least
        hit = int((chosen & gold).sum())
        found[f"precision at {least}"] = hit / max(1, int(chosen.sum()))
        found[f"recall at {least}"] = hit / max(1, int(gold.sum()))
    right = int(((p.argmax(-1) == kinds) & gold).sum())
    wrong = int(((p.argmax(-1) != NONE) & (p.argmax(-1) != kinds)).sum())
    found["trigger and type F1"] = f1(right, wrong, int(gold.sum()) - right)
    return {k: round(v, 4) for k, v in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--main", type=Path, required=True, help="folder written by train.py")
    parser.add_argument("--base", default=base_folder(), help="folder of the base encoder")
    parser.add_argument(
        "--own-events", type=Path, default=Path(__file__).parent / "own_events.jsonl"
    )
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    labels = json.loads((args.main / "labels.json").read_text())
    bert = AutoModel.from_pretrained(args.base)
    net = Network(bert, {k: len(v) for k, v in labels.items()}, len(TYPES))
    saved = torch.load(args.main / "network.pt", map_location="cpu")
    net.load_state_dict(saved, strict=False)
    net.eval()
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    kept, aside = folds(own_sentences(args.own_events), 0.1, 1)
    fit(net.heads.acts, *word_states(net, tokenizer, kept), args.epochs, args.seed)
    print(json.dumps(scores(net.heads.acts, *word_states(net, tokenizer, aside)), indent=1))
    torch.save(net.state_dict(), args.main / "network.pt")


if __name__ == "__main__":
    main()
