"""Events: who did what to whom.

A word of the event lexicon whose frame holds is a candidate act. What governs it may turn it into
another act ('refused to meet' is no meeting), the pair layer of the network weighs the type against
the words, and acts whose parties are no political actors are dropped with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from dateline.analysis import network
from dateline.analysis.model import Sentence
from dateline.record import lexicon
from dateline.record.codebook import load_codebook
from dateline.record.context import Context
from dateline.record.frames import part_of_speech
from dateline.record.lexicon import (
    BLOCK,
    INNER_ACTOR,
    INNER_RECIPIENT,
    SAME,
    Embedding,
    Frame,
    Slot,
)
from dateline.record.model import Dropped, Event, EventType, Party, PlaceMention, Statement, Status
from dateline.record.negation import negated
from dateline.record.roles import MarkedRoles, marked_roles, typed_act
from dateline.record.status import status_of
from dateline.record.tree import base
from dateline.record.when import when_of
from dateline.spans import Span, contains

# How far up the tree an act is followed ('refused to rule out sending troops').
_LONGEST_CHAIN = 3
_NONE = "NONE"
# Weight of the network's opinion beside the lexicon's; and the least posterior of an act (both set
# on the PLOVER gold records and on our own sample pages: see benchmarks/README.md).
_NETWORK_WEIGHT = 0.5
_LEAST_POSTERIOR = 0.2
# Probability a type must have where no word of the lexicon tells the act.
_LEAST_TYPE = 0.5


@dataclass(slots=True)
class Act:
    """A candidate event. Indices are tokens; ``words`` are the trigger and what made its frame hold."""

    trigger: int
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    weight: float
    actors: list[int]
    recipients: list[int]
    words: set[int]
    reciprocal: bool = False
    status: str | None = None
    speaker_asks: bool = False
    heads: list[int] = field(default_factory=list)  # governors passed on the way up


def make_events(context: Context) -> list[Event]:
    """Events of the text in order of their triggers; one act told twice is one event."""
    acts = [act for i in range(len(context.tree.tokens)) if (act := _act_at(context, i))]
    acts = [_embedded(context, act) for act in acts]
    acts = _without_repeats(context, [act for act in acts if act.type != BLOCK])
    acts = _with_marked_roles(context, acts)
    events: list[Event] = []
    for act in acts:
        event = _event(context, act)
        if event is not None:
            _add(events, event)
    return [e.model_copy(update={"id": f"e{n}"}) for n, e in enumerate(events, start=1)]


# -- candidates --------------------------------------------------------------------------------


def _act_at(context: Context, i: int) -> Act | None:
    token = context.tree.tokens[i]
    pos = part_of_speech(token.tag)
    if pos is None or base(token.dep) in {"aux", "cop"}:
        return None
    for frame in lexicon.event_frames().get((token.lemma, pos), ()):
        holds, used = context.matcher.holds(i, frame.requires)
        if holds:
            return None if frame.type == BLOCK else _act(context, i, frame, used)
    return None


def _act(context: Context, i: int, frame: Frame, used: set[int]) -> Act:
    actors = context.matcher.parties(i, frame.actor_slots)
    recipients = [r for r in context.matcher.parties(i, frame.recipient_slots) if r not in actors]
    return Act(
        i, frame.type, frame.mode, frame.contexts, frame.cameo, frame.weight, actors, recipients,
        {i, *used}, frame.reciprocal,
    )  # fmt: skip


def _embedded(context: Context, act: Act) -> Act:
    """The act as its governors turn it: 'vowed to attack' is a threat of its vower."""
    at = act.trigger
    for _ in range(_LONGEST_CHAIN):
        found = _governor(context, act, at)
        if found is None:
            return act
        rule, governor = found
        _apply(context, act, rule, governor)
        act.heads.append(governor)
        if context.tree.tokens[governor].dep.startswith("aux"):
            return act
        at = governor
    return act


def _governor(context: Context, act: Act, at: int) -> tuple[Embedding, int] | None:
    tree = context.tree
    auxiliaries = tree.dependents(at, "aux") if at == act.trigger else []
    above = tree.tokens[at].head
    for governor in [*auxiliaries, *([above] if above != at else [])]:
        for rule in lexicon.embeddings().get(tree.tokens[governor].lemma, ()):
            if _applies(context, act, rule, governor, at):
                return rule, governor
    return None


def _applies(context: Context, act: Act, rule: Embedding, governor: int, at: int) -> bool:
    if rule.embedded and act.type not in rule.embedded:
        return False
    auxiliary = base(context.tree.tokens[governor].dep) == "aux"
    if (
        auxiliary
        and context.tree.tokens[governor].lemma == "would"
        and not _of_speaker(context, act)
    ):
        return False
    if not any(_linked(context, link, governor, at, auxiliary) for link in rule.links):
        return False
    if rule.polarity == "any":
        return True
    return negated(context.tree, at if auxiliary else governor) == (rule.polarity == "-")


def _of_speaker(context: Context, act: Act) -> bool:
    """'X said it would help' promises; 'X said Y would help' does not."""
    statement = context.statement_at(context.tree.tokens[act.trigger].start)
    if statement is None or statement.speaker is None:
        return False
    parties = _parties(context, act.actors, statement.speaker)
    return any(p.actor is not None and p.actor == statement.speaker.actor for p in parties)


def _linked(context: Context, link: Slot, governor: int, at: int, auxiliary: bool) -> bool:
    if auxiliary or link[0].relation == "aux":
        return auxiliary and link[0].relation == "aux"
    reached = context.tree.fill(governor, link)
    return any(at in context.tree.conjuncts(r) for r in reached)


def _apply(context: Context, act: Act, rule: Embedding, governor: int) -> None:
    actors = _slots(context, act, rule.actor, governor)
    recipients = _slots(context, act, rule.recipient, governor)
    act.speaker_asks = not rule.actor and rule.type not in {SAME, BLOCK}
    if rule.actor:
        act.actors = actors or act.actors
    elif act.speaker_asks:
        act.actors = []
    if rule.recipient:
        act.recipients = [r for r in recipients if r not in act.actors]
    act.words.add(governor)
    if rule.status is not None:
        act.status = rule.status
    if rule.type == SAME:
        return
    act.type, act.mode, act.cameo = rule.type, rule.mode, None
    act.weight = min(act.weight, rule.weight)
    act.reciprocal = False
    if not context.tree.tokens[governor].dep.startswith("aux"):
        act.trigger = governor


def _slots(context: Context, act: Act, slots: Sequence[Slot], governor: int) -> list[int]:
    for slot in slots:
        if slot == INNER_ACTOR:
            found = act.actors
        elif slot == INNER_RECIPIENT:
            found = act.recipients
        else:
            found = context.matcher.parties(governor, (slot,))
        if found:
            return list(found)
    return []


def _without_repeats(context: Context, acts: list[Act]) -> list[Act]:
    """One act where verb and noun tell the same ('held talks', 'launched an attack'), and where a
    governor has already been read into what it governs."""
    kept: list[Act] = []
    for act in acts:
        over = [a for a in acts if a is not act and act.trigger in a.words]
        stronger = [a for a in over if _outranks(a, act)]
        if stronger:
            _hand_down(stronger[0], act)
        else:
            kept.append(act)
    return kept


def _outranks(a: Act, b: Act) -> bool:
    """True when ``b`` only repeats ``a``, whose words hold its trigger. Of two that hold each other's
    ('launched an invasion') the longer told one stays, then the first."""
    if a.trigger == b.trigger:
        return (len(a.heads), len(a.words), -a.weight) > (len(b.heads), len(b.words), -b.weight)
    if a.trigger not in b.words:
        return True
    return (len(a.words), b.trigger) > (len(b.words), a.trigger)


def _hand_down(kept: Act, dropped: Act) -> None:
    kept.words |= dropped.words
    if not kept.recipients and dropped.type == kept.type:
        kept.recipients = [r for r in dropped.recipients if r not in kept.actors]
    if not kept.actors and not kept.speaker_asks:
        kept.actors = [a for a in dropped.actors if a not in kept.recipients]
    if kept.mode is None and dropped.type == kept.type:
        kept.mode = dropped.mode


def _with_marked_roles(context: Context, acts: list[Act]) -> list[Act]:
    """Acts with parties that syntax left open filled from the role head, and acts of sentences where
    the lexicon found none."""
    by_sentence: dict[int, list[Act]] = {}
    for act in acts:
        by_sentence.setdefault(context.tree.sentence_of[act.trigger], []).append(act)
    for number, sentence in enumerate(context.analysis.sentences):
        roles = marked_roles(context, sentence)
        if not roles.actors and not roles.recipients:
            continue
        here = by_sentence.setdefault(number, [])
        if len(here) == 1 and context.tree.tokens[here[0].trigger].tag.startswith("V"):
            _fill_open(here[0], roles)
        elif not here and roles.actors and roles.recipients:
            marked = _marked_act(context, sentence, roles)
            here.extend([marked] if marked else [])
    return [act for number in sorted(by_sentence) for act in by_sentence[number]]


def _fill_open(act: Act, roles: MarkedRoles) -> None:
    if not act.actors and not act.speaker_asks:
        act.actors = [i for i in roles.actors if i not in act.recipients]
    if not act.recipients and not act.reciprocal:
        act.recipients = [i for i in roles.recipients if i not in act.actors]


def _marked_act(context: Context, sentence: Sentence, roles: MarkedRoles) -> Act | None:
    typed = typed_act(context, sentence, roles)
    if typed is None or typed[0] == _NONE or typed[1] < _LEAST_TYPE:
        return None
    kind, chance, trigger = typed
    if _speech_only(context, roles, trigger):
        return None
    return Act(
        trigger, kind, None, (), None, chance, roles.actors, roles.recipients, {trigger},
    )  # fmt: skip


def _speech_only(context: Context, roles: MarkedRoles, trigger: int) -> bool:
    """True when the marked actor is merely the one who says what the trigger is part of, or the
    trigger is the cue itself: a report is a statement, not an act."""
    tokens = context.tree.tokens
    start = tokens[trigger].start
    for statement in context.statements:
        if any(a <= start < b for a, b in statement.cue):
            return True
        inside = any(a <= start < b for a, b in statement.content)
        speaker = statement.speaker.span if statement.speaker else None
        if (
            inside
            and speaker
            and any(speaker[0] <= tokens[i].start < speaker[1] for i in roles.actors)
        ):
            return True
    return False


# -- from candidate to event -------------------------------------------------------------------


def _event(context: Context, act: Act) -> Event | None:
    token = context.tree.tokens[act.trigger]
    statement = context.statement_at(token.start)
    speaker = statement.speaker if statement else None
    actors = _parties(context, act.actors, speaker)
    recipients = [
        p for p in _parties(context, act.recipients, speaker)
        if not any(_same(p, a) for a in actors)
    ]  # fmt: skip
    if act.speaker_asks and speaker is not None:
        actors = [speaker]
    if not _political(context, [*actors, *recipients]):
        _drop(context, "no_party", "no political actor among the parties", token.span)
        return None
    kind, posterior = _weigh(context, act)
    if kind == _NONE or posterior < _LEAST_POSTERIOR:
        _drop(context, "unsure", f"may be {act.type}, too unsure", token.span)
        return None
    if act.reciprocal and kind == act.type:
        actors, recipients = [*actors, *recipients], []
    return _assemble(context, act, kind, posterior, actors, recipients, statement)


def _assemble(
    context: Context,
    act: Act,
    kind: str,
    posterior: float,
    actors: list[Party],
    recipients: list[Party],
    statement: Statement | None,
) -> Event:
    book = load_codebook()
    mode = act.mode if kind == act.type else None
    contexts = list(act.contexts) if kind == act.type else []
    when = when_of(context, act.trigger)
    status = status_of(context, act.trigger, act.words, when)
    if act.status is not None and status != "background":
        status = cast(Status, act.status)
    return Event(
        id="",
        type=cast(EventType, kind),
        mode=mode,
        contexts=contexts,
        cameo=(act.cameo if kind == act.type else None) or book.cameo_for(kind, mode, contexts),
        quad=book.quad(kind),
        intensity=book.intensity(kind, mode),
        actors=actors,
        recipients=recipients,
        trigger=context.tree.tokens[act.trigger].span,
        evidence=[_evidence(context, act)],
        place=_place(context, act),
        when=when,
        status=status,
        statement=statement.id if statement else None,
        confidence=round(posterior, 4),
    )


def _parties(context: Context, indices: Sequence[int], speaker: Party | None) -> list[Party]:
    found: list[Party] = []
    for i in indices:
        party = context.cast.party(i, speaker)
        if party is not None and not any(_same(party, p) for p in found):
            found.append(party)
    return found


def _same(a: Party, b: Party) -> bool:
    return a.span == b.span or (a.actor is not None and a.actor == b.actor)


def _political(context: Context, parties: Sequence[Party]) -> bool:
    """At least one party has a country or a sector."""
    for party in parties:
        actor = context.cast.actors.get(party.actor or "")
        if actor is not None and (actor.country or actor.sector not in {"", "UNK"}):
            return True
    return False


def _weigh(context: Context, act: Act) -> tuple[str, float]:
    """The type by lexicon and network together, and its posterior probability."""
    tree = context.tree
    sentence = context.analysis.sentences[tree.sentence_of[act.trigger]]

    def rows(heads: Sequence[int]) -> list[int]:
        return [
            i - sentence.first
            for head in heads
            for i in tree.phrase_tokens(head)
            if sentence.first <= i < sentence.last
        ]

    types = network.labels()["type"]
    probabilities, _ = network.run_pairs(
        context.reading.hidden(sentence), rows(act.actors), rows(act.recipients)
    )
    prior = np.full(len(types), (1 - act.weight) / len(types))
    prior[types.index(act.type)] += act.weight
    joint = prior * np.power(probabilities + 1e-4, _NETWORK_WEIGHT)
    joint /= joint.sum()
    best = int(joint.argmax())
    return types[best], float(joint[best])


def _evidence(context: Context, act: Act) -> Span:
    """The clause of the act: from the first to the last of its words and parties."""
    tree = context.tree
    spans = [tree.tokens[i].span for i in act.words]
    spans += [tree.phrase(i) for i in [*act.actors, *act.recipients]]
    sentence = tree.sentences[tree.sentence_of[act.trigger]]
    inside = [s for s in spans if contains(sentence.span, s)]
    return min(s for s, _ in inside), max(e for _, e in inside)


def _place(context: Context, act: Act) -> PlaceMention | None:
    """A toponym after in, at, near or on that hangs on the act's clause; None when none does."""
    tree = context.tree
    above = {act.trigger, *act.words, tree.clause(act.trigger)}
    for place in context.analysis.places:
        if place.kind == "demonym":
            continue
        head = tree.head_in(place.span)
        if head is None or tree.sentence_of[head] != tree.sentence_of[act.trigger]:
            continue
        if tree.case(head) in {"in", "at", "near", "on", "outside", "around"} and (
            tree.tokens[head].head in above
        ):
            return PlaceMention(
                span=place.span, name=place.name, lat=place.lat, lon=place.lon,
                country=place.country, geonameid=place.geonameid,
            )  # fmt: skip
    return None


def _add(events: list[Event], event: Event) -> None:
    """Append an event, or add its evidence to the same act told before."""
    for n, known in enumerate(events):
        if _same_act(known, event):
            evidence = sorted({*known.evidence, *event.evidence})
            events[n] = known.model_copy(update={"evidence": evidence})
            return
    events.append(event)


def _same_act(a: Event, b: Event) -> bool:
    if (a.type, a.status) != (b.type, b.status) or (a.mode and b.mode and a.mode != b.mode):
        return False
    if _ids(a.actors) != _ids(b.actors) or _ids(a.recipients) != _ids(b.recipients):
        return False
    if not _ids(a.actors) and not _ids(a.recipients):
        return False
    return a.when is None or b.when is None or (a.when.start, a.when.end) == (
        b.when.start, b.when.end
    )  # fmt: skip


def _ids(parties: Sequence[Party]) -> frozenset[str]:
    return frozenset(p.actor or p.text for p in parties)


def _drop(context: Context, reason: str, message: str, span: Span) -> None:
    context.dropped.append(Dropped(stage="event", reason=reason, message=message, span=span))
