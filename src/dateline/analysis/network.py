"""The neural network: one pass over a window of text, run with onnxruntime.

Windows are run one at a time, never padded together: 8-bit arithmetic scales by the largest value in a
batch, so a window's result would otherwise depend on its neighbours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from threading import Lock, Thread

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from dateline.analysis.shapes import PADDING, word_shape

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Longest input the encoder was trained on, in word pieces (training/vectors.py).
MAX_PIECES = 320
_CLS, _SEP, _UNK = 101, 102, 100
_LOADING = {"main.onnx": Lock(), "pair.onnx": Lock()}


@dataclass(frozen=True, slots=True)
class WindowOutput:
    """What the network says of the W words of a window. Probabilities unless noted.

    ``words`` [W,384] hidden states; ``names`` [W,9], ``attribution`` [W,7], ``roles`` [W,7] over the
    label sets of ``labels()``; ``tag`` and ``rel`` [W] label indices; ``head`` [W,W] unnormalised
    scores of each word (row) having each word as syntactic head; ``link`` [W,W] log-probabilities of
    each word belonging to the cue that starts at each word."""

    words: Floats
    names: Floats
    attribution: Floats
    roles: Floats
    tag: Ints
    rel: Ints
    head: Floats
    link: Floats


@cache
def labels() -> dict[str, list[str]]:
    """Label sets of the heads, in output order."""
    text = files("dateline.analysis").joinpath("weights", "labels.json").read_text("utf-8")
    loaded: dict[str, list[str]] = json.loads(text)
    return loaded


def model_version() -> str:
    """Version of the weights, as recorded in every Record."""
    return str(labels()["version"])


def warm_up() -> None:
    """Begin to load the network in the background, where onnxruntime does not hold up Python, and
    return at once. Loading it twice, or not at all, changes nothing but the time taken."""
    Thread(target=_load, name="dateline-network", daemon=True).start()


def _load() -> None:
    with suppress(Exception):  # the caller meets the same error when it asks for a session
        for name in ("main.onnx", "pair.onnx"):
            _session(name)


def _session(name: str) -> ort.InferenceSession:
    with _LOADING[name]:  # a second thread waits for the first instead of loading it again
        return _loaded_session(name)


@cache
def _loaded_session(name: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("DATELINE_THREADS", "0"))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    with as_file(files("dateline.analysis").joinpath("weights", name)) as path:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _tokenizer() -> Tokenizer:
    with as_file(files("dateline.analysis").joinpath("weights", "tokenizer.json")) as path:
        tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def word_pieces(words: Sequence[str]) -> list[list[int]]:
    """Vocabulary ids of each word's pieces; never empty."""
    plain = [word.replace("’", "'").replace("‘", "'") for word in words]  # as in the treebanks
    encoded = _tokenizer().encode(plain, is_pretokenized=True, add_special_tokens=False)
    pieces: list[list[int]] = [[] for _ in words]
    for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
        if word is not None:
            pieces[word].append(piece)
    return [ids or [_UNK] for ids in pieces]


def run_window(
    words: Sequence[str], pieces: Sequence[Sequence[int]], breaks: set[int]
) -> WindowOutput:
    """One pass. ``pieces`` are the words' pieces; ``breaks`` the indices of words that open a
    paragraph. The caller keeps the window within MAX_PIECES."""
    ids, shapes, first = [_CLS], [PADDING], []
    for index, (word, word_ids) in enumerate(zip(words, pieces, strict=True)):
        if index in breaks:
            ids.append(_SEP)
            shapes.append(PADDING)
        first.append(len(ids))
        ids.extend(word_ids)
        shapes.extend([word_shape(word)] * len(word_ids))
    ids.append(_SEP)
    shapes.append(PADDING)
    feed = {
        "ids": np.array([ids], dtype=np.int64),
        "shapes": np.array([shapes], dtype=np.int64),
        "first": np.array([first], dtype=np.int64),
    }
    names = ["words", "names", "attribution", "roles", "tag", "rel", "head", "link"]
    outputs = _session("main.onnx").run(names, feed)
    return WindowOutput(*(output[0] for output in outputs))


def run_pairs(
    hidden: Floats, actor: Sequence[int], recipient: Sequence[int]
) -> tuple[Floats, Floats]:
    """Type probabilities [types] and trigger probabilities [W] for one pair of parties in a sentence
    with hidden states ``hidden`` [W,384]; ``actor`` and ``recipient`` are word indices, either may be
    empty."""
    roles = np.zeros((1, len(hidden)), dtype=np.int64)
    roles[0, list(actor)] |= 1
    roles[0, list(recipient)] |= 2
    logits, trigger = _session("pair.onnx").run(
        ["type", "trigger"], {"words": hidden[None], "roles": roles}
    )
    return _softmax(logits[0]), trigger[0]


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    result: Floats = powers / powers.sum()
    return result


def stack(parts: Sequence[Floats]) -> Floats:
    """Hidden states of neighbouring sentences as one block."""
    return np.concatenate(list(parts))
