"""Whom 'he', 'she' and 'the minister' mean: one pass over a text, from its first word to its last, in
which every mention found serves the ones after it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from dateline.analysis.names import EPITHET_COLUMNS
from dateline.analysis.quotes import quoted_spans
from dateline.knowledge.tables import read_csv
from dateline.record.model import Actor
from dateline.record.tree import Tree, base
from dateline.spans import Span

PERSONAL = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
# Sentences back in which a pronoun, and a phrase that describes a person, is looked for. News says a
# name again within two paragraphs; a description that fits reaches further.
_PRONOUN_REACH, _PHRASE_REACH = 4, 12
_STANDING = {"nsubj": 1.0, "obj": 0.3, "nmod": -0.5}
_OTHER_PARTY = {"republican": "democrat", "democrat": "republican"}


@dataclass(slots=True)
class Member:
    """One person, body or place of the article: its mentions, the phrases that describe it (and their
    head tokens, ``titles``), and who it is."""

    kind: str
    name: str
    mentions: list[Span] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    gender: str = ""
    actor: Actor | None = None
    titles: list[int] = field(default_factory=list)

    @property
    def surname(self) -> str:
        return self.name.split()[-1]

    @property
    def known_for(self) -> set[str]:
        """Words of its office and descriptions, lower case."""
        office = (self.actor.office or "") if self.actor else ""
        return set(re.findall(r"[a-z-]+", " ".join([office, *self.descriptions]).lower()))


@dataclass(frozen=True, slots=True)
class Epithet:
    """A noun that stands for a person or body already named. ``open``: it may also be said of one
    whom the article never describes so ('the billionaire')."""

    kind: str
    gender: str
    open: bool


@cache
def epithets() -> dict[str, Epithet]:
    """Noun -> how it is used of somebody already named (``knowledge/epithets.csv``)."""
    rows = read_csv("epithets.csv", EPITHET_COLUMNS)
    return {r["noun"]: Epithet(r["kind"], r["gender"], r["open"] == "yes") for r in rows}


class People:
    """Persons meant by pronouns and by 'the' + noun. ``country_of`` tells the country (ISO-3, '' for
    none) that a phrase names; ``at`` which member's name a token belongs to."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        members: Sequence[Member],
        at: dict[int, Member],
        country_of: Callable[[str], str],
    ) -> None:
        self._tree, self._at, self._country_of = tree, at, country_of
        self._quoted = self._tokens_quoted(text)
        self._seen: dict[int, list[tuple[int, Member]]] = defaultdict(list)
        self.meant: dict[int, Member] = {}
        self._walk(text, self._heads(members))

    def _tokens_quoted(self, text: str) -> set[int]:
        found: set[int] = set()
        for start, end in quoted_spans(text):
            found.update(self._tree.tokens_in((start, end)))
        return found

    def _heads(self, members: Sequence[Member]) -> dict[int, Member]:
        found = {}
        for member in members:
            if member.kind == "person" and member.actor and member.actor.kind == "person":
                for span in member.mentions:
                    head = self._tree.head_in(span)
                    if head is not None:
                        found[head] = member
        return found

    def _walk(self, text: str, heads: dict[int, Member]) -> None:
        known = epithets()
        for i, word in enumerate(self._tree.words):
            member = heads.get(i)
            if member is None and word in PERSONAL:
                member = self._person(i, PERSONAL[word])
            elif member is None and word in known and not self._in_person(i):
                member = self._described(i, word, text)
            if member is not None:
                if i not in heads:
                    self.meant[i] = member
                self._seen[self._tree.sentence_of[i]].append((i, member))

    def _in_person(self, i: int) -> bool:
        member = self._at.get(i)
        return member is not None and member.kind == "person"

    def _before(self, i: int, reach: int) -> list[tuple[int, int, Member]]:
        """(sentences back, token, member) of what was mentioned before ``i``."""
        here = self._tree.sentence_of[i]
        return [
            (here - number, head, member)
            for number in range(max(0, here - reach), here + 1)
            for head, member in self._seen.get(number, ())
            if head < i
        ]

    def _standing(self, head: int, i: int, back: int) -> float:
        """How likely a mention is taken up again: subjects before objects, near before far, and what
        stands in a quotation seldom outside it."""
        score = _STANDING.get(base(self._tree.tokens[head].dep), 0.0) - 1.5 * back
        return score - (1.2 if head in self._quoted and i not in self._quoted else 0.0)

    def _person(self, i: int, gender: str) -> Member | None:
        best: tuple[float, Member] | None = None
        for back, head, member in self._before(i, _PRONOUN_REACH):
            if member.gender and member.gender != gender:
                continue
            if back == 0 and self._same_clause(head, i):
                continue
            score = self._standing(head, i, back) - (0.0 if member.gender else 0.3)
            if best is None or score >= best[0]:
                best = (score, member)
        return best[1] if best else None

    def _same_clause(self, a: int, b: int) -> bool:
        """An object pronoun does not mean the subject of its own verb."""
        tokens = self._tree.tokens
        return tokens[a].head == tokens[b].head and tokens[b].dep != "nmod:poss"

    def _described(self, i: int, noun: str, text: str) -> Member | None:
        """The person that 'the' ... noun means: one described by that noun, else, for an open noun,
        the one who stands out just before it."""
        entry = epithets()[noun]
        first = self._the(i)
        if entry.kind != "person" or first is None:
            return None
        words = {t.text.lower() for t in self._tree.tokens[first + 1 : i + 1]}
        tokens = self._tree.tokens
        country = self._country_of(text[tokens[first].start : tokens[i].end])
        best: tuple[float, Member] | None = None
        for back, head, member in self._before(i, _PHRASE_REACH):
            fit = self._fit(member, noun, words, entry)
            if not self._may_be(member, entry, country, words):
                continue
            if not fit and (not entry.open or back > 3):
                continue
            score = self._standing(head, i, 0) - 0.7 * back + 2 * fit
            if best is None or score >= best[0]:
                best = (score, member)
        return best[1] if best else None

    def _fit(self, member: Member, noun: str, words: set[str], entry: Epithet) -> int:
        known = member.known_for
        return len(words & known) if noun in known else 0

    def _may_be(self, member: Member, entry: Epithet, country: str, words: set[str]) -> bool:
        if entry.gender and member.gender and entry.gender != member.gender:
            return False
        own = member.actor.country if member.actor else ""
        if country and own and country != own:
            return False
        known = member.known_for
        return not any(other in known for w, other in _OTHER_PARTY.items() if w in words)

    def _the(self, i: int) -> int | None:
        """The token of the 'the' that opens the phrase ending in ``i``; None when there is none, or a
        name or 'of' follows (a title, or somebody's office rather than somebody)."""
        tokens = self._tree.tokens
        if i + 1 < len(tokens) and (
            i + 1 in self._at or tokens[i + 1].text.lower() in {"of", "'s"}
        ):
            return None
        for k in range(i - 1, max(-1, i - 6), -1):
            if tokens[k].text.lower() == "the":
                return k
            if (
                not tokens[k].tag.startswith(("J", "N", "VBN", "HYPH", "CD"))
                and tokens[k].text != "-"
            ):
                return None
        return None
