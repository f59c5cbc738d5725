"""Train the act reader. ``python training/train_acts.py --data DIR --base DIR --out DIR`` (see README).

The reader answers questions about one sentence with marked words (``acts.py``): the type and status of
an act, its parties, its trigger.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import acts
import corpora
import torch
from acts import ACTOR, NONE, RECIPIENT, STATUSES, TRIGGER, Marked
from average import RunningAverage
from base import base_folder
from corpora import IGNORE, ROLES, TYPES, Example
from model import ActReader
from scoring import f1, macro_f1, merged, token_f1
from torch import Tensor
from torch.nn import functional as F
from train import FOLD_SEED, held_out, load_pairs
from transformers import AutoModel, AutoTokenizer
from vectors import encode, flatten_case, mask_pieces

from dateline.analysis.shapes import PADDING

# Passes over each corpus in one epoch.
REPEAT = {"plv": 3, "gsr": 3, "aw": 1, "cameo": 2, "own": 1, "own-events": 1}
WEIGHT = {
    "type": 1.0, "conflict": 0.5, "status": 0.4, "told_by": 0.3, "roles": 1.0, "kinds": 1.0,
}  # fmt: skip
BATCH = 24
AVERAGE = 0.995  # share of the running average of the weights that is kept at each step


@dataclass
class Question:
    """A Marked sentence in word pieces."""

    ids: list[int]
    shapes: list[int]
    marks: list[int]
    first: list[int]
    asked: Marked


def vectorise(asked: Marked, tokenizer) -> Question:
    plain = encode(Example(asked.source, asked.words), tokenizer)
    n = len(plain.first)
    marks = [0] * len(plain.ids)
    ends = [*plain.first[1:], len(plain.ids) - 1]
    for chosen, bit in ((asked.actor, ACTOR), (asked.recipient, RECIPIENT), (asked.trigger, TRIGGER)):
        for word in set(chosen):
            if word < n:
                for at in range(plain.first[word], ends[word]):
                    marks[at] |= bit
    return Question(plain.ids, plain.shapes, marks, plain.first, asked)


@dataclass
class Asked:
    """A batch of questions and what is to be answered."""

    ids: Tensor
    mask: Tensor
    shapes: Tensor
    marks: Tensor
    first: Tensor
    type: Tensor
    conflict: Tensor
    status: Tensor
    told_by: Tensor
    roles: Tensor
    kinds: Tensor


def collate(items: list[Question], device: str, rng: random.Random | None = None) -> Asked:
    """Pad to the longest. With ``rng``, pieces are masked and letter case is flattened now and then."""
    wide, long = max(len(q.ids) for q in items), max(len(q.first) for q in items)

    def pad(rows: list[list[int]], value: int, to: int) -> Tensor:
        return torch.tensor([r + [value] * (to - len(r)) for r in rows], device=device)

    def words(row: list[int] | None, n: int) -> list[int]:
        return [IGNORE] * n if row is None else row[:n]

    types = torch.zeros((len(items), len(TYPES)), dtype=torch.bool)
    told = torch.zeros((len(items), long), dtype=torch.bool)
    for i, q in enumerate(items):
        types[i, q.asked.types or []] = True
        told[i, [w for w in q.asked.told_by if w < len(q.first)]] = True
    one = lambda x: IGNORE if x is None else x  # noqa: E731
    return Asked(
        pad([mask_pieces(q.ids, rng) if rng else q.ids for q in items], 0, wide),
        pad([[1] * len(q.ids) for q in items], 0, wide),
        pad([flatten_case(q, rng) if rng else q.shapes for q in items], PADDING, wide),
        pad([q.marks for q in items], 0, wide),
        pad([q.first for q in items], -1, long),
        types.to(device),
        torch.tensor([one(q.asked.conflict) for q in items], device=device),
        torch.tensor([one(q.asked.status) for q in items], device=device),
        told.to(device),
        pad([words(q.asked.roles, len(q.first)) for q in items], IGNORE, long),
        pad([words(q.asked.kinds, len(q.first)) for q in items], IGNORE, long),
    )


def answer(net: ActReader, batch: Asked) -> dict[str, Tensor]:
    vectors = net.bert.embeddings.word_embeddings(batch.ids)
    return net(vectors, batch.mask, batch.shapes, batch.marks, batch.first)


def loss_of(out: dict[str, Tensor], batch: Asked) -> Tensor:
    total = torch.zeros((), device=batch.ids.device)
    size = len(batch.ids)
    for task, right in (("type", batch.type), ("told_by", batch.told_by)):
        some = right.any(-1)
        if some.any():  # any of several right answers: -log of their summed probability
            logp = out[task][some].log_softmax(-1).masked_fill(~right[some], -1e4)
            total = total - WEIGHT[task] * logp.logsumexp(-1).sum() / size
    for task in ("conflict", "status"):
        label = getattr(batch, task)
        if (label >= 0).any():
            loss = F.cross_entropy(out[task], label, ignore_index=IGNORE, reduction="sum")
            total = total + WEIGHT[task] * loss / size
    for task in ("roles", "kinds"):
        label = getattr(batch, task)
        if (label >= 0).any():
            total = total + WEIGHT[task] * F.cross_entropy(
                out[task].flatten(0, 1), label.flatten(), ignore_index=IGNORE
            ) * (label >= 0).any(-1).float().mean()
    return total


def make_epoch(groups: dict[str, list[Question]], rng: random.Random) -> list[list[Question]]:
    """Batches of alike length over all corpora, shuffled."""
    pool = []
    for name, items in groups.items():
        whole, part = divmod(REPEAT[name], 1)
        pool += items * int(whole) + rng.sample(items, round(len(items) * part))
    rng.shuffle(pool)
    pool.sort(key=lambda q: len(q.ids) + rng.random() * 10)
    listed = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
    rng.shuffle(listed)
    return listed


def train(
    net: ActReader, groups: dict[str, list[Question]], args: argparse.Namespace, device: str, report
) -> None:
    rng = random.Random(args.seed)
    plan = [make_epoch(groups, rng) for _ in range(args.epochs)]
    steps = sum(map(len, plan))
    net.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    tuned = [p for p in net.bert.parameters() if p.requires_grad]
    fresh = [p for n, p in net.named_parameters() if not n.startswith("bert.")]
    optimizer = torch.optim.AdamW(
        [{"params": tuned, "lr": args.lr}, {"params": fresh, "lr": args.head_lr}],
        weight_decay=0.01,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.06 * steps)) * max(0.0, 1 - s / steps)
    )
    average = RunningAverage(net, AVERAGE)
    start, step, recent = time.time(), 0, []
    net.train()
    for number, epoch in enumerate(plan):
        for items in epoch:
            batch = collate(items, device, rng)
            loss = loss_of(answer(net, batch), batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.add(net)
            step += 1
            recent.append(loss.item())
            if step % 50 == 0:
                left = (time.time() - start) / step * (steps - step) / 60
                mean = sum(recent[-50:]) / 50
                print(f"{step}/{steps} {left:.0f} min left, loss {mean:.3f}", flush=True)
        if number + 1 < len(plan) and args.scores_each:
            print(json.dumps(report()), flush=True)
            net.train()
    average.put(net)


# -- scores ------------------------------------------------------------------------------------


def answers(net: ActReader, items: list[Question], device: str) -> list[dict[str, Tensor]]:
    net.eval()
    found: list[dict[str, Tensor]] = [{}] * len(items)
    order = sorted(range(len(items)), key=lambda i: len(items[i].ids))
    with torch.no_grad():
        for at in range(0, len(order), 32):
            chunk = order[at : at + 32]
            out = answer(net, collate([items[i] for i in chunk], device))
            for row, i in enumerate(chunk):
                found[i] = {k: v[row].cpu() for k, v in out.items()}
    return found


def best_type(logits: Tensor) -> str:
    """The likeliest type that is not NONE, CONCEDE and RETREAT taken together as PLV has them."""
    p = logits.softmax(-1)[:NONE].clone()
    p[TYPES.index("CONCEDE")] += p[TYPES.index("RETREAT")]
    return merged(TYPES[int(p.argmax())])


def scores_of(net: ActReader, dev: dict[str, list[Question]], device: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for name in ("plv", "gsr"):
        asked = [q for q in dev[name] if q.asked.types and not q.asked.trigger]
        gold = [merged(TYPES[q.asked.types[0]]) for q in asked]
        found = [best_type(a["type"]) for a in answers(net, asked, device)]
        scores[f"{name} macro F1"] = macro_f1(gold, found)
        scores[f"{name} accuracy"] = sum(map(str.__eq__, gold, found)) / max(1, len(gold))
    asked = [q for q in dev["aw"] if not q.asked.trigger]
    found = [int(a["conflict"].argmax()) for a in answers(net, asked, device)]
    scores["aw macro F1"] = macro_f1([q.asked.conflict for q in asked], found)
    asked = [q for q in dev["cameo"] if q.asked.roles]
    for side in ("actor", "recipient"):
        gold, tags = role_lists(net, asked, device)
        scores[f"cameo {side} token F1"] = token_f1(gold, tags, {side, "both"})
    return scores | own_scores(net, dev.get("own-events", []), device)


def role_lists(net: ActReader, asked: list[Question], device: str) -> tuple[list, list]:
    gold = [[ROLES[t] for t in q.asked.roles[: len(q.first)]] for q in asked]
    tags = [
        [ROLES[t] for t in a["roles"].argmax(-1)[: len(q.first)]]
        for q, a in zip(asked, answers(net, asked, device), strict=True)
    ]
    return gold, tags


def own_scores(net: ActReader, dev: list[Question], device: str) -> dict[str, float]:
    if not dev:
        return {}
    scores = {}
    asked = [q for q in dev if q.asked.kinds]
    counts: Counter[str] = Counter()
    for q, a in zip(asked, answers(net, asked, device), strict=True):
        found = a["kinds"].argmax(-1)[: len(q.first)].tolist()
        for g, p in zip(q.asked.kinds, found, strict=False):
            counts["hit"] += g == p != NONE
            counts["word"] += (g != NONE) and (p != NONE)
            counts["gold"] += g != NONE
            counts["found"] += p != NONE
    misses = counts["gold"] - counts["hit"], counts["found"] - counts["hit"]
    scores["own trigger and type F1"] = f1(counts["hit"], *misses)
    misses = counts["gold"] - counts["word"], counts["found"] - counts["word"]
    scores["own trigger F1"] = f1(counts["word"], *misses)
    asked = [q for q in dev if q.asked.trigger and q.asked.types]
    replies = answers(net, asked, device)
    right = [
        int(a["type"].argmax()) == q.asked.types[0] for q, a in zip(asked, replies, strict=True)
    ]
    scores["own type of trigger"] = sum(right) / len(right)
    status = [
        int(a["status"].argmax()) == q.asked.status
        for q, a in zip(asked, replies, strict=True)
        if q.asked.status is not None
    ]
    scores["own status"] = sum(status) / max(1, len(status))
    asked = [q for q in asked if q.asked.roles and any(q.asked.roles)]
    for side in ("actor", "recipient"):
        gold, tags = role_lists(net, asked, device)
        scores[f"own {side} token F1"] = token_f1(gold, tags, {side, "both"})
    return scores


# -- run ---------------------------------------------------------------------------------------


def load(args: argparse.Namespace) -> tuple[dict[str, list[Marked]], dict[str, list[Marked]]]:
    pairs = load_pairs(args.data, args.own_pairs)
    dev_pairs = held_out(pairs, args.held, FOLD_SEED) if args.held else {}
    tagged = {"plv", "gsr", "own"}
    made = {k: list(acts.questions(v, k in tagged)) for k, v in pairs.items()}
    dev = {k: list(acts.questions(v, False)) for k, v in dev_pairs.items()}
    if args.own_events.exists():
        sentences = acts.own_sentences(args.own_events)
        if args.held:
            sentences, aside = corpora.folds(sentences, args.held / 2, FOLD_SEED)
            dev["own-events"] = list(acts.own_questions(aside, random.Random(FOLD_SEED)))
        made["own-events"] = list(acts.own_questions(sentences, random.Random(args.seed)))
    return made, dev


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", default=base_folder(), help="folder of the base encoder")
    parser.add_argument("--own-pairs", type=Path, default=here / "own_pairs.jsonl")
    parser.add_argument("--own-events", type=Path, default=here / "own_events.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--held", type=float, default=0.2, help="share held back of small corpora")
    parser.add_argument("--scores-each", action="store_true", help="scores after each epoch")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    made, dev = load(args)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    bert = AutoModel.from_pretrained(
        args.base,
        attn_implementation="sdpa",
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=0.0,
    )
    net = ActReader(bert, len(TYPES), len(ROLES), len(STATUSES)).to(device)
    groups = {k: [vectorise(m, tokenizer) for m in v] for k, v in made.items()}
    asked = {k: [vectorise(m, tokenizer) for m in v] for k, v in dev.items()}
    print({k: len(v) for k, v in groups.items()}, {k: len(v) for k, v in asked.items()}, flush=True)

    def report() -> dict[str, float]:
        return {k: round(v, 4) for k, v in scores_of(net, asked, device).items()} if asked else {}

    train(net, groups, args, device, report)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), args.out / "acts.pt")
    scores = report()
    (args.out / "acts-scores.json").write_text(json.dumps(scores, indent=1))
    print(json.dumps(scores, indent=1), flush=True)


if __name__ == "__main__":
    main()
