"""Scores on development data during training; `dateline eval` measures the shipped package."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import corpora
import torch
from vectors import collate, encode


def predictions(net, vectors, device):
    """What each head says of each window; ``rel`` given the head that the network chose."""
    order = sorted(range(len(vectors)), key=lambda i: len(vectors[i].ids))
    results = [None] * len(vectors)
    net.eval()
    with torch.no_grad():
        for start in range(0, len(order), 16):
            chunk = order[start : start + 16]
            batch = collate([vectors[i] for i in chunk], device)
            out = net(batch.ids, batch.mask, batch.shapes, batch.first)
            heads = chosen_heads(out["head"], batch)
            out["rel"] = net.heads.rel.label(out["rel_child"], out["rel_parent"], heads)
            out["head"] = heads
            for row, i in enumerate(chunk):
                results[i] = {k: v[row].cpu() for k, v in out.items()}
    return results


def chosen_heads(scores, batch):
    """Each word's best head inside its sentence (inside the window where sentences are not told)."""
    sentence = batch.labels.get("sentence")
    if sentence is not None:
        same = sentence.unsqueeze(2) == sentence.unsqueeze(1)
        scores = scores.masked_fill(~same, -1e9)
    return scores.masked_fill(batch.words.unsqueeze(1) == 0, -1e9).argmax(-1)


def f1(tp, fp, fn):
    return 2 * tp / max(1, 2 * tp + fp + fn)


def span_f1(gold, predicted, kinds):
    counts = Counter()
    for g, p in zip(gold, predicted, strict=True):
        gs = {x for x in corpora.tag_runs(g) if x[2] in kinds}
        ps = {x for x in corpora.tag_runs(p) if x[2] in kinds}
        counts["tp"] += len(gs & ps)
        counts["fp"] += len(ps - gs)
        counts["fn"] += len(gs - ps)
    return f1(counts["tp"], counts["fp"], counts["fn"])


def token_f1(gold, predicted, kinds):
    tp = fp = fn = 0
    for g, p in zip(gold, predicted, strict=True):
        for a, b in zip(g, p, strict=True):
            a, b = a[2:] in kinds, b[2:] in kinds
            tp, fp, fn = tp + (a and b), fp + (b and not a), fn + (a and not b)
    return f1(tp, fp, fn)


def alpha(gold, predicted):
    """Nominal Krippendorff alpha of two coders over all tokens."""
    values, agree, n = Counter(), 0, 0
    for g, p in zip(gold, predicted, strict=True):
        for a, b in zip(g, p, strict=True):
            a, b = a[2:] or "O", b[2:] or "O"
            values[a] += 1
            values[b] += 1
            agree += a == b
            n += 1
    expected = 1 - sum(c * (c - 1) for c in values.values()) / (2 * n * (2 * n - 1))
    return 1 - (1 - agree / n) / expected


def macro_f1(gold, predicted):
    kinds = sorted(set(gold))
    scores = []
    for k in kinds:
        tp = sum(g == p == k for g, p in zip(gold, predicted, strict=True))
        fp = sum(p == k != g for g, p in zip(gold, predicted, strict=True))
        fn = sum(g == k != p for g, p in zip(gold, predicted, strict=True))
        scores.append(f1(tp, fp, fn))
    return sum(scores) / max(1, len(scores))


def tag_lists(vectors, results, task, labels):
    gold = [[labels[x] for x in v.labels[task]] for v in vectors]
    found = [
        [labels[x] for x in r[task].argmax(-1)[: len(v.first)]]
        for v, r in zip(vectors, results, strict=True)
    ]
    return gold, found


def evaluate(net, tokenizer, labels, data: Path, device):
    scores = {}

    def run(examples):
        vectors = [encode(e, tokenizer) for e in examples]
        return vectors, predictions(net, vectors, device)

    vectors, results = run(list(corpora.polnear(data / "attribution/polnear-dev.jsonl.gz")))
    gold, found = tag_lists(vectors, results, "attribution", labels["attribution"])
    scores["attribution alpha"] = alpha(gold, found)
    for kind in ("source", "cue", "content"):
        scores[f"attribution {kind} token F1"] = token_f1(gold, found, {kind})
    scores["attribution link accuracy"] = link_accuracy(vectors, results)
    kinds = {"person", "organisation", "place"}
    vectors, results = run(list(corpora.tagged_mentions(data / "entities/re3d-dev.jsonl", "re3d")))
    gold, found = tag_lists(vectors, results, "mentions", labels["mentions"])
    scores["re3d mentions F1"] = span_f1(gold, found, kinds)
    vectors, results = run(list(corpora.tagged_names(data / "entities/wnut17-dev.jsonl", "wnut")))
    gold, found = tag_lists(vectors, results, "names", labels["names"])
    scores["wnut names F1"] = span_f1(gold, found, kinds)
    for name in ("ewt", "gum"):
        path = data / f"syntax/{name}-dev.conllu.gz"
        scores |= tree_scores(name, *run(list(corpora.syntax(path, labels["tag"], labels["rel"]))))
    return {k: round(v, 4) for k, v in scores.items()}


def link_accuracy(vectors, results):
    right = total = 0
    for v, r in zip(vectors, results, strict=True):
        for i, target in enumerate(v.labels["link"]):
            if target >= 0:
                total += 1
                right += int(r["link"][i, : len(v.first)].argmax()) == target
    return right / max(1, total)


def tree_scores(name, vectors, results):
    n = tag_right = uas = las = 0
    for v, r in zip(vectors, results, strict=True):
        heads, rels, tags = r["head"].tolist(), r["rel"].argmax(-1), r["tag"].argmax(-1)
        for i in range(len(v.first)):
            n += 1
            tag_right += int(tags[i]) == v.labels["tag"][i]
            uas += heads[i] == v.labels["head"][i]
            las += heads[i] == v.labels["head"][i] and int(rels[i]) == v.labels["rel"][i]
    return {f"{name} tag": tag_right / n, f"{name} UAS": uas / n, f"{name} LAS": las / n}


def merged(kind: str) -> str:
    return "YIELD" if kind in {"CONCEDE", "RETREAT"} else kind
