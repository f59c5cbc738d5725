"""The rows that the HTTP API gives. Offsets are half-open and count characters of the article's text;
moments are in UTC; a name of the columns of ``dateline query`` means the same here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dateline.record.model import Basis, EventType, Granularity, Stance, StatementKind, Status


class _Model(BaseModel):
    # A column that a model lacks would be left out of the answer without a word.
    model_config = ConfigDict(extra="forbid")


Spans = Annotated[
    list[tuple[int, int]], Field(description="half-open character offsets into the article's text")
]
Countries = Annotated[
    list[str],
    Field(description="ISO 3166-1 alpha-3, UNO, EUR, IGO, or '' for unknown; one for each name"),
]
Sectors = Annotated[
    list[str], Field(description="PLOVER sectors, '' for none or unknown; one for each name")
]
Confidence = Annotated[float, Field(ge=0, le=1, description="how likely the reading is right")]
Words = Annotated[str | None, Field(description="null in a store that was built without text")]
IsoTime = Annotated[
    str | None, Field(description="ISO 8601, cut to what is known ('2025-02'); null: not told")
]


class CorrectionRow(_Model):
    """A field that a person corrected: the machine's value, the person's, who, when (UTC) and why."""

    id: str
    old: Any
    new: Any
    author: str
    made: datetime
    reason: str


Corrected = Annotated[
    dict[str, CorrectionRow],
    Field(description="fields that people corrected; the row has their values"),
]


class _Sourced(_Model):
    article: Annotated[str, Field(description="id of the article that the words are from")]
    url: str | None
    outlet: str | None
    published: datetime | None
    headline: str | None
    corrected: Corrected = {}


class _Told(_Model):
    type: Annotated[EventType, Field(description="PLOVER type")]
    mode: Annotated[str | None, Field(description="PLOVER mode")]
    contexts: Annotated[list[str], Field(description="PLOVER contexts")]
    cameo: Annotated[str | None, Field(description="nearest CAMEO code, leading zero kept")]
    quad: Annotated[
        int,
        Field(
            ge=1,
            le=4,
            description="1 verbal, 2 material cooperation; 3 verbal, 4 material conflict",
        ),
    ]
    intensity: Annotated[float, Field(ge=-10, le=10)]
    status: Status
    confidence: Confidence


class _Parties(_Model):
    actors: Annotated[
        list[str | None], Field(description="names, as the registry has them or as told")
    ]
    actor_countries: Countries
    actor_sectors: Sectors
    recipients: list[str | None]
    recipient_countries: Countries
    recipient_sectors: Sectors
    reported_by: Annotated[str | None, Field(description="who says so; null: the article itself")]


class _Placed(_Model):
    place: str | None
    place_country: str | None
    lat: Annotated[float | None, Field(description="WGS84 degrees; null: unsure or not told")]
    lon: float | None
    geonameid: int | None


class EventRow(_Told, _Parties, _Placed, _Sourced):
    """An act, counted once whoever tells it, with the words of one telling."""

    id: str
    first_day: Annotated[date | None, Field(description="null: no day is known")]
    last_day: date | None
    day_basis: Annotated[
        Basis | None,
        Field(description="'published': the day of the article, for want of a better one"),
    ]
    n_reports: int
    n_articles: Annotated[int, Field(description="articles that tell it")]
    n_outlets: int
    n_independent: Annotated[
        int, Field(description="stories they go back to: copies of one count once")
    ]
    evidence: Words
    evidence_spans: Spans


class ReportRow(_Told, _Parties, _Placed, _Sourced):
    """An act as one article tells it."""

    id: str
    event: Annotated[str, Field(description="id of the act")]
    when_start: IsoTime
    when_end: IsoTime
    when_granularity: Granularity | None
    when_basis: Basis | None
    evidence: Words
    evidence_spans: Spans
    trigger: Words
    trigger_start: int
    trigger_end: int


class SaidValue(_Model):
    """A value, and the reports that give it."""

    value: str
    reports: list[str]
    n_independent: int


class SpreadField(_Model):
    """What the reports of an act say of one thing."""

    field: str
    values: list[SaidValue]
    differs: bool
    silent: Annotated[int, Field(description="reports that do not tell it")]


class EventDetail(EventRow):
    """An act with all its reports and what they say."""

    reports: list[ReportRow]
    spread: list[SpreadField]


class StatementRow(_Sourced):
    """Somebody's words or view, reported."""

    id: str
    speaker: Annotated[str | None, Field(description="null: the text names none")]
    speaker_country: str | None
    speaker_sector: str | None
    addressee: str | None
    addressee_country: str | None
    addressee_sector: str | None
    kind: StatementKind
    channel: Annotated[str | None, Field(description="how it was said, as printed")]
    when_start: IsoTime
    when_end: IsoTime
    when_granularity: Granularity | None
    when_basis: Basis | None
    content: Words
    content_spans: Spans
    cue_spans: Spans
    confidence: Confidence


class PositionRow(_Sourced):
    """Where a party stands on an issue."""

    id: str
    party: str | None
    party_country: str | None
    party_sector: str | None
    issue: str
    stance: Stance
    content: Words
    content_start: int
    content_end: int
    when_start: IsoTime
    when_end: IsoTime
    when_granularity: Granularity | None
    when_basis: Basis | None
    via: Annotated[list[str], Field(description="the chain from the words to the party")]
    statement: Annotated[str | None, Field(description="id of the statement")]
    confidence: Confidence


class ActorRow(_Model):
    """An actor as of the last article that names it."""

    actor: Annotated[
        str, Field(description="id; one that begins with '~' is known from articles alone")
    ]
    name: str
    country: str
    sector: str
    office: str | None
    kind: str
    n_articles: int
    n_given: Annotated[int, Field(description="acts that it did")]
    n_received: Annotated[int, Field(description="acts that it was met with")]
    n_statements: int
    n_positions: int
    first_published: datetime | None
    last_published: datetime | None


class RoleRow(_Model):
    """What an actor was, as of the articles from ``first`` to ``last``."""

    name: str
    kind: str
    office: str | None
    country: str
    sector: str
    sector2: str
    note: str | None
    first: datetime | None
    last: datetime | None
    n_articles: int


class ActorDetail(ActorRow):
    """An actor and its roles over time."""

    roles: list[RoleRow]


class ArticleRow(_Model):
    """An article without its text."""

    id: str
    url: str | None
    headline: str | None
    standfirst: str | None
    published: datetime | None
    published_granularity: str | None
    outlet: str | None
    source: Annotated[
        str | None, Field(description="host of the outlet, or 'outlet:' and its name")
    ]
    agency: Annotated[str | None, Field(description="wire service that it names")]
    section: str | None
    language: str
    words: int
    bylines: list[str]
    datelines: list[str]
    story: Annotated[str | None, Field(description="id of the story; null: not yet compared")]
    n_statements: int
    n_reports: int
    n_positions: int
    corrected: Corrected = {}


class StoryRow(_Model):
    """Articles of common origin, which count as one source."""

    id: str
    n_articles: int
    n_outlets: int
    n_independent: int
    agency: str | None
    first_published: datetime | None
    first_article: str
    headline: Annotated[str | None, Field(description="of the first article")]


class StoryMember(_Model):
    """An article of a story."""

    article: str
    url: str | None
    outlet: str | None
    headline: str | None
    published: datetime | None
    similarity: Annotated[
        float | None, Field(description="to the nearest other; null: it is alone")
    ]
    evidence: Annotated[str, Field(description="why it is in the story")]


class StoryDetail(StoryRow):
    """A story with its articles."""

    articles: list[StoryMember]


class Summary(_Model):
    """What is in the corpus."""

    dateline: Annotated[str, Field(description="version of the program")]
    articles: int
    events: int
    statements: int
    positions: int
    actors: int
    stories: int
    first_published: datetime | None
    last_published: datetime | None


T = TypeVar("T")


class Page(_Model, Generic[T]):
    """Some rows of many. They stay in the same order as long as the store is the same."""

    total: Annotated[int, Field(description="rows that meet the conditions")]
    limit: int
    offset: int
    next: Annotated[str | None, Field(description="address of the rows that follow; null: none do")]
    items: list[T]


class ErrorBody(_Model):
    """Why a request failed: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


class Failure(_Model):
    """The answer to every request that fails."""

    error: ErrorBody
