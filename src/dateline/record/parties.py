"""The parties of an act: actors as the text mentions them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dateline.record.actors import coded_country, resolve_actor
from dateline.record.context import Context
from dateline.record.model import Party
from dateline.spans import Span, contains, overlaps

# Sectors of people who are no political actors by themselves ('my mother', 'people').
_PRIVATE = frozenset({"", "UNK", "CVL"})
_NO_SPANS: Mapping[int, Span] = {}


def parties_of(
    context: Context,
    heads: Sequence[int],
    speaker: Party | None,
    spans: Mapping[int, Span] = _NO_SPANS,
) -> list[Party]:
    """Parties headed by some tokens, each once. ``speaker`` is whom 'I' and 'we' mean there. ``spans``
    gives the whole phrase of heads that the role head marked; such a party is kept, without an
    actor, where its words hold a name that the registry does not know."""
    found: list[Party] = []
    for i in heads:
        named: list[Party | None] = list(_by_adjectives(context, i))
        for mention in named or [_party(context, i, speaker, spans.get(i))]:
            party = _as_person(context, mention)
            if party is not None and not any(same_party(party, p) for p in found):
                found.append(party)
    return found


def same_party(a: Party, b: Party) -> bool:
    """The same words or the same actor."""
    return a.span == b.span or (a.actor is not None and a.actor == b.actor)


def political(context: Context, parties: Sequence[Party]) -> bool:
    """At least one party has a country or a sector, or names a body or place."""
    return any(standing(context, p) or _names_body(context, p) for p in parties)


def _names_body(context: Context, party: Party) -> bool:
    return any(
        name.kind in {"organisation", "place"} and contains(party.span, name.span)
        for name in context.analysis.names
    )


def standing(context: Context, party: Party) -> bool:
    """The party's actor has a country, or a sector that stands for power of some kind."""
    actor = context.cast.actors.get(party.actor or "")
    return actor is not None and bool(actor.country or actor.sector not in _PRIVATE)


def _party(context: Context, i: int, speaker: Party | None, span: Span | None) -> Party | None:
    party = context.cast.party(i, speaker)
    if span is None:
        return party
    words = context.text[span[0] : span[1]]
    if party is None or not standing(context, party):
        actor = _resolved(context, words)
        known = party.actor if party else None
        named = any(overlaps(span, n.span) for n in context.analysis.names)
        return (
            Party(span=span, text=words, actor=actor or known) if actor or known or named else None
        )
    if contains(span, party.span):
        return party.model_copy(update={"span": span, "text": words})
    return party


def _as_person(context: Context, party: Party | None) -> Party | None:
    """A title with a name at its end is the person, whichever of its words the parser made the head
    ('Kenyan President William Ruto')."""
    if party is None:
        return None
    for member in context.cast.members:
        if member.kind != "person" or member.actor is None or member.actor.kind != "person":
            continue
        if any(contains(party.span, m) and m[1] == party.span[1] for m in member.mentions):
            return party.model_copy(update={"actor": member.actor.id})
    return party


def _by_adjectives(context: Context, i: int) -> list[Party]:
    """'Hungarian and Romanian officials': one party for each country of a coordinated adjective; []
    when the noun at ``i`` has none."""
    tree = context.tree
    for c in tree.dependents(i, "amod", "compound"):
        named = [a for a in tree.conjuncts(c) if coded_country(tree.tokens[a].text)]
        if len(named) < 2 or len({tree.tokens[a].text for a in named}) < 2:
            continue
        named.sort()
        return [_adjective_party(context, a, i, last=a == named[-1]) for a in named]
    return []


def _adjective_party(context: Context, adjective: int, noun: int, last: bool) -> Party:
    tokens = context.tree.tokens
    start, end = tokens[adjective].start, tokens[noun if last else adjective].end
    words = f"{tokens[adjective].text} {tokens[noun].text}"
    return Party(span=(start, end), text=context.text[start:end], actor=_resolved(context, words))


def _resolved(context: Context, words: str) -> str | None:
    """Id of the actor that the registry knows by some words; it joins the cast."""
    actor = resolve_actor(words, date=context.cast.date, registry=context.cast.registry)
    return context.cast.actors.setdefault(actor.id, actor).id if actor else None
