"""Measuring ``dateline.attributions`` against PolNeAR-style files: rows of ``text`` and
``attributions`` (lists of spans under ``source``, ``cue``, ``content``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dateline import attributions
from dateline.analysis.model import Attribution
from dateline.analysis.tokens import token_spans
from dateline.evaluation.files import rows
from dateline.evaluation.scores import f1, nominal_alpha
from dateline.spans import Span, overlap_length, overlaps

ROLES = ("content", "source", "cue")  # a token of several roles has the last of them
Attribute = Callable[[str], Sequence[Attribution]]


def evaluate(paths: Iterable[Path], attribute: Attribute | None = None) -> dict[str, Any]:
    """Token alpha, token F1 by role, and F1 of linked attributions.

    Tokens are dateline's own. A linked attribution is right when a predicted one shares at least half
    of the gold content's characters and some of the gold source's (or neither has a source); each
    counts once.
    """
    if attribute is None:
        attribute = attributions
    pairs: list[tuple[str, str]] = []
    right = predicted = gold = 0
    for row in rows(paths):
        found = [_parts(a) for a in attribute(row["text"])]
        truth = [{role: [tuple(s) for s in a[role] or []] for role in ROLES}
                 for a in row["attributions"]]  # fmt: skip
        spans = token_spans(row["text"])
        pairs.extend(zip(_labels(spans, truth), _labels(spans, found), strict=True))
        found = [a for a in found if a["content"]]
        truth = [a for a in truth if a["content"]]
        right += _matched(truth, found)
        predicted, gold = predicted + len(found), gold + len(truth)
    result: dict[str, Any] = {"token_alpha": round(nominal_alpha(pairs), 4)}
    for role in ROLES:
        hits = sum(a == b == role for a, b in pairs)
        result[f"{role}_tokens"] = f1(
            hits, sum(b == role for _, b in pairs), sum(a == role for a, _ in pairs)
        )
    result["linked"] = f1(right, predicted, gold)
    result["attributions"] = gold
    return result


def _parts(attribution: Attribution) -> dict[str, list[Span]]:
    return {role: list(getattr(attribution, role)) for role in ROLES}


def _labels(spans: Sequence[Span], listed: Sequence[Mapping[str, Sequence[Span]]]) -> list[str]:
    labels = ["O"] * len(spans)
    for role in ROLES:
        marked = sorted(s for a in listed for s in a[role])
        for i, span in enumerate(spans):
            if any(overlaps(span, m) for m in marked):
                labels[i] = role
    return labels


def _matched(
    truth: Sequence[Mapping[str, Sequence[Span]]], found: Sequence[Mapping[str, Sequence[Span]]]
) -> int:
    free = list(found)
    matched = 0
    for gold in truth:
        for candidate in free:
            if _covers(gold["content"], candidate["content"]) and _touches(
                gold["source"], candidate["source"]
            ):
                free.remove(candidate)
                matched += 1
                break
    return matched


def _covers(gold: Sequence[Span], found: Sequence[Span]) -> bool:
    shared = sum(overlap_length(g, f) for g in gold for f in found)
    return 2 * shared >= sum(end - start for start, end in gold)


def _touches(gold: Sequence[Span], found: Sequence[Span]) -> bool:
    if not gold or not found:
        return not gold and not found
    return any(overlaps(g, f) for g in gold for f in found)
