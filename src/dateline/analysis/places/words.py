"""The words of a text, as far as place names need them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline.analysis.places import gazetteer
from dateline.analysis.places.tables import cue_words
from dateline.spans import Span

WORD = re.compile(
    r"[WNS]\.\s?(?:Va|Dak|Korea|Sudan)\b|(?:[A-Z]\.\s?){2,}|(?:St|Mt|Ft|Ste)\.(?=\s[A-Z])"
    r"|(?:O|D|L|d)['’][A-Z][a-z]+|[^\W_]+(?:['’](?!s\b)[^\W\d_]+)*"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:]['\"”’)]*\s+|\n\s*|[\"“‘]\s*)\Z")


@dataclass(slots=True)
class Words:
    """The words of a text with their spans, the indices of those that may begin a name, and the
    surnames seen in it."""

    text: str
    spans: list[Span]
    words: list[str]
    capitals: list[int] = field(default_factory=list)
    surnames: set[str] = field(default_factory=set)

    def word(self, index: int) -> str:
        """Word ``index``, '' off either end."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def gap(self, index: int) -> str:
        """The characters between word ``index`` and the next."""
        if not 0 <= index < len(self.words) - 1:
            return "\n"
        return self.text[self.spans[index][1] : self.spans[index + 1][0]]


def split_words(text: str) -> Words:
    """Words of ``text``; trailing space of an abbreviation is left out of its span."""
    spans, words = [], []
    for match in WORD.finditer(text):
        word = match[0].rstrip()
        spans.append((match.start(), match.start() + len(word)))
        words.append(word)
    found = Words(text, spans, words)
    found.capitals = [
        i for i, word in enumerate(words) if word[0].isupper() or word in ("al", "el")
    ]
    found.surnames = _surnames(found)
    return found


def is_name_word(word: str) -> bool:
    """True for a capitalised word of two letters or more."""
    return word[:1].isupper() and len(word) > 1


def sentence_start(words: Words, i: int) -> bool:
    """True when word ``i`` opens a sentence, a line or a quotation."""
    start = words.spans[i][0]
    return bool(_SENTENCE_START.search(words.text[max(0, start - 8) : start]))


def civic(words: Words, i: int) -> bool:
    """True when what follows word ``i`` says that it names a town: 'Canton police', 'Canton City
    Council', 'Canton-based'."""
    following, gap = words.word(i + 1).lower(), words.gap(i)
    if gap == " ":
        pair = f"{following} {words.word(i + 2).lower()}"
        if following in cue_words("civic") or pair in cue_words("civic_pair"):
            return True
    return gap == "-" and following == "based"


def of_person(words: Words, i: int) -> bool:
    """True when the words before ``i`` tell where a person lives or is elected: 'Ann Hall, 41, of
    Canton', 'Sen. Ann Hall, R-Canton'."""
    before, gap = words.word(i - 1), words.gap(i - 1)
    if before in ("R", "D") and gap == "-":
        return True
    return (
        before == "of"
        and gap == " "
        and words.gap(i - 2).startswith(",")
        and (words.word(i - 2).isdigit())
    )


def _surnames(words: Words) -> set[str]:
    """Capitalised words that follow a first name, an initial or a title somewhere in the text."""
    titles, found = cue_words("title"), set[str]()
    for i in words.capitals:
        word, after = words.words[i], words.word(i + 1)
        if not (is_name_word(word) and is_name_word(after)):
            continue
        if words.gap(i) not in (" ", ". ", "\n"):
            continue
        lower = word.lower()
        if gazetteer.is_forename(lower) or (lower in titles and lower not in ("st", "saint")):
            found.add(after)
    return found


class Marks:
    """Characters of a text that are spoken for, so that overlaps are found in linear time."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._marked = bytearray(len(text))
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Mark the characters of ``span``; what lies outside the text is left out."""
        start, end = max(0, span[0]), min(len(self._marked), span[1])
        if start < end:
            self._marked[start:end] = b"\x01" * (end - start)

    def touches(self, span: Span) -> bool:
        """True when a character of ``span`` is marked."""
        return any(self._marked[max(0, span[0]) : max(0, span[1])])
