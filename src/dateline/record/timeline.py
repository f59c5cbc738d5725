"""The timeline of an article: dated events, and dated facts that are no coded event."""

from __future__ import annotations

from dateline.record.context import Context
from dateline.record.model import Event, TimelineEntry, When
from dateline.record.status import NEWS_DAYS
from dateline.record.tree import base
from dateline.record.when import days_before, stated
from dateline.spans import contains, overlaps


def make_timeline(context: Context, events: list[Event]) -> list[TimelineEntry]:
    """Entries by date, then by place in the text. Events dated only by publication are on it too,
    their ``when.basis`` saying so; planned or denied ones are, facts in such clauses are not."""
    entries = [
        TimelineEntry(
            when=event.when,
            text=context.text[event.evidence[0][0] : event.evidence[0][1]],
            span=event.evidence[0],
            event=event.id,
            background=event.status == "background",
        )
        for event in events
        if event.when is not None
    ]
    entries.extend(_facts(context, events))
    return sorted(entries, key=lambda e: (e.when.start, e.span))


def _facts(context: Context, events: list[Event]) -> list[TimelineEntry]:
    """Clauses with a date of their own that no event of the same date covers."""
    tree = context.tree
    found: list[TimelineEntry] = []
    for expression in context.analysis.times:
        if expression.type != "DATE" or expression.start is None:
            continue
        when = stated(expression)
        head = tree.head_in(expression.span)
        if head is None or _told(when, expression.span, events):
            continue
        if base(tree.tokens[head].dep) not in {"obl", "advmod", "nmod", "root"}:
            continue
        verb = tree.clause(head)
        if not tree.tokens[verb].tag.startswith("V") or _reporting(context, verb):
            continue
        span = tree.sentences[tree.sentence_of[head]].span
        if base(tree.tokens[verb].dep) != "root":
            span = tree.subtree_span(verb)
        if any(overlaps(span, e.span) and contains(e.span, span) for e in found):
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


def _told(when: When, span: tuple[int, int], events: list[Event]) -> bool:
    return any(
        e.when is not None and (e.when.span == span or any(contains(x, span) for x in e.evidence))
        for e in events
    )


def _reporting(context: Context, verb: int) -> bool:
    """True for the cue of a statement: its date is the statement's own."""
    start = context.tree.tokens[verb].start
    return any(a <= start < b for s in context.statements for a, b in s.cue)


def _past(context: Context, when: When) -> bool:
    if context.published is None:
        return False
    passed = days_before(when, context.published)
    return passed is not None and passed > NEWS_DAYS
