"""Which language a text is in, from its script and its commonest words.

A page of news holds hundreds of function words, so counting them against a table separates
languages as well as a trained model would, in a fraction of a millisecond and the same way each
time.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from dateline.knowledge.tables import KnowledgeError, read_csv

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAMPLE = 4000  # characters; about 650 words
_FEWEST_LETTERS = 8
# Kana or a few Hangul syllables settle the language even among many Han characters.
_KANA_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Script:
    name: str
    first: int
    last: int


def detect_language(text: str) -> str:
    """ISO 639-1 code of the main language of ``text``; '' when there is too little to tell."""
    sample = text[:_SAMPLE]
    counts = _script_counts(sample)
    letters = sum(counts.values())
    if letters < _FEWEST_LETTERS:
        return ""
    if counts["Kana"] >= _KANA_SHARE * letters:
        return "ja"
    script = min(counts, key=lambda name: (-counts[name], name))
    codes = _script_codes()[script]
    return codes[0] if len(codes) == 1 else _by_words(sample, codes)


def language_name(code: str) -> str:
    """English name of the language, or the code itself when it is not in the table."""
    return _names().get(code, code)


@cache
def function_words(code: str) -> frozenset[str]:
    """The commonest words of a language, lower case; empty when the table has none."""
    return _word_table().get(code, frozenset())


def _by_words(text: str, codes: list[str]) -> str:
    words = Counter(word.lower() for word in _WORD.findall(text))
    total = sum(words.values())
    if total < 3:
        return ""
    scores: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for word, count in words.items():
        sharing = _languages_of(word, tuple(codes))
        for code in sharing:
            # A word that many languages share says little about which one this is.
            scores[code] += round(1000 * count / len(sharing) ** 0.5)
            hits[code] += count
    if not scores:
        return ""
    best = min(scores, key=lambda code: (-scores[code], codes.index(code)))
    # One function word in thirty is the least seen in news prose; below it a list of names.
    return best if hits[best] >= total / 30 else ""


@cache
def _word_table() -> dict[str, frozenset[str]]:
    rows = read_csv("languages.csv", ["code", "name", "words"])
    return {row["code"]: frozenset(row["words"].split()) for row in rows}


@cache
def _names() -> dict[str, str]:
    return {r["code"]: r["name"] for r in read_csv("languages.csv", ["code", "name", "words"])}


@cache
def _word_index() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for code, words in _word_table().items():
        for word in words:
            index.setdefault(word, []).append(code)
    return index


def _languages_of(word: str, codes: tuple[str, ...]) -> list[str]:
    return [code for code in _word_index().get(word, ()) if code in codes]


@cache
def _scripts() -> list[_Script]:
    rows = read_csv("scripts.csv", ["script", "first", "last", "codes"])
    try:
        return [_Script(r["script"], int(r["first"], 16), int(r["last"], 16)) for r in rows]
    except ValueError as error:
        raise KnowledgeError(f"scripts.csv: expected hexadecimal code points ({error})") from None


@cache
def _script_codes() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for row in read_csv("scripts.csv", ["script", "first", "last", "codes"]):
        codes.setdefault(row["script"], []).extend(row["codes"].split())
    return codes


@cache
def _script_pattern() -> re.Pattern[str]:
    names = dict.fromkeys(script.name for script in _scripts())
    parts = []
    for name in names:
        ranges = "".join(f"{chr(s.first)}-{chr(s.last)}" for s in _scripts() if s.name == name)
        parts.append(f"(?P<{name}>[{ranges}]+)")
    return re.compile("|".join(parts))


def _script_counts(text: str) -> Counter[str]:
    """Letters of each script; × and ÷ inside Latin-1 do no harm."""
    counts: Counter[str] = Counter()
    for match in _script_pattern().finditer(text):
        counts[str(match.lastgroup)] += match.end() - match.start()
    return counts
