"""Finding articles by their words, without reading every text.

A store keeps a two-byte code for each content word of each article, for finding copies
(``store/copies/words.py``). All of them together, two bytes a word, fit into memory for some hundred
thousand articles, and looking through them takes a few milliseconds. What they cannot tell (two words in
50,000 share a code; function words have none) is checked on the text of the articles that are left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.spans import Span
from dateline.store.copies.signature import Signature
from dateline.store.copies.words import word_codes
from dateline.store.corpus import Row
from dateline.store.packing import unpack
from dateline.store.queries import Query
from dateline.views.web.database import Database

Flags = npt.NDArray[np.bool_]

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]?")
_WORD = re.compile(r"[^\W_]+")
MAX_TERMS = 8
# Texts that are looked at for one page of results; the rest is estimated.
MOST_READ = 300
_AT_ONCE = 150

_SIGNATURES = """
SELECT d.id, d.headline, d.standfirst, s.signature
FROM articles d LEFT JOIN signatures s ON s.article = d.id
WHERE d.characters > 0 ORDER BY d.published DESC NULLS LAST, d.id
"""
_TEXTS = "SELECT id, headline, standfirst, text FROM articles WHERE id IN (SELECT unnest($ids))"


def terms_of(asked: str) -> list[str]:
    """What to look for: each "quoted phrase" and each word, without repeats. Punctuation is left
    out; [] when nothing is left."""
    quoted = [" ".join(_WORD.findall(phrase)) for phrase in _QUOTED.findall(asked)]
    words = _WORD.findall(_QUOTED.sub(" ", asked))
    terms = [term for term in (*quoted, *words) if term]
    return list(dict.fromkeys(terms))[:MAX_TERMS]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that has all terms. ``spans`` are the places of terms in its text, in order; []
    when they stand in its headline alone, or the store has no text."""

    id: str
    text: str | None
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Found:
    """Articles with all terms, the newest first. ``n`` is how many there are; ``exact`` is False when
    not all of them were read, and it may be less."""

    hits: Sequence[Hit]
    n: int
    exact: bool


class WordIndex:
    """The word codes of all articles, the newest article first."""

    def __init__(self, db: Database) -> None:
        self.ids: list[str] = []
        self._titles: list[str] = []
        codes, unknown, ends = [], [], []
        total = 0
        for row in db.stream(Query(_SIGNATURES, {})):
            found = _codes(row["signature"])
            self.ids.append(row["id"])
            self._titles.append(_title(row))
            unknown.append(found is None)
            if found is not None:
                codes.append(found)
                total += len(found)
            ends.append(total)
        empty = np.empty(0, np.uint16)
        self._codes = np.concatenate([empty, *codes])
        self._ends = np.array(ends, np.int64)
        self._unknown: Flags = np.array(unknown, np.bool_)
        self._numbers = {id: number for number, id in enumerate(self.ids)}

    def candidates(self, term: str) -> Flags:
        """For each article whether its text or title may have the words of ``term`` in a row."""
        return self._in_text(term) | self._in_title(term)

    def _in_title(self, term: str) -> Flags:
        words = folded(term).split()
        found = (all(word in title for word in words) for title in self._titles)
        return np.fromiter(found, np.bool_, len(self._titles))

    def _in_text(self, term: str) -> Flags:
        wanted = word_codes(term)
        if not len(wanted):
            return self.all
        found = self._unknown.copy()
        last = len(self._codes) - len(wanted) + 1
        if last > 0:
            places = np.flatnonzero(self._codes[:last] == wanted[0])
            for step, code in enumerate(wanted[1:], 1):
                places = places[self._codes[places + step] == code]
            found[np.searchsorted(self._ends, places, side="right")] = True
        return found

    @property
    def all(self) -> Flags:
        return np.ones(len(self.ids), np.bool_)

    def flags(self, ids: Sequence[str]) -> Flags:
        """For each article whether it is among ``ids``."""
        found = np.zeros(len(self.ids), np.bool_)
        numbers = [self._numbers[id] for id in ids if id in self._numbers]
        found[numbers] = True
        return found


def _codes(signature: bytes | None) -> npt.NDArray[np.uint16] | None:
    """The word codes of a signature; None when there is none, and the text has to be read."""
    if not signature:
        return None
    try:
        return Signature.from_bytes(signature).words
    except ValueError:
        return None


def word_index(db: Database) -> WordIndex:
    """The index of a store, made at the first search."""
    found: WordIndex = db.cached("word index", lambda: WordIndex(db))
    return found


def search(db: Database, terms: Sequence[str], among: Flags, offset: int, limit: int) -> Found:
    """``limit`` articles from ``offset`` of those in ``among`` that have all ``terms`` in their text,
    headline or standfirst."""
    index = word_index(db)
    chosen = [index.ids[number] for number in np.flatnonzero(among)]
    hits: list[Hit] = []
    read = 0
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        hits += _read(db, part, terms)
        read += len(part)
        if read >= MOST_READ and len(hits) >= offset + limit:
            break
    exact = read >= len(chosen)
    # Of the articles that were not read, as large a part will have the words.
    n = len(hits) if exact else round(len(hits) / max(1, read) * len(chosen))
    return Found(hits[offset : offset + limit], n, exact)


def _read(db: Database, ids: Sequence[str], terms: Sequence[str]) -> Iterator[Hit]:
    rows = {row["id"]: row for row in db.rows(_TEXTS, {"ids": list(ids)})}
    patterns = [pattern_of(term) for term in terms]
    for id in ids:
        row = rows[id]
        if row["text"] is None:  # a store without text: the codes have to do
            yield Hit(id, None, ())
            continue
        text = unpack(row["text"])
        plain = folded(text)
        title = _title(row)
        places = [found.span() for p in patterns if (found := p.search(plain)) is not None]
        if len(places) == len(patterns) or all(
            p.search(plain) or p.search(title) for p in patterns
        ):
            yield Hit(id, text, sorted(places))


def _title(row: Row) -> str:
    return folded(" ".join(filter(None, (row["headline"], row["standfirst"]))))


def pattern_of(term: str) -> re.Pattern[str]:
    """The words of a term in a row, whatever stands between them but other words."""
    words = r"[\W_]+".join(map(re.escape, _WORD.findall(folded(term))))
    return re.compile(rf"(?<![^\W_]){words}(?![^\W_])")


def folded(text: str) -> str:
    """The text in lower case without accents, character by character: offsets stay."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that is two in lower case
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    if not lower.isascii():
        for letter in set(lower):
            plain = letter if letter.isascii() else unicodedata.normalize("NFD", letter)[0]
            if plain != letter:
                lower = lower.replace(letter, plain)
    return lower
