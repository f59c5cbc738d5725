"""One spelling for lookup: no case, accents, full stops, apostrophes or hyphens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROP = str.maketrans(
    {
        **dict.fromkeys("-\u2010\u2011\u2013", " "),
        **dict.fromkeys(".'\u2018\u2019`\u02bb\u02bc", None),
        **{"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "&": "and"},
    }
)
_SAINT = re.compile(r"\b(?:st|ste)\b")
_MOUNT = re.compile(r"^mt\b")
_FORT = re.compile(r"^ft\b")


@lru_cache(maxsize=1 << 15)
def fold(name: str) -> str:
    """The lookup key of ``name``: 'São Paulo' -> 'sao paulo', 'St. Paul' -> 'saint paul'."""
    return fold_once(name)


def fold_once(name: str) -> str:
    """``fold`` without its memory, for names met only once."""
    if name.isalpha() and name.isascii():
        return name.lower()
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    key = " ".join(name.translate(_DROP).lower().split())
    if " " not in key:
        return key
    return _FORT.sub("fort", _MOUNT.sub("mount", _SAINT.sub("saint", key)))
