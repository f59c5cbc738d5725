"""Is a candidate event right in every field? Logistic models over what is known of it.

``first_look`` describes a candidate before the act reader is asked about it, by syntax and the main
pass; ``worth_asking`` says whether it could become an event at all. ``features`` describes a candidate
by numbers that any version of the network can give; the weights in ``event_acceptance.csv`` were fitted
by ``training/acceptance.py`` to events judged by reading (``benchmarks/judged``) and to the PLOVER gold
records. What comes out is the event's ``confidence``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, log

from dateline.analysis import network
from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.acts import Act
from dateline.record.context import Context
from dateline.record.model import Event, Party
from dateline.record.parties import parties_of, powerful, standing
from dateline.record.tree import base

_TABLE = "event_acceptance.csv"
_FIRST_TABLE = "event_first_look.csv"
# Least probability that a candidate is asked about: leaves out 55 % of those with a party and 6.8 %
# of the events that would come of all (training/first_look.py, PolNeAR training articles, GeoWebNews,
# cross-validation).
_LEAST_FIRST = 0.08
_COLUMNS = ("name", "weight", "note")
_BIAS = "bias"
# Probabilities this near to 0 or 1 are no surer than the next: keeps the log odds finite.
_EDGE = 1e-3
_LONG_SENTENCE = 40.0  # tokens; where the length of a sentence no longer counts
_FAR = 15.0  # tokens between act and party; likewise
_CLAUSES = frozenset({"root", "ccomp", "xcomp", "advcl", "acl", "conj", "parataxis", "amod"})

Features = dict[str, float]


def probability(features: Mapping[str, float]) -> float:
    """Probability (0..1) that type, parties, status and place of a candidate are all right. Raises
    KnowledgeError for a table without a bias or with a weight that is no number."""
    return _logistic(_weights(_TABLE), features)


def worth_asking(first: Mapping[str, float]) -> bool:
    """Whether a candidate with this first look may become an event. Raises as ``probability``."""
    return _logistic(_weights(_FIRST_TABLE), first) >= _LEAST_FIRST


def _logistic(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    score = weights[_BIAS] + sum(weights.get(name, 0.0) * x for name, x in features.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def first_look(context: Context, act: Act) -> Features:
    """A candidate in numbers before the act reader is asked about it."""
    told = context.reading.tells(act.trigger)
    sides = {side: parties_of(context, getattr(act, side), None) for side in ("actors", "recipients")}
    statement = context.statement_at(context.tree.tokens[act.trigger].start)
    return {
        "weight": act.weight,
        "conditions": min(act.conditions, 3) / 3,
        "unlisted": float(act.unlisted),
        "governed": float(bool(act.heads)),
        "told": 1.0 - float(told[-1]),
        "told as type": float(told[network.labels()["type"].index(act.type)]),
        f"type {act.type}": 1.0,
        "speaker asks": float(act.speaker_asks),
        "reported": float(statement is not None),
        "two sides": float(bool(sides["actors"] and sides["recipients"])),
        **_of_trigger(context, act),
        **_of_side(context, act, "actor", act.actors, sides["actors"]),
        **_of_side(context, act, "recipient", act.recipients, sides["recipients"]),
    }


def features(context: Context, act: Act, event: Event, posterior: float) -> Features:
    """A candidate in numbers, each about 0..1 or -3..3; those left out are 0."""
    found: Features = {
        "single": float(context.single),
        "posterior": _log_odds(posterior),
        "weight": act.weight,
        "conditions": min(act.conditions, 3) / 3,
        "governed": float(bool(act.heads)),
        "unlisted": float(act.unlisted),
        "told at first": 1.0 - float(context.reading.tells(act.trigger)[-1]),
        f"type {event.type}": 1.0,
        f"status {event.status}": 1.0,
        "reported": float(event.statement is not None),
        "placed": float(event.place is not None),
    }
    found |= _of_trigger(context, act)
    found |= _read(context, act, event)
    found |= _of_side(context, act, "actor", act.actors, event.actors)
    found |= _of_side(context, act, "recipient", act.recipients, event.recipients)
    found |= _across(context, event)
    if context.single:  # picked for its act, a lone sentence is another kind of text
        found |= {f"single {k}": found[k] for k in ("posterior", "weight")}
    return found


def _of_trigger(context: Context, act: Act) -> Features:
    tree = context.tree
    token = tree.tokens[act.trigger]
    sentence = tree.sentences[tree.sentence_of[act.trigger]]
    relation = token.dep if token.dep == "acl:relcl" else base(token.dep)
    return {
        "noun": float(token.tag[:1] == "N"),
        "passive": float(tree.is_passive(act.trigger)),
        "infinitive": float(token.tag == "VB"),
        "gerund": float(token.tag == "VBG"),
        f"relation {relation if relation in _CLAUSES or ':' in relation else 'argument'}": 1.0,
        "length": min((sentence.last - sentence.first) / _LONG_SENTENCE, 1.5),
        "lead": 1.0 / (1 + sentence.paragraph),
    }


def _of_side(
    context: Context, act: Act, side: str, heads: Sequence[int], parties: Sequence[Party]
) -> Features:
    if not parties:
        return {f"{side} none": 1.0}
    tree = context.tree
    pronouns = [tree.tokens[h].tag in {"PRP", "PRP$", "WP", "WDT"} for h in heads] or [False]
    near = min((abs(h - act.trigger) for h in heads), default=0)
    return {
        f"{side} many": min(len(parties) - 1, 2) / 2,
        f"{side} powerful": _share([powerful(context, p) for p in parties]),
        f"{side} standing": _share([standing(context, p) for p in parties]),
        f"{side} unknown": _share([p.actor is None for p in parties]),
        f"{side} pronoun": _share(pronouns),
        f"{side} named": _share([context.matcher.kind(h) is not None for h in heads]),
        f"{side} by syntax": _share([h in act.syntactic for h in heads]),
        f"{side} marked": _marked(context, act, side, heads),
        f"{side} far": min(near / _FAR, 1.5),
    }


def _across(context: Context, event: Event) -> Features:
    """Whether the countries of the two sides are known, and differ: most of the news that event data
    is made for goes on between countries, where a reader is seldom in doubt who a party is."""
    actors, recipients = (
        {a.country for p in side if (a := context.cast.actors.get(p.actor or "")) and a.country}
        for side in (event.actors, event.recipients)
    )
    both = actors | recipients
    return {
        "countries differ": float(len(both) > 1),
        "one country": float(len(both) == 1 and bool(actors and recipients)),
        "no country": float(not both),
    }


def _marked(context: Context, act: Act, side: str, heads: Sequence[int]) -> float:
    """Mean probability that the role head gives the heads this role."""
    if act.marked is None:
        return 0.0
    sentence = context.tree.sentences[context.tree.sentence_of[act.trigger]]
    labels = network.labels()["roles"]
    columns = [n for n, label in enumerate(labels) if label[2:] in {side, "both"}]
    found = [
        float(act.marked.roles[h - sentence.first, columns].sum())
        for h in heads
        if sentence.first <= h < sentence.last
    ]
    return sum(found) / len(found) if found else 0.0


def _read(context: Context, act: Act, event: Event) -> Features:
    """What the act reader thinks of the candidate: whether there is an act at all, whether the trigger
    tells it and is of this type, and how real the act is."""
    labels, sentence = network.labels(), context.tree.sentence_of[act.trigger]
    whole: Features = {}
    if act.whole is not None:
        whole = {
            "whole": 1.0 - float(act.whole.type[labels["type"].index("NONE")]),
            "whole as type": float(act.whole.type[labels["type"].index(event.type)]),
        }
        if event.status in labels["status"]:
            whole["whole as status"] = float(
                act.whole.status[labels["status"].index(event.status)]
            )
    if act.marked is None:
        return whole
    at = act.trigger - context.tree.sentences[sentence].first
    kind = labels["type"].index(event.type)
    found = whole | {
        "told": 1.0 - float(act.marked.type[labels["type"].index("NONE")]),
        "read as type": float(act.marked.type[kind]),
        "trigger told": float(act.marked.told_by[at]),
        "trigger of type": float(act.marked.kinds[at, kind]),
    }
    if event.status in labels["status"]:
        found["read as status"] = float(act.marked.status[labels["status"].index(event.status)])
    return found


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def _log_odds(p: float) -> float:
    inside = min(max(p, _EDGE), 1 - _EDGE)
    return log(inside / (1 - inside)) / 3


@cache
def _weights(table: str) -> Mapping[str, float]:
    rows = read_csv(table, _COLUMNS)
    try:
        found = {row["name"]: float(row["weight"]) for row in rows}
    except ValueError as error:
        raise KnowledgeError(f"{table}: a weight is no number ({error})") from None
    if _BIAS not in found:
        raise KnowledgeError(f"{table}: expected a row named {_BIAS}")
    return found
