"""Which issue of ``issues.yaml`` the words of a position are about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dateline.analysis.model import Token
from dateline.record import lexicon
from dateline.record.context import Context
from dateline.record.stance_words import stance_words

_HEAD = "="
# Words that may stand between the words of a cue ('lift all economic sanctions').
_BETWEEN = frozenset({"DT", "PDT", "PRP$", "POS", "JJ", "JJR", "JJS", "RB", "CD", "VBN"})
_MOST_BETWEEN = 3
Cue = tuple[str, ...]


def issues_of(context: Context, first: int, last: int) -> list[str]:
    """Keys of the issues named in tokens [first, last), in the order of the words. A shorter cue
    inside a longer one's words does not count, nor does one in a phrase of circumstance ('under any
    peace deal') or of purpose ('a force to protect the ports')."""
    tokens = context.tree.tokens
    head_end = _head_zone(tokens, first, last)
    hits: list[tuple[int, int, int, str]] = []
    for start in range(first, last):
        for form in {tokens[start].lemma, tokens[start].text.lower()}:
            for cue, key, head_only in _cues().get(form, ()):
                if head_only and not (start < head_end and _heads(tokens, start, last)):
                    continue
                if len(cue) == 1 and _inside_name(context, start):
                    continue
                end = _match(tokens, start, last, cue)
                if end is not None:
                    hits.append((len(cue), start, end, key))
    plain = [
        h for h in _longest(hits) if not (_aside(tokens, first, h[1]) or _topic(tokens, h[2], last))
    ]
    purpose = _purpose(tokens, plain[0][2], last) if plain else last
    return list(dict.fromkeys(key for _, start, _, key in plain if start < purpose))


def _heads(tokens: Sequence[Token], i: int, last: int) -> bool:
    """True for a noun that no noun follows: 'missiles', not 'missile launch'."""
    after = tokens[i + 1].tag if i + 1 < last else ""
    return tokens[i].tag.startswith("N") and not after.startswith(("N", "POS"))


def _inside_name(context: Context, i: int) -> bool:
    """True for a word of a longer name: 'Justice Department', 'Port St Lucie'."""
    kind = context.matcher.kind
    return kind(i) is not None and (kind(i - 1) is not None or kind(i + 1) is not None)


def _longest(hits: list[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    taken: set[int] = set()
    kept: list[tuple[int, int, int, str]] = []
    for hit in sorted(hits, key=lambda h: (h[2] - h[1] > h[0], -h[0], h[1], h[3])):
        words = set(range(hit[1], hit[2]))
        if not words & taken:
            kept.append(hit)
            taken |= words
    return sorted(kept, key=lambda h: (h[1], h[3]))


def _match(tokens: Sequence[Token], start: int, last: int, cue: Cue) -> int | None:
    """The end of a cue's words that begin at ``start``, other modifiers allowed between them; None
    when they do not stand there."""
    at = start + 1
    for word in cue[1:]:
        skipped = 0
        while at < last and word not in (tokens[at].lemma, tokens[at].text.lower()):
            inside = tokens[at].tag in _BETWEEN or tokens[at].dep in {"compound", "amod"}
            if not inside or skipped == _MOST_BETWEEN:
                return None
            at, skipped = at + 1, skipped + 1
        if at >= last:
            return None
        at += 1
    return at


def _head_zone(tokens: Sequence[Token], first: int, last: int) -> int:
    """The end of the first noun phrase and those coordinated with it: up to a preposition, verb or
    relative pronoun."""
    at = first
    while at < last and (tokens[at].tag.startswith("VB") or tokens[at].tag == "TO"):
        at += 1  # 'hold talks': the verb's object is the head
    while at < last and tokens[at].tag[:1] not in {"I", "T", "V", "W", "M"}:
        at += 1
    return at


def _topic(tokens: Sequence[Token], end: int, last: int) -> bool:
    """True for words that only say what talks, an envoy or a ministry are about."""
    return end < last and tokens[end].lemma in stance_words("topic")


def _purpose(tokens: Sequence[Token], start: int, last: int) -> int:
    """Where a clause of purpose begins after the first issue is named; ``last`` when none does."""
    for at in range(start, last - 1):
        if tokens[at].text.lower() == "to" and tokens[at + 1].tag == "VB":
            return at
    return last


def _aside(tokens: Sequence[Token], first: int, start: int) -> bool:
    at = start - 1
    while at >= first and tokens[at].tag in _BETWEEN | {"NN", "NNP", "NNS"}:
        at -= 1
    return at > first and tokens[at].text.lower() in stance_words("aside")


@cache
def _cues() -> dict[str, list[tuple[Cue, str, bool]]]:
    """First word -> cues with their issue, and whether they count only as the head."""
    table: dict[str, list[tuple[Cue, str, bool]]] = {}
    for issue in lexicon.issues().values():
        for words in issue.cues:
            head_only = words[0].startswith(_HEAD)
            cue = (words[0].removeprefix(_HEAD), *words[1:])
            table.setdefault(cue[0], []).append((cue, issue.key, head_only))
    return table
