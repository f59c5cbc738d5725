"""Who a phrase names: country, sector and office on a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from dateline.record.actors.cities import city_country
from dateline.record.actors.countries import (
    CountryForm,
    country_mentions,
    misspelt_country,
    reading_in,
)
from dateline.record.actors.dates import day_of
from dateline.record.actors.phrase import Mark, Phrase
from dateline.record.actors.reading import Reading, read_role
from dateline.record.actors.registry import (
    Entity,
    Registry,
    Role,
    common_first_names,
    usual_bearers,
)
from dateline.record.actors.roles import word_class
from dateline.record.actors.words import (
    Word,
    keys_of,
    one_edit_apart,
    spelling_of,
    words_of,
)
from dateline.record.model import Actor

# A context no longer than this is a cue ('Colombian defense'), not running text.
_CUE_WORDS = 8
# Shorter family names differ by one letter too often to be read as misspellings.
_SHORTEST_MISSPELT = 6
# Sectors of bodies that belong to a state, so that a state named in the context is theirs.
_OF_A_STATE = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "PTY", "OPP", "REB", "PRM"})
_OFFICES = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "COP"})
# Shorter first names are one letter from one another (Tim, Jim).
_SHORTEST_FIRST = 3
# 'Osaka police' name a city; smaller ones share their names with adjectives ('Federal', Argentina).
_CITY_AS_QUALIFIER = 100_000
# Names this short are mostly people's when the city is small (Kim, India).
_SHORT_NAME = 5
# 'Hezbollah fighters' are Hezbollah: the word adds nothing to the name.
_FORCES = frozenset({"UAF", "MIL"})
_OPPOSED = frozenset({"OPP", "REB", "PTY"})
_CROWD = frozenset({"CVL", "LAB", "MED", "JUD"})
_EDGE = " \t\r\n\"'“”‘’«»()[]{},;:!?-–—…"
# The highest offices of a state or union; not 'Premier of Ontario', 'President of the Senate'.
_COUNTRY_WORDS = 4  # 'the Democratic Republic of' has more, but stands first in no list
_TOP_OFFICE = re.compile(
    r"(acting |interim |transitional |de facto )?(president|prime minister|chancellor|king|queen|"
    r"emperor|emir|sultan|pope|supreme leader|premier|(un |nato )?secretary[- ]general)\Z|"
    r"president of the european (commission|council)\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Question:
    """All that an answer depends on, so that it can be kept for the next time."""

    phrase: str
    context: str
    day: date


def resolve_actor(
    phrase: str,
    *,
    context: str = "",
    date: str | date | datetime | None = None,
    registry: Registry | None = None,
) -> Actor | None:
    """The actor that ``phrase`` names, as of ``date``; None when it names none that is known.

    ``context`` is a cue or the words around the phrase; it settles acronyms and gives bodies and
    unknown office holders their country. ``date`` is an ISO date (possibly cut to year or month),
    a date written out, a ``date`` or ``datetime``; None, '' and 'today' mean the current day.
    ``registry`` defaults to the built-in tables (``Registry.load()``).

    ``country`` is ISO 3166-1 alpha-3; XKX stands for Kosovo. As in the PLOVER manual the United
    Nations is UNO, the European Union EUR and every other intergovernmental body IGO. ``sector``
    is a code of PLOVER, UNK for people of no stated kind, '' for a state as such. Office holders
    are ELI before and after their offices. Never raises for any text.
    """
    text = phrase.strip(_EDGE) if isinstance(phrase, str) else ""
    if not text:
        return None
    question = _Question(text, context.strip() if isinstance(context, str) else "", day_of(date))
    actor = _answer(registry or Registry.load(), question)
    return actor.model_copy() if actor else None


@lru_cache(maxsize=2048)
def _answer(registry: Registry, question: _Question) -> Actor | None:
    return _Resolver(question, registry).answer()


class _Resolver:
    """Answers one question; each step returns an actor or None."""

    def __init__(self, question: _Question, registry: Registry) -> None:
        self.registry, self.day, self.context = registry, question.day, question.context
        self.phrase = Phrase(question.phrase, registry, _countries_in(question.context))
        self.reading: Reading | None = None

    def answer(self) -> Actor | None:
        words = self.phrase.words
        if not words or all(word_class(word) == "date" for word in words):
            return None
        self.reading = read_role(self.phrase)
        return (
            self._contextual_name()
            or self._named()
            or self._role()
            or self._country()
            or self._unlisted_name()
        )

    # --- names with another reading in this context

    def _contextual_name(self) -> Actor | None:
        bare = [word for word in self.phrase.words if word_class(word) != "skip"]
        if len(bare) > 2 or self.reading:
            return None
        cue = reading_in(self.phrase.text, self.context)
        if cue is None:
            return None
        return self._actor("~" + cue.country, cue.country, cue.sector, source="country_contexts")

    # --- known people, bodies and groups

    def _named(self) -> Actor | None:
        mark = self._focus()
        if mark is None:
            return None
        if mark.entities[0].kind == "person":
            return self._person(self._pick(self._bearers(mark)), mark)
        return self._body(mark)

    def _focus(self) -> Mark | None:
        """The known actor that the phrase is about: no role word after it turns the phrase into
        somebody else ('Trump's lawyer', 'the Hamas health ministry')."""
        for segment in self.phrase.segments:
            marks = self.phrase.within(segment)
            first = segment is self.phrase.segments[0]
            if not first and segment.relation in ("of", "to"):
                continue
            if not first and segment.relation == "and" and self.reading:
                continue
            for mark in reversed(marks):
                if mark.entities and not self._governed(mark, marks):
                    return self._house_of(mark, marks)
        return None

    def _house_of(self, mark: Mark, marks: Sequence[Mark]) -> Mark:
        """'U.S. House Republicans' act as members of the House."""
        before = next((m for m in marks if m.entities and m.last == mark.first), None)
        if before is None or mark.entities[0].role_on(self.day).sector != "PTY":
            return mark
        return before if before.entities[0].role_on(self.day).sector == "LEG" else mark

    def _governed(self, mark: Mark, marks: Sequence[Mark]) -> bool:
        if self._outgrown(mark):
            return True
        later = [m for m in marks if m.first >= mark.last and m.role and m.role.noun]
        if not later:
            return False
        head = later[-1].role
        if head is None or mark.entities[0].kind == "person":
            return True
        own = mark.entities[0].role_on(self.day).sector
        if own == "PTY" and head.sector in _FORCES:
            return True  # a party's fighters are not the party
        return not (head.sector == own or (head.weight == "weak" and head.sector in _FORCES))

    def _outgrown(self, mark: Mark) -> bool:
        """True when a short personal name, or a firm's that is a first name, is only part of a longer,
        unknown one ('Rafael Gomez')."""
        length = mark.last - mark.first
        first_name = length == 1 and self.phrase.words[mark.first].key in common_first_names()
        if not ((mark.entities[0].kind == "person" and length <= 2) or first_name):
            return False
        beside = [i for i in (mark.first - 1, mark.last) if i in self.phrase.unknown]
        return any(
            self.phrase.words[i].capital
            and len(self.phrase.words[i].key) > 1
            and self.phrase.words[max(i, mark.first)].joined
            and not self.phrase.words[i].possessive
            for i in beside
        )

    def _bearers(self, mark: Mark) -> Sequence[Entity]:
        """Whom a mark may name: for a family name that its usual bearer shares, whoever of that
        name was in office on the day when the usual bearer was not ('Clinton' in 2010)."""
        if mark.last - mark.first > 1 or any(e.role_on(self.day).office for e in mark.entities):
            return mark.entities
        others = self.registry.surnames.get(self.phrase.words[mark.first].key, [])
        in_office = [e for e in others if e.role_on(self.day).office and self._public(e)]
        return in_office if len(in_office) == 1 else mark.entities

    def _public(self, entity: Entity) -> bool:
        return entity.role_on(self.day).sector in _OFFICES | {"PTY"}

    def _pick(self, entities: Sequence[Entity]) -> Entity:
        """Of several bearers of a name the one whose country is named, then one in office."""
        if len(entities) == 1:
            return entities[0]
        near = self._named_countries()
        return max(entities, key=lambda entity: self._fit(entity, near))

    def _fit(self, entity: Entity, near: Sequence[str]) -> tuple[bool, bool, bool]:
        role = entity.role_on(self.day)
        matches = role.country in near or entity.country in near
        wanted = self.reading.sector if self.reading else ""
        return matches, bool(wanted) and role.sector == wanted, bool(role.office)

    def _person(self, entity: Entity, mark: Mark) -> Actor:
        role = entity.role_on(self.day)
        title = self.reading
        if (
            title
            and title.head is not None
            and title.head.first >= mark.first
            and self._same_segment(title.head, mark)
        ):
            title = None
        if title and title.former:
            role = Role(role.country, "ELI" if title.sector == "ELI" else role.sector)
        elif title and _outranks(title, role):
            role = self._past_role(entity, title) or Role(
                entity.country, title.sector, title.sector2, office=self._office(title)
            )
        elif not role.office and self.context:
            role = self._role_in_context(entity) or role
        return self._actor(
            entity.id,
            role.country or entity.country,
            role.sector,
            role.sector2,
            name=entity.name,
            office=role.office,
            kind="person",
            source=entity.source,
            note=entity.note,
        )

    def _same_segment(self, a: Mark, b: Mark) -> bool:
        return any(
            segment.first <= a.first < segment.last and segment.first <= b.first < segment.last
            for segment in self.phrase.segments
        )

    def _past_role(self, entity: Entity, title: Reading) -> Role | None:
        """The listed office that the title in the text names, although the date is another."""
        wanted = set(keys_of(self._office(title)))
        for role in reversed(entity.roles):
            if role.sector == title.sector and wanted & set(keys_of(role.office)):
                return role
        return None

    def _role_in_context(self, entity: Entity) -> Role | None:
        """The listed office that a short cue speaks of: 'Colombian defense'."""
        if len(self.context.split()) > _CUE_WORDS:
            return None
        cue = set(keys_of(self.context))
        if "former" in cue:
            return None
        for role in reversed(entity.roles):
            office = {key.replace("defence", "defense") for key in keys_of(role.office)}
            telling = {k for k in office if not word_class(Word(k, 0, 1, k, True, False))}
            if telling & {key.replace("defence", "defense") for key in cue}:
                return role
        return None

    def _body(self, mark: Mark) -> Actor | None:
        return self._from_entities(mark.entities, self.reading_former())

    def reading_former(self) -> bool:
        """True when the phrase speaks of a past holder."""
        return bool(self.reading and self.reading.former)

    def _from_entities(self, entities: Sequence[Entity], former: bool = False) -> Actor | None:
        entity = self._agreed(entities)
        if entity is None:
            return None
        role = entity.role_on(self.day)
        sector = "ELI" if former and role.sector == "GOV" else role.sector
        return self._actor(
            entity.id,
            role.country,
            sector,
            role.sector2,
            name=entity.name,
            office=role.office if entity.kind == "person" else "",
            kind=entity.kind,
            source=entity.source,
            note=entity.note,
        )

    def _agreed(self, entities: Sequence[Entity]) -> Entity | None:
        """The bearer of an ambiguous name that the countries named speak for, else what all
        bearers share; None when they share nothing."""
        near = self._named_countries()
        fitting = [e for e in entities if e.role_on(self.day).country in near]
        if fitting or len(entities) == 1:
            return (fitting or list(entities))[0]
        entities = self._likely(entities)
        roles = [entity.role_on(self.day) for entity in entities]
        if len({role.country for role in roles}) == 1:
            return entities[0]
        if len({role.sector for role in roles}) > 1:
            return None
        shared = Role("", roles[0].sector)
        return Entity(
            "~" + "-".join(self._keys()),
            self.phrase.text,
            entities[0].kind,
            "",
            entities[0].source,
            roles=[shared],
        )

    def _likely(self, entities: Sequence[Entity]) -> Sequence[Entity]:
        """With no country to go by: the usual bearer of the name, else those that exist on the
        day and that the tables do not tell from namesakes."""
        usual = {entity.id for entity in entities} & set(usual_bearers().values())
        if len(usual) == 1:
            return [entity for entity in entities if entity.id in usual]
        plain = [e for e in entities if not e.shared] or list(entities)
        return [e for e in plain if e.exists_on(self.day)] or plain

    # --- role phrases

    def _role(self) -> Actor | None:
        reading = self.reading
        if reading is None:
            return None
        if reading.entities:
            return self._of_entity(reading)
        holder = self._by_surname(reading)
        if holder:
            return holder
        country = self._country_of_phrase(reading)
        return self._actor(
            self._own_id(),
            country,
            self._camp(reading) or reading.sector,
            reading.sector2,
            office=self._office(reading),
            kind="role",
            source="role_nouns.csv",
        )

    def _of_entity(self, reading: Reading) -> Actor | None:
        """'Trump aide', 'leader of Hamas': the sector of the body or person named."""
        entity = self._agreed(reading.entities)
        if entity is None:
            return None
        role = entity.role_on(self.day)
        explicit = reading.sector or _sector_beside(entity, role, reading)
        ends = reading.former and role.sector in ("GOV", "LEG", "MIL")
        return self._actor(
            self._own_id(),
            role.country or entity.country,
            "ELI" if ends else explicit,
            "" if ends else role.sector2,
            kind="role",
            source=entity.source,
        )

    def _office(self, reading: Reading) -> str:
        if reading.head is None or reading.sector not in ("GOV", "LEG", "MIL", "JUD", "ELI"):
            return ""
        return self.phrase.surface(reading.head)

    def _by_surname(self, reading: Reading) -> Actor | None:
        """'Deputy Secretary Hicks': a title and a family name that one office holder answers to."""
        runs = self.phrase.name_runs()
        if len(runs) != 1 or len(keys_of(runs[0])) != 1 or reading.former:
            return None
        key = keys_of(runs[0])[0]
        bearers = self.registry.bearers(key) or self._misspelt_surname(key)
        fitting = [e for e in bearers if e.role_on(self.day).sector == reading.sector]
        near = self._named_countries()
        if near:
            fitting = [e for e in fitting if e.role_on(self.day).country in near]
        return self._from_entities(fitting) if len(fitting) == 1 else None

    def _misspelt_surname(self, key: str) -> list[Entity]:
        if len(key) < _SHORTEST_MISSPELT:
            return []
        near = self.registry.near_surnames(key)
        return self.registry.surnames[near[0]] if len(near) == 1 else []

    # --- countries

    def _country_of_phrase(self, reading: Reading) -> str:
        head = reading.head.role if reading.head else None
        if head and head.flag == "outside":
            return self._country_of_owner()
        if self._several_states():
            return ""
        return (
            next(iter(self._phrase_countries(reading)), "")
            or self._city_of_phrase(reading)
            or self._context_country(reading.sector)
        )

    def _several_states(self) -> bool:
        """True for 'the leaders of Brazil, China and India', who are of no one country."""
        states: set[str] = set()
        for segment in self.phrase.segments:
            marks = self.phrase.within(segment)
            forms = [form for mark in marks if (form := self.phrase.country_of(mark))]
            if segment.relation == "of" and marks and marks[0].country:
                states = {form.country for form in forms}
            elif (
                states
                and segment.relation in ("and", "apposition")
                and len(marks) == 1
                and segment.last - segment.first <= _COUNTRY_WORDS
            ):
                states |= {form.country for form in forms}
        return len(states) > 1

    def _country_of_owner(self) -> str:
        """'A Trump ally' is at home where Trump is; Chile's allies are not in Chile."""
        owner = self._owner()
        return owner.country if owner else ""

    def _camp(self, reading: Reading) -> str:
        """The sector that allies share with the opponent or rebel they stand by; '' else."""
        outside = reading.head and reading.head.role and reading.head.role.flag == "outside"
        owner = self._owner() if outside else None
        sector = owner.role_on(self.day).sector if owner else ""
        return sector if sector in _OPPOSED else ""

    def _owner(self) -> Entity | None:
        entities = [m.entities[0] for m in self.phrase.marks if m.entities]
        return next((entity for entity in entities if entity.kind == "person"), None)

    def _phrase_countries(self, reading: Reading | None) -> Iterable[str]:
        """Countries of the phrase, that of the head's segment first, an addressee's never."""
        head = reading.head.first if reading and reading.head else 0
        ordered = sorted(self.phrase.segments, key=lambda s: not s.first <= head < s.last)
        for segment in ordered:
            aside = segment.relation == "and" and not segment.first <= head < segment.last
            if segment.relation == "to" or (aside and reading is not None):
                continue
            for mark in self.phrase.within(segment):
                form = self.phrase.country_of(mark)
                if form and self._only_descent(mark):
                    continue
                if form:
                    cue = reading_in(self.phrase.surface(mark), self.context)
                    yield cue.country if cue else form.country
                elif mark.entities:
                    entity = self._agreed(mark.entities)
                    role = entity.role_on(self.day) if entity else None
                    if entity and role and (role.country or entity.country):
                        yield role.country or entity.country

    def _only_descent(self, mark: Mark) -> bool:
        """True for 'Albanians' in 'ethnic Albanians in Macedonia', who are at home there."""
        if not mark.first or self.phrase.words[mark.first - 1].key != "ethnic":
            return False
        return any(m.first > mark.last and self.phrase.country_of(m) for m in self.phrase.marks)

    def _city_of_phrase(self, reading: Reading | None) -> str:
        if reading and reading.head and reading.head.first == 0 and not self._has_relation("of"):
            return ""
        for run, placed in self.phrase.placed_runs:
            misspelt = misspelt_country(run)
            if misspelt:
                return misspelt.country
            smallest = 0 if placed else _CITY_AS_QUALIFIER
            wide = self.phrase.widened(run)
            found = city_country(wide, smallest=smallest) if wide != run else None
            found = found or city_country(run, fuzzy=True, smallest=smallest)
            if found:
                return found[0]
        return ""

    def _has_relation(self, relation: str) -> bool:
        return any(segment.relation == relation for segment in self.phrase.segments)

    def _named_countries(self) -> list[str]:
        """Countries named in the phrase, else in the context."""
        own = [form.country for mark in self.phrase.marks if (form := self.phrase.country_of(mark))]
        return own or list(_countries_in(self.context))

    def _context_country(self, sector: str) -> str:
        """The one state that the context names, for bodies that belong to a state."""
        if sector not in _OF_A_STATE:
            return ""
        named = _countries_in(self.context)
        return named[0] if len(named) == 1 else ""

    def _country(self) -> Actor | None:
        marks = [mark for mark in self.phrase.marks if mark.country]
        if not marks:
            return None
        first = next((mark for mark in marks if self.phrase.country_of(mark)), marks[0])
        form = first.country
        assert form is not None
        if self._covers_phrase(marks):
            return self._state(form, first)
        if not any(self.phrase.country_of(mark) for mark in marks) or self._name_like(first):
            return None
        country = next(iter(self._phrase_countries(None)), "")
        return self._actor(
            self._own_id(),
            country,
            self._bare_sector() or "UNK",
            kind="role",
            source="countries.csv",
        )

    def _covers_phrase(self, marks: Sequence[Mark]) -> bool:
        return not self.phrase.unknown and len(marks) == len(self.phrase.marks)

    def _bare_sector(self) -> str:
        roles = [mark.role for mark in self.phrase.marks if mark.role]
        return next((role.sector for role in roles if role.weight == "modifier"), "")

    def _name_like(self, mark: Mark) -> bool:
        """'Paris Hilton': nothing but capitalised words, the first of them a place."""
        words = self.phrase.words
        form = mark.country
        return (
            form is not None
            and form.kind in ("name", "capital", "region")
            and len(words) <= 3
            and all(word.capital and not word.possessive for word in words)
        )

    def _state(self, form: CountryForm, mark: Mark) -> Actor:
        country, sector = form.country, form.sector
        cue = reading_in(self.phrase.surface(mark), self.context)
        if cue:
            country, sector = cue.country, cue.sector
        known = form.kind in ("name", "demonym", "capital") and not form.sector
        if form.kind == "city":
            sector = "CVL"
        return self._actor(
            country if known and country else f"~{'-'.join(keys_of(form.name))}",
            country,
            sector,
            name=form.name,
            kind="country",
            source="countries.csv",
            note=form.note,
        )

    # --- names in no table

    def _unlisted_name(self) -> Actor | None:
        runs = self.phrase.name_runs()
        if len(runs) != 1 or len(self.phrase.unknown) != len(keys_of(runs[0])):
            return None
        return (
            self._bare_surname(runs[0])
            or self._misspelt(runs[0])
            or self._by_cue()
            or self._place(runs[0])
        )

    def _bare_surname(self, name: str) -> Actor | None:
        """A family name alone, when only one bearer has held the highest office of a state. He stands
        back for the only one in office on the day ('Clinton' in 2016)."""
        keys = keys_of(name)
        bearers = self.registry.bearers(keys[-1]) if len(keys) == 1 else []
        top = [e for e in bearers if any(_TOP_OFFICE.match(role.office) for role in e.roles)]
        in_office = [e for e in bearers if e.role_on(self.day).office and self._public(e)]
        if len(top) == len(in_office) == 1 and top[0].country == in_office[0].country:
            top = in_office
        if len(top) > 1:
            top = [e for e in top if _TOP_OFFICE.match(e.role_on(self.day).office)]
        if not top and self.context and len(keys) == 1:
            near = _countries_in(self.context)
            top = [
                e
                for e in bearers or self._misspelt_surname(keys[0])
                if e.country in near and e.role_on(self.day).office
            ]
        return self._from_entities(top) if len(top) == 1 else None

    def _misspelt(self, name: str) -> Actor | None:
        """A full name one letter off a known one, or with a middle name or initial added."""
        keys = [key for key in keys_of(name) if len(key) > 1]
        if len(keys) < 2:
            return None
        names = self.registry.first_names
        found = [e for e in self._near_surnames(keys[-1]) if _same_person(keys, keys_of(e.name), names)]
        return self._from_entities(found) if len(found) == 1 else None

    def _near_surnames(self, key: str) -> Iterable[Entity]:
        yield from self.registry.surnames.get(key, [])
        if len(key) >= _SHORTEST_MISSPELT:
            for name in self.registry.near_surnames(key):
                yield from self.registry.surnames[name]

    def _by_cue(self) -> Actor | None:
        """An unknown person whom the context gives a country and a role."""
        cue = self._cue_phrase()
        if cue is None:
            return None
        reading = read_role(cue) or _topic_reading(cue)
        countries = [form.country for mark in cue.marks if (form := cue.country_of(mark))]
        if reading is None or not countries or reading.sector in ("", "UNK", "CVL"):
            return None
        return self._actor(
            self._own_id(),
            countries[0],
            reading.sector,
            reading.sector2,
            kind="person",
            source="context",
        )

    def _cue_phrase(self) -> Phrase | None:
        """The context when it is short, else the words that introduce or follow the name in it."""
        if not self.context:
            return None
        if len(self.context.split()) <= _CUE_WORDS:
            return Phrase(self.context, self.registry)
        at = self.context.find(self.phrase.text)
        if at < 0:
            return None
        before = re.split(r"[,.;:!?“”\"\n()]", self.context[:at])[-1]
        after = self.context[at + len(self.phrase.text) :]
        title = " ".join(before.split()[-6:])
        if title and self._introduces(title):
            return Phrase(title, self.registry)
        apposition = re.match(r",\s*([^,.;]{4,80})[,.;]", after)
        return Phrase(apposition[1], self.registry) if apposition else None

    def _introduces(self, title: str) -> bool:
        """True when a role word stands right before the name."""
        marks = Phrase(title, self.registry).marks
        last = marks[-1] if marks else None
        return bool(last and last.role and last.last == len(words_of(title)))

    def _place(self, name: str) -> Actor | None:
        if any(word_class(word) == "honorific" for word in self.phrase.words):
            return None  # 'Mr. Jackson' is no city
        if self._inside_longer_name(name):
            return None
        short = len(name) < _SHORT_NAME
        found = city_country(name, smallest=_CITY_AS_QUALIFIER if short else 0)
        misspelt = None if found else misspelt_country(name)
        if misspelt:
            return self._actor(
                misspelt.country,
                misspelt.country,
                misspelt.sector,
                name=misspelt.name,
                kind="country",
                source="countries.csv",
                note=misspelt.note,
            )
        if found is None:
            return None
        return self._actor(
            f"~city-{'-'.join(keys_of(found[1]))}",
            found[0],
            "CVL",
            name=found[1],
            kind="country",
            source="geonames",
        )

    def _inside_longer_name(self, name: str) -> bool:
        """True for 'Kanye' in 'Kanye West' and 'Irving' in 'Washington Irving', but not for 'Orleans'
        in 'New Orleans' or 'Paris' in 'Paris, Texas'."""
        start = self.phrase.text.find(name)
        end = start + len(name)
        words = self.phrase.words
        after = next((w for w in words if w.start >= end), None)
        if after and after.capital and after.joined:
            return True
        marked = {i for mark in self.phrase.marks for i in range(mark.first, mark.last)}
        first = next(i for i, w in enumerate(words) if w.start >= start)
        return first - 1 in marked and words[first].joined and not words[first - 1].possessive

    # --- making the answer

    def _keys(self) -> list[str]:
        return [word.key for word in self.phrase.words if word.key not in ("the", "a", "an")]

    def _own_id(self) -> str:
        return "~" + "-".join(self._keys() or [word.key for word in self.phrase.words])

    def _actor(
        self,
        actor_id: str,
        country: str,
        sector: str,
        sector2: str = "",
        *,
        name: str = "",
        office: str = "",
        kind: str = "organisation",
        source: str = "",
        note: str = "",
    ) -> Actor:
        return Actor.model_validate(
            {
                "id": actor_id,
                "name": name or self.phrase.text,
                "country": country,
                "sector": sector,
                "sector2": sector2 if sector2 != sector else "",
                "office": office or None,
                "kind": kind,
                "source": source,
                "note": note or None,
            }
        )


def _outranks(title: Reading, held: Role) -> bool:
    """True when the words give a person another capacity than the table does: any that says
    something for one out of office, only an office for one who holds one."""
    if title.default or title.sector in ("", "UNK", "CVL", held.sector):
        return False
    return not held.office or title.sector in _OFFICES


def _sector_beside(entity: Entity, role: Role, reading: Reading) -> str:
    """The sector of people described by the body or person they belong to."""
    head = reading.head.role if reading.head else None
    if head is None:
        return role.sector
    if role.sector == "PTY" and head.sector in _FORCES:
        return "REB"  # a party's fighters
    if role.country == "EUR" and head.sector == "GOV":
        return "GOV"
    if entity.kind == "person" and head.sector in _CROWD | _FORCES and role.sector not in _OPPOSED:
        return head.sector
    return role.sector


def _topic_reading(phrase: Phrase) -> Reading | None:
    """'Colombian defense': a field of government stands for its ministry."""
    for mark in phrase.marks:
        if mark.role and mark.role.weight == "topic" and mark.role.sector in ("GOV", "MIL"):
            return Reading("GOV", "MIL" if mark.role.sector == "MIL" else "", mark)
    return None


def _same_person(given: Sequence[str], known: Sequence[str], first_names: frozenset[str]) -> bool:
    """True when first names agree up to their spelling or one letter and nothing but a middle name
    is added. A first name that somebody else bears is no slip: Ivana Trump is not Ivanka."""
    bare = [key for key in known if len(key) > 1]
    if len(bare) < 2 or abs(len(given) - len(bare)) > 1:
        return False
    last_same = given[-1] == bare[-1]
    if given[0] == bare[0]:
        return last_same or one_edit_apart(given[-1], bare[-1])
    return last_same and (
        spelling_of(given[0]) == spelling_of(bare[0])
        or (
            len(given[0]) > _SHORTEST_FIRST
            and given[0] not in first_names
            and one_edit_apart(given[0], bare[0])
        )
    )


@lru_cache(maxsize=512)
def _countries_in(text: str) -> tuple[str, ...]:
    """Distinct countries that ``text`` names, in order."""
    found: dict[str, None] = {}
    for first, last, form in country_mentions(words_of(text)):
        cue = reading_in(text[first.start : last.end], text)
        country = cue.country if cue else form.country
        if country:
            found[country] = None
    return tuple(found)
