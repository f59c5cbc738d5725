"""The event codebook: PLOVER's types, modes and contexts, and their CAMEO codes.

The tables are ``plover.yaml``, ``cameo.csv`` and ``cameo_mirror.csv`` in ``knowledge/codebook``. A
user's own types, in a YAML file of their own shape, are read by ``record/user_codebook.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dateline.knowledge.tables import KnowledgeError, read_csv

CAMEO_COLUMNS = ("code", "label", "type", "mode", "contexts", "also", "preferred", "note")
MIRROR_COLUMNS = ("code", "mirror", "note")

# How well a CAMEO code fits an event. A mode is worth more than a context because PLOVER's modes
# come from CAMEO's third digit; a context the event lacks counts against the code. The numbers
# were set so that every code of cameo.csv that has no twin comes back to itself
# (tests/test_codebook.py).
_MODE_SHARED, _MODE_ONLY_IN_CODE = 4.0, -3.0
_CONTEXT_SHARED, _CONTEXT_ONLY_IN_CODE = 2.0, -1.0
_SECOND_READING = -0.5  # the ``also`` column
_PREFERRED = 0.75  # the ``preferred`` column: the commonest act among codes that PLOVER merges


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mode(_Strict):
    """How an act was done. ``intensity`` None: as the type's. ``adds_context`` is a context that
    the mode always brings with it, None for none."""

    definition: str
    intensity: float | None = Field(default=None, ge=-10, le=10)
    adds_context: str | None = None


class Example(_Strict):
    """An invented sentence and its coding; ``recipient`` and ``mode`` None when there is none."""

    text: str
    actor: str
    recipient: str | None = None
    mode: str | None = None
    contexts: tuple[str, ...] = ()


class TypeDefinition(_Strict):
    """One event type. ``quad`` 1 verbal cooperation, 2 material cooperation, 3 verbal conflict,
    4 material conflict; ``intensity`` from -10 (war) to 10."""

    definition: str
    quad: int = Field(ge=1, le=4)
    intensity: float = Field(ge=-10, le=10)
    requires_recipient: bool
    actor: str
    recipient: str
    boundaries: tuple[str, ...] = ()
    modes: dict[str, Mode] = {}
    examples: tuple[Example, ...] = Field(min_length=1)


class Context(_Strict):
    """What an act is about. ``cues`` are words and phrases in lower or proper case that speak for
    the context; they are matched on lemmas or whole words, not as patterns."""

    definition: str
    cues: tuple[str, ...]


class Auxiliary(_Strict):
    """A mark on any event (historical, future ...) and the ``Event.status`` it becomes."""

    definition: str
    status: str


class Decision(_Strict):
    """A place where the sources disagree, and what this codebook does about it."""

    id: str
    question: str
    choice: str
    reason: str


class _Tables(_Strict):
    version: str
    quads: dict[int, str]
    decisions: tuple[Decision, ...] = ()
    auxiliary: dict[str, Auxiliary] = {}
    types: dict[str, TypeDefinition]
    contexts: dict[str, Context]


@dataclass(frozen=True, slots=True)
class Reading:
    """A PLOVER reading of a CAMEO code: type, mode (None for none) and contexts."""

    type: str
    mode: str | None
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code, leading zero kept. ``reading`` None: PLOVER has no type for it. ``also`` lists
    further readings whose best code is this one. ``preferred`` is the type for which this code wins
    over codes that fit as well, '' for none."""

    code: str
    label: str
    reading: Reading | None
    also: tuple[Reading, ...]
    preferred: str
    note: str


@dataclass(frozen=True)
class Codebook:
    """Types, contexts and CAMEO codes, ready to look up. Unknown names raise KeyError."""

    version: str
    quads: Mapping[int, str]
    types: Mapping[str, TypeDefinition]
    contexts: Mapping[str, Context]
    auxiliary: Mapping[str, Auxiliary]
    decisions: tuple[Decision, ...]
    cameo: Mapping[str, CameoCode]
    mirrors: Mapping[str, str]

    def quad(self, type: str) -> int:
        """The quad class (1-4) of a type."""
        return self.types[type].quad

    def intensity(self, type: str, mode: str | None = None) -> float:
        """The score (-10..10) of a type with a mode; the type's own when the mode has none."""
        definition = self.types[type]
        if mode is None:
            return definition.intensity
        score = definition.modes[mode].intensity
        return definition.intensity if score is None else score

    def modes(self, type: str) -> tuple[str, ...]:
        """The modes a type can take, in the codebook's order."""
        return tuple(self.types[type].modes)

    def plover_for(self, cameo: str) -> tuple[str, str | None, tuple[str, ...]] | None:
        """Type, mode and contexts of a CAMEO code; None when PLOVER dropped it (01 and its parts).

        Raises KeyError for a string that is no CAMEO code.
        """
        reading = self.cameo[cameo].reading
        return None if reading is None else (reading.type, reading.mode, reading.contexts)

    def mirror_of(self, cameo: str) -> str | None:
        """The code of the same act told from its other side: a visit (042) is hosted (043), a phone
        call (041) is a phone call. None for an act that has only one doer.

        Raises KeyError for a string that is no CAMEO code.
        """
        return self.mirrors.get(self.cameo[cameo].code)

    @cached_property
    def _codes_of(self) -> Mapping[str, tuple[CameoCode, ...]]:
        """Type -> the codes with a reading of it."""
        found: dict[str, list[CameoCode]] = {}
        for code in self.cameo.values():
            readings = (*code.also, code.reading) if code.reading else code.also
            for type_name in sorted({reading.type for reading in readings}):
                found.setdefault(type_name, []).append(code)
        return {name: tuple(codes) for name, codes in found.items()}

    def cameo_for(
        self, type: str, mode: str | None = None, contexts: Iterable[str] = ()
    ) -> str | None:
        """The CAMEO code that fits best; None when no code has the type (one added by a user).

        A code for another mode never fits. Ties go to the shorter code, then to the lower one.
        """
        wanted = Reading(type, mode, tuple(contexts))
        best: tuple[float, int, str] | None = None
        for code in self._codes_of.get(type, ()):
            score = _fit(code, wanted)
            if score is None or code.code.startswith("02"):  # demands (10) stand for appeals
                continue
            rank = (-score, len(code.code), code.code)
            best = rank if best is None else min(best, rank)
        if best is None and mode is not None:
            return self.cameo_for(type, None, wanted.contexts)
        return None if best is None else best[2]


@cache
def load_codebook() -> Codebook:
    """The codebook that ships. Raises KnowledgeError naming the file for anything misspelt or missing
    in its tables."""
    name = "codebook/plover.yaml"
    resource = files("dateline.knowledge").joinpath("codebook", "plover.yaml")
    return _build(parse_yaml_mapping(resource.read_text(encoding="utf-8"), name), name)


# libyaml reads the tables about ten times faster; the pure Python loader is the same language.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml_mapping(text: str, name: str) -> dict[str, Any]:
    """The mapping a YAML text holds; raises KnowledgeError naming the file for anything else."""
    try:
        loaded = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{name}: not valid YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise KnowledgeError(f"{name}: expected a mapping, found {type(loaded).__name__}")
    return loaded


def _build(raw: dict[str, Any], name: str) -> Codebook:
    try:
        tables = _Tables.model_validate(raw)
    except ValidationError as error:
        raise KnowledgeError(f"{name}: {error}") from error
    _check_contexts(tables, name)
    codes = {code.code: code for code in _cameo_codes(tables)}
    return Codebook(
        version=tables.version,
        quads=MappingProxyType(tables.quads),
        types=MappingProxyType(tables.types),
        contexts=MappingProxyType(tables.contexts),
        auxiliary=MappingProxyType(tables.auxiliary),
        decisions=tables.decisions,
        cameo=MappingProxyType(codes),
        mirrors=MappingProxyType(_mirrors(codes)),
    )


def _mirrors(codes: Mapping[str, CameoCode]) -> dict[str, str]:
    rows = read_csv("codebook/cameo_mirror.csv", MIRROR_COLUMNS)
    for row in rows:
        if row["code"] not in codes or row["mirror"] not in codes:
            raise KnowledgeError(f"cameo_mirror.csv, code {row['code']}: not in cameo.csv")
    return {row["code"]: row["mirror"] for row in rows}


def _check_contexts(tables: _Tables, name: str) -> None:
    for type_name, definition in tables.types.items():
        for mode_name, mode in definition.modes.items():
            if mode.adds_context is not None and mode.adds_context not in tables.contexts:
                raise KnowledgeError(
                    f"{name}: {type_name}, mode {mode_name}: unknown context {mode.adds_context}"
                )
        for example in definition.examples:
            unknown = set(example.contexts) - set(tables.contexts)
            if unknown or (example.mode is not None and example.mode not in definition.modes):
                raise KnowledgeError(
                    f"{name}: {type_name}: example with an unknown mode or context: {example.text}"
                )


def _cameo_codes(tables: _Tables) -> list[CameoCode]:
    codes = []
    for row in read_csv("codebook/cameo.csv", CAMEO_COLUMNS):
        own = "/".join((row["type"], row["mode"], row["contexts"].replace(";", ",")))
        kept = _reading(own, row["code"]) if row["type"] else None
        also = tuple(_reading(item, row["code"]) for item in row["also"].split(";") if item)
        for reading in also if kept is None else (kept, *also):
            if not _known(reading, tables):
                raise KnowledgeError(
                    f"cameo.csv, code {row['code']}: not in the codebook: {reading}"
                )
        codes.append(
            CameoCode(row["code"], row["label"], kept, also, row["preferred"], row["note"])
        )
    return codes


def _reading(text: str, code: str) -> Reading:
    """A reading from 'TYPE/mode/context,context'."""
    parts = text.split("/")
    if len(parts) != 3:
        raise KnowledgeError(f"cameo.csv, code {code}: expected TYPE/mode/contexts, found {text}")
    contexts = tuple(part for part in parts[2].split(",") if part)
    return Reading(parts[0], parts[1] or None, contexts)


def _known(reading: Reading, tables: _Tables) -> bool:
    definition = tables.types.get(reading.type)
    if definition is None or set(reading.contexts) - set(tables.contexts):
        return False
    return reading.mode is None or reading.mode in definition.modes


def _fit(code: CameoCode, wanted: Reading) -> float | None:
    """How well a code fits; None when its type or mode is another."""
    scores = [] if code.reading is None else [_reading_fit(code.reading, wanted)]
    scores += [_second(_reading_fit(reading, wanted)) for reading in code.also]
    best = max((score for score in scores if score is not None), default=None)
    return best + _PREFERRED if best is not None and code.preferred == wanted.type else best


def _second(score: float | None) -> float | None:
    return None if score is None else score + _SECOND_READING


def _reading_fit(reading: Reading, wanted: Reading) -> float | None:
    if reading.type != wanted.type:
        return None
    if reading.mode is not None and wanted.mode is not None and reading.mode != wanted.mode:
        return None
    score = 0.0
    if reading.mode is not None:
        score += _MODE_SHARED if wanted.mode is not None else _MODE_ONLY_IN_CODE
    shared = len(set(reading.contexts) & set(wanted.contexts))
    score += _CONTEXT_SHARED * shared
    return score + _CONTEXT_ONLY_IN_CODE * (len(reading.contexts) - shared)


def cameo_for(type: str, mode: str | None = None, contexts: Iterable[str] = ()) -> str | None:
    """``Codebook.cameo_for`` of the shipped codebook."""
    return load_codebook().cameo_for(type, mode, contexts)


def plover_for(cameo: str) -> tuple[str, str | None, tuple[str, ...]] | None:
    """``Codebook.plover_for`` of the shipped codebook."""
    return load_codebook().plover_for(cameo)
