"""Stances told by words in a row: 'sees no reason to', 'is against', 'Cuba's rejection of'.

``stance_phrases.csv``: ``kind`` verb (``words`` begin with a verb's lemma; who takes the stance is its
subject) or noun (a noun with an owner before it and one of ``next`` after it). Read from the words,
not from the tree: parsers differ most about such phrases.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dateline.knowledge.tables import KnowledgeError, numbered_rows
from dateline.record.tree import Tree

_COLUMNS = ("kind", "words", "next", "stance", "weight")
_STANCES = frozenset(
    ("demands", "offers", "accepts", "rejects", "rules_out", "supports", "doubts", "conditions")
)
_NOT = frozenset({"not", "n't", "n’t", "never"})
_FORMS_OF_BE = frozenset({"be", "is", "are", "was", "were", "been", "'s", "’s", "'re", "’re"})


@dataclass(frozen=True, slots=True)
class StancePhrase:
    """A row of the table; ``words`` in order, ``after`` what may follow a noun."""

    words: tuple[str, ...]
    after: frozenset[str]
    stance: str
    weight: float


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A phrase found at a token: ``last`` its last token, ``negated`` by a 'not' of its own."""

    phrase: StancePhrase
    last: int
    negated: bool


def verb_phrase(tree: Tree, i: int) -> PhraseHit | None:
    """The longest phrase that begins with the verb ``i``."""
    first = "be" if tree.words[i] in _FORMS_OF_BE else tree.tokens[i].lemma
    for phrase in _table("verb").get(first, ()):
        hit = _follow(tree, i, phrase)
        if hit is not None:
            return hit
    return None


def noun_phrase(tree: Tree, i: int) -> PhraseHit | None:
    """The phrase whose noun is ``i``, one of its prepositions right after it."""
    closed = i > 0 and tree.tokens[i - 1].tag in {"POS", "PRP$"}
    if not (closed or tree.tokens[i].tag.startswith("N")):
        return None
    word, table = tree.words[i], _table("noun")
    after = tree.words[i + 1] if i + 1 < len(tree.words) else ""
    for form in (word, tree.tokens[i].lemma, word.removesuffix("s")):
        for phrase in table.get(form, ()):
            if after in phrase.after:
                return PhraseHit(phrase, i, False)
    return None


def owner(tree: Tree, i: int) -> int | None:
    """The token that owns noun ``i``: 'Cuba's rejection', 'its firm rejection', 'Russian demands'."""
    at = i - 1
    while at >= 0 and tree.tokens[at].tag in {"JJ", "JJS", "RB", "CD", "VBN"}:
        if tree.tokens[at].text[:1].isupper():
            return at
        at -= 1
    if at < 0 or tree.sentence_of[at] != tree.sentence_of[i]:
        return None
    if tree.tokens[at].tag == "POS":
        return _name_before(tree, at)
    return at if tree.tokens[at].tag in {"PRP$", "NNP", "NNPS"} else None


def _name_before(tree: Tree, mark: int) -> int | None:
    """The head of the phrase that the possessive mark closes."""
    head = tree.tokens[mark].head
    return head if 0 <= head < mark else mark - 1 if mark else None


def _follow(tree: Tree, i: int, phrase: StancePhrase) -> PhraseHit | None:
    at, negated = i + 1, False
    for word in phrase.words[1:]:
        while at < len(tree.tokens) and tree.words[at] != word:
            text = tree.words[at]
            if not tree.tokens[at].tag.startswith("RB") and text not in _NOT:
                return None
            negated |= text in _NOT
            at += 1
        if at >= len(tree.tokens):
            return None
        at += 1
    return PhraseHit(phrase, at - 1, negated)


@cache
def _table(kind: str) -> dict[str, list[StancePhrase]]:
    """First word -> phrases, longest first. Raises KnowledgeError for a row that does not fit."""
    found: dict[str, list[StancePhrase]] = {}
    for number, row in numbered_rows("stance_phrases.csv", _COLUMNS):
        words = tuple(row["words"].split())
        if row["kind"] not in {"verb", "noun"} or row["stance"] not in _STANCES or not words:
            raise KnowledgeError(
                f"stance_phrases.csv, line {number}: expected a verb or noun with words and a stance, "
                f"found {row['kind']!r}, {row['words']!r}, {row['stance']!r}"
            )
        if row["kind"] == kind:
            after = frozenset(row["next"].split("|")) - {""}
            phrase = StancePhrase(words, after, row["stance"], float(row["weight"]))
            found.setdefault(words[0], []).append(phrase)
    for phrases in found.values():
        phrases.sort(key=lambda p: -len(p.words))
    return found
