"""Negation of a word by its own adverb, determiner or auxiliary."""

from __future__ import annotations

from dateline.record.tree import Tree

_NEGATORS = frozenset(
    {"not", "n't", "never", "no", "neither", "nor", "without", "hardly", "cannot"}
)


# 'not only' denies nothing.
_ADDING = frozenset({"only", "just", "merely", "simply", "alone"})


def negated(tree: Tree, i: int) -> bool:
    """True for 'did not meet', 'no meeting', 'never', also where the negation stands on the
    auxiliary above, the subject or the object ('no talks have been held', 'held no talks'); not for
    'not only met', nor for 'agreed not to meet', which negates what is agreed."""
    own = [i, *tree.dependents(i, "aux", "nsubj", "obj")]
    return any(_negates(tree, c, i) for at in own for c in tree.children[at])


def _negates(tree: Tree, c: int, verb: int) -> bool:
    token = tree.tokens[c]
    if token.lemma not in _NEGATORS and token.text.lower() not in _NEGATORS:
        return False
    following = tree.tokens[c + 1].text.lower() if c + 1 < len(tree.tokens) else ""
    return following not in _ADDING and not (c > verb and following == "to")
