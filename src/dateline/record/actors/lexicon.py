"""A lexicon of phrases: which known phrase, if any, begins at a given word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Generic, Literal, TypeVar

from dateline.knowledge.tables import read_csv
from dateline.record.actors.words import Word, fold, keys_of, words_of

T = TypeVar("T")
Case = Literal["any", "capital", "acronym"]

# A one-word name with two capitals and at most this many letters is matched as an acronym.
_LONGEST_ACRONYM = 7
# Newspapers write long acronyms as words ('Nato', 'Unesco'); shorter ones stay in capitals.
_WORDLIKE_ACRONYM = 4


@cache
def name_guards() -> dict[str, str]:
    """Words that are also something else: word to class (given, surname, acronym, word, or
    lower: a name only with its capital)."""
    rows = read_csv("name_guards.csv", ("word", "class"))
    return {row["word"]: row["class"] for row in rows}


def case_of(surface: str) -> Case:
    """How the capitals of ``surface`` constrain a match: 'acronym' needs capitals in the text."""
    if " " not in surface and "-" not in surface:
        bare = surface.replace(".", "")
        if len(bare) <= _LONGEST_ACRONYM and sum(c.isupper() for c in bare) >= 2:
            return "acronym"
    return "any" if surface.islower() else "capital"


class Lexicon(Generic[T]):
    """Phrases with a value each; the longest phrase at a position wins.

    A text meets few of them, so a phrase is only sorted in by its first word when it is added, and
    filed in full when that word is first asked for.
    """

    def __init__(self) -> None:
        self._added: dict[str, list[tuple[str, T, Case | None, bool]]] = {}
        self._values: dict[tuple[str, ...], list[tuple[Case, T]]] = {}
        self._lengths: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.phrases())

    def add(
        self, surface: str, value: T, case: Case | None = None, *, article: bool = False
    ) -> None:
        """Files ``value`` under ``surface``, which may hold several. ``article`` keeps a leading
        'the' as part of it."""
        first = _first_key(surface, article)
        if first:
            self._added.setdefault(first, []).append((surface, value, case, article))

    def _file(self, first: str) -> None:
        """Files what was added under phrases that begin with ``first``."""
        for surface, value, case, article in self._added.pop(first, ()):
            self._file_one(_phrase_keys(surface, article), value, case or case_of(surface))

    def _file_one(self, keys: tuple[str, ...], value: T, case: Case) -> None:
        held = self._values.setdefault(keys, [])
        entry = (case, value)
        if entry not in held:
            held.append(entry)
        lengths = self._lengths.setdefault(keys[0], [])
        if len(keys) not in lengths:
            lengths.append(len(keys))
            lengths.sort(reverse=True)

    def phrases(self) -> Collection[tuple[str, ...]]:
        """The folded phrases held."""
        for first in list(self._added):
            self._file(first)
        return self._values.keys()

    def get(self, surface: str) -> list[T]:
        """The values filed under exactly this phrase, whatever its capitals."""
        keys = keys_of(surface)
        if keys and keys[0] in self._added:
            self._file(keys[0])
        return [value for _, value in self._values.get(keys, [])]

    def begins(self, key: str) -> bool:
        """Whether a phrase begins with this folded word."""
        return key in self._lengths or key in self._added

    def longest(
        self, words: Sequence[Word], at: int, *, strict: bool = True
    ) -> tuple[int, list[T]]:
        """The longest known phrase that begins at ``words[at]``: its length in words and values.

        (0, []) when there is none. ``strict`` false lets capitals be missing, for text typed all in
        lower case.
        """
        key = words[at].key
        if key in self._added:
            self._file(key)
        for length in self._lengths.get(key, ()):
            if at + length > len(words):
                continue
            span = words[at : at + length]
            found = self._values.get(tuple([word.key for word in span]))
            if not found or not all(word.joined for word in span[1:]):
                continue
            values = [value for case, value in found if _case_fits(case, span, strict)]
            if values:
                return length, values
        return 0, []


def _phrase_keys(surface: str, article: bool) -> tuple[str, ...]:
    keys = keys_of(surface)
    return keys[1:] if len(keys) > 1 and keys[0] == "the" and not article else keys


def _first_key(surface: str, article: bool) -> str:
    """The first of ``_phrase_keys``, '' for none."""
    head, _, rest = surface.partition(" ")
    if rest and not article and head.lower() == "the":
        head = rest.partition(" ")[0]
    if head.isalnum():
        return fold(head)
    return next(iter(_phrase_keys(surface, article)), "")


def _case_fits(case: Case, span: Sequence[Word], strict: bool) -> bool:
    if case == "any":
        return True
    word = span[1] if span[0].key == "the" and len(span) > 1 else span[0]
    guarded = word.key in name_guards()
    if not strict:
        return case == "capital" and not guarded
    if case == "capital":
        return word.capital or word.text[0].isdigit()
    # 'MPs' is a plural, not Chad's MPS.
    if sum(c.isupper() for c in word.text) >= 2 and not word.text[-1].islower():
        return True
    return word.capital and len(word.key) >= _WORDLIKE_ACRONYM and not guarded


__all__ = ["Case", "Lexicon", "case_of", "name_guards", "words_of"]
