"""Passages of one article that cannot both be right, shown side by side.

Two kinds are looked for: one act told with the parties changed over ('A invited B', 'B invited A') in
the text and in its headline or standfirst, which tell the text's story; and one act told with two
counts of the same thing ('killed 12 soldiers', 'killed 15 soldiers').
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal

from dateline.record.context import Context
from dateline.record.model import Discrepancy, Event, Passage, Quantity
from dateline.spans import contains

Where = Literal["text", "headline", "standfirst", "caption"]
Told = tuple[Where, Context, Event]


def find_discrepancies(
    body: Context,
    events: Sequence[Event],
    quantities: Sequence[Quantity],
    leads: Sequence[tuple[Where, Context, Sequence[Event]]],
) -> list[Discrepancy]:
    """Discrepancies among the article's text and its ``leads`` (headline and standfirst, each with
    its context and events)."""
    told: list[Told] = [("text", body, e) for e in events]
    told += [(where, context, e) for where, context, found in leads for e in found]
    return [*_changed_over(told), *_counts(body, events, quantities)]


def _changed_over(told: Sequence[Told]) -> Iterable[Discrepancy]:
    for (where_a, text_a, a), (where_b, text_b, b) in combinations(told, 2):
        if where_a == where_b or not _opposite(a, b) or _lemma(text_a, a) != _lemma(text_b, b):
            continue
        yield Discrepancy(
            kind="parties",
            summary=f"Who did it to whom is told both ways ({a.type}, {_lemma(text_a, a)}).",
            passages=[_passage(where_a, text_a, a), _passage(where_b, text_b, b)],
        )


def _opposite(a: Event, b: Event) -> bool:
    actors, recipients = _ids(a, "actors"), _ids(a, "recipients")
    if a.type != b.type or not actors or not recipients or actors & recipients:
        return False
    if a.when and b.when and a.when.basis == b.when.basis == "stated" and a.when != b.when:
        return False
    return actors == _ids(b, "recipients") and recipients == _ids(b, "actors")


def _ids(event: Event, field: Literal["actors", "recipients"]) -> set[str]:
    parties = event.actors if field == "actors" else event.recipients
    return {p.actor for p in parties if p.actor}


def _lemma(context: Context, event: Event) -> str:
    return context.tree.tokens[context.tree.first_token(event.trigger)].lemma


def _passage(where: Where, context: Context, event: Event) -> Passage:
    number = context.tree.sentence_of[context.tree.first_token(event.trigger)]
    span = context.tree.sentences[number].span
    return Passage(where=where, span=span, text=context.text[span[0] : span[1]])


def _counts(
    context: Context, events: Sequence[Event], quantities: Sequence[Quantity]
) -> Iterable[Discrepancy]:
    """The same act with the same parties, told with exact but different numbers of one thing."""
    for a, b in combinations(events, 2):
        if (a.type, a.when) != (b.type, b.when) or a.when is None or a.when.basis != "stated":
            continue
        if _ids(a, "actors") != _ids(b, "actors") or not _ids(a, "actors"):
            continue
        for x in _within(a, quantities):
            for y in _within(b, quantities):
                if x.unit and x.unit == y.unit and x.value != y.value:
                    yield Discrepancy(
                        kind="number",
                        summary=f"Two counts of '{x.unit}': {x.text}; {y.text}.",
                        passages=[
                            Passage(where="text", span=x.span, text=x.text),
                            Passage(where="text", span=y.span, text=y.text),
                        ],
                    )


def _within(event: Event, quantities: Sequence[Quantity]) -> list[Quantity]:
    return [
        q
        for q in quantities
        if q.value is not None
        and q.bound == "exact"
        and any(contains(span, q.span) for span in event.evidence)
    ]
