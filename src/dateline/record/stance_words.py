"""Small words that decide how far a stance reaches and whether it is taken at all.

``stance_words.csv``: ``carrier`` governors under which an infinitive stance is real ('continued to
reject'); ``claim`` nouns that are denied, not turned down ('rejected accusations of war crimes');
``unreal`` subordinators and modals that leave a stance open; ``anaphor`` nouns that stand for a
proposal told just before ('rejects the plan'); ``open`` words that begin a question ('asked whether');
``aside`` prepositions whose phrase is circumstance ('under any peace deal'); ``bound`` words that
end the words of a position; ``topic`` nouns before which an issue only says what they are about
('ceasefire talks'); ``refusable`` verbs of what a party may say it will not do; ``idle`` verbs that
'must' and 'should' make no demand of ('people need to know'); ``vehicle`` nouns that an issue may
stand before ('ceasefire deal', but not 'election staff'); ``ownside`` nouns that with 'his' or 'our'
name the speaker's side; ``some`` words for a part of a people; ``dropped`` verbs and words that say a
stance is not held; ``threat`` verbs of a threat that 'unless' completes; ``concession`` verbs of what
a party that wants to do it offers ('wants to withdraw').
"""

from __future__ import annotations

from functools import cache

from dateline.knowledge.tables import KnowledgeError, read_csv

_KINDS = frozenset(
    (
        "carrier",
        "claim",
        "unreal",
        "anaphor",
        "open",
        "aside",
        "bound",
        "topic",
        "refusable",
        "idle",
        "vehicle",
        "ownside",
        "some",
        "dropped",
        "threat",
        "concession",
    )
)


@cache
def stance_words(kind: str) -> frozenset[str]:
    """The words of one kind. Raises KnowledgeError for a row whose kind is unknown."""
    return _table()[kind]


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for number, row in enumerate(read_csv("stance_words.csv", ("kind", "word")), start=2):
        if row["kind"] not in _KINDS or not row["word"]:
            raise KnowledgeError(
                f"stance_words.csv, line {number}: expected a word of kind {sorted(_KINDS)}, "
                f"found {row['kind']!r}, {row['word']!r}"
            )
        found[row["kind"]].add(row["word"])
    return {kind: frozenset(words) for kind, words in found.items()}
