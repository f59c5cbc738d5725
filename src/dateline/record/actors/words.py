"""Words of a phrase or text, folded so that accents, case and quotation marks do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# 'U.S.' and 'D.R.' are one word; a possessive "'s" standing apart is a word of its own.
_WORD = re.compile(r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+\b\.?|\w+(?:['’ʼ‘`]\w+)*|['’]s\b")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_JOIN = re.compile(r"[^\S\n]*\n?[^\S\n]*[-‐–./&]?['’]?[^\S\n]*")
# Spellings between which transliterations waver, each with the one kept.
_SOUNDS = (
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ou", "u"), ("oo", "u"), ("dj", "j"), ("ck", "k"),
    ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"), ("z", "s"), ("y", "i"), ("j", "i"),
    ("ei", "i"), ("ai", "a"), ("e", "a"), ("o", "u"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "e",
        "'": "",
        "’": "",
        "ʼ": "",
        "‘": "",
        "`": "",
        "ʻ": "",
        ".": "",
    }
)


class Word(NamedTuple):
    """One word: its folded key, half-open offsets, and how it stands to the word before.

    ``joined`` is true when only a space, hyphen, slash, full stop or ampersand lies between it and
    the word before; ``possessive`` when it carries "'s" or a bare apostrophe.
    """

    key: str
    start: int
    end: int
    text: str
    joined: bool
    possessive: bool

    @property
    def capital(self) -> bool:
        """True when the word begins with a capital letter."""
        return self.text[0].isupper()


def without_marks(text: str) -> str:
    """``text`` without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def fold(word: str) -> str:
    """``word`` in lower case without accents, apostrophes and full stops."""
    return word.lower() if word.isascii() and word.isalnum() else _fold(word)


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    return without_marks(word.lower().translate(_LETTERS)).translate(_LETTERS)


def words_of(text: str) -> list[Word]:
    """The words of ``text`` in order; offsets count in ``text``."""
    if text.isalpha():  # one word, as most that are asked about
        return [Word(fold(text), 0, len(text), text, False, False)]
    words: list[Word] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        shown = match.group()
        if shown in ("'s", "’s"):
            if words:
                words[-1] = words[-1]._replace(possessive=True)
                before = end
            continue
        bare = _POSSESSIVE.sub("", shown)
        possessive = bare != shown or text[end : end + 1] in ("'", "’")
        joined = bool(words) and _JOIN.fullmatch(text, before, start) is not None
        words.append(Word(fold(bare), start, start + len(bare), bare, joined, possessive))
        before = end
    return words


def keys_of(text: str) -> tuple[str, ...]:
    """The folded words of ``text``."""
    parts = text.replace("-", " ").split()
    if "".join(parts).isalnum():  # most names in the tables: no need for the pattern
        return tuple([fold(part) for part in parts])
    return tuple(word.key for word in words_of(text))


@lru_cache(maxsize=4096)
def spelling_of(name: str) -> str:
    """A folded name with the spellings of one sound made one: Andrey and Andrei, Yusuf and Yousuf,
    Mohammed and Mohamed share it."""
    for written, heard in _SOUNDS:
        name = name.replace(written, heard)
    return _DOUBLED.sub(r"\1", name)


def one_edit_apart(a: str, b: str) -> bool:
    """True when one insertion, deletion, substitution or swap of neighbours turns ``a`` into
    ``b``; false when they are equal."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[i + 1 :] == shorter[i:]
    if a[i + 1 :] == b[i + 1 :]:
        return True
    return a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :]
