"""A light guess at the tense around a time expression, for when no parser supplies it."""

from __future__ import annotations

from dateline.analysis.times.context import Tense
from dateline.analysis.times.lexer import Lexed
from dateline.analysis.times.words import Words

_REACH = 15
"""Tokens looked at on each side: of 6, 10, 15, 25 and 40, the best value F1 on TimeBank and
AQUAINT, by 0.0006 to 0.0019."""

_COPULAS = frozenset({"is", "are", "'s"})
_STOPS = frozenset({".", "!", "?", ";"})


def lexical_tense(lexed: Lexed, vocabulary: Words, index: int) -> Tense | None:
    """Tense of the verb form nearest to token ``index``: first to the left within the sentence,
    then to the right. None when there is none."""
    if lexed.word(index - 1) == "as" and lexed.word(index - 2) in ("soon", "early"):
        return "future"
    left = range(index - 1, max(-1, index - _REACH), -1)
    right = range(index, min(len(lexed.lower), index + _REACH))
    return _search(lexed, vocabulary, left) or _search(lexed, vocabulary, right)


def _search(lexed: Lexed, vocabulary: Words, indices: range) -> Tense | None:
    copula: Tense | None = None
    for i in indices:
        word = lexed.lower[i]
        if word in _STOPS or "\n" in word:
            break
        found = _tense_of(lexed, vocabulary, i)
        if word in _COPULAS and found == "present":
            copula = found  # 'the deadline is Friday': the noun tells
        elif found is not None:
            return copula if found == "past" and copula else found
    return copula


def _tense_of(lexed: Lexed, vocabulary: Words, i: int) -> Tense | None:
    word = lexed.lower[i]
    table = vocabulary.tense
    if word in table["future"]:
        opens = word == "until" and lexed.word(i - 1)[:1] in ("", ".", "\n")
        return None if opens else "future"
    if word in table["past"]:
        return None if _carried(lexed, vocabulary, i) else "past"
    if word in table["present"]:
        return "present"
    if word.endswith("ed") and len(word) > 4 and not _carried(lexed, vocabulary, i):
        return "past"
    if word == "to" and _opens_infinitive(lexed, i):
        return "open"
    return None


def _carried(lexed: Lexed, vocabulary: Words, i: int) -> bool:
    """True for a participle after 'be', whose time another word tells ('will be signed')."""
    return lexed.word(i - 1) in vocabulary.tense["carriers"]


def _opens_infinitive(lexed: Lexed, i: int) -> bool:
    """'to meet' but not 'to the meeting', 'to Moscow' or 'to 40'."""
    following = lexed.word(i + 1)
    if not following.isalpha() or following in ("the", "a", "an", "his", "her", "its", "their"):
        return False
    return lexed.text[lexed.starts[i + 1]].islower() and not following.endswith("ing")
