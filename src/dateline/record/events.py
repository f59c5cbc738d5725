"""Events: who did what to whom.

A word of the event lexicon whose frame holds is a candidate act (``acts``). The network's role head
names the parties of a sentence's main act (``roles``), the pair layer weighs the type against the
words, and acts whose parties are no political actors are dropped with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np

from dateline.analysis import network
from dateline.analysis.network import Floats
from dateline.record.acceptance import Features, features, probability
from dateline.record.acts import Act, candidate_acts, word_types
from dateline.record.codebook import load_codebook
from dateline.record.completion import complete_actors, complete_recipients
from dateline.record.context import Context
from dateline.record.model import Dropped, Event, EventType, Party, PlaceMention, Statement, Status
from dateline.record.parties import (
    doer,
    is_party,
    parties_of,
    political,
    powerful,
    same_party,
    standing,
)
from dateline.record.roles import with_marked_roles
from dateline.record.status import status_of
from dateline.record.when import of_status, when_of
from dateline.spans import Span, contains

_NONE = "NONE"
_PLACE_CASES = frozenset({"in", "at", "near", "on", "outside", "around"})
_DEEDS = frozenset({"ASSAULT", "COERCE", "SANCTION", "PROTEST", "MOBILIZE", "RETREAT"})
# Weight of the network's opinion beside the lexicon's; and the least posterior of an act (both set
# on the PLOVER gold records and on our own sample pages: see benchmarks/README.md).
_NETWORK_WEIGHT = 0.9
_ONE_SIDED_WEIGHT = 0.5  # when only one side is known: the pair layer was trained on pairs
_LEAST_POSTERIOR = 0.35
# Most sentences of an article tell no act, so a word that seldom means one needs more support, and so
# does another type than the word's.
_LEAST_IN_ARTICLE = 0.6
_WEAK_FRAME = 0.7
# Least probability of a candidate that is coded (judged events: see benchmarks/judged/README.md).
_LEAST_CHANCE = 0.25
_LEAST_SINGLE = 0.0
_PLURAL = frozenset({"NNS", "NNPS"})
_WITHOUT_RECIPIENT = frozenset({"resign"})
_OF_POPULATIONS = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})


def make_events(context: Context) -> list[Event]:
    """Events of the text in order of their triggers; one act told twice is one event."""
    events: list[Event] = []
    for _, event, found in candidates(context):
        chance = probability(found)
        if chance < least_chance(context):
            _drop(context, "unsure", f"may be {event.type}, too unsure", event.trigger)
            continue
        _add(events, event.model_copy(update={"confidence": round(chance, 4)}))
    return [e.model_copy(update={"id": f"e{n}"}) for n, e in enumerate(events, start=1)]


def least_chance(context: Context) -> float:
    """Least probability of a candidate that is coded."""
    return _LEAST_SINGLE if context.single else _LEAST_CHANCE


def candidate_events(context: Context) -> Iterator[tuple[Event, Features]]:
    """Events before the last decision, each with what the decision is made from, in text order."""
    for _, event, found in candidates(context):
        yield event, found


def candidates(context: Context) -> Iterator[tuple[Act, Event, Features]]:
    """As ``candidate_events``, with the act that each event was made from."""
    return of_acts(context, read_acts(context))


def read_acts(context: Context, *, every: bool = False) -> list[Act]:
    """Candidate acts with their parties; ``every``: those too that are unlikely at a first look."""
    acts = candidate_acts(context)
    for act in acts:
        complete_actors(context, act)
    return with_marked_roles(context, acts, every=every)


def of_acts(context: Context, acts: Sequence[Act]) -> Iterator[tuple[Act, Event, Features]]:
    """The acts that have what an event needs, each with its event."""
    for act in acts:
        complete_recipients(context, act)
        found = _event(context, act)
        if found is not None:
            event, posterior = found
            yield act, event, features(context, act, event, posterior)


# -- from candidate to event -------------------------------------------------------------------


def _event(context: Context, act: Act) -> tuple[Event, float] | None:
    token = context.tree.tokens[act.trigger]
    statement = context.statement_at(token.start)
    if not context.single:
        act.recipients = [r for r in act.recipients if is_party(context, doer(context, r))]
        act.actors = [
            a for a in act.actors if a != act.trigger and is_party(context, doer(context, a))
        ]
    speaker = statement.speaker if statement else None
    actors = parties_of(context, act.actors, speaker, act.spans)
    recipients = [
        p for p in parties_of(context, act.recipients, speaker, act.spans)
        if not any(same_party(p, a) for a in actors)
    ]  # fmt: skip
    if act.speaker_asks and speaker is not None:
        actors = [speaker]
    if act.mode in _WITHOUT_RECIPIENT:
        recipients = []
    if _reflexive(context, act):
        _drop(context, "reflexive", "done to oneself", token.span)
        return None
    if not _counts(context, act, [*actors, *recipients]):
        _drop(context, "no_party", "no political actor among the parties", token.span)
        return None
    if not actors and not _may_lack_actor(context, act):
        _drop(context, "no_actor", f"nobody does the {act.type}", token.span)
        return None
    if not context.single and _alone_in_talk(context, act, actors, recipients):
        _drop(context, "no_counterpart", "nobody to talk to or to visit", token.span)
        return None
    kind, posterior = _weigh(context, act)
    weak = act.weight < _WEAK_FRAME and not context.single and not act.unlisted
    overruled = kind != act.type and not (context.single or act.unlisted)
    least = _LEAST_IN_ARTICLE if weak or overruled else _LEAST_POSTERIOR
    if kind == _NONE or posterior < least:
        _drop(context, "unsure", f"may be {act.type}, too unsure", token.span)
        return None
    if act.reciprocal and kind == act.type:
        actors, recipients = [*actors, *recipients], []
    return _assemble(context, act, kind, actors, recipients, statement), posterior


def _reflexive(context: Context, act: Act) -> bool:
    """'Defended themselves'; a bomber who 'blew himself up' is another matter."""
    tokens = context.tree.tokens
    return tokens[act.trigger].lemma != "blow" and any(
        tokens[i].text.lower().endswith(("self", "selves")) for i in act.syntactic
    )


def _assemble(
    context: Context,
    act: Act,
    kind: str,
    actors: list[Party],
    recipients: list[Party],
    statement: Statement | None,
) -> Event:
    book = load_codebook()
    mode = act.mode if kind == act.type else None
    contexts = list(act.contexts) if kind == act.type else []
    when = when_of(context, act.trigger)
    status = status_of(context, act.trigger, act.words, when, refused=act.refused)
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
        when=of_status(when, status),
        status=status,
        statement=statement.id if statement else None,
        confidence=0.0,
    )


def _weigh(context: Context, act: Act) -> tuple[str, float]:
    """The type by lexicon and network together, and its posterior probability."""
    types = network.labels()["type"]
    joint = type_posterior(context, act)
    free = context.single or act.unlisted
    open_ = np.ones(len(types)) if free else _plausible(context, act, types)
    best = int((joint * open_).argmax())
    return types[best], float(joint[best])


def type_posterior(context: Context, act: Act) -> Floats:
    """Probability [17] of each type, and of no act, by lexicon and network together."""
    tree = context.tree
    types = network.labels()["type"]
    if act.marked is None:
        act.whole = context.reading.act(
            tree.sentences[tree.sentence_of[act.trigger]],
            [i for head in act.actors for i in tree.phrase_tokens(head)],
            [i for head in act.recipients for i in tree.phrase_tokens(head)],
            [act.trigger],
        )
    read = [answer.type for answer in (act.marked, act.whole) if answer is not None]
    probabilities = np.prod(read, axis=0) ** (1 / len(read))
    prior = np.full(len(types), (1 - act.weight) / len(types))
    prior[types.index(act.type)] += act.weight
    weight = _NETWORK_WEIGHT if act.actors and act.recipients else _ONE_SIDED_WEIGHT
    joint = prior * np.power(probabilities + 1e-4, weight)
    shares: Floats = joint / joint.sum()
    return shares


def _plausible(context: Context, act: Act, types: Sequence[str]) -> Floats:
    """1 for the types that the act's word can have, 0 for others: in an article the network may
    choose among them or make the act unsure, but not read a new meaning into the word."""
    known = {act.type, _NONE, *word_types(context.tree.tokens[act.trigger], said=False)}
    return np.array([kind in known for kind in types], dtype=np.float32)


def _counts(context: Context, act: Act, parties: Sequence[Party]) -> bool:
    """Some party is a political actor. In an article one of them must be a state, a part of one or
    organised for power, or the act must be one that a population does or suffers: most of what
    articles tell is business, sport and private life."""
    if context.single:
        return political(context, parties)
    if any(powerful(context, p) for p in parties):
        return True
    return act.type in _OF_POPULATIONS and any(standing(context, p) for p in parties)


def _alone_in_talk(
    context: Context, act: Act, actors: Sequence[Party], recipients: Sequence[Party]
) -> bool:
    """A talk of one, an interview, or a visit that leads to no other power ('spoke for an hour',
    'travelled to the coast')."""
    if act.type != "CONSULT":
        return False
    if any(_reporter(context, p) for p in [*actors, *recipients]):
        return True
    if act.mode == "visit":
        return not any(_foreign(context, a, r) for a in actors for r in recipients)
    plural = any(context.tree.tokens[h].tag in _PLURAL for h in act.actors)
    return len(actors) + len(recipients) < 2 and not plural


def _reporter(context: Context, party: Party) -> bool:
    actor = context.cast.actors.get(party.actor or "")
    return actor is not None and "JRN" in {actor.sector, actor.sector2}


def _foreign(context: Context, visitor: Party, host: Party) -> bool:
    """The host is a power or a place abroad, not at home with the visitor."""
    if not powerful(context, visitor):
        return False
    ours, theirs = _country(context, visitor), _country(context, host)
    if ours and theirs:
        return ours != theirs
    return bool(theirs) or powerful(context, host)


def _country(context: Context, party: Party) -> str:
    """Code of the party's country, or of the place it names; '' when unknown."""
    actor = context.cast.actors.get(party.actor or "")
    if actor is not None and actor.country:
        return actor.country
    return next((p.country for p in context.analysis.places if contains(party.span, p.span)), "")


def _may_lack_actor(context: Context, act: Act) -> bool:
    """Deeds are told without their doer ('24 people were killed', 'the shelling of Kyiv'); words of
    somebody are not, but for a passive ('was accused of')."""
    return act.type in _DEEDS or context.tree.is_passive(act.trigger)


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
        if tree.case(head) not in _PLACE_CASES or _of_object(context, act, head):
            continue
        if tree.tokens[head].head in above:
            return PlaceMention(
                span=place.span, name=place.name, lat=place.lat, lon=place.lon,
                country=place.country, geonameid=place.geonameid,
            )  # fmt: skip
    return None


def _of_object(context: Context, act: Act, place: int) -> bool:
    """'Discussed the war in Yemen': the place stands right after the object and is where that is."""
    tree = context.tree
    case = min(tree.dependents(place, "case"), default=place)
    before = case - 1
    return before in tree.objects(act.trigger) and before not in act.words


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
