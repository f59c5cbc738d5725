"""Do the conditions of a frame hold around a word? (The language is described in ``lexicon``.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dateline.analysis.model import Name
from dateline.record.lexicon import Condition, Slot, SlotTest, event_classes
from dateline.record.tree import Tree
from dateline.spans import overlaps

_POS_OF_TAG = {"V": "V", "N": "N", "J": "A"}


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
            if found := self.tree.fill(i, slot):
                return [c for f in found for c in self.tree.conjuncts(f)]
        return []

    def kind(self, i: int) -> str | None:
        """Kind of the name that token ``i`` is part of, None when of none."""
        return self._kinds.get(i)

    def _fillers(self, i: int, test: SlotTest) -> list[int]:
        found = [c for f in self.tree.fill(i, test.slot) for c in self.tree.conjuncts(f)]
        if not test.lemmas and not test.names:
            return found
        return [f for f in found if self._accepts(f, test)]

    def _accepts(self, i: int, test: SlotTest) -> bool:
        token = self.tree.tokens[i]
        if token.lemma in test.lemmas or token.text.lower() in test.lemmas:
            return True
        kind = self._kinds.get(i)
        if kind is not None and ("name" in test.names or kind in test.names):
            return True
        if token.lemma in event_classes().get("transparent", frozenset()):
            return any(self._accepts(c, test) for c in self.tree.dependents(i, "nmod"))
        return False
