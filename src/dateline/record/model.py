"""The record of one article: who said and did what to whom, about what, where and when.

Spans are half-open character offsets into ``record.article.text``. Ids are short strings, unique
within a record ('e3', 's1'), except an actor's, which is the registry's own or begins with '~' for
an actor known only from the article.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dateline.article.model import Article
from dateline.spans import Span

EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
Status = Literal[
    "happened", "ongoing", "planned", "proposed", "hypothetical", "denied", "background"
]
Stance = Literal[
    "demands", "offers", "accepts", "rejects", "rules_out", "supports", "doubts", "conditions"
]
Granularity = Literal["year", "month", "day", "hour"]
Basis = Literal["stated", "inferred", "published"]
StatementKind = Literal["direct", "indirect", "mixed"]

SCHEMA_VERSION = "1"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Actor(_Model):
    """An actor. ``country`` is ISO 3166-1 alpha-3 ('XKX' Kosovo, ISO 3166-3 codes for former states);
    as in PLOVER 'UNO' for United Nations bodies, 'EUR' for European Union bodies, 'IGO' for other
    intergovernmental ones; '' when unknown. ``sector`` is a PLOVER sector code valid for the date
    asked about, 'UNK' for people of no stated kind, '' for a country as such or when unknown;
    ``office`` names the post held on that date, None when none is known."""

    id: str
    name: str
    country: str = ""
    sector: str = ""
    sector2: str = ""
    office: str | None = None
    kind: Literal["person", "country", "organisation", "group", "role"] = "organisation"
    source: str = ""  # which table or rule resolved it
    note: str | None = None  # disputed status and the like, with date


class Party(_Model):
    """An actor as mentioned. ``actor`` is the id of an entry of ``Record.actors``, or None when the
    words could not be tied to one."""

    span: Span
    text: str
    actor: str | None = None


class When(_Model):
    """When something was. ``start``/``end`` are ISO dates cut to the granularity known ('2022-02'),
    inclusive. ``basis``: stated in the words at ``span``; inferred (``note`` says from what); or
    the publication date, which is then all that is known."""

    start: str
    end: str
    granularity: Granularity
    basis: Basis
    span: Span | None = None
    note: str | None = None


class Event(_Model):
    """One act. ``type``, ``mode`` and ``contexts`` are PLOVER's; ``cameo`` the nearest CAMEO code
    (a string, leading zero kept), None when there is none; ``quad`` 1 verbal cooperation, 2 material
    cooperation, 3 verbal conflict, 4 material conflict; ``intensity`` -10 (war) to 10. ``statement``
    is the id of the statement that reports it, None when the article itself does. ``confidence`` is
    a probability (0..1) that type and parties are right. ``user_types`` are the types of a user's
    codebook (docs/codebook.md) that the act has, with their probabilities, the likeliest first."""

    id: str
    type: EventType
    mode: str | None = None
    contexts: list[str] = []
    cameo: str | None = None
    quad: int = Field(ge=1, le=4)
    intensity: float = Field(ge=-10, le=10)
    actors: list[Party] = []
    recipients: list[Party] = []
    trigger: Span
    evidence: list[Span]
    place: PlaceMention | None = None
    when: When | None = None
    status: Status
    statement: str | None = None
    confidence: float = Field(ge=0, le=1)
    user_types: dict[str, float] = {}


class PlaceMention(_Model):
    """A place as mentioned. ``lat``/``lon`` are WGS84 degrees, None when the reading is unsure."""

    span: Span
    name: str
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    geonameid: int | None = None


class Statement(_Model):
    """Somebody's words or view, reported. ``speaker`` None: the text names none. ``channel`` is how
    it was said ('interview with The Economist'), as printed; ``addressee`` whom it was said to."""

    id: str
    speaker: Party | None = None
    cue: list[Span] = []
    content: list[Span]
    kind: StatementKind
    channel: str | None = None
    channel_span: Span | None = None
    addressee: Party | None = None
    when: When | None = None
    confidence: float = Field(default=1.0, ge=0, le=1)


class Position(_Model):
    """Where a party stands on an issue, in its own words or the article's. ``via`` is the chain
    from the words to the party (mention, person, office, country), as actor ids and names."""

    id: str
    party: Party
    issue: str
    stance: Stance
    content: Span
    statement: str | None = None
    when: When | None = None
    via: list[str] = []
    confidence: float = Field(default=1.0, ge=0, le=1)


class TimelineEntry(_Model):
    """A dated event or dated fact. ``event`` is an event id, None for a fact told with a date."""

    when: When
    text: str
    span: Span
    event: str | None = None
    background: bool = False


class Quantity(_Model):
    """A number or share as told ('more than 40 allies', 'about a fifth of Ukraine'). ``value`` is
    the number read, None for a vague one; ``bound``: 'exact', 'about', 'at_least', 'at_most'."""

    span: Span
    text: str
    value: float | None = None
    unit: str = ""
    bound: Literal["exact", "about", "at_least", "at_most"] = "exact"


class Discrepancy(_Model):
    """Passages that cannot both be right, shown side by side. Spans with ``where`` 'text' count in
    the article's text; in 'headline' or 'standfirst' in that field."""

    kind: str
    summary: str
    passages: list[Passage]


class Passage(_Model):
    """One side of a discrepancy."""

    where: Literal["text", "headline", "standfirst", "caption"]
    span: Span
    text: str


class Dropped(_Model):
    """Something seen and not coded. ``span`` None: the whole page."""

    stage: Literal["page", "article", "analysis", "statement", "event", "position"]
    reason: str
    message: str
    span: Span | None = None


class Version(_Model):
    """What made the record. ``gazetteer`` names what places were looked up in, '' when unknown."""

    code: str
    model: str
    codebook: str
    gazetteer: str = ""
    schema_version: str = SCHEMA_VERSION


class Record(_Model):
    """The record of one article."""

    article: Article
    actors: list[Actor] = []
    statements: list[Statement] = []
    events: list[Event] = []
    positions: list[Position] = []
    timeline: list[TimelineEntry] = []
    quantities: list[Quantity] = []
    discrepancies: list[Discrepancy] = []
    dropped: list[Dropped] = []
    version: Version


Event.model_rebuild()
Discrepancy.model_rebuild()
