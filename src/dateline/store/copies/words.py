"""A text as a row of word codes that survive light editing.

Function words are dropped, British and American spellings fold together, and what a newsroom
updates (numbers, days, months) gets a code of its own class, a *slot*. A code has 16 bits: two
different words share one in about one case of 50,000, which four words in a row do not repeat.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from dateline.knowledge.tables import KnowledgeError, numbered_rows

Codes = npt.NDArray[np.uint16]
SLOT = 0xC000  # codes from here up are slots; as a whole they are masked to this one
_SLOTS = 0x10000 - SLOT
_TOKEN = re.compile(r"\d[\d.,]*|(?:[^\W\d_]\.){2,}|[^\W_]+")
_KINDS = ("drop", "slot", "fold")
_CACHED_WORDS = 1 << 16


def word_codes(text: str) -> Codes:
    """The words of ``text`` as codes, in order; empty for a text without words."""
    codes = map(_code, _TOKEN.findall(text.lower()))
    return np.fromiter((c for c in codes if c >= 0), dtype=np.uint16)


def masked(codes: Codes) -> Codes:
    """``codes`` with every slot made the same, so that an updated number breaks no passage."""
    return np.minimum(codes, np.uint16(SLOT))


@lru_cache(maxsize=_CACHED_WORDS)
def _code(token: str) -> int:
    """Code of one lower-case token, -1 for one that is dropped."""
    if token[0].isdigit():
        return _slot(token.replace(",", "").rstrip("."))
    word = token.replace(".", "")
    kind, fold = _words().get(word, ("", ""))
    if kind == "drop":
        return -1
    if kind == "slot":
        return _slot(fold or word)
    return zlib.crc32((fold or _respelled(word)).encode("utf-8", "replace")) % SLOT


def _slot(word: str) -> int:
    return SLOT + zlib.crc32(word.encode("utf-8", "replace")) % _SLOTS


def _respelled(word: str) -> str:
    """``word`` with a British ending made American; only sameness matters, so 'four' may become
    'for' as long as it always does."""
    for size in range(min(len(word) - 2, _longest_ending()), 2, -1):
        fold = _endings().get(word[-size:])
        if fold is not None:
            return word[:-size] + fold
    return word


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """Word -> (kind, fold): dropped, a slot, or folded to another spelling."""
    table: dict[str, tuple[str, str]] = {}
    name = "copies/words.csv"
    for line, row in numbered_rows(name, ("word", "kind", "fold")):
        if row["kind"] not in _KINDS or (row["kind"] == "fold") > bool(row["fold"]):
            raise KnowledgeError(f"{name}, line {line}: kind {row['kind']!r} or its fold is wrong")
        table[row["word"]] = (row["kind"], row["fold"])
    return table


@cache
def _endings() -> Mapping[str, str]:
    name, table = "copies/spellings.csv", {}
    for line, row in numbered_rows(name, ("ending", "fold", "example")):
        if not row["example"].startswith(tuple("abcdefghijklmnopqrstuvwxyz")) or not row[
            "example"
        ].endswith(row["ending"]):
            raise KnowledgeError(f"{name}, line {line}: the example has not the ending")
        table[row["ending"]] = row["fold"]
    return table


@cache
def _longest_ending() -> int:
    return max(map(len, _endings()))
