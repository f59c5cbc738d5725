"""The registry of known actors: people with dated offices, organisations, groups and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.actors.countries import split_list
from dateline.record.actors.dates import in_period
from dateline.record.actors.lexicon import Lexicon, name_guards
from dateline.record.actors.roles import RoleTerm, phrase_words, role_lexicon, sector_codes
from dateline.record.actors.words import keys_of, one_edit_apart

EntityKind = Literal["person", "country", "organisation", "group"]

_PEOPLE = ("id", "name", "country", "aliases", "note")
_OFFICES = ("person_id", "office", "country", "sector", "sector2", "start", "end", "source_note")
_NAMED = ("id", "name", "country", "sector", "sector2", "aliases", "start", "end", "note")
_METONYMS = ("name", "country", "sector", "sector2", "aliases", "note")
_AMBIGUOUS = ("alias", "person_ids")
_FAMILY_NAME_FIRST = frozenset({"CHN", "HKG", "KOR", "PRK", "TWN", "VNM"})
# Parts of a family name that hang on it by a hyphen: al-Assad.
_PARTICLES = frozenset({"al", "el", "ul", "ad", "an", "ar", "as", "ash", "az", "bin", "ben", "abu"})
_SHORT = 5  # letters; a name this short can be one edit from one with both ends changed
_BRACKETED = re.compile(r"\s*\([^)]*\)\s*")
EXTRA_COLUMNS = (*_NAMED, "kind", "office")
NameOf = tuple[str, str]  # a name and the id of its bearer
_TABLES: tuple[tuple[str, EntityKind], ...] = (
    ("organisations.csv", "organisation"),
    ("bodies.csv", "organisation"),
    ("groups.csv", "group"),
)
# Sectors that end with the office: their holders are elites before and after it (PLOVER's ELI).
# Soldiers, clergy, business people, journalists, rebels and criminals keep theirs.
_ENDS_WITH_OFFICE = frozenset({"GOV", "LEG", "JUD", "COP", "SPY", "PTY", "IGO"})
# Of two offices held at once, the one further left speaks for its holder.
_SENIORITY = ("GOV", "MIL", "SPY", "COP", "JUD", "IGO", "REB", "LEG", "PTY")


class Role(NamedTuple):
    """A role held for a period. ``start`` and ``end`` are ISO dates at the granularity known,
    inclusive; '' is open."""

    country: str
    sector: str
    sector2: str = ""
    start: str = ""
    end: str = ""
    office: str = ""


@dataclass(slots=True)
class Entity:
    """A known actor. ``source`` names the table it came from; ``shared`` holds its
    names, folded, that a bracket tells from namesakes: 'National Guard (El Salvador)'."""

    id: str
    name: str
    kind: EntityKind
    country: str
    source: str
    note: str = ""
    roles: list[Role] = field(default_factory=list)
    shared: set[tuple[str, ...]] = field(default_factory=set)

    def role_on(self, day: date) -> Role:
        """The role on ``day``. A person out of office is ELI ('' when no office is known); a body
        outside its dates keeps the nearest role."""
        held = [role for role in self.roles if in_period(day, role.start, role.end)]
        if held:
            return max(held, key=_weight_of)
        if self.kind == "person":
            return self._out_of_office(day)
        return self._nearest(day) or Role(self.country, "")

    def exists_on(self, day: date) -> bool:
        """True when some role covers ``day``."""
        return any(in_period(day, role.start, role.end) for role in self.roles)

    def _out_of_office(self, day: date) -> Role:
        last = self._nearest(day)
        if last is None:
            return Role(self.country, "")
        if last.sector in _ENDS_WITH_OFFICE:
            return Role(self.country or last.country, "ELI")
        return Role(last.country or self.country, last.sector, last.sector2)

    def _nearest(self, day: date) -> Role | None:
        shown = day.isoformat()
        past = [role for role in self.roles if role.end and role.end < shown]
        if past:
            return max(past, key=lambda role: role.end)
        return min(self.roles, key=lambda role: role.start, default=None)


def _weight_of(role: Role) -> tuple[int, str]:
    rank = _SENIORITY.index(role.sector) if role.sector in _SENIORITY else len(_SENIORITY)
    return -rank, role.start


class Registry:
    """Known actors, looked up by any of their names.

    ``Registry.load()`` reads the built-in tables; ``Registry.load(path)`` adds a user's own.
    """

    def __init__(
        self,
        entities: Iterable[Entity],
        names: Iterable[tuple[str, str]],
        agents: Iterable[tuple[str, RoleTerm]] = (),
    ) -> None:
        """``names`` pairs a name with the id of its bearer, ``agents`` a word for a role with what
        it means, ahead of the built-in role words."""
        self.agents: Lexicon[RoleTerm] = Lexicon()
        for word, term in agents:
            self.agents.add(word, term, "any")
        self.entities = {entity.id: entity for entity in entities}
        self.lexicon: Lexicon[Entity] = Lexicon()
        self.surnames: dict[str, list[Entity]] = {}
        for surface, entity_id in names:
            article = surface.startswith("The ") and _is_role(surface[4:])
            self.lexicon.add(surface, self.entities[entity_id], article=article)
        for entity in self.entities.values():
            if entity.kind == "person":
                self._file_surname(entity)

    def near_surnames(self, key: str) -> list[str]:
        """Family names one edit from ``key``, in alphabetical order."""
        near: set[str] = set()
        for end in _ends(key):
            for length in (len(key) - 1, len(key), len(key) + 1):
                near.update(self._surnames_by_end.get((end, length), ()))
        return sorted(name for name in near if one_edit_apart(key, name))

    @cached_property
    def _surnames_by_end(self) -> dict[tuple[str, int], list[str]]:
        """Family names by each of their ends and by length: one edit changes at most one end of a
        name of six letters or more."""
        found: dict[tuple[str, int], list[str]] = {}
        for name in self.surnames:
            for end in _ends(name):
                found.setdefault((end, len(name)), []).append(name)
        return found

    @cached_property
    def first_names(self) -> frozenset[str]:
        """First names of the people known, and those that are common."""
        people = (e for e in self.entities.values() if e.kind == "person")
        known = {keys[0] for keys in (keys_of(e.name) for e in people) if len(keys) > 1}
        return frozenset(known | common_first_names())

    def bearers(self, key: str) -> list[Entity]:
        """People whom the bare family name ``key`` may mean: not those of whose double name it is
        only the tail (Jean-Pierre)."""
        return [e for e in self.surnames.get(key, []) if _may_be_called(e.name, key)]

    def _file_surname(self, entity: Entity) -> None:
        keys = keys_of(entity.name.partition(" of ")[0])  # a realm is no family name
        if len(keys) < 2:
            return
        self.surnames.setdefault(keys[-1], []).append(entity)
        if entity.country in _FAMILY_NAME_FIRST and keys[0] != keys[-1]:
            self.surnames.setdefault(keys[0], []).append(entity)

    @staticmethod
    def load(extra: Path | str | None = None) -> Registry:
        """The built-in registry, with the actors of ``extra`` put before its own.

        ``extra`` is a CSV or YAML file in our format, an actor or agent dictionary in the format of
        CAMEO and Phoenix, or a folder of such files (docs/actors.md describes them). An actor of
        ``extra`` replaces the built-in actor with the same id, and where a name belongs to actors
        of both, only the one in ``extra`` answers to it.

        Raises KnowledgeError, naming file and line, for a file that cannot be read so.
        """
        if extra is None:
            return _built_in()
        from dateline.record.actors.user_registry import read_user_actors

        return _built_in().merged(*read_user_actors(Path(extra)))

    def merged(
        self,
        entities: Sequence[Entity],
        names: Sequence[tuple[str, str]],
        agents: Sequence[tuple[str, RoleTerm]] = (),
    ) -> Registry:
        """This registry with ``entities`` and ``agents`` put before its own."""
        replaced = {entity.id for entity in entities}
        taken = {keys_of(surface) for surface, _ in names}
        kept = [entity for entity in self.entities.values() if entity.id not in replaced]
        kept_names = [
            (surface, entity_id)
            for surface, entity_id in _all_names()
            if entity_id not in replaced and keys_of(surface) not in taken
        ]
        return Registry([*entities, *kept], [*names, *kept_names], agents)


def _may_be_called(name: str, key: str) -> bool:
    last = keys_of(name.split()[-1])
    return len(last) == 1 or last[0] in _PARTICLES or keys_of(name)[0] == key


def _ends(name: str) -> tuple[str, ...]:
    """Marks of which two names one edit apart share at least one. Short names share ''."""
    ends = (f"^{name[:2]}", f"{name[-2:]}$")
    return ends if len(name) > _SHORT else (*ends, "")


@cache
def _built_in() -> Registry:
    return Registry(_tables()[0], _tables()[1])


def _all_names() -> list[tuple[str, str]]:
    return _tables()[1]


@cache
def _tables() -> tuple[list[Entity], list[tuple[str, str]]]:
    entities: dict[str, Entity] = {}
    names: list[tuple[str, str]] = []
    for row in read_csv("metonyms.csv", _METONYMS):
        if row["sector"]:
            file_row(entities, names, _with_id(row), "organisation", "metonyms.csv")
    for table, kind in _TABLES:
        for row in read_csv(table, _NAMED):
            file_row(entities, names, row, kind, table)
    _file_people(entities, names)
    return list(entities.values()), names


def _with_id(row: Mapping[str, str]) -> dict[str, str]:
    slug = "-".join(keys_of(row["name"]))
    return {**row, "id": f"seat-{slug}", "start": "", "end": ""}


def file_row(
    entities: dict[str, Entity],
    names: list[tuple[str, str]],
    row: Mapping[str, str],
    kind: EntityKind,
    source: str,
) -> None:
    """Adds a row: a new actor, or a further period of one already there."""
    for column in ("sector", "sector2"):
        if row[column] and row[column] not in sector_codes():
            raise KnowledgeError(f"{source}, {row['id']}: unknown {column} {row[column]!r}")
    listed = (row["name"], *split_list(row["aliases"]))
    twin = _twin(entities, row, source)
    if twin:
        names.extend((name, twin) for name in _surfaces(listed) if not _plain_role(name, False))
        return
    key = row["id"] if row["id"] not in entities else _key_of(entities, row, source)
    role = Role(
        row["country"],
        row["sector"],
        row["sector2"],
        row["start"],
        row["end"],
        row.get("office", ""),
    )
    entity = entities.setdefault(
        key, Entity(key, row["name"], kind, row["country"], source, row["note"])
    )
    entity.roles.append(role)
    entity.shared.update(keys_of(_BRACKETED.sub("", name)) for name in listed if "(" in name)
    party = row["sector"] == "PTY"
    for listed_name, name in zip(listed, _surfaces(listed), strict=True):
        if not _plain_role(name, party and "(" not in listed_name):
            names.append((name, key))


def _surfaces(listed: Iterable[str]) -> list[str]:
    """The names of a row, without the part in brackets that tells namesakes apart."""
    return [_BRACKETED.sub("", name) if "(" in name else name for name in listed]


def _plain_role(surface: str, party: bool) -> bool:
    """True for a single word such as 'Army', which names a role in any body. Acronyms may be such
    words, and parties go by them ('Labour')."""
    if " " in surface:
        return False
    if surface.isupper() and len(surface) > 1:
        return False
    guarded = name_guards().get(surface.lower()) == "word"
    return guarded or (_is_role(surface) and not (party and surface[0].isupper()))


def _is_role(surface: str) -> bool:
    """True for one word that is a letter, a small word or a role."""
    keys = keys_of(surface)
    if len(keys) != 1:
        return not keys
    return len(keys[0]) < 2 or keys[0] in phrase_words() or bool(role_lexicon().get(keys[0]))


def _twin(entities: Mapping[str, Entity], row: Mapping[str, str], source: str) -> str:
    """The id of an actor that an earlier table has under the same id and name; '' for none."""
    keys = keys_of(row["name"])
    slug = "-".join(keys)
    known = entities.get(slug) or entities.get(row["id"]) or entities.get(f"seat-{slug}")
    if known is None or known.source == source or keys_of(known.name) != keys:
        return ""
    return known.id if row["country"] in (known.country, "") or not known.country else ""


def _key_of(entities: Mapping[str, Entity], row: Mapping[str, str], source: str) -> str:
    """The id to file ``row`` under: its own for the same table, else one marked with the table."""
    same = entities[row["id"]].source == source
    return row["id"] if same else f"{source.removesuffix('.csv')}-{row['id']}"


def _file_people(entities: dict[str, Entity], names: list[tuple[str, str]]) -> None:
    ids: dict[str, str] = {}
    for row in read_csv("people.csv", _PEOPLE):
        key = row["id"] if row["id"] not in entities else f"person-{row['id']}"
        ids[row["id"]] = key
        if key not in entities:
            entities[key] = Entity(
                key, row["name"], "person", row["country"], "people.csv", row["note"]
            )
        surfaces = (row["name"], *split_list(row["aliases"]))
        names.extend((surface, key) for surface in surfaces)
    for row in read_csv("offices.csv", _OFFICES):
        if row["person_id"] not in ids:
            raise KnowledgeError(f"offices.csv: no person {row['person_id']!r} in people.csv")
        entities[ids[row["person_id"]]].roles.append(_office(row))
    for row in read_csv("ambiguous_aliases.csv", _AMBIGUOUS):
        known = [ids[name] for name in split_list(row["person_ids"]) if name in ids]
        names.extend((row["alias"], key) for key in known)


def _office(row: Mapping[str, str]) -> Role:
    if row["sector"] not in sector_codes():
        raise KnowledgeError(f"offices.csv, {row['person_id']}: unknown sector {row['sector']!r}")
    return Role(
        row["country"], row["sector"], row["sector2"], row["start"], row["end"], row["office"]
    )


@cache
def common_first_names() -> frozenset[str]:
    """First names that are common in the news, folded."""
    rows = read_csv("given_names.csv", ("name", "gender"))
    return frozenset(key for row in rows for key in keys_of(row["name"]))


@cache
def usual_bearers() -> dict[tuple[str, ...], str]:
    """Names that several actors share, and the id of the one that news mostly means by each."""
    rows = read_csv("name_defaults.csv", ("name", "id"))
    return {keys_of(row["name"]): row["id"] for row in rows}
