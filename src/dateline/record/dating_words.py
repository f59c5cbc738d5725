"""The words of ``knowledge/dating.yaml``, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dateline.knowledge.tables import KnowledgeError

_FILE = "dating.yaml"
_LISTS = ("same_time", "speaks_of", "alongside", "generic")


@dataclass(frozen=True, slots=True)
class DatingWords:
    """Lemmas; ``nouns`` maps an act noun to its verb."""

    same_time: frozenset[str]
    speaks_of: frozenset[str]
    alongside: frozenset[str]
    generic: frozenset[str]
    nouns: Mapping[str, str]


@cache
def dating_words() -> DatingWords:
    """The checked table; raises KnowledgeError naming the section and entry at fault."""
    raw = yaml.safe_load(files("dateline.knowledge").joinpath(_FILE).read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or set(raw) != {*_LISTS, "nouns"}:
        raise KnowledgeError(f"{_FILE}: expected the sections {sorted([*_LISTS, 'nouns'])}")
    lists = {name: _strings(name, raw[name]) for name in _LISTS}
    nouns = raw["nouns"]
    if not isinstance(nouns, dict) or not all(
        isinstance(noun, str) and isinstance(verb, str) for noun, verb in nouns.items()
    ):
        raise KnowledgeError(f"{_FILE}, nouns: expected a mapping of nouns to verbs")
    return DatingWords(
        same_time=frozenset(lists["same_time"]),
        speaks_of=frozenset(lists["speaks_of"]),
        alongside=frozenset(lists["alongside"]),
        generic=frozenset(lists["generic"]),
        nouns=nouns,
    )


def _strings(name: str, raw: Any) -> list[str]:
    if not isinstance(raw, list):
        raise KnowledgeError(f"{_FILE}, {name}: expected a list of words")
    for word in raw:
        if not isinstance(word, str) or not word:
            raise KnowledgeError(f"{_FILE}, {name}: {word!r} is no word")
    return raw
