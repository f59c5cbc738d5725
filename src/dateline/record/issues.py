"""Which issue of ``issues.yaml`` the words of a position are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dateline.analysis.model import Token
from dateline.record import lexicon
from dateline.record.context import Context
from dateline.record.stance_words import stance_words

_HEAD, _WITH = "=", "@"
_MARKS = _HEAD + _WITH
_POLITICAL = frozenset({"GOV", "MIL", "LEG", "REB", "OPP", "IGO", "PTY", "JUD", "SPY", "COP"})
# Words that may stand between the words of a cue ('lift all economic sanctions').
_BETWEEN = frozenset({"DT", "PDT", "PRP$", "POS", "JJ", "JJR", "JJS", "RB", "CD", "VBN"})
_MOST_BETWEEN = 3
_NEAR = 5  # tokens after a cue in which 'not_with' words count
# Issues that are also occasions: what happens in or at them is another matter.
_OCCASIONS = frozenset({"talks_format", "elections_leadership"})
Cue = tuple[str, ...]
CueTable = dict[str, list[tuple[Cue, str, str]]]


def issues_of(context: Context, first: int, last: int) -> list[str]:
    """Keys of the issues named in tokens [first, last), in the order of the words. A shorter cue
    inside a longer one's words does not count, nor does one in a phrase of circumstance ('under any
    peace deal') or of purpose ('a force to protect the ports')."""
    tokens = context.tree.tokens
    last = _limit(tokens, first, last)
    head_end = _head_zone(tokens, first, last)
    hits: list[tuple[int, int, int, str]] = []
    for start in range(first, last):
        for form in {tokens[start].lemma, tokens[start].text.lower()}:
            for cue, key, mark in _cues(context).get(form, ()):
                if mark == _HEAD and not (start < head_end and _heads(tokens, start, last)):
                    continue
                if mark == _WITH and not _meets_party(context, start + len(cue), last):
                    continue
                if len(cue) == 1 and _inside_name(context, start):
                    continue
                end = _match(tokens, start, last, cue)
                if end is not None and not (
                    _describes(tokens, end, last) or _elsewhere(context, key, end, last)
                ):
                    hits.append((len(cue), start, end, key))
    plain = [
        h
        for h in _longest(hits)
        if not (_aside(tokens, first, h[1], h[3]) or _topic(tokens, h[2], last))
    ]
    purpose = _purpose(tokens, plain[0][1], last) if plain else last
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
    while at < last and tokens[at].text.lower() in {"if", "unless", "once", "provided"}:
        at += 1
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


def _aside(tokens: Sequence[Token], first: int, start: int, key: str) -> bool:
    """True in a phrase of circumstance: 'under any peace deal', 'meddling in the election'."""
    at = start - 1
    while at >= first and tokens[at].tag in _BETWEEN | {"NN", "NNP", "NNS"}:
        at -= 1
    word = tokens[at].text.lower()
    where = key in _OCCASIONS and word in {"in", "at"}
    return at > first and (where or word in stance_words("aside"))


def _describes(tokens: Sequence[Token], end: int, last: int) -> bool:
    """True for an issue's words that only describe the noun after them ('election staff',
    'Nato-led'), unless that noun is itself what is negotiated ('ceasefire deal')."""
    if end >= last:
        return False
    after = tokens[end]
    if after.text in {"-", "‑"} and after.start == tokens[end - 1].end:
        return True
    if not after.tag.startswith("N") or tokens[end - 1].tag.startswith("V"):
        return False
    free = not tokens[end - 1].tag.startswith("N") or after.tag.startswith("NNP")
    return not free and after.lemma not in stance_words("vehicle") | stance_words("topic")


def _elsewhere(context: Context, key: str, end: int, last: int) -> bool:
    """True when a word close after the cue says that something else is meant: 'withdraw from the
    race'."""
    issue = (context.issues or lexicon.issues())[key]
    near = context.tree.tokens[end : min(end + _NEAR, last)]
    return any(token.lemma in issue.not_with for token in near)


def _meets_party(context: Context, at: int, last: int) -> bool:
    """True when a state, a body or an official is named right after: 'talks with Oman'."""
    tokens = context.tree.tokens
    alone = at <= len(tokens) and tokens[at - 1].lemma == "meet"
    if alone and (at >= last or tokens[at].text.lower() != "with"):
        return True  # 'agreed to meet'; 'meet with us' needs more
    for n in range(at, min(at + 4, last)):
        party = context.cast.party(n)
        actor = context.cast.actors.get(party.actor or "") if party else None
        if actor is not None and (actor.kind == "country" or actor.sector in _POLITICAL):
            return True
    return False


def _limit(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where a relative clause or 'in return for' begins: what these tell is not what the stance is
    about."""
    for at in range(first + 2, last - 1):
        word, after = tokens[at].text.lower(), tokens[at + 1]
        if word == "that" and after.tag in {"VBZ", "VBP", "VBD", "MD"}:
            return at
        if word == "and" and after.tag == "PRP$":
            return at
        if word == "in" and after.text.lower() in {"return", "exchange"}:
            return at
    return last


def _cues(context: Context) -> CueTable:
    return cue_table(context.issues) if context.issues is not None else _built_in()


@cache
def _built_in() -> CueTable:
    return cue_table(lexicon.issues())


def cue_table(issues: Mapping[str, lexicon.Issue]) -> CueTable:
    """First word -> cues with their issue and mark ('=' head only, '@' with a party, '')."""
    table: CueTable = {}
    for issue in issues.values():
        for words in issue.cues:
            mark = words[0][0] if words[0][0] in _MARKS else ""
            cue = _split((words[0].removeprefix(mark), *words[1:]))
            table.setdefault(cue[0], []).append((cue, issue.key, mark))
    return table


def _split(words: Iterable[str]) -> Cue:
    """The words as the tokeniser cuts them: 'two-state' is three tokens."""
    return tuple(part for word in words for part in re.split("(-)", word) if part)
