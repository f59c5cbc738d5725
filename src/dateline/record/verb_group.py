"""The words of one verb group, read in a row: auxiliaries, negation, 'to', then the verb."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.record.tree import Tree

_AUXILIARY = frozenset(
    {"be", "have", "do", "will", "would", "shall", "ll", "'ll", "’ll", "ca", "wo"}
)
_AUXILIARY |= {"can", "could", "may", "might", "must", "should", "'d", "’d", "'ve", "’ve", "get"}
_NEGATION = frozenset({"not", "n't", "n’t", "never", "no", "cannot"})
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """Tokens [first, verb]; ``words`` are the lower-case lemmas before the verb."""

    first: int
    verb: int
    words: tuple[str, ...]
    participle: bool = False

    @property
    def negated(self) -> bool:
        return bool(_NEGATION & set(self.words))

    @property
    def infinitive(self) -> bool:
        return "to" in self.words

    @property
    def bare(self) -> bool:
        """No auxiliary at all before the verb."""
        return not _AUXILIARY & set(self.words)

    @property
    def passive(self) -> bool:
        """'be' right before a participle, adverbs aside."""
        return self.participle and bool(self.words) and self.words[-1] in {"be", "get"}

    @property
    def future(self) -> bool:
        return bool({"will", "would", "shall", "'ll", "’ll", "wo", "'d", "’d", "ca", "can"}
                    & set(self.words))  # fmt: skip


def verb_group(tree: Tree, i: int) -> VerbGroup:
    """The group that ends in token ``i``."""
    tokens = tree.tokens
    floor = max(tree.sentences[tree.sentence_of[i]].first, i - _LONGEST)
    first = i
    while first > floor and _belongs(tree, first - 1):
        first -= 1
    words = tuple(
        _word(tree, n) for n in range(first, i) if not _adverb(tree, n) or _negates(tree, n)
    )
    participle = tokens[i].text.lower()[-3:] != "ing"
    return VerbGroup(first, i, tuple(w for w in words if w), participle)


def _belongs(tree: Tree, i: int) -> bool:
    token = tree.tokens[i]
    return (
        token.tag in {"MD", "TO"}
        or _adverb(tree, i)
        or _negates(tree, i)
        or (_word(tree, i) in _AUXILIARY and token.tag[:1] in {"V", "M"})
        or token.text.lower() in {"to", "n't", "n’t"}
    )


def _adverb(tree: Tree, i: int) -> bool:
    return tree.tokens[i].tag.startswith("RB")


def _negates(tree: Tree, i: int) -> bool:
    return tree.tokens[i].text.lower() in _NEGATION


def _word(tree: Tree, i: int) -> str:
    token = tree.tokens[i]
    if token.text.lower() in {"is", "are", "was", "were", "been", "being", "be"}:
        return "be"
    if token.text.lower() in {"has", "have", "had", "having"}:
        return "have"
    return token.text.lower() if token.tag in {"MD", "TO"} else token.lemma
