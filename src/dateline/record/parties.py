"""The parties of an act: actors as the text mentions them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from dateline.analysis.model import Name
from dateline.record.actors import coded_country, resolve_actor
from dateline.record.context import Context
from dateline.record.lexicon import event_classes
from dateline.record.model import Party
from dateline.spans import Span, contains, hull, overlaps

# Sectors of people who are no political actors by themselves ('my mother', 'people').
_PRIVATE = frozenset({"", "UNK", "CVL"})
# Sectors whose acts and sufferings are what PLOVER is about; firms, media and private people only act
# on these or suffer from them.
_POWERS = frozenset(
    {"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "PTY", "PRM", "REB", "UAF", "OPP", "PRE", "IGO", "NGO",
     "HRI", "ELI", "LAB", "REF", "ENV", "SOC"}
)  # fmt: skip
_NO_BEGINNING = frozenset({"IN", "TO", "CC", ",", ":", "WP", "WDT"})
_NO_END = _NO_BEGINNING | {"DT", "-LRB-"}
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
        if context.tree.tokens[i].lemma in event_classes()["generic"]:
            continue
        if not context.single:
            i = doer(context, i)
        named: list[Party | None] = [*_by_adjectives(context, i)] or [*_by_countries(context, i)]
        for mention in named or [_party(context, i, speaker, spans.get(i))]:
            party = _as_person(context, _trimmed(context, mention))
            if party is not None and not any(same_party(party, p) for p in found):
                found.append(party)
    return _without_titles(context, found)


def _without_titles(context: Context, parties: list[Party]) -> list[Party]:
    """Without those that are only the title of the next ('Sen. | Ana Lima', where the parser cut, or
    'the mayor, | Ana Lima') and those that stand inside another."""
    starts = {p.span[0]: p for p in parties}
    kept = []
    for party in parties:
        end = party.span[1]
        gap = next((g for g in (", ", " ") if context.text[end : end + len(g)] == g), None)
        follower = starts.get(end + len(gap)) if gap else None
        titled = follower is not None and _is_person(context, follower)
        if gap == ", ":
            titled = titled and _is_role(context, party)
        inside = any(p is not party and contains(p.span, party.span) for p in parties)
        if not titled and not inside:
            kept.append(party)
    return kept


def _is_role(context: Context, party: Party) -> bool:
    actor = context.cast.actors.get(party.actor or "")
    return actor is not None and actor.kind == "role"


def _is_person(context: Context, party: Party) -> bool:
    actor = context.cast.actors.get(party.actor or "")
    return actor is not None and actor.kind == "person"


def same_party(a: Party, b: Party) -> bool:
    """The same words or the same actor."""
    return a.span == b.span or (a.actor is not None and a.actor == b.actor)


def political(context: Context, parties: Sequence[Party]) -> bool:
    """At least one party has a country or a sector, or names a body or place."""
    return any(standing(context, p) or _names_body(context, p) for p in parties)


def powerful(context: Context, party: Party) -> bool:
    """The party's actor is a state, a part of one, or organised for power."""
    actor = context.cast.actors.get(party.actor or "")
    if actor is None:
        return False
    return actor.sector in _POWERS or (bool(actor.country) and not actor.sector)


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
    party = _whole_name(context, i, context.cast.party(i, speaker))
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


def _whole_name(context: Context, i: int, party: Party | None) -> Party | None:
    """The party with all of the name that its phrase cuts in two: parsers split names that stand
    before a noun ('condemned Ana | Lima's plan') and titles from the name ('opposition leader | Ana
    Lima')."""
    if party is None:
        return None
    start = context.tree.tokens[i].start
    for name in context.analysis.names:
        cut = name.span[0] <= start < name.span[1] and name.kind != "other"
        if not cut and not _is_title_of(context, i, party.span, name):
            continue
        if contains(party.span, name.span):
            return party
        span = hull([party.span, name.span])
        actor = next((m.actor for m in context.cast.members if m.actor and name.span in m.mentions),
                     None)  # fmt: skip
        return Party(
            span=span, text=context.text[span[0] : span[1]],
            actor=actor.id if actor else party.actor,
        )  # fmt: skip
    return party


def _is_title_of(context: Context, i: int, span: Span, name: Name) -> bool:
    """The phrase of noun ``i`` ends right before a person's name that hangs on the same word or on it."""
    if name.kind != "person" or name.span[0] != span[1] + 1 or context.text[span[1]] != " ":
        return False
    tokens = context.tree.tokens
    lead = tokens[context.tree.first_token(name.span)]
    return tokens[i].tag[:1] == "N" and lead.head in {i, tokens[i].head}


def doer(context: Context, i: int) -> int:
    """The possessor of a thing that is no party itself: 'the minister's decision', 'Kenya's plan'."""
    tree = context.tree
    token = tree.tokens[i]
    if token.tag[:2] != "NN" or context.matcher.kind(i) is not None:
        return i
    if _knows(token.text.lower()):
        return i
    owners = tree.dependents(i, "nmod:poss")
    return owners[0] if owners and not _is_doer_noun(token.lemma) else i


def _is_doer_noun(word: str) -> bool:
    classes = event_classes()
    return any(word in classes[name] for name in ("person", "army", "police", "official"))


@lru_cache(maxsize=20_000)
def _knows(word: str) -> bool:
    """The registry reads the bare word as an actor ('leaders', 'government', not 'decision')."""
    return resolve_actor(word) is not None


def is_party(context: Context, i: int) -> bool:
    """The word itself names somebody: a name, a pronoun, a demonym, or a noun for people or bodies."""
    token = context.tree.tokens[i]
    if token.tag[:3] == "PRP" or context.matcher.kind(i) is not None or token.tag[:3] == "NNP":
        return True
    if coded_country(token.text) or token.tag[:1] in {"J", "C"}:
        return True
    word = token.text.lower()
    return _knows(word) or _knows(token.lemma) or _is_doer_noun(token.lemma)


def _trimmed(context: Context, party: Party | None) -> Party | None:
    """Without prepositions, conjunctions, relative pronouns and commas at its ends, which a wrong
    tree leaves there ('the police of', 'at the minister')."""
    if party is None:
        return None
    tokens = context.tree.tokens
    first = last = context.tree.first_token(party.span)
    while last + 1 < len(tokens) and tokens[last + 1].start < party.span[1]:
        last += 1
    while last > first and tokens[last].tag in _NO_END:
        last -= 1
    while first < last and tokens[first].tag in _NO_BEGINNING:
        first += 1
    span = tokens[first].start, tokens[last].end
    if span == party.span or not contains(party.span, span):
        return party
    return party.model_copy(update={"span": span, "text": context.text[span[0] : span[1]]})


def _as_person(context: Context, party: Party | None) -> Party | None:
    """A title with a name at its end is the person, whichever of its words the parser made the head
    ('Kenyan President William Ruto')."""
    if party is None:
        return None
    for start, member in context.cast.people_ending_at(party.span[1]):
        if start >= party.span[0] and member.actor is not None and member.actor.kind == "person":
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


def _by_countries(context: Context, i: int) -> list[Party]:
    """'The foreign ministers of Chad and Niger': one party for each country, the first with the words
    before it; [] when the noun at ``i`` is no office or body in the plural."""
    tree = context.tree
    noun = tree.tokens[i]
    if noun.tag != "NNS" or not _knows(noun.lemma):
        return []
    for c in tree.dependents(i, "nmod"):
        named = sorted(a for a in tree.conjuncts(c) if a > i and coded_country(tree.tokens[a].text))
        if tree.case(c) == "of" and len(named) > 1:
            start = min(tree.phrase(i)[0], noun.start)
            office = context.text[tree.tokens[_office(context, i)].start : noun.start] + noun.lemma
            return [
                _of_country(context, start if a == named[0] else tree.tokens[a].start, a, office)
                for a in named
            ]
    return []


def _office(context: Context, i: int) -> int:
    """First token of the noun at ``i`` with the words that say of what kind it is ('foreign')."""
    kinds = context.tree.dependents(i, "amod", "compound")
    return min([c for c in kinds if c < i and not coded_country(context.tree.tokens[c].text)] or [i])


def _of_country(context: Context, start: int, country: int, office: str) -> Party:
    token = context.tree.tokens[country]
    span = start, token.end
    actor = _resolved(context, f"the {office} of {token.text}")
    return Party(span=span, text=context.text[span[0] : span[1]], actor=actor)


def _adjective_party(context: Context, adjective: int, noun: int, last: bool) -> Party:
    tokens = context.tree.tokens
    start, end = tokens[adjective].start, tokens[noun if last else adjective].end
    words = f"{tokens[adjective].text} {tokens[noun].text}"
    return Party(span=(start, end), text=context.text[start:end], actor=_resolved(context, words))


def _resolved(context: Context, words: str) -> str | None:
    """Id of the actor that the registry knows by some words; it joins the cast."""
    actor = resolve_actor(words, date=context.cast.date, registry=context.cast.registry)
    return context.cast.actors.setdefault(actor.id, actor).id if actor else None
