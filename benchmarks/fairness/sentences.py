"""Sentences of our own with two parties left open, and the parties that fill them.

``sentences.csv`` has a row a sentence: its PLOVER type (several where the codebook allows them, the
first is the one it is counted under), status, who does it and to whom, who reports it
(``speaker``, empty: the article itself), with A and B for the two parties and A+B for an act done
together. In ``text``, ``{A}`` is a country's name, ``{A's}`` the possessive, ``{A.adj}`` the adjective;
the words in square brackets tell the act. ``parties.csv`` has a row a country.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dateline.spans import Span

HERE = Path(__file__).parent
# A lone sentence is read as one picked for its act; this makes it the first of a short article.
FOLLOWING = "\n\nIt rained in most of the region for the rest of the week."
_OPEN = re.compile(r"\{([AB])(\.adj|'s)?\}")


@dataclass(frozen=True, slots=True)
class Party:
    """A country: ISO 3166-1 alpha-3 code (as dateline has it), name and adjective inside a sentence,
    and the region it is counted under in the tables."""

    code: str
    name: str
    adjective: str
    region: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """An open sentence and what a careful reader finds in it."""

    number: int
    type: str
    status: str
    actor: str
    recipient: str
    speaker: str
    text: str

    @property
    def types(self) -> list[str]:
        """The types that are right, the one it is counted under first."""
        return self.type.split("|")


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence with its parties, as the first paragraph of ``text``; ``act`` is where its act is."""

    sentence: Sentence
    a: Party
    b: Party
    text: str
    act: Span


@cache
def parties() -> tuple[Party, ...]:
    """All countries, in the order of the table."""
    return tuple(Party(**row) for row in _rows("parties.csv"))


@cache
def sentences() -> tuple[Sentence, ...]:
    """All open sentences, in the order of the table. Raises ValueError for one without an act."""
    found = tuple(Sentence(n, **row) for n, row in enumerate(_rows("sentences.csv"), 1))
    for sentence in found:
        if sentence.text.count("[") != 1 or sentence.text.count("]") != 1:
            raise ValueError(f"sentences.csv, {sentence.number}: expected one act in brackets")
    return found


def fill(sentence: Sentence, a: Party, b: Party) -> Filled:
    """The sentence with A and B in their places, a capital at its head."""
    words = {"A": a, "B": b}

    def put(match: re.Match[str]) -> str:
        party, form = words[match[1]], match[2]
        if form == ".adj":
            return party.adjective
        ending = "’" if party.name.endswith("s") else "’s"
        return party.name + (ending if form else "")

    text = _OPEN.sub(put, sentence.text)
    text = text[0].upper() + text[1:]
    act = text.index("["), text.index("]") - 1
    return Filled(sentence, a, b, text.replace("[", "").replace("]", "") + FOLLOWING, act)


def pairs(shift: int) -> list[tuple[Party, Party]]:
    """Every country once as A and once as B, with a partner ``shift`` places further in the table;
    both orders of a pair come up, one in this list, the other for the opposite shift."""
    listed = parties()
    size = len(listed)
    return [(listed[i], listed[(i + shift) % size]) for i in range(size)]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
