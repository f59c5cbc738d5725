"""One invented article: its text, and the record that a reader would make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from world import Act, Town, World, templates

from dateline.analysis.model import Analysis, Place, TimeExpression
from dateline.article.model import Article, Copy, Furniture, Segment
from dateline.record.codebook import load_codebook
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

VERSION = Version(code="0.0.0", model="invented", codebook="invented")
_SLOT = re.compile(r"\{([A-Z]+)\}")
_FILLERS = (4, 9)  # sentences without a record, fewest and most


@dataclass(slots=True)
class Story:
    """A finished article with the page around it."""

    record: Record
    analysis: Analysis
    page_text: str
    told: list[tuple[str, Act]]  # event ids in the record, and the acts they tell


@dataclass(slots=True)
class Draft:
    """An article while it is being written."""

    world: World
    day: date
    parts: list[str] = field(default_factory=list)
    length: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)

    def write(self, pattern: str, fills: dict[str, str]) -> tuple[Span, dict[str, Span]]:
        """Add a sentence; where it and each of its fills stand."""
        start = self.length
        spans: dict[str, Span] = {}
        done = 0
        for slot in _SLOT.finditer(pattern):
            self._add(pattern[done : slot.start()])
            fill = fills[slot[1]]
            opens = self.length == start
            spans[slot[1]] = self._add(fill[0].upper() + fill[1:] if opens else fill)
            done = slot.end()
        self._add(pattern[done:])
        return (start, self.length), spans

    def end(self, text: str) -> None:
        """Add what stands between two sentences."""
        self._add(text)

    def party(self, actor: Actor, span: Span) -> Party:
        """An actor as mentioned."""
        self.actors[actor.id] = actor
        return Party(span=span, text="".join(self.parts)[slice(*span)], actor=actor.id)

    def _add(self, text: str) -> Span:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length


def write_story(
    world: World, acts: list[Act], day: date, host: str, outlet: str, number: int
) -> Story:
    """An article of ``day`` that tells ``acts``."""
    draft = Draft(world, day)
    told: list[tuple[str, Act]] = []
    for act in acts:
        told.append((_tell(draft, act), act))
        draft.end(" ")
        _comment(draft, act)
        draft.end("\n\n")
        _fill(draft)
    text = "".join(draft.parts).rstrip()
    article, page_text = _article(world, acts, day, text, host, outlet, number)
    record = Record(
        article=article,
        actors=list(draft.actors.values()),
        statements=draft.statements,
        events=draft.events,
        positions=draft.positions,
        timeline=draft.timeline,
        quantities=draft.quantities,
        discrepancies=_discrepancies(draft, text),
        dropped=_dropped(world, text),
        version=VERSION,
    )
    analysis = Analysis(text, [], [], times=draft.times, places=draft.places)
    return Story(record, analysis, page_text, told)


def _tell(draft: Draft, act: Act) -> str:
    """Write the sentence of an act and its event; the event's id."""
    when = _when(draft, act)
    fills = {
        "A": _called(act.actor),
        "R": _called(act.recipient),
        "P": act.town.name,
        "T": when,
        "N": str(act.amount),
        "TOPIC": templates()["topics"][act.topic],
    }
    span, at = draft.write(act.pattern, fills)
    start = span[0] + "".join(draft.parts)[span[0] :].index(act.trigger)
    when_read = _read_time(draft, act, at.get("T"), when)
    event = Event(
        id=f"e{len(draft.events) + 1}",
        type=act.type,  # type: ignore[arg-type]
        mode=act.mode,
        contexts=["diplomatic"] if act.number % 3 else ["military", "territory"],
        cameo=_cameo(act.type, act.mode),
        quad=load_codebook().quad(act.type),
        intensity=load_codebook().intensity(act.type, act.mode),
        actors=[draft.party(act.actor, at["A"])],
        recipients=[draft.party(act.recipient, at["R"])],
        trigger=(start, start + len(act.trigger)),
        evidence=[span],
        place=_place(draft, act.town, at.get("P")),
        when=when_read,
        status=act.status,  # type: ignore[arg-type]
        confidence=round(draft.world.random.uniform(0.45, 0.99), 3),
    )
    draft.events.append(event)
    _dated(draft, event, span)
    if "N" in at:
        draft.quantities.append(
            Quantity(span=at["N"], text=fills["N"], value=float(act.amount), bound="about")
        )
    return event.id


@cache
def _cameo(kind: str, mode: str | None) -> str | None:
    return load_codebook().cameo_for(kind, mode)


def _comment(draft: Draft, act: Act) -> None:
    """Write what somebody says of an act; half of it is a position."""
    world = draft.world
    speaker = world.pick((act.actor, act.recipient, *world.parties(1)))
    stance = world.pick(list(templates()["stances"])) if world.random.random() < 0.5 else None
    words = templates()["stances"][stance] if stance else world.pick(templates()["views"])
    words = words.replace("{TOPIC}", templates()["topics"][act.topic])
    cue, pattern = world.pick(templates()["statements"])
    fills = {"WHO": _called(speaker), "CUE": cue, "WORDS": words}
    _, at = draft.write(pattern, fills)
    draft.end(".")
    who = draft.party(speaker, at["WHO"])
    when = When(start=str(act.day), end=str(act.day), granularity="day", basis="inferred")
    statement = Statement(
        id=f"s{len(draft.statements) + 1}",
        speaker=who,
        cue=[at["CUE"]],
        content=[at["WORDS"]],
        kind="direct" if pattern.startswith("“") else "indirect",
        when=when,
        confidence=round(world.random.uniform(0.5, 0.99), 3),
    )
    draft.statements.append(statement)
    if stance:
        draft.positions.append(_position(draft, statement, who, act.topic, stance))


def _position(draft: Draft, said: Statement, who: Party, issue: str, stance: str) -> Position:
    assert who.actor is not None
    return Position(
        id=f"p{len(draft.positions) + 1}",
        party=who,
        issue=issue,
        stance=stance,  # type: ignore[arg-type]
        content=said.content[0],
        statement=said.id,
        when=said.when,
        via=[who.text, who.actor, draft.actors[who.actor].country],
        confidence=said.confidence,
    )


def _fill(draft: Draft) -> None:
    """Write sentences that nothing is read from."""
    world = draft.world
    count = world.random.randint(*_FILLERS)
    for sentence in world.random.sample(templates()["fillers"], min(count, 10)):
        draft.end(sentence + " ")
    draft.end("\n\n")


def _called(actor: Actor) -> str:
    """How an actor is mentioned."""
    if actor.kind == "person":
        return f"{(actor.office or '').title()} {actor.name}"
    return actor.name if actor.kind == "country" else f"the {actor.name}"


def _when(draft: Draft, act: Act) -> str:
    days = (draft.day - act.day).days
    if act.status == "background":
        return f"in {act.day.year - 4}"
    if act.status == "planned":
        return "next week"
    return "yesterday" if days == 1 else f"on {act.day:%A}"


def _read_time(draft: Draft, act: Act, span: Span | None, text: str) -> When | None:
    """The event's time, and the time expression that it comes from."""
    start = end = str(act.day)
    granularity: Any = "day"
    if act.status == "background":
        start = end = str(act.day.year - 4)
        granularity = "year"
    elif act.status == "planned":
        start, end = str(act.day + timedelta(5)), str(act.day + timedelta(11))
    if span is None:
        return When(start=start, end=end, granularity=granularity, basis="published")
    draft.times.append(
        TimeExpression(span, "DATE", start, text, None, start, end, granularity == "day")
    )
    return When(start=start, end=end, granularity=granularity, basis="stated", span=span)


def _place(draft: Draft, town: Town, span: Span | None) -> PlaceMention | None:
    if span is None:
        return None
    number = 9_000_000 + town.number
    place = Place(span, town.name, town.lat, town.lon, town.country, number, "city", 0.8)
    draft.places.append(place)
    return PlaceMention(
        span=span,
        name=town.name,
        lat=town.lat,
        lon=town.lon,
        country=town.country,
        geonameid=number if town.lat is not None else None,
    )


def _dated(draft: Draft, event: Event, span: Span) -> None:
    if event.when is None:
        return
    text = "".join(draft.parts)[slice(*span)]
    entry = TimelineEntry(
        when=event.when,
        text=text,
        span=span,
        event=event.id,
        background=event.status == "background",
    )
    draft.timeline.append(entry)


def _discrepancies(draft: Draft, text: str) -> list[Discrepancy]:
    """In one article of thirty, two numbers that are told apart."""
    if len(draft.quantities) < 2 or draft.world.random.random() > 0.06:
        return []
    one, other = draft.quantities[:2]
    passages = [Passage(where="text", span=q.span, text=text[slice(*q.span)]) for q in (one, other)]
    return [Discrepancy(kind="number", summary=f"{one.text} or {other.text}", passages=passages)]


def _dropped(world: World, text: str) -> list[Dropped]:
    end = world.random.randint(20, 60)
    return [
        Dropped(stage="event", reason="no_actor", message="no party to the act", span=(0, end)),
        Dropped(stage="statement", reason="no_source", message="nobody is named", span=(10, end)),
    ]


def _article(
    world: World, acts: list[Act], day: date, text: str, host: str, outlet: str, number: int
) -> tuple[Article, str]:
    """The article on a page with a menu above and a footer below; one page of thirty prints it twice."""
    top = "".join(f"{item}\n" for item in templates()["menu"])
    headline = _headline(acts)
    page_text = f"{top}{headline}\n{text}\n"
    start = len(top) + len(headline) + 1
    copies = []
    if world.random.random() < 0.03:
        copies = [Copy(span=(len(page_text), len(page_text) + len(text)), share=1.0)]
        page_text += f"{text}\n"
    bottom = len(page_text)
    page_text += "\n".join(templates()["footer"])
    article = Article(
        id=f"invented-{number}",
        url=f"https://{host}/news/{day:%Y/%m/%d}/{number}",
        headline=headline,
        standfirst="What is known so far, and what the other side says.",
        bylines=[f"{world.name('person')} {world.name('person')}"],
        published=datetime.combine(day, time(world.random.randint(5, 22), 15), UTC),
        published_granularity="minute",
        agency=None,
        outlet=outlet,
        section="World",
        datelines=[acts[0].town.name],
        text=text,
        furniture=[
            Furniture(kind="navigation", span=(0, len(top))),
            Furniture(kind="related", span=(bottom, len(page_text))),
        ],
        copies=copies,
        language="en",
        segments=[Segment(start=0, end=len(text), page_start=start, page_end=start + len(text))],
    )
    return article, page_text


def _headline(acts: list[Act]) -> str:
    act = acts[0]
    sentence = f"{_called(act.actor)}, {_called(act.recipient)}: {templates()['topics'][act.topic]}"
    return sentence[0].upper() + sentence[1:]
