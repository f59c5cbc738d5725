"""Sentence boundaries over tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from dateline.analysis.model import Sentence, Token
from dateline.analysis.tokens import abbreviations
from dateline.knowledge.tables import read_csv

_ENDERS = frozenset({".", "!", "?", "…", "...", "...."})
_CLOSERS = frozenset({'"', "”", "’", "'", ")", "]", "''", "»"})
_OPENERS = frozenset({'"', "“", "‘", "'", "(", "[", "``", "«"})
_PARAGRAPH = re.compile(r"\n\s*\n|\r\n?\s*\r\n?")


def split_sentences(text: str, tokens: Sequence[Token]) -> list[Sentence]:
    """Sentences covering all ``tokens``; a paragraph break (a blank line) always ends one, a single
    line break does so after a full stop. Closing quotation marks belong to the sentence they end."""
    breaks = [match.start() for match in _PARAGRAPH.finditer(text)]
    sentences: list[Sentence] = []
    first = paragraph = 0
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        crosses = (
            following is not None
            and token.end + 1 < following.start  # no room for a blank line otherwise
            and _breaks_between(breaks, paragraph, token.end, following.start)
        )
        if following is None or crosses or _ends_sentence(text, tokens, index):
            sentences.append(Sentence(tokens[first].start, token.end, first, index + 1, paragraph))
            first = index + 1
        if crosses:
            paragraph += 1
    return sentences


def _breaks_between(breaks: list[int], passed: int, start: int, end: int) -> bool:
    """True when the next unpassed paragraph break lies between two offsets."""
    while passed < len(breaks) and breaks[passed] < start:
        passed += 1
    return passed < len(breaks) and start <= breaks[passed] <= end


def _ends_sentence(text: str, tokens: Sequence[Token], index: int) -> bool:
    token, following = tokens[index], tokens[index + 1]
    if token.text[-1].isalnum():  # most tokens: only punctuation ends a sentence
        return False
    if token.text in _CLOSERS and token.end < following.start:
        previous = _last_before_closers(tokens, index)
        return previous in _ENDERS and _can_start(tokens, index + 1)
    if token.text in _ENDERS:
        return token.end < following.start and _can_start(tokens, index + 1)
    if len(token.text) > 1 and token.text.endswith("."):
        return _abbreviation_ends(token.text, following)
    return token.text in {":", ";"} and "\n" in text[token.end : following.start]


def _last_before_closers(tokens: Sequence[Token], index: int) -> str:
    while index > 0 and tokens[index].text in _CLOSERS:
        index -= 1
    return tokens[index].text


def _can_start(tokens: Sequence[Token], index: int) -> bool:
    """A sentence starts with anything but a lower-case word or closing punctuation."""
    token = tokens[index]
    if token.text in _CLOSERS and token.text not in _OPENERS:
        return False
    if token.text in _CLOSERS:  # straight quotes: closing when glued to what stands before
        return index == 0 or tokens[index - 1].end < token.start
    return not token.text[0].islower() and token.text not in {",", ";", ":"}


def _abbreviation_ends(word: str, following: Token) -> bool:
    """'U.S. officials' goes on, 'in the U.S. He said' ends; a title never ends a sentence."""
    kind = abbreviations().get(word[:-1].lower())
    if kind in {"title", "month", "weekday"}:
        return False
    if len(word) == 2 and word[0].isupper():  # an initial
        return False
    return following.text[0].isupper() and following.text.lower() in _starters()


@cache
def _starters() -> frozenset[str]:
    """Words that open a sentence far more often than they follow an abbreviation inside one."""
    return frozenset(row["word"] for row in read_csv("sentence_starters.csv", ("word",)))
