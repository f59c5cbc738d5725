"""The words of time expressions, read once from ``knowledge/times.yaml`` and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dateline.knowledge.tables import KnowledgeError

_FILE = "times.yaml"
_SECTIONS = frozenset(
    {
        "valued",
        "plain",
        "phrases",
        "holidays",
        "movable",
        "capitalised",
        "ageing",
        "people",
        "tense",
        "famous",
        "deeds",
        "numbered",
        "lasting",
        "begins",
    }
)

_SPLIT = re.compile(r"(['.-])")  # the lexer makes these marks tokens of their own, but for 's
_HOLIDAY = re.compile(r"\d\d-\d\d|\d\d-(?:[1-4]|-1)-[0-6]|[EOTJK][+-]\d+|M:.+|ELECTION")

Entry = tuple[str, str]
"""A word's class and its value ('' when the class needs none)."""


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary. ``single`` maps a lower-case word to its entry; ``phrases`` maps the first
    word of a phrase to its continuations, longest first."""

    single: Mapping[str, Entry]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    capitalised: frozenset[str]
    holidays: Mapping[str, str]
    movable: Mapping[str, tuple[date, ...]]
    ageing: frozenset[str]
    people: frozenset[str]
    tense: Mapping[str, frozenset[str]]
    famous: Mapping[str, int]
    deeds: frozenset[str]
    numbered: frozenset[str]
    lasting: tuple[str, ...]
    begins: tuple[str, ...]


@cache
def words() -> Words:
    """The checked vocabulary; raises KnowledgeError naming the section and entry at fault."""
    raw = _load()
    single = _single(raw)
    phrases = _phrases(raw)
    return Words(
        single=single,
        phrases=phrases,
        capitalised=frozenset(_strings("capitalised", raw["capitalised"])),
        holidays=_holidays(raw),
        movable={name: _dates(name, rows) for name, rows in raw["movable"].items()},
        ageing=frozenset(_strings("ageing", raw["ageing"])),
        people=frozenset(_strings("people", raw["people"])),
        tense={name: frozenset(_strings(name, forms)) for name, forms in raw["tense"].items()},
        famous={day: int(year) for day, year in _mapping("famous", raw["famous"]).items()},
        deeds=frozenset(_strings("deeds", raw["deeds"])),
        numbered=frozenset(_strings("numbered", raw["numbered"])),
        lasting=tuple(_strings("lasting", raw["lasting"])),
        begins=tuple(_strings("begins", raw["begins"])),
    )


def _load() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("dateline.knowledge").joinpath(_FILE).read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=loader)  # both loaders are safe ones
    if not isinstance(raw, dict) or set(raw) != _SECTIONS:
        raise KnowledgeError(f"{_FILE}: expected the sections {sorted(_SECTIONS)}")
    return raw


def _single(raw: Mapping[str, Any]) -> dict[str, Entry]:
    single: dict[str, Entry] = {}
    for name, entries in raw["valued"].items():
        for word, value in _mapping(name, entries).items():
            _add(single, word, (name, value))
    for name, forms in raw["plain"].items():
        for word in _strings(name, forms):
            _add(single, word, (name, ""))
    return single


def _add(single: dict[str, Entry], word: str, entry: Entry) -> None:
    if word in single:
        raise KnowledgeError(f"{_FILE}: {word!r} is both {single[word][0]} and {entry[0]}")
    single[word] = entry


def _phrases(raw: Mapping[str, Any]) -> dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]:
    gathered: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    tables = {**raw["phrases"], "HOLIDAY": {name: name for name in raw["holidays"]}}
    for name, entries in tables.items():
        for phrase, value in _mapping(name, entries).items():
            first, *rest = _SPLIT.sub(r" \1 ", phrase).replace("' s", "'s").split()
            gathered.setdefault(first, []).append((tuple(rest), (name, value)))
    return {
        first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in gathered.items()
    }


def _holidays(raw: Mapping[str, Any]) -> dict[str, str]:
    rules = _mapping("holidays", raw["holidays"])
    for name, rule in rules.items():
        known = not rule.startswith("M:") or rule[2:] in raw["movable"]
        if not _HOLIDAY.fullmatch(rule) or not known:
            raise KnowledgeError(f"{_FILE}, holidays: {name!r} has no valid rule ({rule!r})")
    return rules


def _mapping(name: str, raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise KnowledgeError(f"{_FILE}, {name}: expected a mapping of words to strings")
    for word, value in raw.items():
        if not isinstance(word, str) or not isinstance(value, str):
            raise KnowledgeError(f"{_FILE}, {name}: {word!r}: {value!r} must both be strings")
    return raw


def _strings(name: str, raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise KnowledgeError(f"{_FILE}, {name}: expected a list of strings")
    return raw


def _dates(name: str, raw: Any) -> tuple[date, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, date) for item in raw):
        raise KnowledgeError(f"{_FILE}, movable, {name}: expected a list of dates")
    return tuple(raw)
