"""A record written by hand, so that the views are tested without the language model."""

from __future__ import annotations

from datetime import UTC, datetime

from dateline.article.model import Article, ArticleProblem, Caption, Copy, Furniture
from dateline.record.model import (
    Actor,
    Discrepancy,
    Dropped,
    Event,
    Party,
    Passage,
    PlaceMention,
    Position,
    Quantity,
    Record,
    Statement,
    TimelineEntry,
    Version,
    When,
)
from dateline.spans import Span

FIRST = "Valletta — Kenya’s envoy Asha Mwangi met Sudanese officials on Monday."
SECOND = (
    "“We demand a full withdrawal before any talks,” Mwangi told reporters. He shelled Kassala."
)
TEXT = f"{FIRST}\n\n{SECOND}"
VERSION = Version(code="0", model="none", codebook="test")


def at(words: str) -> Span:
    """Span of the first occurrence of ``words`` in ``TEXT``."""
    start = TEXT.index(words)
    return start, start + len(words)


def party(words: str, actor: str | None) -> Party:
    return Party(span=at(words), text=words, actor=actor)


def day(value: str, basis: str = "stated") -> When:
    return When.model_validate({"start": value, "end": value, "granularity": "day", "basis": basis})


def article(**changes: object) -> Article:
    fields: dict[str, object] = {
        "id": "a1",
        "url": "https://news.example/envoy",
        "headline": "Envoy meets Sudanese officials",
        "standfirst": "Talks held in Malta",
        "bylines": ["Ann Writer"],
        "published": datetime(2024, 3, 4, 9, 30, tzinfo=UTC),
        "published_granularity": "minute",
        "agency": "Reuters",
        "datelines": ["Valletta"],
        "captions": [Caption(text="The envoy arrives.", credit="LENS/AGENCY")],
        "text": TEXT,
        "furniture": [Furniture(kind="offer", span=(0, 5)), Furniture(kind="offer", span=(9, 12))],
        "copies": [Copy(span=(200, 300), share=1.0)],
        "language": "en",
    }
    return Article.model_validate(fields | changes)


def events() -> list[Event]:
    met = Event(
        id="e1", type="CONSULT", mode="meet", quad=1, intensity=1.0,
        actors=[party("Asha Mwangi", "p1")], recipients=[party("Sudanese officials", "c1")],
        trigger=at("met"), evidence=[at(FIRST)], when=day("2024-03-04"), status="happened",
        place=PlaceMention(span=at("Valletta"), name="Valletta", country="MLT"), confidence=0.9,
    )  # fmt: skip
    shelled = Event(
        id="e2", type="ASSAULT", quad=4, intensity=-9.0, actors=[], recipients=[],
        trigger=at("shelled"), evidence=[at("He shelled Kassala.")], status="denied",
        statement="s1", when=day("2024-03-04", "published"), confidence=0.5,
    )  # fmt: skip
    return [met, shelled]


def record(**changes: object) -> Record:
    """The record of ``TEXT``; ``changes`` replace whole fields."""
    fields: dict[str, object] = {
        "article": article(),
        "actors": [
            Actor(id="p1", name="Asha Mwangi", country="KEN", sector="GOV", kind="person"),
            Actor(id="c1", name="Sudan", country="SDN", sector="GOV", kind="country"),
        ],
        "statements": [
            Statement(
                id="s1",
                speaker=party("Mwangi", "p1"),
                cue=[at("told")],
                kind="direct",
                content=[at("“We demand a full withdrawal before any talks,”")],
                channel="interview",
                addressee=party("reporters", None),
            )
        ],
        "events": events(),
        "positions": [
            Position(
                id="x1",
                party=party("We", "p1"),
                issue="withdrawal",
                stance="demands",
                content=at("a full withdrawal before any talks"),
                statement="s1",
            )
        ],
        "timeline": [
            TimelineEntry(when=day("2024-03-04"), text="met", span=at("met"), event="e1"),
            TimelineEntry(
                when=When(start="2023-04", end="2023-04", granularity="month", basis="stated"),
                text="war began",
                span=at("talks"),
                background=True,
            ),
        ],
        "quantities": [Quantity(span=at("full"), text="full", value=1, unit="withdrawal")],
        "discrepancies": [
            Discrepancy(
                kind="place",
                summary="Where they met",
                passages=[
                    Passage(where="standfirst", span=(0, 19), text="Talks held in Malta"),
                    Passage(where="text", span=at("Kassala"), text="Kassala"),
                ],
            )
        ],
        "dropped": [
            Dropped(stage="event", reason="no_actor", message="no actor for", span=at("talks")),
            Dropped(stage="event", reason="no_actor", message="no actor for", span=at("shelled")),
        ],
        "version": VERSION,
    }
    return Record.model_validate(fields | changes)


def without_story() -> Record:
    """The record of a page that is only a paywall notice."""
    problem = ArticleProblem(
        code="paywall_notice", message="no story found: the page holds only a subscription notice"
    )
    return Record(article=Article(id="a0", problem=problem), version=VERSION)
