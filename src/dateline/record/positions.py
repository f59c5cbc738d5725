"""Positions: where a party stands on an issue, in its own words or in the article's.

A word of the stance table whose frame holds gives party, stance and content; the issue is read from
the content. A stance inside a statement is the speaker's when the words name no other party.
"""

from __future__ import annotations

from functools import cache

from dateline.record import lexicon
from dateline.record.context import Context
from dateline.record.frames import part_of_speech
from dateline.record.lexicon import StanceFrame
from dateline.record.model import Party, Position, Stance, Statement
from dateline.record.negation import negated
from dateline.record.when import when_of
from dateline.spans import Span, contains, hull

# What a negated stance amounts to; one not named here says nothing when negated.
_NEGATED: dict[str, Stance] = {
    "accepts": "rejects",
    "supports": "rejects",
    "offers": "rejects",
    "demands": "doubts",
    "rejects": "accepts",
    "rules_out": "accepts",
}


def make_positions(context: Context) -> list[Position]:
    """Positions in text order; one a party, issue, stance and clause."""
    found: list[Position] = []
    for i, token in enumerate(context.tree.tokens):
        pos = part_of_speech(token.tag)
        for frame in lexicon.stances().get((token.lemma, pos or ""), ()):
            holds, used = context.matcher.holds(i, frame.requires)
            if holds:
                found.extend(_positions(context, i, frame, used))
                break
    found = _innermost(found)
    unique = {(p.party.actor or p.party.text, p.issue, p.stance, p.content): p for p in found}
    ordered = sorted(unique.values(), key=lambda p: p.content)
    return [p.model_copy(update={"id": f"p{n}"}) for n, p in enumerate(ordered, start=1)]


def _innermost(found: list[Position]) -> list[Position]:
    """'We recognise that a return is unrealistic' rules the return out: of two stances of one party on
    one issue, the one whose words lie inside the other's content counts."""
    return [
        p
        for p in found
        if not any(
            q is not p
            and (q.party.actor, q.issue) == (p.party.actor, p.issue)
            and contains(p.content, q.content)
            and (p.content != q.content or found.index(q) > found.index(p))
            for q in found
        )
    ]


def _positions(context: Context, i: int, frame: StanceFrame, used: set[int]) -> list[Position]:
    token = context.tree.tokens[i]
    statement = context.statement_at(token.start)
    party = _party(context, i, frame, statement)
    if party is None:
        return []
    stance = _stance(context, i, frame, used)
    span = _content(context, i, frame)
    if stance is None or span is None:
        return []
    return [
        Position(
            id="",
            party=party,
            issue=issue,
            stance=stance,
            content=span,
            statement=statement.id if statement else None,
            when=when_of(context, i),
            via=_chain(context, party),
            confidence=round(frame.weight * (statement.confidence if statement else 1.0), 4),
        )
        for issue in issues_in(context, span)
    ]


def _party(
    context: Context, i: int, frame: StanceFrame, statement: Statement | None
) -> Party | None:
    """The stance's own party when it is an actor, else the speaker of the statement it is in."""
    speaker = statement.speaker if statement else None
    for c in context.matcher.parties(i, frame.party_slots):
        party = context.cast.party(c, speaker)
        actor = context.cast.actors.get(party.actor or "") if party else None
        if party is not None and actor is not None and actor.country:
            return party
    if frame.party_slots and context.matcher.parties(i, frame.party_slots):
        return None
    return speaker if speaker is not None and speaker.actor else None


def _content(context: Context, i: int, frame: StanceFrame) -> Span | None:
    """From the first to the last word of all content slots that are filled on the same side of the
    stance's word ('Russia' and 'withdraw' of 'demands Russia withdraw'); None when none is."""
    tokens = [
        c for slot in frame.content_slots for c in context.matcher.parties(i, (slot,)) if c != i
    ]
    if not tokens:
        return None
    side = [c for c in tokens if (c > i) == (tokens[0] > i)]
    return hull(context.tree.subtree_span(c) for c in side)


def _stance(context: Context, i: int, frame: StanceFrame, used: set[int]) -> Stance | None:
    """The frame's stance, turned when the word is negated and the frame does not say so itself."""
    told = any(context.tree.tokens[u].lemma in {"not", "no", "never"} for u in used)
    if told or not negated(context.tree, i):
        return frame.stance  # type: ignore[return-value]
    return _NEGATED.get(frame.stance)


def _chain(context: Context, party: Party) -> list[str]:
    """From the words to the state or body the party speaks for."""
    actor = context.cast.actors.get(party.actor or "")
    if actor is None:
        return [party.text]
    chain = [party.text, actor.name]
    chain += [part for part in (actor.office, actor.country) if part]
    return list(dict.fromkeys(chain))


def issues_in(context: Context, span: Span) -> list[str]:
    """Keys of the issues whose cue phrases stand in a stretch of text, the longest cue first; a
    shorter cue inside a longer one's words does not count."""
    tree = context.tree
    first, lemmas = tree.first_token(span), []
    while first < len(tree.tokens) and tree.tokens[first].start < span[1]:
        lemmas.append(tree.tokens[first].lemma)
        first += 1
    hits: list[tuple[int, int, str]] = []
    for start, word in enumerate(lemmas):
        for cue, key in _cues().get(word, ()):
            if tuple(lemmas[start : start + len(cue)]) == cue:
                hits.append((len(cue), start, key))
    chosen: dict[str, None] = {}
    taken: set[int] = set()
    for length, start, key in sorted(hits, key=lambda h: (-h[0], h[1], h[2])):
        positions = set(range(start, start + length))
        if key not in chosen and not positions & taken:
            chosen[key] = None
            taken |= positions
    return list(chosen)


@cache
def _cues() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for issue in lexicon.issues().values():
        for cue in issue.cues:
            table.setdefault(cue[0], []).append((cue, issue.key))
    return table
