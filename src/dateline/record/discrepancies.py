"""Passages of one article that cannot both be right, shown side by side.

Five kinds, looked for between the text and what tells its story again (headline and standfirst): the
parties of an act changed over ('A invited B', 'B invited A'), its place ('talks in Oslo', 'talks in
Geneva'), its date, a count ('killed 12', 'killed 15') and its outcome ('agrees to withdraw', 'refused
to withdraw'); counts also within the text, where the day and the subject or actors are the same. What
the text gives as the lead does is no discrepancy, whatever else it tells: the article then tells of
two acts, or of a change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

from dateline.analysis.model import Place
from dateline.knowledge.tables import read_csv
from dateline.record.context import Context
from dateline.record.lexicon import Slot, Step
from dateline.record.model import Discrepancy, Event, Passage, Position, Quantity, When
from dateline.record.positions import make_positions
from dateline.record.quantities import find_quantities
from dateline.record.verb_group import verb_group
from dateline.record.when import when_of
from dateline.spans import contains

Where = Literal["text", "headline", "standfirst", "caption"]
Told = tuple[Where, Context, Event]
_DIRECTED = frozenset({"invitation", "telephone call", "visit"})
_SUBJECT: tuple[Slot, ...] = ((Step("nsubj"),),)
_OBJECT: tuple[Slot, ...] = ((Step("obj"),),)
_FOR = frozenset({"accepts", "offers", "supports"})
_AGAINST = frozenset({"rejects", "rules_out"})
_MEETINGS = frozenset({"meeting", "signing", "arrest", "explosion", "crash", "burial"})
# Nearer than this two toponyms may be a town and its outskirts.
_APART_KM = 60.0
_NEAR = 3  # words between a count and the verb it is the count of
_PEOPLE = frozenset({"", "people", "person"})


@dataclass(frozen=True, slots=True)
class Sited:
    """An act with the town the words put it in. ``ahead``: still to come when told."""

    where: Where
    context: Context
    act: str
    word: int
    place: Place
    ahead: bool
    when: When | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of those an act was done to."""

    where: Where
    context: Context
    act: str
    word: int
    quantity: Quantity
    when: When | None


def find_discrepancies(
    body: Context,
    events: Sequence[Event],
    quantities: Sequence[Quantity],
    leads: Sequence[tuple[Where, Context, Sequence[Event]]],
    positions: Sequence[Position] | None = None,
) -> list[Discrepancy]:
    """Discrepancies among the article's text and its ``leads`` (headline and standfirst, each with
    its context and events). ``positions`` are the text's; None has them made here."""
    held = positions if positions is not None else make_positions(body)
    told: list[Told] = [("text", body, e) for e in events]
    told += [(where, context, e) for where, context, found in leads for e in found]
    return [
        *(list(_changed_over(told)) or _turned_round(body, leads)),
        *_places(body, leads),
        *_dates(told),
        *_lead_counts(body, quantities, leads),
        *_counts(body, events, quantities),
        *_counts_of_a_day(body, quantities),
        *_outcomes(body, held, leads),
    ]


# -- parties -------------------------------------------------------------------------------------


def _changed_over(told: Sequence[Told]) -> Iterable[Discrepancy]:
    for (where_a, text_a, a), (where_b, text_b, b) in combinations(told, 2):
        if where_a == where_b or not _opposite(a, b) or _lemma(text_a, a) != _lemma(text_b, b):
            continue
        yield Discrepancy(
            kind="parties",
            summary=f"Who did it to whom is told both ways ({_lemma(text_a, a)}).",
            passages=[_passage(where_a, text_a, a), _passage(where_b, text_b, b)],
        )


def _turned_round(
    body: Context, leads: Sequence[tuple[Where, Context, Sequence[Event]]]
) -> Iterable[Discrepancy]:
    """The same for states, read from the verb's own subject and object: 'Oslo telephoned Riga',
    'Riga telephoned Oslo'."""
    in_text = list(_directed(body))
    for where, context, _ in leads:
        for act, word, doer, done_to in _directed(context):
            same = [t for t in in_text if t[0] == act]
            if not same or any((t[2], t[3]) != (done_to, doer) for t in same):
                continue
            yield Discrepancy(
                kind="parties",
                summary=f"Who did it to whom is told both ways ({act}).",
                passages=[_sentence(where, context, word), _sentence("text", body, same[0][1])],
            )
            return


def _directed(context: Context) -> Iterable[tuple[str, int, str, str]]:
    """Act, verb, and the countries of its subject and object, where both are known and differ."""
    for token in context.tree.tokens:
        act = _acts().get(token.lemma)
        if act not in _DIRECTED or not token.tag.startswith("V"):
            continue
        doer = _country(context, context.matcher.parties(token.i, _SUBJECT))
        done_to = _country(context, context.matcher.parties(token.i, _OBJECT))
        if doer and done_to and doer != done_to:
            yield act, token.i, doer, done_to


def _country(context: Context, heads: Sequence[int]) -> str:
    """The one country of the parties at ``heads``; '' when there is none or more than one."""
    parties = [context.cast.party(h) for h in heads]
    actors = [context.cast.actors.get(p.actor or "") for p in parties if p]
    found = {a.country for a in actors if a and a.country}
    return found.pop() if len(found) == 1 else ""


def _opposite(a: Event, b: Event) -> bool:
    actors, recipients = _ids(a, "actors"), _ids(a, "recipients")
    if not actors or not recipients or actors & recipients:
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
    return _sentence(where, context, context.tree.first_token(event.trigger))


def _sentence(where: Where, context: Context, word: int) -> Passage:
    span = context.tree.sentences[context.tree.sentence_of[word]].span
    return Passage(where=where, span=span, text=context.text[span[0] : span[1]])


# -- places --------------------------------------------------------------------------------------


def _places(
    body: Context, leads: Sequence[tuple[Where, Context, Sequence[Event]]]
) -> Iterable[Discrepancy]:
    in_text = list(_sited("text", body))
    for where, context, _ in leads:
        for lead in _sited(where, context):
            same = [t for t in in_text if t.act == lead.act and t.ahead == lead.ahead]
            if len({t.place.name for t in same}) != 1 or not _far(lead.place, same[0].place):
                continue
            if _other_time(lead.when, same[0].when):
                continue
            yield Discrepancy(
                kind="place",
                summary=f"Two places for one {lead.act}: {lead.place.name}, {same[0].place.name}.",
                passages=[
                    _sentence(where, context, lead.word), _sentence("text", body, same[0].word),
                ],
            )  # fmt: skip


def _sited(where: Where, context: Context) -> Iterable[Sited]:
    """Acts with the town named right after them ('will meet in Oslo')."""
    tree = context.tree
    for place in context.analysis.places:
        i = tree.first_token(place.span)
        if place.kind != "city" or i < 2 or tree.tokens[i - 1].text.lower() not in {"in", "at"}:
            continue
        word = i - 2
        act = _acts().get(tree.tokens[word].lemma) or _acts().get(tree.tokens[word].text.lower())
        if act not in _MEETINGS or tree.sentence_of[word] != tree.sentence_of[i]:
            continue
        ahead = _ahead(context, word)
        yield Sited(where, context, act, word, place, ahead, when_of(context, word))


def _ahead(context: Context, word: int) -> bool:
    """True for what is still to come when told: 'will meet', 'agreed to meet', 'planned talks'."""
    group = verb_group(context.tree, word)
    if context.tree.tokens[word].tag.startswith("V"):
        return group.future or group.infinitive
    first = context.tree.sentences[context.tree.sentence_of[word]].first
    before = {context.tree.tokens[n].text.lower() for n in range(first, word)}
    return bool(before & {"will", "would", "to", "planned", "next", "upcoming"})


def _far(a: Place, b: Place) -> bool:
    """True for two towns whose positions are known and well apart."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    if a.geonameid == b.geonameid:
        return False
    north = math.radians(a.lat - b.lat)
    east = math.radians(a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 6371.0 * math.hypot(north, east) > _APART_KM


def _other_time(a: When | None, b: When | None) -> bool:
    """True when the words date two acts apart; a year against a day inside it is the same."""
    if a is None or b is None or a.basis != "stated" or b.basis != "stated":
        return False
    if a.granularity != "day" or b.granularity != "day":
        return False
    return a.end < b.start or b.end < a.start


# -- dates ---------------------------------------------------------------------------------------


def _dates(told: Sequence[Told]) -> Iterable[Discrepancy]:
    """The same act of the same parties, dated otherwise in the lead than wherever the text tells it."""
    for where, context, lead in told:
        if where == "text":
            continue
        same = [t for t in told if t[0] == "text" and _same_act(context, lead, t)]
        if same and all(_other_time(lead.when, t[2].when) for t in same):
            yield Discrepancy(
                kind="date",
                summary=f"Two dates for one act ({lead.type}, {_lemma(context, lead)}).",
                passages=[_passage(where, context, lead), _passage(*same[0])],
            )


def _same_act(context: Context, lead: Event, told: Told) -> bool:
    _, body, event = told
    actors = _ids(lead, "actors")
    return (
        lead.type == event.type
        and _lemma(context, lead) == _lemma(body, event)
        and bool(actors)
        and actors == _ids(event, "actors")
        and _ids(lead, "recipients") == _ids(event, "recipients")
    )


# -- counts --------------------------------------------------------------------------------------


def _lead_counts(
    body: Context,
    quantities: Sequence[Quantity],
    leads: Sequence[tuple[Where, Context, Sequence[Event]]],
) -> Iterable[Discrepancy]:
    """A count of the lead that the text gives otherwise and never as the lead does."""
    in_text = list(_counted("text", body, quantities))
    for where, context, _ in leads:
        for lead in _counted(where, context, find_quantities(context)):
            same = [t for t in in_text if t.act == lead.act and _same_unit(lead, t)]
            if len(same) != 1 or not _differ(lead, same[0]):
                continue
            yield Discrepancy(
                kind="number",
                summary=f"Two counts for one {lead.act}: {lead.quantity.text}; "
                f"{same[0].quantity.text}.",
                passages=[
                    _sentence(where, context, lead.word), _sentence("text", body, same[0].word),
                ],
            )  # fmt: skip


def _counted(where: Where, context: Context, found: Iterable[Quantity]) -> Iterable[Counted]:
    """Counts with the verb that stands next to them: 'killing 12 soldiers', '12 were killed'."""
    tree = context.tree
    for quantity in found:
        first = tree.first_token(quantity.span)
        last = tree.first_token((quantity.span[1] - 1, quantity.span[1]))
        number = tree.sentence_of[first]
        near = [*range(first - 1, first - _NEAR, -1), *range(last + 1, last + 1 + _NEAR)]
        for word in near:
            inside = 0 <= word < len(tree.tokens) and tree.sentence_of[word] == number
            if not inside or not tree.tokens[word].tag.startswith("V"):
                continue
            act = _acts().get(tree.tokens[word].lemma)
            if act is not None and act not in _MEETINGS | _DIRECTED:
                when = when_of(context, word)
                yield Counted(where, context, act, word, quantity, when)
                break


def _same_unit(a: Counted, b: Counted) -> bool:
    one, two = a.quantity.unit, b.quantity.unit
    return one == two or {one, two} <= _PEOPLE


def _differ(a: Counted, b: Counted) -> bool:
    one, two = a.quantity, b.quantity
    if one.value is None or two.value is None or one.value == two.value:
        return False
    if one.bound != "exact" or two.bound != "exact":
        return False
    return not _other_time(a.when, b.when)


def _counts_of_a_day(context: Context, quantities: Sequence[Quantity]) -> Iterable[Discrepancy]:
    """'The storm killed 21 people on Sunday' and later 27: one act of one subject on one day."""
    for a, b in combinations(_counted("text", context, quantities), 2):
        days = a.when, b.when
        if a.act != b.act or not _same_unit(a, b) or not _differ(a, b) or days[0] is None:
            continue
        stated = all(w is not None and w.basis == "stated" for w in days)
        subject = _subject_lemma(context, a.word)
        if not stated or days[0].start != (days[1].start if days[1] else "") or not subject:
            continue
        if subject == _subject_lemma(context, b.word):
            yield Discrepancy(
                kind="number",
                summary=f"Two counts for one {a.act}: {a.quantity.text}; {b.quantity.text}.",
                passages=[_sentence("text", context, a.word), _sentence("text", context, b.word)],
            )


def _subject_lemma(context: Context, word: int) -> str:
    heads = context.matcher.parties(word, _SUBJECT)
    return context.tree.tokens[heads[0]].lemma if heads else ""


# -- outcomes ------------------------------------------------------------------------------------


def _outcomes(
    body: Context,
    held: Sequence[Position],
    leads: Sequence[tuple[Where, Context, Sequence[Event]]],
) -> Iterable[Discrepancy]:
    """'Armenia agrees to withdraw', 'Armenia refused to withdraw': one side, one issue, for and
    against, where the text nowhere takes the lead's side of it."""
    for where, context, _ in leads:
        for lead in make_positions(context):
            same = [p for p in held if _one_matter(context, lead, body, p)]
            if not same or any(_sign(p) != -_sign(lead) for p in same) or not _sign(lead):
                continue
            yield Discrepancy(
                kind="outcome",
                summary=f"Two outcomes on {lead.issue.replace('_', ' ')}: "
                f"{lead.stance.replace('_', ' ')}; {same[0].stance.replace('_', ' ')}.",
                passages=[_of_position(where, context, lead), _of_position("text", body, same[0])],
            )
            break


def _sign(position: Position) -> int:
    return 1 if position.stance in _FOR else -1 if position.stance in _AGAINST else 0


def _one_matter(context: Context, lead: Position, body: Context, told: Position) -> bool:
    """One side on one issue, with a word in common."""
    a = context.cast.actors.get(lead.party.actor or "")
    b = body.cast.actors.get(told.party.actor or "")
    if a is None or b is None or lead.issue != told.issue:
        return False
    if a.id != b.id and not (a.country and a.country == b.country and a.kind == b.kind):
        return False
    return bool(_content_lemmas(context, lead) & _content_lemmas(body, told))


def _content_lemmas(context: Context, position: Position) -> set[str]:
    tokens = context.tree.tokens
    first = context.tree.first_token(position.content)
    return {
        t.lemma
        for t in tokens[first:]
        if t.start < position.content[1] and t.tag[:1] in {"N", "V", "J"}
    }


def _of_position(where: Where, context: Context, position: Position) -> Passage:
    return _sentence(where, context, context.tree.first_token(position.content))


@cache
def _acts() -> dict[str, str]:
    """Word -> the act it tells, for acts that have one place or count their victims."""
    return {row["word"]: row["act"] for row in read_csv("discrepancy_words.csv", ("act", "word"))}


def _counts(
    context: Context, events: Sequence[Event], quantities: Sequence[Quantity]
) -> Iterable[Discrepancy]:
    """The same act with the same parties, told with exact but different numbers of one thing."""
    for a, b in combinations(events, 2):
        if (a.type, a.when) != (b.type, b.when) or a.when is None or a.when.basis != "stated":
            continue
        if _ids(a, "actors") != _ids(b, "actors") or not _ids(a, "actors"):
            continue
        if _lemma(context, a) != _lemma(context, b):
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
