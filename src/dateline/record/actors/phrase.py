"""The parts of a phrase: countries, known actors and role words, in segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dateline.record.actors.countries import (
    CountryForm,
    country_lexicon,
    country_mentions,
    part_of_name,
)
from dateline.record.actors.registry import Entity, Registry, common_first_names
from dateline.record.actors.roles import (
    RoleTerm,
    part_of_role,
    role_at,
    singulars,
    word_class,
)
from dateline.record.actors.words import Word, words_of

# Longer phrases are clauses; what names the actor stands at their head.
_LONGEST_PHRASE = 40
# Not states: a country named beside them says nothing against them.
_NO_STATE = frozenset({"", "IGO", "UNO", "EUR"})
_DIVIDERS = frozenset({"of", "to", "and", "break"})
_ARTICLES = frozenset({"the", "a", "an"})
# Bodies that only their own state has: 'U.S. Homeland Security' is no Egyptian agency.
_OF_ONE_STATE = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A known part of the phrase, over words ``first`` up to ``last`` (half-open): one of country,
    entities (several when the name is ambiguous) or role."""

    first: int
    last: int
    country: CountryForm | None = None
    entities: tuple[Entity, ...] = ()
    role: RoleTerm | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between prepositions and commas. ``relation`` is how it hangs on what came before:
    'head', 'of' (its country is the actor's), 'to' (it is not), 'and' (beside it) or
    'apposition'."""

    first: int
    last: int
    relation: str


class Phrase:
    """A phrase taken apart. Half-open word indices count in ``words``."""

    def __init__(self, text: str, registry: Registry, near: Sequence[str] = ()) -> None:
        """``near``: countries that the context names."""
        self.text = text
        self.words: list[Word] = words_of(text)[:_LONGEST_PHRASE]
        self._strict = any(word.text[0].isupper() for word in self.words)
        self._near = self._own_countries() or tuple(near)
        self.marks = list(self._find_marks(registry))
        self.segments = list(self._find_segments())

    def _find_marks(self, registry: Registry) -> Iterator[Mark]:
        at = 0
        while at < len(self.words):
            mark = self._mark_at(registry, at)
            if mark:
                yield mark
            at = mark.last if mark else at + 1

    def _mark_at(self, registry: Registry, at: int) -> Mark | None:
        """The longest mark at a word; of equals a country, then a known actor, then
        a role."""
        words, strict = self.words, self._strict
        named, entities = self._entities_at(registry, at)
        placed, forms = country_lexicon().longest(words, at, strict=strict)
        if placed and part_of_name(words, at, placed):
            placed = 0
        sized, role = role_at(words, at)
        wanted, own = registry.agents.longest(words, at, strict=strict)
        if own and wanted >= sized:
            sized, role = wanted, own[0]
        if role and self._surname_like(at, sized, role):
            sized = 0
        if sized > max(named, placed):
            return Mark(at, at + sized, role=role)
        if named > placed:
            return Mark(at, at + named, entities=tuple(entities))
        if placed:
            return Mark(at, at + placed, country=forms[0])
        return Mark(at, at + sized, role=role) if sized else None

    def _entities_at(self, registry: Registry, at: int) -> tuple[int, list[Entity]]:
        """Known actors named from word ``at`` on. A name made of role words ('National Guard')
        counts only for a country that is named, an acronym for one that stands before it."""
        length, entities = registry.lexicon.longest(self.words, at, strict=self._strict)
        if not entities or self._shouted_role(at, length) or self._tail_of_name(at, length):
            return 0, []
        if entities[0].kind != "person":
            if self._generic(at, length):
                entities = self._of_named_country(at, length, entities)
            entities = self._not_foreign(at, entities)
        return (length, entities) if entities else (0, [])

    def _own_countries(self) -> tuple[str, ...]:
        mentions = country_mentions(self.words, strict=self._strict)
        return tuple(form.country for _, _, form in mentions if form.country)

    def _of_named_country(self, at: int, length: int, entities: list[Entity]) -> list[Entity]:
        """The bearers of a generic name whose country is named. When no country is, all of them,
        less those whose table tells them from namesakes."""
        country = self._country_before(at)
        if length == 1 and not country:
            return entities
        named = (country,) if country else self._near
        if named:
            return [e for e in entities if e.country in named or e.country in _NO_STATE]
        keys = tuple(word.key for word in self.words[at : at + length])
        return [e for e in entities if keys not in e.shared]

    def _not_foreign(self, at: int, entities: list[Entity]) -> list[Entity]:
        """Less the state bodies of other countries than the one named right before."""
        country = self._country_before(at)
        if not country:
            return entities
        return [e for e in entities if e.country in (country, *_NO_STATE) or not _of_one_state(e)]

    def _tail_of_name(self, at: int, length: int) -> bool:
        """True for 'Mercury' in 'Freddie Mercury': one word after a capitalised unknown one. A
        family name is left to be weighed with the whole phrase."""
        word, before = self.words[at], self.words[at - 1]
        if length > 1 or at == 0 or word.text.isupper() or not word.joined:
            return False
        if not before.capital or before.possessive or before.text.isupper():
            return False
        known = word_class(before) or part_of_role(before) or country_lexicon().get(before.text)
        return not known

    def _shouted_role(self, at: int, length: int) -> bool:
        """True for 'ARMY' in a phrase all in capitals, which is no acronym."""
        word = self.words[at]
        shouting = len(self.words) > 1 and self.text.isupper()
        return length == 1 and shouting and bool(word_class(word) or role_at(self.words, at)[0])

    def _country_before(self, at: int) -> str:
        """The country whose name ends right before word ``at``."""
        for start in range(max(0, at - 4), at):
            length, forms = country_lexicon().longest(self.words, start, strict=self._strict)
            if length and start + length == at:
                return forms[0].country
        return ""

    def _generic(self, at: int, length: int) -> bool:
        words = self.words[at : at + length]
        if length == 1:
            return words[0].text.isupper()
        return all(word_class(w) or part_of_role(w) for w in words)

    def _surname_like(self, at: int, length: int, role: RoleTerm) -> bool:
        """True for 'King' in 'Martin Luther King' and 'Tribe' in 'Laurence H. Tribe': a capitalised
        role word after a bare name, when it is often a family name or the name a first name."""
        if length > 1 or at == 0 or not self.words[at].capital:
            return False
        before = self.words[at - 1]
        if role.flag != "surname" and not self._given(at - 1):
            return False
        if not before.capital or before.possessive or not self.words[at].joined:
            return False
        placed = country_lexicon().get(before.text) or word_class(before)
        return not placed and not role_at(self.words, at - 1)[0]

    def _given(self, at: int) -> bool:
        """True for a common first name or an initial: 'Laurence', 'H.'."""
        word = self.words[at]
        if word.capital and len(word.key) == 1:
            return at > 0 and self.words[at - 1].capital
        return word.capital and word.key in common_first_names()

    def _find_segments(self) -> Iterator[Segment]:
        inside = {i for mark in self.marks for i in range(mark.first, mark.last)}
        first, relation = 0, "head"
        for i, word in enumerate(self.words):
            cls = word_class(word) if i not in inside else ""
            comma = i > 0 and not word.joined and i not in {m for m in inside if m - 1 in inside}
            if cls in _DIVIDERS or comma:
                if i > first:
                    yield Segment(first, i, relation)
                    first = i
                relation = cls if cls in ("of", "to", "and") else "apposition"
                if relation == "to" and self._served(i):
                    relation = "of"
                first = i + 1 if cls in _DIVIDERS else i
        if first < len(self.words):
            yield Segment(first, len(self.words), relation)

    def _served(self, at: int) -> bool:
        """True for the 'to' of 'an aide to the president' and 'forces loyal to the president'."""
        if self.words[at].key != "to":
            return False
        role = next((mark.role for mark in self.marks if mark.last == at and mark.role), None)
        loyal = at > 0 and word_class(self.words[at - 1]) == "serves"
        return loyal or (role is not None and role.flag == "serves")

    def within(self, segment: Segment) -> list[Mark]:
        """The marks that begin in ``segment``."""
        return [
            mark
            for mark in self.marks
            if segment.first <= mark.first < segment.last
            and not (mark.entities and self._says_whose_side(mark))
        ]

    def surface(self, mark: Mark) -> str:
        """The words of a mark as written."""
        return self.text[self.words[mark.first].start : self.words[mark.last - 1].end]

    def country_of(self, mark: Mark) -> CountryForm | None:
        """The country of a mark, unless the phrase only says who is for, against or behind the
        actor: 'pro-Russian', 'Iran-backed'."""
        if mark.country is None or not mark.country.country or self._says_whose_side(mark):
            return None
        return mark.country

    def _says_whose_side(self, mark: Mark) -> bool:
        """True for 'Iran' in 'Iran-backed' and 'Russian' in 'pro-Russian'."""
        if mark.last < len(self.words) and self._backing(mark.last):
            return True
        return mark.first > 0 and word_class(self.words[mark.first - 1]) == "against"

    def _backing(self, at: int) -> bool:
        """True for 'backed' and its like, but not for 'armed' in 'armed forces'."""
        longer = any(mark.first == at and mark.last > at + 1 for mark in self.marks)
        return word_class(self.words[at]) == "backed" and not longer

    @cached_property
    def unknown(self) -> list[int]:
        """Indices of words that belong to no mark and are no small words."""
        inside = {i for mark in self.marks for i in range(mark.first, mark.last)}
        return [i for i, word in enumerate(self.words) if i not in inside and not word_class(word)]

    def name_runs(self) -> list[str]:
        """Runs of capitalised unknown words, as written."""
        return [text for text, _ in self.placed_runs]

    @cached_property
    def placed_runs(self) -> list[tuple[str, bool]]:
        """The runs of ``name_runs``, and whether a word such as 'in' stands before each."""
        runs: list[list[int]] = []
        for i in self.unknown:
            if not self.words[i].capital:
                continue
            if runs and runs[-1][-1] == i - 1 and self.words[i].joined:
                runs[-1].append(i)
            else:
                runs.append([i])
        return [(self._written(run), self._placed(run[0])) for run in runs]

    def widened(self, run: str) -> str:
        """A run with the capitalised small word that opens it: 'New Orleans' for 'Orleans'."""
        start = self.text.find(run)
        before = [word for word in self.words if word.end <= start][-1:]
        small = before and before[0].capital and before[0].key not in _ARTICLES
        return self.text[before[0].start : start + len(run)] if small else run

    def _written(self, run: Sequence[int]) -> str:
        return self.text[self.words[run[0]].start : self.words[run[-1]].end]

    def _placed(self, at: int) -> bool:
        before = at - 1
        if before > 0 and self.words[before].capital:  # 'in New Orleans'
            before -= 1
        return before >= 0 and word_class(self.words[before]) == "of"


def _of_one_state(entity: Entity) -> bool:
    return entity.kind == "organisation" and entity.roles[0].sector in _OF_ONE_STATE


def is_plural(phrase: Sequence[Word]) -> bool:
    """True when the last word looks plural."""
    return bool(phrase) and bool(singulars(phrase[-1].key))
