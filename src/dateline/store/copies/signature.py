"""The signature of a text: what the copy index keeps of it.

Two parts. *Words*: the text's word codes, two bytes each, enough to measure a shared passage
without the text. *Keys*: hashes of some of its passages, for the look-up. The passages are chosen by
winnowing (Schleimer, Wilkerson and Aiken, 2003: in each window of consecutive passages the one of
smallest hash), so that a passage two texts share is chosen in both, wherever it stands and however
long either text is. MinHash, which keeps a fixed number for a text as a whole, finds texts that
resemble each other as wholes and misses a copy of which a tail was cut.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from dateline.store.copies.words import Codes, masked, word_codes

Hashes = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.uint32]

PASSAGE = 4  # coded words in a passage, about seven words of news
# Window of passages from which one is kept: narrow at the head, where copies cut short agree, so
# that 40 words have some keys; wide further on, to keep an article of 750 words near 35 keys. Any
# run of _WIDE + PASSAGE coded words (about 60 words of news) shared by two texts shares a key.
_NARROW, _WIDE = 12, 32
_HEAD = 80
_FEWEST_WORDS = 12  # a shorter text is found by chance: it has no keys and no copies
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
    dtype=np.uint64,
)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
_LAYOUT = struct.Struct("<BQH")  # layout's version, digest, number of keys
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Signature:
    """``digest`` is a 64-bit hash of the words (0 for a text too short to compare), the same for
    texts that differ in spelling, case and furniture of punctuation only; ``keys`` 32-bit hashes
    of chosen passages, rising; ``words`` the coded words in order."""

    digest: int
    keys: Keys
    words: Codes

    def to_bytes(self) -> bytes:
        """The signature for storing, little-endian; see ``from_bytes``."""
        head = _LAYOUT.pack(_VERSION, self.digest, len(self.keys))
        return head + self.keys.astype("<u4").tobytes() + self.words.astype("<u2").tobytes()

    @staticmethod
    def from_bytes(blob: bytes) -> Signature:
        """The signature that ``to_bytes`` wrote; ValueError when it is none of this version."""
        if len(blob) < _LAYOUT.size or blob[0] != _VERSION:
            raise ValueError(f"not a copy signature of version {_VERSION}: {blob[:11]!r}")
        _, digest, n_keys = _LAYOUT.unpack_from(blob)
        middle = _LAYOUT.size + 4 * n_keys
        if len(blob) < middle or (len(blob) - middle) % 2:
            raise ValueError(f"copy signature cut short: {len(blob)} bytes")
        keys = np.frombuffer(blob, "<u4", n_keys, _LAYOUT.size)
        return Signature(digest, keys, np.frombuffer(blob, "<u2", -1, middle))


def signature(text: str) -> Signature:
    """The signature of a clean text (``Article.text``); any string is accepted."""
    words = word_codes(text)
    if len(words) < _FEWEST_WORDS:
        return Signature(0, np.empty(0, np.uint32), words)
    digest = int.from_bytes(blake2b(words.astype("<u2").tobytes(), digest_size=8).digest())
    return Signature(digest or 1, passage_keys(passages(masked(words))), words)


def passages(codes: Codes, size: int = PASSAGE) -> Hashes:
    """A 64-bit hash for each run of ``size`` codes, in order."""
    count = len(codes) - size + 1
    if count < 1:
        return np.empty(0, np.uint64)
    wide = codes.astype(np.uint64) + np.uint64(1)
    total = wide[:count] * _FACTORS[0]
    for i in range(1, size):
        total += wide[i : i + count] * _FACTORS[i]
    total ^= total >> _SHIFT
    total *= _MIX
    mixed: Hashes = total ^ (total >> _SHIFT)
    return mixed


def passage_keys(hashes: Hashes) -> Keys:
    """The winnowed passages of one text as rising 32-bit keys without repeats. The choice of the
    wide window is part of the narrow one's, so heads and bodies of two texts can meet."""
    chosen = _minima(hashes, _WIDE)
    head = _minima(hashes[: _HEAD + _NARROW], _NARROW)
    chosen = np.concatenate([chosen, head])
    return np.unique((chosen >> _SHIFT).astype(np.uint32))


def _minima(hashes: Hashes, window: int) -> Hashes:
    """The smallest hash of each window of ``window`` (of the whole, where that is shorter)."""
    if len(hashes) <= window:
        return hashes.min(keepdims=True) if len(hashes) else hashes
    low, reach = hashes, 1
    while reach < window:  # minima over 2, 4, 8 ... and, in the last step, an overlap of two
        step = min(reach, window - reach)
        low = np.minimum(low[:-step], low[step:])
        reach += step
    changes = np.flatnonzero(low[1:] != low[:-1])
    kept: Hashes = low[np.concatenate([[0], changes + 1])]
    return kept
