"""Do the conditions of a frame hold around a word? (The language is described in ``lexicon``.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from dateline.analysis.model import Name
from dateline.record.actors import coded_country
from dateline.record.lexicon import Condition, Slot, SlotTest, event_classes
from dateline.record.tree import Tree
from dateline.spans import overlaps

_POS_OF_TAG = {"V": "V", "N": "N", "J": "A"}


# Modifiers that are parties only when they name one ('Syria talks', 'US envoys').
_NAMING = frozenset({"compound", "amod", "poss"})


@cache
def part_of_speech(tag: str) -> str | None:
    """V, N or A for a Penn tag; None for any other."""
    return _POS_OF_TAG.get(tag[:1])


class Matcher:
    """Frame conditions over one text."""

    def __init__(self, tree: Tree, names: Sequence[Name]) -> None:
        self.tree = tree
        self._kinds: dict[int, str] = {}
        for name in names:
            i = tree.first_token(name.span)
            while i < len(tree.tokens) and overlaps(tree.tokens[i].span, name.span):
                self._kinds[i] = name.kind
                i += 1

    def holds(self, i: int, conditions: Iterable[Condition]) -> tuple[bool, set[int]]:
        """Whether all conditions hold for trigger ``i``, and the tokens that made them hold."""
        used: set[int] = set()
        for condition in conditions:
            fillers = {f for test in condition.tests for f in self._fillers(i, test)}
            if bool(fillers) == condition.negated:
                return False, set()
            used |= fillers
        return True, used

    def parties(self, i: int, slots: Sequence[Slot]) -> list[int]:
        """Tokens of the first slot that is filled, with those coordinated with them."""
        for slot in slots:
            found = self.tree.fill(i, slot)
            if slot[-1].relation in _NAMING:
                found = [f for f in found if self._names_party(f)]
            if found:
                return [c for f in found for c in self.tree.conjuncts(f)]
        return []

    def kind(self, i: int) -> str | None:
        """Kind of the name that token ``i`` is part of, None when of none."""
        return self._kinds.get(i)

    def _names_party(self, i: int) -> bool:
        token = self.tree.tokens[i]
        return i in self._kinds or token.tag == "PRP$" or bool(coded_country(token.text))

    def _hyphenated(self, i: int) -> str:
        """The word with what is joined to it by a hyphen before it ('cease-fire'); '' when nothing
        is."""
        tokens = self.tree.tokens
        if i < 2 or tokens[i - 1].text != "-" or tokens[i - 1].end != tokens[i].start:
            return ""
        return f"{tokens[i - 2].text.lower()}-{tokens[i].lemma}"

    def _fillers(self, i: int, test: SlotTest) -> list[int]:
        found = [c for f in self.tree.fill(i, test.slot) for c in self.tree.conjuncts(f)]
        if not test.lemmas and not test.names:
            return found
        return [f for f in found if self._accepts(f, test)]

    def _accepts(self, i: int, test: SlotTest) -> bool:
        token = self.tree.tokens[i]
        if token.lemma in test.lemmas or token.text.lower() in test.lemmas:
            return True
        if self._hyphenated(i) in test.lemmas:
            return True
        kind = self._kinds.get(i)
        if kind is not None and ("name" in test.names or kind in test.names):
            return True
        if token.lemma in event_classes().get("transparent", frozenset()):
            return any(self._accepts(c, test) for c in self.tree.dependents(i, "nmod"))
        return False
