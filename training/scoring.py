"""Scores on development data during training; `dateline eval` measures the shipped package."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import corpora
import torch
from corpora import TYPES
from vectors import collate, encode


def predictions(net, vectors, device, size=6000):
    order = sorted(range(len(vectors)), key=lambda i: len(vectors[i].ids))
    results = [None] * len(vectors)
    net.eval()
    with torch.no_grad():
        for start in range(0, len(order), 16):
            chunk = order[start : start + 16]
            batch = collate([vectors[i] for i in chunk], device)
            words = net.encoder(batch.ids, batch.mask, batch.shapes, batch.first)
            out = net.heads(words)
            if batch.roles is not None:
                out["type"], out["conflict"], out["trigger"] = net.pair(
                    words, batch.words, batch.roles
                )
            for row, i in enumerate(chunk):
                results[i] = {k: v[row].cpu() for k, v in out.items()}
    return results


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


def evaluate(net, tokenizer, labels, data: Path, dev, device):
    scores = {}
    run = lambda examples: (  # noqa: E731
        lambda vs: (vs, predictions(net, vs, device))
    )([encode(e, tokenizer) for e in examples])

    vectors, results = run(list(corpora.polnear(data / "attribution/polnear-dev.jsonl.gz")))
    gold, found = tag_lists(vectors, results, "attribution", labels["attribution"])
    scores["attribution alpha"] = alpha(gold, found)
    for kind in ("source", "cue", "content"):
        scores[f"attribution {kind} token F1"] = token_f1(gold, found, {kind})
    right = total = 0
    for v, r in zip(vectors, results, strict=True):
        for i, target in enumerate(v.labels["link"]):
            if target >= 0:
                total += 1
                right += int(r["link"][i, : len(v.first)].argmax()) == target
    scores["attribution link accuracy"] = right / max(1, total)

    vectors, results = run(list(corpora.tagged_names(data / "entities/re3d-dev.jsonl", "re3d")))
    gold, found = tag_lists(vectors, results, "names", labels["names"])
    scores["re3d names F1"] = span_f1(gold, found, {"person", "organisation", "place"})
    vectors, results = run(list(corpora.tagged_names(data / "entities/wnut17-dev.jsonl", "wnut")))
    gold, found = tag_lists(vectors, results, "names", labels["names"])
    scores["wnut names F1"] = span_f1(gold, found, {"person", "organisation", "place"})

    for name in ("ewt", "gum"):
        path = data / f"syntax/{name}-dev.conllu.gz"
        vectors, results = run(list(corpora.syntax(path, labels["tag"], labels["rel"])))
        n = tag_right = uas = las = 0
        for v, r in zip(vectors, results, strict=True):
            sentence = torch.tensor(v.labels["sentence"])
            k = len(v.first)
            heads = r["head"][:k, :k].masked_fill(sentence[:, None] != sentence[None], -1e9)
            heads = heads.argmax(-1).tolist()
            rels, tags = r["rel"].argmax(-1).tolist(), r["tag"].argmax(-1).tolist()
            for i in range(k):
                n += 1
                tag_right += tags[i] == v.labels["tag"][i]
                uas += heads[i] == v.labels["head"][i]
                las += heads[i] == v.labels["head"][i] and rels[i] == v.labels["rel"][i]
        scores |= {f"{name} tag": tag_right / n, f"{name} UAS": uas / n, f"{name} LAS": las / n}

    if dev.get("cameo"):
        chosen = [e for e in dev["cameo"] if "roles" in e.labels]
        vectors, results = run(chosen)
        gold, found = tag_lists(vectors, results, "roles", labels["roles"])
        scores["cameo actor token F1"] = token_f1(gold, found, {"actor", "both"})
        scores["cameo recipient token F1"] = token_f1(gold, found, {"recipient", "both"})
    scores |= evaluate_pairs(net, tokenizer, dev, device)
    return {k: round(v, 4) for k, v in scores.items()}


def evaluate_pairs(net, tokenizer, dev, device):
    """Macro F1 of types (PLV, GSR; YIELD for CONCEDE and RETREAT) and of conflict (AW)."""
    scores = {}

    def run(examples):
        vectors = [encode(e, tokenizer) for e in examples]
        return vectors, predictions(net, vectors, device)

    for name in ("plv", "gsr"):
        if dev.get(name):
            vectors, results = run(dev[name])
            gold, found = [], []
            for v, r in zip(vectors, results, strict=True):
                gold.append(merged(TYPES[v.pair.types[0]]))
                p = r["type"].softmax(-1)[:-1]
                p[TYPES.index("CONCEDE")] += p[TYPES.index("RETREAT")]
                found.append(merged(TYPES[int(p.argmax())]))
            scores[f"{name} macro F1"] = macro_f1(gold, found)
            scores[f"{name} accuracy"] = sum(map(str.__eq__, gold, found)) / len(gold)
    if dev.get("aw"):
        vectors, results = run(dev["aw"])
        gold = [v.pair.conflict for v in vectors]
        scores["aw macro F1"] = macro_f1(gold, [int(r["conflict"].argmax()) for r in results])
    return scores


def merged(kind: str) -> str:
    return "YIELD" if kind in {"CONCEDE", "RETREAT"} else kind
