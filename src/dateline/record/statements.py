"""Statements: attributions with their speaker tied to an actor, channel, addressee and time."""

from __future__ import annotations

import re
from functools import cache

from dateline.analysis.model import Attribution
from dateline.analysis.quotes import quoted_share, quoted_spans
from dateline.knowledge.tables import read_csv
from dateline.record.context import Context
from dateline.record.model import Dropped, Party, Statement
from dateline.record.when import when_of
from dateline.spans import Span, hull

# A cue's model probability below this is a coin toss (PolNeAR development articles).
_LEAST_CONFIDENCE = 0.35


def make_statements(context: Context) -> list[Statement]:
    """Statements in text order. An attribution without content, or whose cue is not a reporting one
    and whose confidence is low, is left in ``context.dropped``."""
    quotes = quoted_spans(context.text)
    statements: list[Statement] = []
    for attribution in context.analysis.attributions:
        if not attribution.content:
            span = hull([*attribution.source, *attribution.cue])
            _drop(context, "no_content", "a reporting cue with nothing reported", span)
            continue
        if attribution.confidence < _LEAST_CONFIDENCE:
            _drop(context, "unsure", "may be a report, too unsure", hull(attribution.content))
            continue
        statement = _statement(context, attribution, len(statements) + 1)
        if statement.speaker is None and not attribution.cue:
            statement = _continued(context, statement, statements, quotes)
        statements.append(statement)
    return statements


def _statement(context: Context, attribution: Attribution, number: int) -> Statement:
    speaker = _speaker(context, attribution)
    anchor = attribution.cue[0] if attribution.cue else attribution.content[0]
    head = context.tree.head_in(anchor)
    channel = _channel(context, attribution)
    return Statement(
        id=f"s{number}",
        speaker=speaker,
        cue=attribution.cue,
        content=attribution.content,
        kind=attribution.kind,
        channel=context.text[channel[0] : channel[1]] if channel else None,
        channel_span=channel,
        addressee=_addressee(context, attribution),
        when=when_of(context, head, said=True) if head is not None else None,
        confidence=round(min(1.0, attribution.confidence), 4),
    )


def _speaker(context: Context, attribution: Attribution) -> Party | None:
    """The party at the head of the source words; an unknown speaker keeps its words, actor None. A
    source left unsaid ('... and has demanded ...') is the subject of the cue's verb."""
    if not attribution.source:
        return _unsaid(context, attribution)
    span = _trimmed(context.text, attribution.source[0])
    head = context.tree.head_in(span)
    party = context.cast.party(head) if head is not None else None
    named = _named_inside(context, span)
    actor = named or (party.actor if party else None)
    return Party(span=span, text=context.text[span[0] : span[1]], actor=actor)


def _unsaid(context: Context, attribution: Attribution) -> Party | None:
    head = context.tree.head_in(attribution.cue[0]) if attribution.cue else None
    if head is None or not context.tree.tokens[head].tag.startswith("V"):
        return None
    parties = [context.cast.party(s) for s in context.tree.subjects(head)]
    return next((p for p in parties if p is not None), None)


def _trimmed(text: str, span: Span) -> Span:
    """A span without the punctuation and blanks at its ends."""
    start, end = span
    while end - start > 1 and text[end - 1] in " ,;:—–-":
        end -= 1
    while end - start > 1 and text[start] in " ,;:—–-":
        start += 1
    return start, end


def _named_inside(context: Context, span: Span) -> str | None:
    """A person named in the source words is the speaker, whatever the grammar makes of its head
    ('Trump's defence secretary, Pete Hegseth')."""
    persons = [
        (mention, member.actor.id)
        for member in context.cast.members
        if member.kind == "person" and member.actor is not None and member.actor.kind == "person"
        for mention in member.mentions
        if span[0] <= mention[0] and mention[1] <= span[1]
    ]
    outer = [
        (mention, actor)
        for mention, actor in persons
        if not re.match(r"['’]s?\b", context.text[mention[1] : mention[1] + 2])
        and not _under_noun(context, mention, span)
    ]
    return outer[0][1] if outer else None


def _under_noun(context: Context, mention: Span, source: Span) -> bool:
    """True for a name that only modifies the source's head ('a spokesman for Trump')."""
    tree = context.tree
    head, top = tree.head_in(mention), tree.head_in(source)
    if head is None or top is None or head == top:
        return False
    return tree.tokens[head].dep in {"nmod", "nmod:poss", "obl", "compound"}


def _addressee(context: Context, attribution: Attribution) -> Party | None:
    """Whom the cue's verb has as its (indirect) object or after 'to'."""
    if not attribution.cue:
        return None
    tree = context.tree
    head = tree.head_in(attribution.cue[0])
    if head is None or not tree.tokens[head].tag.startswith("V"):
        return None
    listed = tree.dependents(head, "iobj") + [
        c for c in tree.dependents(head, "obl") if tree.case(c) == "to"
    ]
    if tree.tokens[head].lemma in {"tell", "inform", "assure", "remind", "warn", "urge", "ask"}:
        listed += tree.dependents(head, "obj")
    content = attribution.content
    for c in listed:
        if any(start <= tree.tokens[c].start < end for start, end in content):
            continue
        span = tree.phrase(c)
        party = context.cast.party(c)
        return party or Party(span=span, text=context.text[span[0] : span[1]])
    return None


def _channel(context: Context, attribution: Attribution) -> Span | None:
    """How it was said: 'in an interview with The Economist', 'on social media'. Looked for among the
    prepositional phrases of the sentences that hold the cue, outside the content."""
    anchor = (attribution.cue or attribution.source or attribution.content)[0]
    tree = context.tree
    number = tree.sentence_of[min(tree.first_token(anchor), len(tree.tokens) - 1)]
    sentence = tree.sentences[number]
    nouns = _channel_nouns()
    for i in range(sentence.first, sentence.last):
        token = tree.tokens[i]
        case = tree.case(i)
        if case is None or case not in nouns.get(token.lemma, frozenset()):
            continue
        if any(start <= token.start < end for start, end in attribution.content):
            continue
        start, end = tree.phrase(i)
        return start, end
    return None


@cache
def _channel_nouns() -> dict[str, frozenset[str]]:
    rows = read_csv("channels.csv", ("noun", "prepositions"))
    return {row["noun"]: frozenset(row["prepositions"].split()) for row in rows}


def _continued(
    context: Context, statement: Statement, before: list[Statement], quotes: list[Span]
) -> Statement:
    """A paragraph that is nothing but a quotation goes on with the speaker of the one before it."""
    if not before or before[-1].speaker is None or before[-1].kind == "indirect":
        return statement
    first, last = statement.content[0][0], before[-1].content[-1][1]
    between = context.text[last:first]
    if between.count("\n\n") > 1 or quoted_share(statement.content[0], quotes) < 0.9:
        return statement
    return statement.model_copy(update={"speaker": before[-1].speaker})


def _drop(context: Context, reason: str, message: str, span: Span) -> None:
    context.dropped.append(Dropped(stage="statement", reason=reason, message=message, span=span))
