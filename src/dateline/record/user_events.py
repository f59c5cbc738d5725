"""A user's event types in an article: events of one, and acts that only the user's words tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import cast

from dateline.analysis.engine import read_text
from dateline.record.acts import plain_parties
from dateline.record.context import Context
from dateline.record.frames import part_of_speech
from dateline.record.lexicon import event_frames
from dateline.record.model import Dropped, Event, EventType, Party
from dateline.record.parties import parties_of, political, powerful, same_party, standing
from dateline.record.status import status_of
from dateline.record.tree import base
from dateline.record.user_codebook import MarkedSentence, UserType
from dateline.record.user_types import LEAST_CHANCE, TypeReader
from dateline.record.when import of_status, when_of
from dateline.spans import Span, hull, overlaps

# An act under one that is coded is told by it: 'threatened to impound', 'ordered the impounding'.
_UNDER = frozenset({"xcomp", "ccomp", "obj"})

# A word that the type's own examples are told by needs less (the tests' harbour story, 4 examples).
_LEAST_OF_OWN_WORD = 0.35

Word = tuple[str, str]  # lemma and part of speech (V, N, A)


def with_user_types(context: Context, events: Sequence[Event], reader: TypeReader) -> list[Event]:
    """The events with the user's types noted in ``user_types``, and the acts told by the words of the
    user's examples that the lexicon does not know. Where the codebook takes PLOVER's place, events of
    none of its types are dropped and the others have its quad class and score. Ids are given anew."""
    words = words_of(reader.book.types.values())
    listed = [event for event in events if not _users_word(context, event, words)]
    marked = [_marked(context, event, reader) for event in listed]
    marked = [*marked, *_found_by_words(context, marked, reader)]
    if reader.book.use == "replace":
        for event in marked:
            if not event.user_types:
                _drop(context, event)
        marked = [_rescored(event, reader) for event in marked if event.user_types]
    marked.sort(key=lambda event: event.trigger)
    return [e.model_copy(update={"id": f"e{n}"}) for n, e in enumerate(marked, start=1)]


def _users_word(context: Context, event: Event, words: frozenset[Word]) -> bool:
    """The network alone made the event, of a word that the user has for an own type: his goes first."""
    token = context.tree.tokens[context.tree.first_token(event.trigger)]
    key = token.lemma, part_of_speech(token.tag) or ""
    return key in words and key not in event_frames()


def _marked(context: Context, event: Event, reader: TypeReader) -> Event:
    found = _chances(context, event.trigger, event.actors, event.recipients, reader)
    kept = {name: p for name, p in found.items() if _may_be(event, reader.book.types[name])}
    return event.model_copy(update={"user_types": kept})


def _may_be(event: Event, kind: UserType) -> bool:
    """False for an event with another mode of the type that the user's maps to: an arrest is no
    COERCE/seize, however alike the sentences are."""
    other = event.mode is not None and kind.mode is not None and event.mode != kind.mode
    return not (other and event.type == kind.type)


def _chances(
    context: Context, trigger: Span, actors: Iterable[Party], recipients: Iterable[Party],
    reader: TypeReader,
) -> dict[str, float]:  # fmt: skip
    """The user's types that the act has, the likeliest first."""
    tree = context.tree
    at = tree.first_token(trigger)
    told = context.reading.act(
        tree.sentences[tree.sentence_of[at]],
        _tokens(context, actors), _tokens(context, recipients), [at],
    )  # fmt: skip
    chances = reader.chances(told.state, marked=True)
    token = tree.tokens[at]
    word = token.lemma, part_of_speech(token.tag) or ""
    own = {n for n, kind in reader.book.types.items() if word in words_of([kind])}
    kept = sorted(
        (-p, name)
        for name, p in chances.items()
        if p >= (_LEAST_OF_OWN_WORD if name in own else LEAST_CHANCE)
    )
    return {name: round(-p, 4) for p, name in kept}


def _tokens(context: Context, parties: Iterable[Party]) -> list[int]:
    tokens = context.tree.tokens
    found = []
    for party in parties:
        i = context.tree.first_token(party.span)
        while i < len(tokens) and overlaps(tokens[i].span, party.span):
            found.append(i)
            i += 1
    return found


def _rescored(event: Event, reader: TypeReader) -> Event:
    kind = reader.book.types[next(iter(event.user_types))]
    return event.model_copy(update={"quad": kind.quad, "intensity": kind.intensity})


def _drop(context: Context, event: Event) -> None:
    message = f"{event.type} is none of the codebook's types"
    context.dropped.append(
        Dropped(stage="event", reason="not_in_codebook", message=message, span=event.trigger)
    )


# -- acts that only the user's words tell ------------------------------------------------------


def _found_by_words(
    context: Context, events: Sequence[Event], reader: TypeReader
) -> Iterator[Event]:
    words = words_of(reader.book.types.values())
    known = {context.tree.first_token(event.trigger) for event in events}
    for token in context.tree.tokens:
        pos = part_of_speech(token.tag)
        if (token.lemma, pos or "") not in words or token.i in known:
            continue
        if base(token.dep) in {"aux", "cop"} or (token.head in known and base(token.dep) in _UNDER):
            continue
        event = _event(context, token.i, reader)
        if event is not None:
            yield event


def words_of(types: Iterable[UserType]) -> frozenset[Word]:
    """Lemma and part of speech of the words that tell the act in the types' examples."""
    return frozenset(w for kind in types for s in kind.examples for w in _act_words(s))


@lru_cache(maxsize=1024)
def _words_in(text: str, act: tuple[Span, ...]) -> tuple[Word, ...]:
    """Examples are read once, not once an event."""
    return tuple(
        (token.lemma, pos)
        for token in read_text(text).analysis.tokens
        if (pos := part_of_speech(token.tag)) is not None
        and any(overlaps(token.span, span) for span in act)
    )


def _act_words(sentence: MarkedSentence) -> Iterator[Word]:
    yield from _words_in(sentence.text, tuple(sentence.act))


def _event(context: Context, i: int, reader: TypeReader) -> Event | None:
    token = context.tree.tokens[i]
    statement = context.statement_at(token.start)
    speaker = statement.speaker if statement else None
    doers, others = plain_parties(context, i)
    actors = parties_of(context, doers, speaker)
    recipients = [
        p
        for p in parties_of(context, others, speaker)
        if not any(same_party(p, a) for a in actors)
    ]
    if not _counts(context, [*actors, *recipients]):
        return None
    found = _chances(context, token.span, actors, recipients, reader)
    if not found:
        return None
    name, chance = next(iter(found.items()))
    kind = reader.book.types[name]
    when = when_of(context, i)
    status = status_of(context, i, {i}, when)
    return Event(
        id="",
        type=cast(EventType, kind.type),
        mode=kind.mode,
        contexts=list(kind.contexts),
        cameo=kind.cameo,
        quad=kind.quad,
        intensity=kind.intensity,
        actors=actors,
        recipients=recipients,
        trigger=token.span,
        evidence=[
            hull([token.span, *(p.span for p in (*actors, *recipients) if _near(context, i, p))])
        ],
        when=of_status(when, status),
        status=status,
        statement=statement.id if statement else None,
        confidence=chance,
        user_types=found,
    )


def _counts(context: Context, parties: Sequence[Party]) -> bool:
    """As for the lexicon's acts: in an article some party is a power or stands for one."""
    if context.single:
        return political(context, parties)
    return any(powerful(context, p) or standing(context, p) for p in parties)


def _near(context: Context, i: int, party: Party) -> bool:
    """The party is named in the sentence of the act."""
    tree = context.tree
    start, end = tree.sentences[tree.sentence_of[i]].span
    return start <= party.span[0] and party.span[1] <= end
