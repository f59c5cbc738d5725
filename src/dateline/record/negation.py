"""Negation of a word by its own adverb, determiner or auxiliary."""

from __future__ import annotations

from dateline.record.tree import Tree

_NEGATORS = frozenset(
    {"not", "n't", "never", "no", "neither", "nor", "without", "hardly", "cannot"}
)


def negated(tree: Tree, i: int) -> bool:
    """True for 'did not meet', 'no meeting', 'never', also where the negation stands on the
    auxiliary above, the subject or the object ('no talks have been held', 'held no talks')."""
    own = [i, *tree.dependents(i, "aux", "nsubj", "obj")]
    return any(
        tree.tokens[c].lemma in _NEGATORS or tree.tokens[c].text.lower() in _NEGATORS
        for at in own
        for c in tree.children[at]
    )
