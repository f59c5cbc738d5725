"""From examples to tensors."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import torch
from corpora import IGNORE, Example
from torch import Tensor

from dateline.analysis.shapes import PADDING, word_shape

MAX_PIECES = 320
MASK = 103  # [MASK] in the base vocabulary
LABELS = ("names", "mentions", "attribution", "link", "tag", "head", "rel", "sentence")


@dataclass
class Vector:
    ids: list[int]
    shapes: list[int]
    first: list[int]
    labels: dict[str, list[int]]


@dataclass
class Batch:
    ids: Tensor
    mask: Tensor
    shapes: Tensor
    first: Tensor
    words: Tensor
    labels: dict[str, Tensor] = field(default_factory=dict)


def encode(example: Example, tokenizer) -> Vector:
    """Word pieces of an example, with a separator between paragraphs; words beyond MAX_PIECES are
    left out."""
    pieces = (
        tokenizer(example.words, add_special_tokens=False)["input_ids"] if example.words else []
    )
    ids, shapes, first = [tokenizer.cls_token_id], [PADDING], []
    opens = set(example.breaks)
    for i, word_pieces in enumerate(pieces):
        word_pieces = word_pieces or [tokenizer.unk_token_id]
        if len(ids) + len(word_pieces) + 2 > MAX_PIECES:
            break
        if i in opens:
            ids.append(tokenizer.sep_token_id)
            shapes.append(PADDING)
        first.append(len(ids))
        ids += word_pieces
        shapes += [word_shape(example.words[i])] * len(word_pieces)
    ids.append(tokenizer.sep_token_id)
    shapes.append(PADDING)
    n = len(first)
    labels = {k: v[:n] for k, v in example.labels.items()}
    for key in ("link", "head"):
        if key in labels:
            labels[key] = [x if x < n else IGNORE for x in labels[key]]
    return Vector(ids, shapes, first, labels)


def collate(items: list[Vector], device: str, rng: random.Random | None = None) -> Batch:
    """Pad to the longest. With ``rng``, now and then the letter case of a window is flattened."""
    pad = lambda rows, value: torch.tensor(  # noqa: E731
        [r + [value] * (max(map(len, rows)) - len(r)) for r in rows], device=device
    )
    shapes = [flatten_case(v, rng) if rng else v.shapes for v in items]
    batch = Batch(
        pad([mask_pieces(v.ids, rng) if rng else v.ids for v in items], 0),
        pad([[1] * len(v.ids) for v in items], 0),
        pad(shapes, PADDING),
        pad([v.first for v in items], 0),
        pad([[1] * len(v.first) for v in items], 0),
    )
    for key in LABELS:
        if any(key in v.labels for v in items):
            filler = -1 if key == "sentence" else IGNORE
            missing = [[filler] * len(v.first) for v in items]
            rows = [v.labels.get(key, m) for v, m in zip(items, missing, strict=True)]
            batch.labels[key] = pad(rows, filler)
    return batch


def mask_pieces(ids: list[int], rng: random.Random) -> list[int]:
    """4 % of pieces, but not the first and last, become the mask piece."""
    inner = [MASK if rng.random() < 0.04 else i for i in ids[1:-1]]
    return [ids[0], *inner, ids[-1]]


def flatten_case(vector: Vector, rng: random.Random) -> list[int]:
    """2 % of windows all lower case, 2 % all upper case."""
    draw = rng.random()
    if draw > 0.04:
        return vector.shapes
    target = 0 if draw < 0.02 else 2
    return [target if s <= 4 else s for s in vector.shapes]
