"""Candidate acts: words of the event lexicon whose frame holds, and what their governors make of them
('refused to meet' is no meeting)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dateline.analysis import network
from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Token
from dateline.analysis.network import ActOutput
from dateline.record import lexicon
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
    Step,
)
from dateline.record.negation import negated
from dateline.record.parties import parties_of
from dateline.record.tree import base
from dateline.spans import Span

# How far up the tree an act is followed ('refused to rule out sending troops').
_LONGEST_CHAIN = 3
# Least weight of a frame without conditions that makes its word tell a type by itself; and what
# saying such an act, not doing it, is in PLOVER.
_TELLING = 0.6
_COOPERATIVE = frozenset({"AGREE", "REQUEST", "REJECT"})
_HARMFUL = frozenset({"THREATEN", "REQUEST"})
_AS_SAID = {
    **dict.fromkeys(
        ("CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE", "AGREE"), _COOPERATIVE
    ),
    **dict.fromkeys(("ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "PROTEST"), _HARMFUL),
}
_SUBJECT: Slot = (Step("nsubj"),)
# Where an act that no frame describes has its parties. 'By' is the doer of a noun ('the flooding of X
# by Y'); in a passive clause the tree already reads it as the subject.
_PLAIN_ACTOR: tuple[Slot, ...] = (
    (Step("nsubj"),), (Step("nmod", "by"),), (Step("poss"),), (Step("compound"),), (Step("amod"),),
)  # fmt: skip
_PLAIN_RECIPIENT: tuple[Slot, ...] = (
    (Step("obj"),), (Step("nmod", "of"),), (Step("prep", "against"),), (Step("prep", "on"),),
    (Step("prep", "with"),), (Step("prep", "to"),), (Step("prep", "from"),),
)  # fmt: skip
_VERB_ENDINGS = {"ed": "VBD", "ing": "VBG"}
_NONE = "NONE"
# Least probability of an act for a word that the lexicon has none for (own_events.jsonl, held-out
# tenth: precision 0.84 at 0.5), and the weight of its likeliest type, that of a weak frame: the act
# reader decides.
_LEAST_TOLD = 0.5
_UNLISTED_WEIGHT = 0.4


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
    refused: bool = False  # a negation made it what it is: 'will not meet'
    heads: list[int] = field(default_factory=list)  # governors passed on the way up
    spans: dict[int, Span] = field(default_factory=dict)  # whole phrases of marked parties
    marked: ActOutput | None = None  # the act reader's answer, its trigger or its parties marked
    whole: ActOutput | None = None  # the same with trigger and parties marked
    conditions: int = 0  # of the frame
    by_subject: bool = True  # who acts is the verb's subject: not so in 'won praise from'
    syntactic: frozenset[int] = frozenset()  # parties that syntax names
    first: dict[str, float] = field(default_factory=dict)  # acceptance.first_look, in articles
    unlisted: bool = False  # found by the network, not by a word of the lexicon


def candidate_acts(context: Context) -> list[Act]:
    """Acts that the lexicon finds, in text order, each told once."""
    acts = [act for i in range(len(context.tree.tokens)) if (act := _act_at(context, i))]
    acts = [_embedded(context, act) for act in acts]
    acts = _without_repeats(context, [act for act in acts if act.type != BLOCK])
    for act in acts:
        act.syntactic = frozenset((*act.actors, *act.recipients))
    if not context.single:
        acts = sorted((*acts, *_unlisted(context, acts)), key=lambda act: act.trigger)
    return acts


def _unlisted(context: Context, acts: Sequence[Act]) -> Iterator[Act]:
    """Acts told by words that no frame of the lexicon holds for, as the network sees them at a first
    look. What the lexicon rules out stays out, and so do words of reporting."""
    taken = {i for act in acts for i in act.words}
    cues = [span for s in context.statements for span in s.cue]
    types = network.labels()["type"]
    for i, token in enumerate(context.tree.tokens):
        if i in taken or part_of_speech(token.tag) is None or base(token.dep) in {"aux", "cop"}:
            continue
        told = context.reading.tells(i)
        none = types.index(_NONE)
        if 1.0 - told[none] < _LEAST_TOLD or _ruled_out(context, i):
            continue
        if any(a < token.end and token.start < b for a, b in cues):
            continue
        best = int(np.delete(told, none).argmax())  # NONE is the last
        actors, recipients = plain_parties(context, i)
        yield Act(
            i, types[best], None, (), None, _UNLISTED_WEIGHT, actors, recipients, {i},
            syntactic=frozenset((*actors, *recipients)), unlisted=True,
        )  # fmt: skip


def plain_parties(context: Context, i: int) -> tuple[list[int], list[int]]:
    """Actors and recipients of an act whose word has no frame, where most words have them."""
    actors = context.matcher.parties(i, _PLAIN_ACTOR)
    recipients = context.matcher.parties(i, _PLAIN_RECIPIENT)
    return actors, [r for r in recipients if r not in actors]


def _ruled_out(context: Context, i: int) -> bool:
    """The first frame that holds for the word says that it tells no act."""
    token, frames = context.tree.tokens[i], lexicon.event_frames()
    pos = part_of_speech(token.tag) or ""
    key = next(((word, pos) for word in _lemmas(token) if (word, pos) in frames), None)
    for frame in frames[key] if key else ():
        if context.matcher.holds(i, frame.requires)[0]:
            return frame.type == BLOCK
    return False


def _act_at(context: Context, i: int) -> Act | None:
    token = context.tree.tokens[i]
    pos = part_of_speech(token.tag)
    if pos is None or base(token.dep) in {"aux", "cop"}:
        return None
    frames = lexicon.event_frames()
    key = next(((word, pos) for word in _lemmas(token) if (word, pos) in frames), None)
    for frame in frames[key] if key else ():
        holds, used = context.matcher.holds(i, frame.requires)
        if holds:
            return None if frame.type == BLOCK else _act(context, i, frame, used)
    return None


def word_types(token: Token, *, alone: bool = False, said: bool = True) -> frozenset[str]:
    """The types that the frames of a word have, whether or not they hold, and (``said``) those that a
    promise, threat, demand or refusal of such an act has. ``alone``: only of frames that ask for
    nothing beside the word, so that the word by itself tells the type."""
    pos = part_of_speech(token.tag) or ""
    found = {
        frame.type
        for word in _lemmas(token)
        for frame in lexicon.event_frames().get((word, pos), ())
        if frame.type != BLOCK
        and frame.weight >= (_TELLING if alone else 0.0)
        and not (alone and frame.requires)
    }
    return frozenset(found.union(*(_AS_SAID.get(kind, ()) for kind in found if said)))


def _lemmas(token: Token) -> Iterable[str]:
    """The token's lemma, then that of the form its ending shows: taggers take 'agreed' for a base
    form now and then."""
    yield token.lemma
    for ending, tag in _VERB_ENDINGS.items():
        if token.tag.startswith("V") and token.text.endswith(ending):
            yield lemma(token.text, tag)


def _act(context: Context, i: int, frame: Frame, used: set[int]) -> Act:
    actors = context.matcher.parties(i, frame.actor_slots)
    recipients = [r for r in context.matcher.parties(i, frame.recipient_slots) if r not in actors]
    return Act(
        i, frame.type, frame.mode, frame.contexts, frame.cameo, frame.weight, actors, recipients,
        {i, *used}, frame.reciprocal, conditions=len(frame.requires),
        by_subject=any(slot == _SUBJECT for slot in frame.actor_slots),
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
    parties = parties_of(context, act.actors, statement.speaker)
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
    if not _tells_of(rule):
        act.words.add(governor)
    if rule.status is not None or rule.type != SAME:
        act.status = rule.status  # 'agreed to resume talks' is done when they agreed
    if rule.type == SAME:
        return
    act.type, act.mode, act.cameo = rule.type, rule.mode, None
    act.weight = rule.weight
    act.reciprocal = False
    act.refused, act.by_subject = rule.polarity == "-", True
    if not context.tree.tokens[governor].dep.startswith("aux"):
        act.trigger = governor


def _tells_of(rule: Embedding) -> bool:
    """The governor is an act of its own about what it governs ('accused Kosovo of shelling'): such
    rules keep the act as it is and say that it happened. Other governors are part of the act."""
    return rule.type == SAME and rule.status == "happened"


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
