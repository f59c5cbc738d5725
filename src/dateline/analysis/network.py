"""The neural networks, run with onnxruntime: the main pass over a window of text, and the act reader over
a sentence with the words of one act marked. They share their word vectors.

Windows are run one at a time, never padded together: 8-bit arithmetic scales by the largest value in a
batch, so a window's result would otherwise depend on its neighbours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
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
_MOST_KNOWN = 50_000  # words whose pieces are kept; a year of one outlet has about as many
_ACTOR, _RECIPIENT, _TRIGGER = 1, 2, 4  # bits of a mark, as in training/acts.py
_LOADING = {"main.onnx": Lock(), "acts.onnx": Lock()}


@dataclass(frozen=True, slots=True)
class WindowOutput:
    """What the network says of the W words of a window. Probabilities unless noted.

    ``acts`` [W,17] the type of the act that each word tells, the last being none; ``names`` [W,9],
    ``mentions`` [W,7], ``attribution`` [W,7] over the label sets of ``labels()``; ``tag`` [W] label
    indices; ``head`` [W,W] unnormalised scores of each word (row) having each word as syntactic
    head; ``link`` [W,W] log-probabilities of each word belonging to the cue that starts
    at each word; ``rel_child`` and ``rel_parent`` [W,128] the two halves that ``relations`` joins."""

    acts: Floats
    names: Floats
    mentions: Floats
    attribution: Floats
    tag: Ints
    head: Floats
    link: Floats
    rel_child: Floats
    rel_parent: Floats


@dataclass(frozen=True, slots=True)
class ActOutput:
    """What the act reader says of a sentence of W words in which an act is marked. Probabilities.

    ``type`` [17] of the marked act, the last being NONE (no such act, or not of these parties);
    ``status`` [7]; ``told_by`` [W] of each word being its trigger; ``roles`` [W,7] actor and recipient
    of the marked trigger's act, or of the main act where none is marked; ``kinds`` [W,17] type of the
    act that each word tells, whatever is marked. Label sets as in ``labels()``. ``state`` [1536] is no
    probability: what the reader judges the act by (sentence, actor, recipient and trigger, 384 each)."""

    state: Floats
    type: Floats
    status: Floats
    told_by: Floats
    roles: Floats
    kinds: Floats


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
        _word_vectors()
        for name in ("main.onnx", "acts.onnx"):
            _session(name)


def _session(name: str) -> ort.InferenceSession:
    with _LOADING[name]:  # a second thread waits for the first instead of loading it again
        return _loaded_session(name)


@cache
def _loaded_session(name: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("DATELINE_THREADS", "0"))
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take a third more processor time and, on two busy cores, longer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
    """Vocabulary ids of each word's pieces; never empty. A word has the same pieces wherever it
    stands, so that those of common words are kept from text to text."""
    known = _known_pieces()
    found = {word: known.get(word) for word in words}
    new = [word for word, pieces in found.items() if pieces is None]
    if new:
        if len(known) > _MOST_KNOWN:
            known.clear()
        read = dict(zip(new, _encoded(new), strict=True))
        known.update(read)
        found.update(read)
    return [found[word] or [_UNK] for word in words]


@cache
def _known_pieces() -> dict[str, list[int]]:
    """Pieces of words met before; filled by ``word_pieces``."""
    return {}


# Quotation marks as in the treebanks; and the tokenizer refuses half a surrogate pair.
_READABLE = {ord("’"): "'", ord("‘"): "'", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def _encoded(words: Sequence[str]) -> list[list[int]]:
    plain = [word.translate(_READABLE) for word in words]
    encoded = _tokenizer().encode(plain, is_pretokenized=True, add_special_tokens=False)
    pieces: list[list[int]] = [[] for _ in words]
    for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
        if word is not None:
            pieces[word].append(piece)
    return pieces


@cache
def _word_vectors() -> tuple[NDArray[np.int8], Floats]:
    """8-bit rows of the vocabulary and the scale of each, read as they are needed."""
    with as_file(files("dateline.analysis").joinpath("weights")) as folder:
        return np.load(folder / "words.npy", mmap_mode="r"), np.load(folder / "scales.npy")


@cache
def _relation_weights() -> tuple[Floats, Floats]:
    with as_file(files("dateline.analysis").joinpath("weights", "relations.npz")) as path:
        loaded = np.load(path)
        return loaded["weight"], loaded["bias"]


def relations(child: Floats, parent: Floats) -> Ints:
    """Relation label of each of n words to its head: ``child`` [n,128] the words' halves, ``parent``
    [n,128] those of their heads (a root is its own head)."""
    weight, bias = _relation_weights()
    scores = np.maximum(child + parent, 0.0) @ weight.T + bias
    best: Ints = scores.argmax(axis=1)
    return best


def run_window(
    words: Sequence[str], pieces: Sequence[Sequence[int]], breaks: set[int]
) -> WindowOutput:
    """One pass. ``pieces`` are the words' pieces; ``breaks`` the indices of words that open a
    paragraph. The caller keeps the window within MAX_PIECES."""
    feed = _feed(words, pieces, breaks)
    names = [f.name for f in fields(WindowOutput)]
    outputs = _session("main.onnx").run(names, feed)
    return WindowOutput(*(output[0] for output in outputs))


def run_act(
    words: Sequence[str],
    pieces: Sequence[Sequence[int]],
    actor: Sequence[int] = (),
    recipient: Sequence[int] = (),
    trigger: Sequence[int] = (),
) -> ActOutput:
    """What the act reader says of a sentence, given by its words and their pieces; ``actor``,
    ``recipient`` and ``trigger`` are word indices, each may be empty. Words beyond MAX_PIECES are not
    read: every output has a row for each of them, all zero."""
    count = _fitting(pieces)
    marks = [0] * count
    for chosen, bit in ((actor, _ACTOR), (recipient, _RECIPIENT), (trigger, _TRIGGER)):
        for index in chosen:
            if index < count:
                marks[index] |= bit
    feed = _feed(words[:count], pieces[:count], set())
    spread = [m for m, ids in zip(marks, pieces, strict=False) for _ in ids]
    feed["marks"] = np.array([[0, *spread, 0]], dtype=np.int64)
    names = [f.name for f in fields(ActOutput)]
    state, kind, status, *by_word = _session("acts.onnx").run(names, feed)
    rows = (_padded(output[0], len(words)) for output in by_word)
    return ActOutput(state[0], kind[0], status[0], *rows)


def _fitting(pieces: Sequence[Sequence[int]]) -> int:
    """How many words fit into one pass."""
    room = MAX_PIECES - 2
    for count, ids in enumerate(pieces):
        room -= len(ids)
        if room < 0:
            return count
    return len(pieces)


def _padded(rows: Floats, count: int) -> Floats:
    missing = count - len(rows)
    return np.pad(rows, [(0, missing)] + [(0, 0)] * (rows.ndim - 1)) if missing else rows


def _feed(
    words: Sequence[str], pieces: Sequence[Sequence[int]], breaks: set[int]
) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
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
    rows, scales = _word_vectors()
    vectors = np.multiply(rows[ids], scales[ids][:, None], dtype=np.float32)
    return {
        "vectors": vectors[None],
        "shapes": np.array([shapes], dtype=np.int64),
        "first": np.array([first], dtype=np.int64),
    }
