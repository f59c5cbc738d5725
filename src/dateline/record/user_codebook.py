"""A user's own event types: a YAML file that extends PLOVER's sixteen or takes their place.

Each type has a definition, example sentences with their act and parties marked, and the PLOVER type or
CAMEO code that it maps to, which gives it a quad class and a score where the file gives none. The file
is described in docs/codebook.md; ``user_types.py`` recognises the types in text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dateline.knowledge.tables import KnowledgeError
from dateline.record.codebook import Codebook, load_codebook, parse_yaml_mapping
from dateline.spans import Span

# Three examples find about a third of the acts of a type, eight two thirds (docs/codebook.md).
LEAST_EXAMPLES = 3
# Bytes; a codebook of a hundred types with thirty examples each has half of this.
LARGEST_FILE = 1_000_000
OTHER = "OTHER"  # in ``event_type``: none of the types of a codebook that takes PLOVER's place
_ROLES = ("actor", "recipient", "act")
_TAG = re.compile(r"<(/?)([^<>\s]*)>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_CAMEO = re.compile(r"\d{3,4}")

Use = Literal["extend", "replace"]


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence and the words of it that do the act, suffer it and tell it: character spans of
    ``text``, any of them empty."""

    text: str
    actor: tuple[Span, ...] = ()
    recipient: tuple[Span, ...] = ()
    act: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class UserType:
    """A type of the user's. ``type``, ``mode`` and ``contexts`` are the PLOVER reading it maps to,
    ``cameo`` the CAMEO code; ``quad`` (1-4) and ``intensity`` (-10..10) are the file's own, or those of
    that reading. ``examples`` show the type, ``counterexamples`` what is easily mistaken for it."""

    name: str
    definition: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: int
    intensity: float
    examples: tuple[MarkedSentence, ...]
    counterexamples: tuple[MarkedSentence, ...] = ()


@dataclass(frozen=True)
class UserCodebook:
    """A user's file, checked. ``use``: 'extend' codes its types beside PLOVER's, 'replace' instead of
    them. ``version`` is the file's own, '' when it names none."""

    name: str
    version: str
    use: Use
    types: Mapping[str, UserType]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TypeEntry(_Strict):
    definition: str = Field(min_length=10)
    maps_to: str
    quad: int | None = Field(default=None, ge=1, le=4)
    intensity: float | None = Field(default=None, ge=-10, le=10)
    examples: tuple[str, ...] = Field(min_length=LEAST_EXAMPLES)
    counterexamples: tuple[str, ...] = ()


class _File(_Strict):
    name: str = ""
    version: str = ""
    codebook: Use = "extend"
    types: dict[str, _TypeEntry] = Field(min_length=1)


def load_user_codebook(path: Path) -> UserCodebook:
    """The codebook in a YAML file. Raises KnowledgeError naming the file and the key for anything that
    is misspelt, missing or out of range, and OSError when the file cannot be read."""
    raw = path.read_bytes()
    if len(raw) > LARGEST_FILE:
        raise KnowledgeError(f"{path.name}: {len(raw):,} bytes, expected at most {LARGEST_FILE:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnowledgeError(f"{path.name}: not UTF-8 text; save it as UTF-8") from None
    loaded = _with_names(parse_yaml_mapping(text, path.name), path.name)
    try:
        file = _File.model_validate(loaded)
    except ValidationError as error:
        raise KnowledgeError(f"{path.name}: {_first_problem(error)}") from None
    types = {k: _user_type(k, entry, f"{path.name}: types.{k}") for k, entry in file.types.items()}
    _check_names(file, path.name)
    return UserCodebook(
        file.name or path.stem, file.version, file.codebook, MappingProxyType(types)
    )


def parse_marked(text: str) -> MarkedSentence:
    """A sentence from one with <actor>, <recipient> and <act> around its parts. Raises ValueError that
    says what is wrong with the marks."""
    spans: dict[str, list[Span]] = {role: [] for role in _ROLES}
    opened: dict[str, int] = {}
    plain, at = "", 0
    for tag in _TAG.finditer(text):
        plain += text[at : tag.start()]
        at = tag.end()
        closing, role = tag.groups()
        if role not in spans:
            raise ValueError(f"unknown mark {tag.group()}; expected <actor>, <recipient> or <act>")
        if not closing:
            if role in opened:
                raise ValueError(f"<{role}> is opened twice")
            opened[role] = len(plain)
        elif role not in opened:
            raise ValueError(f"</{role}> closes nothing")
        elif plain[opened[role] :].strip():
            spans[role].append((opened.pop(role), len(plain)))
        else:
            raise ValueError(f"<{role}> is around no words")
    if opened:
        raise ValueError(f"<{next(iter(opened))}> is not closed")
    return MarkedSentence(plain + text[at:], *(tuple(spans[role]) for role in _ROLES))


def _with_names(raw: dict[str, Any], file: str) -> dict[str, Any]:
    """A list of types that have a ``name`` each, as a mapping by name."""
    types = raw.get("types")
    if not isinstance(types, list):
        return raw
    named: dict[str, Any] = {}
    for number, entry in enumerate(types, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise KnowledgeError(f"{file}: types, entry {number}: expected a mapping with a name")
        if entry["name"] in named:
            raise KnowledgeError(f"{file}: types.{entry['name']}: the name is given twice")
        named[entry["name"]] = {key: value for key, value in entry.items() if key != "name"}
    return {**raw, "types": named}


def _first_problem(error: ValidationError) -> str:
    """The first thing that pydantic found, as 'types.X.quad: what is wrong'."""
    found = error.errors()[0]
    where = ".".join(str(part) for part in found["loc"])
    if found["type"] == "extra_forbidden":
        return f"{where}: unknown key"
    if found["loc"][-1:] == ("maps_to",) and isinstance(found["input"], int):
        return f"{where}: write the CAMEO code in quotes, as in '042', to keep its leading zero"
    if found["type"] == "too_short" and "examples" in found["loc"]:
        return f"{where}: expected at least {LEAST_EXAMPLES} examples, found {len(found['input'])}"
    if found["type"] == "missing":
        return f"{where}: missing"
    return f"{where}: {found['msg'][:1].lower()}{found['msg'][1:]}, found {found['input']!r:.60}"


def _check_names(file: _File, name: str) -> None:
    for kind in file.types:
        if not _NAME.fullmatch(kind):
            raise KnowledgeError(
                f"{name}: types.{kind}: expected a name of letters, digits, - and _, at most 40"
            )
        if kind in {OTHER, "NONE"}:
            raise KnowledgeError(f"{name}: types.{kind}: the name is taken; choose another")
        if file.codebook == "extend" and kind in load_codebook().types:
            raise KnowledgeError(
                f"{name}: types.{kind}: PLOVER has this type; choose another name, or set "
                "'codebook: replace'"
            )


def _user_type(name: str, entry: _TypeEntry, where: str) -> UserType:
    book = load_codebook()
    kind, mode, contexts, cameo = _target(entry.maps_to.strip(), book, f"{where}.maps_to")
    return UserType(
        name=name,
        definition=" ".join(entry.definition.split()),
        type=kind,
        mode=mode,
        contexts=contexts,
        cameo=cameo,
        quad=book.quad(kind) if entry.quad is None else entry.quad,
        intensity=book.intensity(kind, mode) if entry.intensity is None else entry.intensity,
        examples=tuple(_marked(entry.examples, f"{where}.examples")),
        counterexamples=tuple(_marked(entry.counterexamples, f"{where}.counterexamples")),
    )


def _target(
    maps_to: str, book: Codebook, where: str
) -> tuple[str, str | None, tuple[str, ...], str | None]:
    """Type, mode, contexts and CAMEO code of 'TYPE', 'TYPE/mode' or a CAMEO code."""
    if _CAMEO.fullmatch(maps_to):
        if maps_to not in book.cameo:
            raise KnowledgeError(f"{where}: no CAMEO code {maps_to}")
        reading = book.plover_for(maps_to)
        if reading is None:
            raise KnowledgeError(f"{where}: CAMEO {maps_to} has no PLOVER type; name a type")
        return *reading, maps_to
    kind, _, mode = maps_to.partition("/")
    if kind not in book.types:
        raise KnowledgeError(
            f"{where}: expected a PLOVER type, TYPE/mode or a CAMEO code in quotes, found {maps_to!r}"
        )
    if mode and mode not in book.modes(kind):
        modes = ", ".join(book.modes(kind)) or "none"
        raise KnowledgeError(f"{where}: {kind} has no mode {mode!r}; its modes: {modes}")
    return kind, mode or None, (), book.cameo_for(kind, mode or None)


def _marked(sentences: Sequence[str], where: str) -> Iterator[MarkedSentence]:
    for number, sentence in enumerate(sentences, start=1):
        try:
            found = parse_marked(" ".join(sentence.split()))
        except ValueError as error:
            raise KnowledgeError(f"{where}, sentence {number}: {error}") from None
        if not found.act:
            raise KnowledgeError(
                f"{where}, sentence {number}: mark the word that tells the act, as in "
                "'<actor>Rangers</actor> <act>seized</act> <recipient>two boats</recipient>'"
            )
        yield found
