"""What language analysis finds in a text. All spans are half-open character offsets into the text
that was analysed; token indices count from 0 over the whole text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dateline.spans import Span

NameKind = Literal["person", "organisation", "place", "other"]
AttributionKind = Literal["direct", "indirect", "mixed"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(slots=True)
class Token:
    """One token. ``tag`` is a Penn Treebank tag, ``dep`` a Universal Dependencies relation,
    ``head`` the index of its syntactic head (its own index for a root). ``lemma`` is lower case."""

    i: int
    start: int
    end: int
    text: str
    tag: str = ""
    head: int = -1
    dep: str = ""
    lemma: str = ""

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: character span, and its tokens as ``tokens[first:last]``."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name, or any phrase for a person, organisation or place (`Analysis.mentions`).
    ``score`` is the model's probability (0..1)."""

    span: Span
    text: str
    kind: NameKind
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody's words or view, reported. ``source`` is who, ``cue`` the reporting words, and
    ``content`` what is attributed; each a list of spans, empty when the text does not have one.
    ``kind`` tells quoted words (direct), reported ones (indirect) and a mix of both."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    kind: AttributionKind
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in TIMEX3 terms.

    ``value`` is the TIMEX3 value ('2022-02', 'P3D', 'PRESENT_REF', '2025-02-12TEV'); '' when it
    cannot be resolved. ``start`` and ``end`` are the first and last day covered (ISO dates), None
    when the value is no calendar time. ``mod`` is TIMEX3's modifier (APPROX, START, MID, END,
    BEFORE, AFTER ...) or None. ``anchored`` is True when the value depends on the reference date.
    """

    span: Span
    type: TimexType
    value: str
    text: str = ""
    mod: str | None = None
    start: str | None = None
    end: str | None = None
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One reading of a toponym."""

    name: str
    lat: float
    lon: float
    country: str
    geonameid: int | None
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """A toponym. ``lat``/``lon`` are WGS84 degrees, None when no reading is likely enough; the
    readings considered are in ``candidates``. ``country`` is ISO 3166-1 alpha-3, '' when unknown or
    when the place lies in none (a sea). ``kind``: 'country', 'region', 'city', 'sea', 'facility',
    'demonym' (an adjective of place) or 'other'."""

    span: Span
    name: str
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    geonameid: int | None = None
    kind: str = "other"
    confidence: float = 0.0
    candidates: tuple[PlaceCandidate, ...] = ()


@dataclass(slots=True)
class Analysis:
    """Everything the language analysis found in one text."""

    text: str
    tokens: list[Token]
    sentences: list[Sentence]
    names: list[Name] = field(default_factory=list)
    mentions: list[Name] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
