"""Examples for the act reader: a sentence, which of its words are marked, and what is to be told.

Marks are the reader's input (actor, recipient and trigger of one act, any of them absent), targets
its output. Four kinds of marking are mixed, so that the shipped reader answers any of them:

========  ==============================================  ==================================
marked    asked                                           from
========  ==============================================  ==================================
nothing   actor and recipient of the main act; triggers   CAMEO spans, PLV, own events
pair      type, conflict, trigger                         PLV, AW, CAMEO, GSR, own pairs
trigger   type, status, the act's actor and recipient     GSR, AW, own events
all       type (NONE for a wrong party), status           own events
========  ==============================================  ==================================
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpora import ROLES, TYPES, Example, bio, indices, read_jsonl, words_in

from dateline.spans import Span

STATUSES = ["happened", "ongoing", "planned", "proposed", "hypothetical", "denied", "background"]
NONE = TYPES.index("NONE")
ACTOR, RECIPIENT, TRIGGER = 1, 2, 4


@dataclass
class Marked:
    """One question about one sentence. Word indices; None or empty where nothing is told."""

    source: str
    words: list[str]
    actor: Sequence[int] = ()
    recipient: Sequence[int] = ()
    trigger: Sequence[int] = ()
    types: list[int] | None = None
    conflict: int | None = None
    status: int | None = None
    told_by: Sequence[int] = ()
    roles: list[int] | None = None
    kinds: list[int] | None = None


@dataclass
class OwnEvent:
    trigger: list[int]
    type: str
    actor: list[list[int]]
    recipient: list[list[int]]
    status: str


@dataclass
class OwnSentence:
    words: list[str]
    events: list[OwnEvent] = field(default_factory=list)


def role_tags(length: int, actors: list[list[int]], recipients: list[list[int]]) -> list[int]:
    """BIO tags; a phrase on both sides is tagged ``both``."""
    both = [p for p in actors if p in recipients]
    chunks = [(p, "actor") for p in actors if p not in both]
    chunks += [(p, "recipient") for p in recipients if p not in both]
    return bio(ROLES, length, chunks + [(p, "both") for p in both])


def joined(phrases: list[list[int]]) -> list[int]:
    return [i for phrase in phrases for i in phrase]


def runs(chosen: Sequence[int]) -> list[list[int]]:
    """Word indices cut into unbroken runs."""
    found: list[list[int]] = []
    for i in sorted(set(chosen)):
        if found and found[-1][-1] == i - 1:
            found[-1].append(i)
        else:
            found.append([i])
    return found


# -- corpora of marked pairs -------------------------------------------------------------------


def questions(examples: list[Example], tagged: bool) -> Iterator[Marked]:
    """Questions about the corpora of ``corpora.py``; with ``tagged`` the marked parties are asked for
    as well, in the unmarked sentence (a corpus whose pairs are those of the main act)."""
    for e in examples:
        pair = e.pair
        if "roles" in e.labels:
            yield Marked(e.source, e.words, roles=e.labels["roles"])
        if pair is None:
            continue
        told = {"types": pair.types, "conflict": pair.conflict}
        yield Marked(e.source, e.words, pair.actor, pair.recipient, told_by=pair.trigger or (), **told)
        if not pair.actor or not pair.recipient:
            continue
        tags = role_tags(len(e.words), runs(pair.actor), runs(pair.recipient))
        if pair.trigger:
            yield Marked(e.source, e.words, trigger=pair.trigger, roles=tags, **told)
        elif tagged and "roles" not in e.labels:
            yield Marked(e.source, e.words, roles=tags)


# -- sentences of the project, all events annotated --------------------------------------------


def own_sentences(path: Path) -> list[OwnSentence]:
    """Sentences of ``own_events.jsonl``. Raises ValueError for a phrase that is not in its text."""
    return [own_sentence(row) for row in read_jsonl(path)]


def own_sentence(row: dict) -> OwnSentence:
    words, spans = words_in(row["text"])

    def find(phrase: str) -> list[int]:
        return indices(spans, phrase_span(row["text"], phrase))

    events = [
        OwnEvent(
            find(e["trigger"]),
            e["type"],
            [find(p) for p in e["actor"]],
            [find(p) for p in e["recipient"]],
            e["status"],
        )
        for e in row["events"]
    ]
    return OwnSentence(words, events)


def phrase_span(text: str, phrase: str) -> Span:
    """Where a phrase stands; ``phrase#2`` is its second occurrence."""
    plain, _, count = phrase.partition("#")
    at = -1
    for _ in range(int(count or 1)):
        at = text.find(plain, at + 1)
        if at < 0:
            raise ValueError(f"{phrase!r} is not in {text!r}")
    return at, at + len(plain)


def own_questions(sentences: list[OwnSentence], rng: random.Random) -> Iterator[Marked]:
    for s in sentences:
        kinds = [NONE] * len(s.words)
        for e in s.events:
            for i in e.trigger:
                kinds[i] = TYPES.index(e.type)
        yield Marked("own-events", s.words, kinds=kinds)
        for e in s.events:
            yield from _of_event(s, e, rng)
        other = _other_word(s, rng)
        if other is not None:
            none = [0] * len(s.words)
            yield Marked("own-events", s.words, trigger=[other], types=[NONE], roles=none)


def _of_event(s: OwnSentence, e: OwnEvent, rng: random.Random) -> Iterator[Marked]:
    kind, status = [TYPES.index(e.type)], STATUSES.index(e.status)
    actor, recipient = joined(e.actor), joined(e.recipient)
    tags = role_tags(len(s.words), e.actor, e.recipient)
    yield Marked("own-events", s.words, trigger=e.trigger, types=kind, status=status, roles=tags)
    whole = Marked("own-events", s.words, actor, recipient, e.trigger, kind, status=status)
    yield whole
    if actor and recipient and len(s.events) == 1:
        yield Marked("own-events", s.words, actor, recipient, types=kind, told_by=e.trigger)
    wrong = _wrong_parties(s, e, rng)
    if wrong is not None:
        yield Marked("own-events", s.words, *wrong, e.trigger, [NONE])


def _wrong_parties(
    s: OwnSentence, e: OwnEvent, rng: random.Random
) -> tuple[list[int], list[int]] | None:
    """The act with its sides swapped, or with a party of another act of the sentence."""
    actor, recipient = joined(e.actor), joined(e.recipient)
    choices = []
    if actor and recipient and set(actor) != set(recipient) and e.type not in RECIPROCAL:
        choices.append((recipient, actor))
    strangers = [
        p
        for other in s.events
        for p in (*other.actor, *other.recipient)
        if not set(p) & {*actor, *recipient}
    ]
    if strangers:
        choices += [(rng.choice(strangers), recipient), (actor, rng.choice(strangers))]
    return rng.choice(choices) if choices else None


RECIPROCAL = frozenset({"CONSULT", "AGREE", "COOPERATE"})


def _other_word(s: OwnSentence, rng: random.Random) -> int | None:
    """A lower-case word of some length that is no trigger."""
    triggers = {i for e in s.events for i in e.trigger}
    open_ = [i for i, w in enumerate(s.words) if i not in triggers and len(w) > 4 and w.islower()]
    return rng.choice(open_) if open_ else None

