"""One spelling for lookup: no case, accents, full stops, apostrophes or hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_REPLACED = {
    **dict.fromkeys("-\u2010\u2011\u2013", " "),
    **dict.fromkeys(".'\u2018\u2019`\u02bb\u02bc", ""),
    **{"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "&": "and"},
}
_DROP = str.maketrans(_REPLACED)
_SAINT = re.compile(r"\b(?:st|ste)\b")
_MOUNT = re.compile(r"^mt\b")
_FORT = re.compile(r"^ft\b")
_ODD_SPACE = re.compile(r"[^\S\n ]")


@lru_cache(maxsize=1 << 15)
def fold(name: str) -> str:
    """The lookup key of ``name``: 'São Paulo' -> 'sao paulo', 'St. Paul' -> 'saint paul'."""
    if name.isalpha() and name.isascii():
        return name.lower()
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _spelt_out(" ".join(name.translate(_DROP).lower().split()))


def fold_all(names: Sequence[str]) -> list[str]:
    """``fold`` of each name, worked out on all of them in one string: tens of thousands of short
    strings would take five times as long."""
    text = unicodedata.normalize("NFKD", "\n".join(names))
    for char in set(text):
        if char in _REPLACED:
            text = text.replace(char, _REPLACED[char])
        elif unicodedata.combining(char):
            text = text.replace(char, "")
    if text.count("\n") != len(names) - 1 or _ODD_SPACE.search(text):
        return [fold(name) for name in names]  # a name with a line break or a tab in it
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n").strip(" ").lower()
    return [_spelt_out(key) if " " in key else key for key in text.split("\n")]


def _spelt_out(key: str) -> str:
    """``key`` with Saint, Mount and Fort written in full, where more words follow or precede."""
    if " " not in key:
        return key
    if "st" in key:
        key = _SAINT.sub("saint", key)
    return _FORT.sub("fort", _MOUNT.sub("mount", key)) if key[1] == "t" else key
