"""Why an event is coded as it is: which words led to each field, and what else came close.

The article of the record is analysed again; the same input gives the same output, so what is found is
what the record was made from. A record of another version may hold events that this one no longer finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from pydantic import BaseModel, ConfigDict

from dateline.analysis import network
from dateline.record.acceptance import Features, probability
from dateline.record.actors import Registry
from dateline.record.actors.dates import in_period
from dateline.record.acts import Act
from dateline.record.build import read_context
from dateline.record.context import Context
from dateline.record.events import candidates, least_chance, type_posterior
from dateline.record.frames import part_of_speech
from dateline.record.lexicon import Condition, Frame, event_frames, status_cues
from dateline.record.model import Dropped, Event, Party, Record, Statement
from dateline.record.negation import negated
from dateline.record.people import Member
from dateline.record.statements import make_statements
from dateline.record.status import tense
from dateline.record.tree import base
from dateline.spans import Span, contains, overlaps

_TOP = 3
_FEATURES = 6  # of the confidence that are shown
_BLOCK = "-"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(_Model):
    """Words of the article, where they stand in ``article.text``, and what they did."""

    text: str
    span: Span
    role: str = ""


class Choice(_Model):
    """Something chosen among alternatives, or one of them. ``probability`` None: not weighed."""

    label: str
    probability: float | None = None
    note: str = ""


class TriggerWhy(_Model):
    """The word that tells the act. ``frame`` is the row of event_lexicon.csv that held (lemma, part of
    speech, conditions), '' when a user's codebook or the network named the word; ``says`` its type and
    mode; ``weight`` 0..1. ``others`` are frames of the same word that did not hold or came after it;
    ``words`` made the frame hold; ``governors`` made another act of it."""

    word: Words
    frame: str
    says: str
    weight: float | None
    words: list[Words] = []
    governors: list[Words] = []
    others: list[str] = []


class TypeWhy(_Model):
    """The type and what came close: by lexicon and network together, and by the network alone. 'NONE'
    is no act. ``user_types`` as in the event."""

    chosen: str
    together: list[Choice]
    network_alone: list[Choice]
    user_types: dict[str, float] = {}


class PartyWhy(_Model):
    """A party, and the way from the words to the actor. ``side`` is actor or recipient; ``found_by``
    says what named it; ``name`` is the article's own name for whom the words mean, None for none, and
    ``mentions`` how often it stands there; ``entry`` the registry's entry, ``role`` what it held on the
    day with its period, ``source`` the table or rule that resolved it."""

    side: str
    words: Words
    found_by: str
    name: str | None = None
    mentions: int = 0
    actor: str | None = None
    entry: str | None = None
    role: str = ""
    source: str = ""
    note: str | None = None


class FieldWhy(_Model):
    """A field, the words behind it, and its alternatives."""

    value: str
    reason: str
    words: list[Words] = []
    alternatives: list[Choice] = []


class Contribution(_Model):
    """What one feature added to the log odds of the confidence."""

    feature: str
    value: float
    added: float


class ConfidenceWhy(_Model):
    """The probability that type and parties are right, the least that is coded, and the features that
    moved it most, the strongest first."""

    value: float
    least: float
    contributions: list[Contribution] = []


class Explanation(_Model):
    """Why an event is as it is. ``evidence`` are its words; ``dropped_nearby`` what was seen in the same
    or a neighbouring sentence and not coded."""

    event: Event
    evidence: list[Words]
    trigger: TriggerWhy
    type: TypeWhy
    parties: list[PartyWhy]
    status: FieldWhy
    when: FieldWhy
    place: FieldWhy
    reporter: FieldWhy
    confidence: ConfidenceWhy
    dropped_nearby: list[Dropped] = []


class UnknownEvent(LookupError):
    """The record has no event of that id; the message names those it has."""


@dataclass(frozen=True, slots=True)
class _Case:
    """An event of a record, with the context and act it was made from. ``act`` and ``features`` None:
    told only by the words of a user's codebook, or by a record of another version."""

    record: Record
    event: Event
    context: Context
    registry: Registry
    act: Act | None
    features: Features | None

    @property
    def at(self) -> int:
        """The trigger's token."""
        return self.context.tree.first_token(self.event.trigger)

    def words(self, span: Span, role: str = "") -> Words:
        return Words(text=self.context.text[span[0] : span[1]], span=span, role=role)

    def token(self, i: int, role: str = "") -> Words:
        return self.words(self.context.tree.tokens[i].span, role)


def explain(record: Record, event_id: str, *, registry: Registry | None = None) -> Explanation:
    """Why event ``event_id`` of a record is coded as it is. ``registry`` is the one that the record was
    made with, None for the built-in one. Raises UnknownEvent for an id that the record lacks."""
    event = next((e for e in record.events if e.id == event_id), None)
    if event is None:
        known = ", ".join(e.id for e in record.events) or "none"
        raise UnknownEvent(f"no event {event_id!r} in this record; its events: {known}")
    case = _case(record, event, registry)
    return Explanation(
        event=event,
        evidence=[case.words(span) for span in event.evidence],
        trigger=_trigger(case),
        type=_type(case),
        parties=list(_parties(case)),
        status=_status(case),
        when=_when(case),
        place=_place(case),
        reporter=_reporter(case),
        confidence=_confidence(case),
        dropped_nearby=_dropped_nearby(case),
    )


def _case(record: Record, event: Event, registry: Registry | None) -> _Case:
    article = record.article
    published = article.published.date() if article.published else None
    dateline = article.datelines[0] if article.datelines else None
    context = read_context(article.text, published, registry=registry, dateline=dateline)
    context.statements = make_statements(context)
    same = event.trigger, event.type
    found = [c for c in candidates(context) if (c[1].trigger, c[1].type) == same]
    best = max(found, key=lambda c: _likeness(c[1], event), default=None)
    if best and best[0].unlisted and event.user_types:
        best = None  # the user's word made the event (user_events.py)
    act, features = (best[0], best[2]) if best else (None, None)
    return _Case(record, event, context, registry or Registry.load(), act, features)


def _likeness(a: Event, b: Event) -> int:
    return (a.actors == b.actors) + (a.recipients == b.recipients)


# -- trigger and type --------------------------------------------------------------------------


def _trigger(case: _Case) -> TriggerWhy:
    word = case.words(case.event.trigger)
    if case.act is None:
        says = ", ".join(case.event.user_types) or case.event.type
        source = "a word of the user's codebook" if case.event.user_types else "not found again"
        return TriggerWhy(
            word=word.model_copy(update={"role": source}), frame="", says=says, weight=None
        )
    act = case.act
    inner, frame = _frame(case, act)
    parts = [i for i in sorted(act.words) if i != act.trigger and i not in act.heads]
    return TriggerWhy(
        word=word,
        frame=_frame_text(frame) if frame else "",
        says=_reading(frame.type, frame.mode) if frame else act.type,
        weight=round(frame.weight, 2) if frame else None,
        words=[case.token(i, "act" if i == inner else "frame") for i in parts],
        governors=[case.token(i, f"makes it {act.type}") for i in act.heads],
        others=_other_frames(case, inner, frame),
    )


def _frame(case: _Case, act: Act) -> tuple[int, Frame | None]:
    """The word of the act whose frame holds, below its governors, and the frame."""
    ordered = sorted(act.words, key=lambda i: (i in act.heads, i != act.trigger, i))
    for i in ordered:
        for frame in _frames_of(case, i):
            if case.context.matcher.holds(i, frame.requires)[0] and frame.type != _BLOCK:
                return i, frame
    return act.trigger, None


def _frames_of(case: _Case, i: int) -> Sequence[Frame]:
    token = case.context.tree.tokens[i]
    return event_frames().get((token.lemma, part_of_speech(token.tag) or ""), ())


def _other_frames(case: _Case, i: int, held: Frame | None) -> list[str]:
    found = [f for f in _frames_of(case, i) if f is not held]
    shown = [f"{_frame_text(f)} → {_reading(f.type, f.mode)}" for f in found]
    return shown[:_TOP]


def _reading(kind: str, mode: str | None) -> str:
    if kind == _BLOCK:
        return "no event"
    return f"{kind}/{mode}" if mode else kind


def _frame_text(frame: Frame) -> str:
    conditions = " & ".join(_condition_text(c) for c in frame.requires)
    return f"{frame.lemma} ({frame.pos})" + (f": {conditions}" if conditions else "")


def _condition_text(condition: Condition) -> str:
    tests = []
    for test in condition.tests:
        slot = ">".join(
            step.relation + (f":{step.case}" if step.case else "") for step in test.slot
        )
        fillers = sorted(test.lemmas) + sorted(f"#{name}" for name in test.names)
        shown = ",".join(fillers[:4]) + (",…" if len(fillers) > 4 else "")
        tests.append(f"{slot}={shown}" if fillers else slot)
    return ("!" if condition.negated else "") + "|".join(tests)


def _type(case: _Case) -> TypeWhy:
    alone = _told(case)
    together = alone.type if case.act is None else type_posterior(case.context, case.act)
    return TypeWhy(
        chosen=case.event.type,
        together=_best(network.labels()["type"], together),
        network_alone=_best(network.labels()["type"], alone.type),
        user_types=case.event.user_types,
    )


def _told(case: _Case) -> network.ActOutput:
    tree = case.context.tree
    return case.context.reading.act(
        tree.sentences[tree.sentence_of[case.at]],
        _tokens(case, case.event.actors), _tokens(case, case.event.recipients), [case.at],
    )  # fmt: skip


def _tokens(case: _Case, parties: Iterable[Party]) -> list[int]:
    spans = [p.span for p in parties]
    return [t.i for t in case.context.tree.tokens if any(overlaps(t.span, s) for s in spans)]


def _best(labels: Sequence[str], chances: Iterable[float]) -> list[Choice]:
    ranked = sorted(zip(labels, chances, strict=True), key=lambda pair: -pair[1])
    return [Choice(label=name, probability=round(float(p), 4)) for name, p in ranked[:_TOP]]


# -- parties -----------------------------------------------------------------------------------


def _parties(case: _Case) -> Iterator[PartyWhy]:
    for side, listed in (("actor", case.event.actors), ("recipient", case.event.recipients)):
        for party in listed:
            yield _party(case, side, party)


def _party(case: _Case, side: str, party: Party) -> PartyWhy:
    actor = next((a for a in case.record.actors if a.id == party.actor), None)
    actor = actor or case.context.cast.actors.get(party.actor or "")
    member = next(
        (m for m in case.context.cast.members if m.actor and m.actor.id == party.actor), None
    )
    why = PartyWhy(
        side=side,
        words=case.words(party.span),
        found_by=_found_by(case, party),
        name=member.name if member else None,
        mentions=len(member.mentions) if member else 0,
    )
    if actor is None:
        return why
    entity = case.registry.entities.get(actor.id)
    codes = " ".join(c for c in (actor.country, actor.sector, actor.sector2) if c)
    described = [codes, actor.office or "", _period(case, actor.id)]
    return why.model_copy(
        update={
            "actor": actor.id,
            "entry": actor.name,
            "role": ", ".join(part for part in described if part),
            "source": entity.source if entity else actor.source or "the article",
            "note": actor.note or _pronoun(party, member),
        }
    )


def _pronoun(party: Party, member: Member | None) -> str | None:
    if member is None or party.text.lower() in member.name.lower():
        return None
    return f"{party.text!r} taken to mean {member.name}"


def _period(case: _Case, actor: str) -> str:
    """The dates of the role that the registry's entry held on the day, '' when it has none."""
    entity, day = case.registry.entities.get(actor), case.context.published
    if entity is None or day is None:
        return ""
    role = entity.role_on(day)
    if not (role.start or role.end) or not in_period(day, role.start, role.end):
        return ""
    return f"{role.start or '…'} to {role.end or 'now'}"


def _found_by(case: _Case, party: Party) -> str:
    if case.act is None:
        return "the tree around the user's word"
    act, tokens = case.act, case.context.tree.tokens
    heads = [
        i
        for i in (*act.actors, *act.recipients)
        if contains(party.span, tokens[i].span)
    ]  # fmt: skip
    if any(i in act.syntactic for i in heads):
        relations = {base(tokens[i].dep) for i in heads if i in act.syntactic}
        return f"syntax ({', '.join(sorted(relations))})"
    if any(i in act.spans for i in heads):
        return "the network's role head"
    if heads:
        return "completed from the tree"
    return "the speaker of the statement" if act.speaker_asks else "its possessor or speaker"


# -- status, time, place, reporter -------------------------------------------------------------


def _status(case: _Case) -> FieldWhy:
    status, tree = case.event.status, case.context.tree
    words = list(_status_words(case))
    said = tense(tree, case.at)
    if case.act is not None and case.act.heads and case.act.status == status:
        governor = tree.tokens[case.act.heads[-1]].text
        reason = f"'{governor}' makes it {status}"
    elif status == "denied" and negated(tree, case.at):
        reason = "negated"
    elif status == "background" and case.event.when and case.event.when.basis != "published":
        reason = f"dated {case.event.when.start}, long before publication"
    elif words:
        reason = "a cue says so"
    elif said != "none":
        reason = f"no cue; the tense is {said.replace('-', ' ')}"
    else:
        reason = "no cue and no tense: what a noun names is taken as a fact"
    told = _told(case)
    return FieldWhy(
        value=status,
        reason=reason,
        words=words,
        alternatives=_best(network.labels()["status"], told.status),
    )


def _status_words(case: _Case) -> Iterator[Words]:
    """Words in the sentence that the cue table has for the status, near the act: on the trigger, above
    it, or a phrase of its sentence."""
    tree = case.context.tree
    sentence = tree.sentences[tree.sentence_of[case.at]]
    near = {*tree.children[case.at], *tree.ancestors(case.at)}
    near |= {c for above in tree.ancestors(case.at) for c in tree.children[above]}
    for i in range(sentence.first, sentence.last):
        for cue in status_cues().get(tree.tokens[i].lemma, ()):
            end = i + len(cue.lemmas)
            fits = cue.status == case.event.status and end <= sentence.last
            if not fits or (len(cue.lemmas) == 1 and (i not in near or cue.kind == "tense")):
                continue
            if all(tree.tokens[i + n].lemma == word for n, word in enumerate(cue.lemmas)):
                span = tree.tokens[i].start, tree.tokens[end - 1].end
                yield case.words(span, cue.kind)
                break


def _when(case: _Case) -> FieldWhy:
    when = case.event.when
    others = [Choice(label=w.text, note=w.role) for w in _times_near(case)]
    if when is None:
        reason = "no date in its clause" + (
            "" if case.context.published else ", and no day of publication"
        )
        return FieldWhy(value="unknown", reason=reason, alternatives=others)
    reason = {
        "stated": "an expression of its clause",
        "inferred": "inferred",
        "published": "nothing dates it: the day of publication",
    }[when.basis] + (f" ({when.note})" if when.note else "")
    value = when.start if when.start == when.end else f"{when.start} to {when.end}"
    words = [case.words(when.span, when.granularity)] if when.span else []
    return FieldWhy(value=value, reason=reason, words=words, alternatives=others)


def _times_near(case: _Case) -> Iterator[Words]:
    """The other expressions of the sentence, with their values."""
    tree, when = case.context.tree, case.event.when
    sentence = tree.sentences[tree.sentence_of[case.at]]
    for time in case.context.analysis.times:
        if contains(sentence.span, time.span) and (when is None or time.span != when.span):
            yield case.words(time.span, time.value or "unresolved")


def _place(case: _Case) -> FieldWhy:
    place, tree = case.event.place, case.context.tree
    sentence = tree.sentences[tree.sentence_of[case.at]]
    inside = [p for p in case.context.analysis.places if contains(sentence.span, p.span)]
    if place is None:
        others = [Choice(label=p.name, note=f"{p.kind}, not where the act was") for p in inside]
        return FieldWhy(
            value="unknown", reason="no toponym hangs on the act by a preposition of place",
            alternatives=others,
        )  # fmt: skip
    known = next((p for p in inside if p.span == place.span), None)
    others = [
        Choice(label=f"{c.name}, {c.country}", probability=round(c.score, 4))
        for c in (known.candidates[:_TOP] if known else ())
    ]
    return FieldWhy(
        value=", ".join(part for part in (place.name, place.country) if part),
        reason="hangs on the act by a preposition of place", words=[case.words(place.span)],
        alternatives=others,
    )  # fmt: skip


def _reporter(case: _Case) -> FieldWhy:
    told = next((s for s in case.record.statements if s.id == case.event.statement), None)
    if told is None:
        return FieldWhy(value="the article", reason="it stands in no statement's content")
    cue = [case.words(span, "cue") for span in told.cue]
    speaker = [case.words(told.speaker.span, "speaker")] if told.speaker else []
    return FieldWhy(
        value=_speaker(case, told),
        reason=f"it stands in the content of statement {told.id} ({told.kind})",
        words=[*speaker, *cue],
    )


def _speaker(case: _Case, told: Statement) -> str:
    if told.speaker is None:
        return "an unnamed source"
    actor = next((a for a in case.record.actors if a.id == told.speaker.actor), None)
    return actor.name if actor else told.speaker.text


# -- confidence and neighbours -----------------------------------------------------------------


def _confidence(case: _Case) -> ConfidenceWhy:
    least = least_chance(case.context)
    if case.features is None:
        return ConfidenceWhy(value=case.event.confidence, least=least)
    added = [
        Contribution(feature=name, value=round(value, 3), added=round(gain, 3))
        for name, value in case.features.items()
        if (gain := _gain(case.features, name))
    ]
    added.sort(key=lambda c: (-abs(c.added), c.feature))
    return ConfidenceWhy(value=case.event.confidence, least=least, contributions=added[:_FEATURES])


def _gain(features: Mapping[str, float], name: str) -> float:
    """How far the log odds fall without the feature."""
    rest = {k: v for k, v in features.items() if k != name}
    return _log_odds(probability(features)) - _log_odds(probability(rest))


def _log_odds(p: float) -> float:
    inside = min(max(p, exp(-30)), 1 - 1e-13)
    return log(inside / (1 - inside))


def _dropped_nearby(case: _Case) -> list[Dropped]:
    tree = case.context.tree
    number = tree.sentence_of[case.at]
    first = tree.sentences[max(0, number - 1)].start
    last = tree.sentences[min(len(tree.sentences) - 1, number + 1)].end
    return [d for d in case.record.dropped if d.span and overlaps(d.span, (first, last))]
