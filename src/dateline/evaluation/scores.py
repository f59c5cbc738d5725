"""Scores shared by the tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def f1(right: int, predicted: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1 from counts; 0 where nothing was predicted or expected."""
    precision = right / predicted if predicted else 0.0
    recall = right / gold if gold else 0.0
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
    }


def macro_f1(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Mean of the F1 of every class that occurs in ``gold``."""
    total = 0.0
    classes = set(gold)
    for kind in classes:
        right = sum(g == p == kind for g, p in zip(gold, predicted, strict=True))
        total += f1(right, sum(p == kind for p in predicted), sum(g == kind for g in gold))["f1"]
    return round(total / len(classes), 4) if classes else 0.0


def nominal_alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Krippendorff's alpha for two coders, nominal data, no missing values: 1 - observed / expected
    disagreement, the expected one from all 2n values without replacement (Krippendorff 2011)."""
    if not pairs:
        return 0.0
    values: Counter[Hashable] = Counter()
    for a, b in pairs:
        values[a] += 1
        values[b] += 1
    n = 2 * len(pairs)
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = 1 - sum(c * (c - 1) for c in values.values()) / (n * (n - 1))
    return 1 - observed / expected if expected else 1.0
