"""The timeline of an article: dated events, and dated facts that are no coded event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dateline.analysis.model import TimeExpression
from dateline.record.context import Context
from dateline.record.model import Event, TimelineEntry, When
from dateline.record.stance_words import stance_words
from dateline.record.status import NEWS_DAYS
from dateline.record.tree import base
from dateline.record.verb_group import verb_group
from dateline.record.when import days_before, since_aware
from dateline.spans import Span, contains, overlaps

# The words before a date that make it tell when something was; 'by Friday' is a deadline, 'the 1938
# border' a name.
_AT = frozenset({"in", "on", "during", "since", "from", "around", "late", "early", "mid"})
_NOW = frozenset({"today", "now", "currently", "nowadays", "tonight"})
_UNDATED = frozenset({"planned", "proposed", "hypothetical", "denied", "background"})


def make_timeline(context: Context, events: Sequence[Event]) -> list[TimelineEntry]:
    """Entries by date, then by place in the text. Events of the news dated only by publication are
    on it too, ``when.basis`` saying so; an act of another time whose date is not told is not. Of one
    event and time there is one entry."""
    entries = [*_events(context, events), *_facts(context, events)]
    unique = {(e.when.start, e.when.end, e.span, e.event is None): e for e in reversed(entries)}
    return sorted(unique.values(), key=lambda e: (e.when.start, e.span))


def _events(context: Context, events: Iterable[Event]) -> Iterable[TimelineEntry]:
    for event in events:
        when, span = event.when, event.evidence[0]
        if when is None or (when.basis == "published" and event.status in _UNDATED):
            continue
        yield TimelineEntry(
            when=when,
            text=context.text[span[0] : span[1]],
            span=span,
            event=event.id,
            background=event.status == "background" or _past(context, when),
        )


def _facts(context: Context, events: Sequence[Event]) -> list[TimelineEntry]:
    """Clauses with a date of their own that no event of the same date covers."""
    found: list[TimelineEntry] = []
    for expression in context.analysis.times:
        if expression.type != "DATE" or expression.start is None:
            continue
        when, verb = since_aware(context, expression), _dated_verb(context, expression)
        if verb is None or _told(context, when, expression.span, events):
            continue
        if _reporting(context, verb) and not _past(context, when):
            continue
        span = _clause(context, verb, expression.span)
        if any(overlaps(span, e.span) and e.when.start == when.start for e in found):
            continue
        found.append(
            TimelineEntry(
                when=when,
                text=context.text[span[0] : span[1]],
                span=span,
                background=_past(context, when),
            )
        )
    return found


def _dated_verb(context: Context, expression: TimeExpression) -> int | None:
    """The verb whose time the expression tells; None when it names, compares or sets a deadline, and
    when the clause is a question, a wish or a supposition."""
    tree = context.tree
    head = tree.head_in(expression.span)
    if head is None or not _adverbial(context, expression):
        return None
    relation = base(tree.tokens[head].dep)
    if relation not in {"obl", "advmod", "nmod", "root"} and not _after_preposition(
        context, expression
    ):
        return None
    verb = tree.clause(head)
    if tree.tokens[verb].dep.startswith("acl") and tree.tokens[verb].tag == "VBN":
        return None  # 'an interview published on Wednesday'
    if not tree.tokens[verb].tag.startswith("V"):
        return None
    return verb if _real(context, verb) else None


def _after_preposition(context: Context, expression: TimeExpression) -> bool:
    """'since October 2022', whatever relation the parser gave the month."""
    first = context.tree.first_token(expression.span)
    return first > 0 and context.tree.tokens[first - 1].text.lower() in _AT


def _adverbial(context: Context, expression: TimeExpression) -> bool:
    tree = context.tree
    first = tree.first_token(expression.span)
    after = tree.first_token((expression.span[1], expression.span[1] + 1))
    words = context.text[expression.span[0] : expression.span[1]].lower().split()
    if not words or words[0] in _NOW:
        return False
    same = after < len(tree.tokens) and tree.sentence_of[after] == tree.sentence_of[first]
    if same and tree.tokens[after].tag in {"NN", "NNS", "POS", "HYPH"}:  # 'the 2016 election'
        return False
    before = tree.tokens[first - 1] if first > 0 else None
    if words[0] in _AT or before is None or before.text.lower() in _AT:
        return True
    return before.tag not in {"IN", "TO", "DT", "POS", "JJ", "HYPH", "PRP$"}


def _real(context: Context, verb: int) -> bool:
    tree = context.tree
    if stance_words("unreal") & set(verb_group(tree, verb).words):
        return False
    sentence = tree.sentences[tree.sentence_of[verb]]
    if any(tree.tokens[n].text == "?" for n in range(verb, sentence.last)):
        return False
    chain = [verb, *tree.ancestors(verb)]
    marks = {tree.tokens[c].lemma for v in chain for c in tree.dependents(v, "mark")}
    return not marks & {"if", "unless", "whether"}


def _clause(context: Context, verb: int, date: Span) -> Span:
    """The words of the fact: the sentence for its main verb, else the clause; the date is in it."""
    tree = context.tree
    sentence = tree.sentences[tree.sentence_of[verb]].span
    if base(tree.tokens[verb].dep) == "root":
        return sentence
    span = tree.subtree_span(verb)
    return span if contains(span, date) and contains(sentence, span) else sentence


def _told(context: Context, when: When, span: Span, events: Sequence[Event]) -> bool:
    """True when an event has this very date, or one of the same time is told in the sentence."""
    tree = context.tree
    sentence = tree.sentences[tree.sentence_of[tree.first_token(span)]].span
    return any(
        e.when is not None
        and (
            e.when.span == span
            or (e.when.start == when.start and any(overlaps(sentence, x) for x in e.evidence))
            or any(contains(x, span) for x in e.evidence)
        )
        for e in events
    )


def _reporting(context: Context, verb: int) -> bool:
    """True for the cue of a statement: its date is the statement's own, and on the timeline only when
    long past ('the government announced in July that ...')."""
    start = context.tree.tokens[verb].start
    return any(a <= start < b for s in context.statements for a, b in s.cue)


def _past(context: Context, when: When) -> bool:
    if context.published is None:
        return False
    passed = days_before(when, context.published) if when.basis != "published" else None
    return passed is not None and passed > NEWS_DAYS
