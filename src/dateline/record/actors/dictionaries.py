"""Actor and agent dictionaries in the format of CAMEO, TABARI, PETRARCH and Phoenix.

An actor is a name, then its codes, each for a period; further names stand on lines of their own that
begin with a plus sign or are indented. An agent is a word for a role and a code that begins with a
tilde. Underscores stand for spaces, and what follows a hash or semicolon is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.actors.countries import country_codes
from dateline.record.actors.registry import Entity, EntityKind, NameOf, Role
from dateline.record.actors.roles import RoleTerm, sector_codes

_COMMENT = re.compile(r"[;#].*")
_CODE = re.compile(r"\[([^\]]*)\]")
_PLURAL = re.compile(r"\{([^}]*)\}")
_SET = re.compile(r"(![^!\s]+!)\s*=\s*(.+)")
_SET_USED = re.compile(r"![^!\s]+!")
# A code and, after a blank, since when, until when, or from when to when it holds.
_CODED = re.compile(r"([A-Za-z~*-]+)\s*(?:([<>])\s*(\d+)|(\d+)\s*-\s*(\d+))?\s*\Z")
# Dates of six digits have a year of two: from here on it is one of the last century.
_LAST_CENTURY = 30
_NO_NAME = re.compile(r"[-*~]+\Z")


@dataclass(slots=True)
class _Entry:
    """One actor or agent as written. ``line`` is where it begins."""

    line: int
    names: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code such as 'USAGOVMIL' means; 'UNO', 'EUR' and 'IGO' are countries, as in PLOVER."""

    country: str
    sector: str
    sector2: str


def read_dictionary(
    path: Path, text: str, entities: dict[str, Entity], names: list[NameOf]
) -> list[tuple[str, RoleTerm]]:
    """Adds the actors of ``text`` to ``entities`` and ``names``; returns its agents.

    Raises KnowledgeError, naming ``path`` and line, for a line that fits neither form.
    """
    agents: list[tuple[str, RoleTerm]] = []
    sets: dict[str, list[str]] = {}
    for entry in _entries(path, text, sets):
        if any("~" in code for code in entry.codes):
            agents.extend(_agents(path, entry, sets))
        else:
            _add_actor(path, entry, entities, names)
    return agents


def _entries(path: Path, text: str, sets: dict[str, list[str]]) -> Iterator[_Entry]:
    current: _Entry | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).rstrip()
        if not line.strip():
            continue
        if defined := _SET.fullmatch(line.strip()):
            sets[defined[1]] = [part.strip(" _") for part in defined[2].split(",") if part.strip()]
            continue
        name = _PLURAL.sub("", _CODE.sub("", line)).strip()
        further = line[0] in "+ \t" or not name
        if current is None and further:
            raise KnowledgeError(f"{path}, line {number}: no actor for this line to belong to")
        if current is None or not further:
            if current:
                yield _whole(path, current)
            current = _Entry(number)
        if name.strip("+ "):
            current.names.append(line.partition("[")[0])
        current.codes.extend(_CODE.findall(line))
    if current:
        yield _whole(path, current)


def _whole(path: Path, entry: _Entry) -> _Entry:
    if not entry.codes:
        raise KnowledgeError(
            f"{path}, line {entry.line}: {entry.names[0].strip()!r} has no code in square brackets"
        )
    return entry


# --- actors


def _add_actor(
    path: Path, entry: _Entry, entities: dict[str, Entity], names: list[NameOf]
) -> None:
    surfaces = [surface for name in entry.names if (surface := _surface(name))]
    roles = [role for code in entry.codes if (role := _role(path, entry.line, code))]
    if not surfaces or not roles:
        return
    key = "user-" + re.sub(r"\W+", "-", surfaces[0].lower()).strip("-")
    last = roles[-1]
    entity = entities.setdefault(
        key, Entity(key, surfaces[0], _kind(roles), last.country, str(path))
    )
    entity.roles.extend(roles)
    names.extend((surface, key) for surface in surfaces)


def _kind(roles: Sequence[Role]) -> EntityKind:
    """The format does not say what an actor is: only people are ELI, only states have no sector."""
    if any(role.sector == "ELI" for role in roles):
        return "person"
    return "organisation" if roles[-1].sector else "country"


def _surface(name: str) -> str:
    """'HAMID_KARZAI_' as 'Hamid Karzai': capitalised, so that only capitalised words match."""
    words = name.strip("+ \t").replace("_", " ").split()
    return " ".join(word if word.islower() else word.capitalize() for word in words)


def _role(path: Path, line: int, coded: str) -> Role | None:
    """A code with its period; None for '---', which says that a name is to be passed over."""
    found = _CODED.match(coded.strip())
    if found is None:
        raise KnowledgeError(f"{path}, line {line}: [{coded}] is no code with a date")
    if _NO_NAME.match(found[1]):
        return None
    code = read_code(found[1])
    if code is None:
        raise KnowledgeError(
            f"{path}, line {line}: no country and no sector is known in code {found[1]!r}"
        )
    start, end = _period(path, line, found)
    return Role(code.country, code.sector, code.sector2, start, end)


def _period(path: Path, line: int, found: re.Match[str]) -> tuple[str, str]:
    if found[4]:
        return _day(path, line, found[4]).isoformat(), _day(path, line, found[5]).isoformat()
    if not found[2]:
        return "", ""
    day = _day(path, line, found[3])
    if found[2] == ">":
        return day.isoformat(), ""
    return "", (day - timedelta(days=1)).isoformat() if day > date.min else day.isoformat()


def _day(path: Path, line: int, digits: str) -> date:
    """YYYYMMDD or YYMMDD; a month or day of 00 means the first."""
    if len(digits) == 6:
        digits = ("19" if int(digits[:2]) >= _LAST_CENTURY else "20") + digits
    try:
        if len(digits) != 8:
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]) or 1, int(digits[6:]) or 1)
    except ValueError:
        raise KnowledgeError(
            f"{path}, line {line}: {digits!r} is no date; write YYYYMMDD or YYMMDD"
        ) from None


# --- codes


@cache
def _cameo_codes() -> dict[str, tuple[str, str]]:
    rows = read_csv("cameo_actor_codes.csv", ("code", "kind", "value", "name"))
    for row in rows:
        if row["kind"] not in ("country", "sector", "none"):
            raise KnowledgeError(f"cameo_actor_codes.csv, {row['code']}: bad kind {row['kind']!r}")
    return {row["code"]: (row["kind"], row["value"]) for row in rows}


def read_code(code: str) -> Code | None:
    """What a CAMEO code means, read in threes; parts that name a particular group are passed over.
    None when no part is known."""
    code = code.upper().replace("~", "")
    parts = [code[i : i + 3] for i in range(0, len(code), 3)]
    countries, sectors, known = [], [], False
    for part in parts:
        kind, value = _meaning(part)
        known = known or bool(kind)
        if kind == "country" and value:
            countries.append(value)
        elif kind == "sector" and value not in sectors:
            sectors.append(value)
    if not known:
        return None
    first, second = (*sectors, "", "")[:2]
    return Code(_country(countries, sectors), first, second)


def _country(countries: Sequence[str], sectors: Sequence[str]) -> str:
    """A union named beside its continent wins; other bodies of several states are IGO."""
    for union in ("UNO", "EUR"):
        if union in countries:
            return union
    return countries[0] if countries else "IGO" if "IGO" in sectors else ""


def _meaning(part: str) -> tuple[str, str]:
    if part in _cameo_codes():
        return _cameo_codes()[part]
    if part in country_codes():
        return "country", part
    return ("sector", part) if part in sector_codes() else ("", "")


# --- agents


def _agents(
    path: Path, entry: _Entry, sets: dict[str, list[str]]
) -> Iterator[tuple[str, RoleTerm]]:
    code = read_code(entry.codes[0].split()[0])
    if code is None or not code.sector:
        raise KnowledgeError(
            f"{path}, line {entry.line}: no sector is known in code {entry.codes[0]!r}"
        )
    for name in entry.names:
        for word in _forms(path, entry.line, name, sets):
            yield word, RoleTerm(word, code.sector, code.sector2, "strong", "")


def _forms(path: Path, line: int, name: str, sets: dict[str, list[str]]) -> Iterable[str]:
    """The word, its plurals in curly brackets (else the usual one) and the members of a set that it
    uses ('CONGRESS!PERSON!')."""
    plurals = [form for found in _PLURAL.findall(name) for form in found.split(",")]
    for form in (_PLURAL.sub("", name), *plurals):
        for spelled in _spelled_out(path, line, form, sets):
            bare = " ".join(spelled.strip("+ \t").replace("_", " ").lower().split())
            yield from (bare,) if plurals or "!" in name else (bare, _plural(bare))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _spelled_out(path: Path, line: int, form: str, sets: dict[str, list[str]]) -> Iterator[str]:
    used = _SET_USED.findall(form)
    unknown = [name for name in used if name not in sets]
    if unknown:
        raise KnowledgeError(
            f"{path}, line {line}: {unknown[0]} is not defined before; write {unknown[0]} = A, B"
        )
    between = _SET_USED.split(form)
    for chosen in product(*(sets[name] for name in used)):
        yield "".join(a + b for a, b in zip(between, (*chosen, ""), strict=True))
