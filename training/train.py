"""Train the main pass. ``python training/train.py --data DIR --base DIR --out DIR`` (see README)."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path

import corpora
import torch
from average import RunningAverage
from base import base_folder
from corpora import ATTRIBUTION, IGNORE, MENTIONS, NAMES, TYPES, Example
from model import Network
from scoring import evaluate
from torch import Tensor
from torch.nn import functional as F
from transformers import AutoModel, AutoTokenizer
from vectors import Batch, Vector, collate, encode

# Passes over each corpus in one epoch: of the first stage, with trees of single sentences, and of the
# second, which goes on from it (--init) with trees in windows of all sizes.
REPEAT = {"polnear": 1.0, "syntax": 1.0, "re3d": 3.0, "wikigold": 1.0, "wnut": 1.0}
REPEAT_SECOND = {"polnear": 0.3, "syntax": 1.0, "re3d": 1.0, "wikigold": 0.3, "wnut": 0.3}
AVERAGE = 0.998  # share of the running average of the weights that is kept at each step
FOLD_SEED = 1  # the development fold is the same whatever the seed of a run


def load_pairs(data: Path, own: Path | None) -> dict[str, list[Example]]:
    """Sentences with the parties of one act marked, by corpus: what the act reader is trained on."""
    rel = data / "relations"
    groups = {
        "plv": list(corpora.marked_pairs(rel / "plv-train.jsonl", "plv")),
        "aw": list(corpora.marked_pairs(rel / "aw-train.jsonl", "aw")),
        "cameo": list(
            corpora.cameo(rel / "cameo-spans-train.jsonl", rel / "cameo-class-train.jsonl")
        ),
        "gsr": list(corpora.gold_records(data / "events/plover-gsr-dev.jsonl")),
    }
    if own and own.exists():
        groups["own"] = list(corpora.own_pairs(own))
    return groups


def load(
    data: Path, tags: list[str], rels: list[str], second: bool
) -> dict[str, list[Example]]:
    """The training windows of the main pass, by corpus."""
    windows = {"seed": 1} if second else {"limit": 0}
    ent, syn = data / "entities", data / "syntax"
    return {
        "polnear": list(corpora.polnear(data / "attribution/polnear-train.jsonl.gz")),
        "syntax": [
            e
            for n in ("ewt", "gum")
            for e in corpora.syntax(syn / f"{n}-train.conllu.gz", tags, rels, **windows)
        ],
        "re3d": list(corpora.tagged_mentions(ent / "re3d-train.jsonl", "re3d")),
        "wikigold": list(corpora.tagged_names(ent / "wikigold.jsonl", "wikigold")),
        "wnut": list(corpora.tagged_names(ent / "wnut17-train.jsonl", "wnut")),
    }


def label_sets(data: Path) -> tuple[list[str], list[str]]:
    tags: Counter[str] = Counter()
    rels: Counter[str] = Counter()
    for name in ("ewt", "gum"):
        for sentence in corpora.conllu(data / f"syntax/{name}-train.conllu.gz"):
            tags.update(sentence.tags)
            rels.update(sentence.rels)
    return sorted(t for t, n in tags.items() if n > 20), sorted(
        r for r, n in rels.items() if n > 20
    )


def held_out(groups: dict[str, list[Example]], share: float, seed: int) -> dict[str, list[Example]]:
    """Take a development fold out of the small corpora, in place."""
    dev = {}
    for name in ("plv", "aw", "cameo", "gsr"):
        groups[name], dev[name] = corpora.folds(groups[name], share, seed)
    return dev


def batches(
    groups: dict[str, list[Vector]], size: int, rng: random.Random, repeat: dict[str, float]
) -> list[list]:
    """One epoch: batches of one corpus each, of alike length, about ``size`` pieces, shuffled."""
    listed = []
    for name, items in groups.items():
        whole, part = divmod(repeat[name], 1)
        pool = items * int(whole) + rng.sample(items, round(len(items) * part))
        rng.shuffle(pool)
        pool.sort(key=lambda x: len(x.ids) + rng.random() * 12)
        batch: list = []
        for item in pool:
            if batch and (len(batch) + 1) * len(item.ids) > size:
                listed.append(batch)
                batch = []
            batch.append(item)
        if batch:
            listed.append(batch)
    rng.shuffle(listed)
    return listed


WORD_TASKS = ("names", "mentions", "attribution", "tag")


def loss_of(net: Network, batch: Batch) -> dict[str, Tensor]:
    out = net(batch.ids, batch.mask, batch.shapes, batch.first)
    losses = {}
    for task in WORD_TASKS:
        if task in batch.labels and (batch.labels[task] >= 0).any():
            losses[task] = F.cross_entropy(
                out[task].flatten(0, 1), batch.labels[task].flatten(), ignore_index=IGNORE
            )
    if "head" in batch.labels:
        sentence = batch.labels["sentence"]
        same = sentence.unsqueeze(2) == sentence.unsqueeze(1)
        heads = batch.labels["head"]
        losses["head"] = pointer_loss(out["head"].masked_fill(~same, -1e4), heads)
        rel = net.heads.rel.label(out["rel_child"], out["rel_parent"], heads.clamp(min=0))
        losses["rel"] = pointer_loss(rel, batch.labels["rel"])
    if "link" in batch.labels and (batch.labels["link"] >= 0).any():
        scores = out["link"].masked_fill(batch.words.unsqueeze(1) == 0, -1e4)
        losses["link"] = pointer_loss(scores, batch.labels["link"])
    return losses


def pointer_loss(scores: Tensor, target: Tensor) -> Tensor:
    return F.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=IGNORE)


WEIGHT = {
    "names": 1.0,
    "mentions": 0.5,
    "attribution": 2.0,
    "link": 0.5,
    "tag": 0.5,
    "rel": 0.7,
    "head": 1.0,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", default=base_folder(), help="folder of the base encoder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="second stage: go on from this folder's network")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pieces", type=int, default=1800, help="word pieces in a batch")
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--only", default="", help="comma-separated corpora")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    tags, rels = label_sets(args.data)
    groups = load(args.data, tags, rels, bool(args.init))
    if args.only:
        groups = {k: v for k, v in groups.items() if k in args.only.split(",")}
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    # No dropout inside the encoder: on a CPU its random numbers cost a third of a step. Masked
    # pieces (vectors.collate) and dropout in the heads regularise instead.
    bert = AutoModel.from_pretrained(
        args.base,
        attn_implementation="sdpa",
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
    )
    labels = {
        "names": NAMES,
        "mentions": MENTIONS,
        "attribution": ATTRIBUTION,
        "tag": tags,
        "rel": rels,
    }
    net = Network(bert, {k: len(v) for k, v in labels.items()}, len(TYPES)).to(device)
    if args.init:
        net.load_state_dict(torch.load(args.init / "network.pt", map_location=device), strict=False)
    vectors = {k: [encode(e, tokenizer) for e in v] for k, v in groups.items()}
    print({k: len(v) for k, v in vectors.items()}, flush=True)
    train(net, vectors, args, device)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), args.out / "network.pt")
    (args.out / "labels.json").write_text(json.dumps(labels))
    scores = evaluate(net, tokenizer, labels, args.data, device)
    (args.out / "scores.json").write_text(json.dumps(scores, indent=1))
    print(json.dumps(scores, indent=1), flush=True)


def train(net: Network, vectors: dict[str, list], args: argparse.Namespace, device: str) -> None:
    rng = random.Random(args.seed)
    repeat = REPEAT_SECOND if args.init else REPEAT
    plan = [batches(vectors, args.pieces, rng, repeat) for _ in range(args.epochs)]
    steps = sum(map(len, plan))
    # Frozen word vectors: half of the weights, a third of the step, and no loss seen in doing so.
    net.encoder.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    fresh = [p for n, p in net.named_parameters() if not n.startswith("encoder.bert")]
    tuned = [p for p in net.encoder.bert.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": tuned, "lr": args.lr}, {"params": fresh, "lr": args.head_lr}],
        weight_decay=0.01,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.06 * steps)) * max(0.0, 1 - s / steps)
    )
    average = RunningAverage(net, AVERAGE)
    seen: dict[str, list[float]] = {}
    start, step, words = time.time(), 0, 0
    net.train()
    for epoch in plan:
        for items in epoch:
            batch = collate(items, device, rng)
            losses = loss_of(net, batch)
            total = sum(WEIGHT[k] * v for k, v in losses.items())
            optimizer.zero_grad()
            total.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.add(net)
            step += 1
            words += int(batch.words.sum())
            for k, v in losses.items():
                seen.setdefault(k, []).append(v.item())
            if step % 20 == 0:
                means = {k: round(sum(v[-60:]) / len(v[-60:]), 3) for k, v in seen.items()}
                rate = words / (time.time() - start)
                left = (time.time() - start) / step * (steps - step) / 60
                print(f"{step}/{steps} {rate:.0f} w/s {left:.0f} min left {means}", flush=True)
        torch.save(net.state_dict(), args.out.with_suffix(".partial.pt"))
    average.put(net)


if __name__ == "__main__":
    main()
