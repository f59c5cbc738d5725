"""From an article to its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dateline.analysis.engine import read_text
from dateline.analysis.model import Analysis
from dateline.analysis.network import model_version
from dateline.analysis.places import find_places
from dateline.analysis.places.gazetteers import gazetteer_version
from dateline.analysis.times import find_times
from dateline.analysis.times.eras import with_eras
from dateline.article.metadata import parse_dateline
from dateline.article.model import Article, ArticleProblem
from dateline.record.actors import Registry
from dateline.record.cast import Cast
from dateline.record.codebook import load_codebook
from dateline.record.context import Context
from dateline.record.discrepancies import Where, find_discrepancies
from dateline.record.events import make_events
from dateline.record.frames import Matcher
from dateline.record.lexicon import Issue
from dateline.record.model import Actor, Dropped, Event, Position, Record, Version
from dateline.record.people import Member
from dateline.record.positions import make_positions
from dateline.record.quantities import find_quantities
from dateline.record.statements import make_statements
from dateline.record.timeline import make_timeline
from dateline.record.tree import Tree
from dateline.record.user_events import with_user_types
from dateline.record.user_types import TypeReader
from dateline.version import __version__

# Characters. About 50,000 words, ten seconds of work; the longest of 924 PolNeAR articles has 33,672.
LONGEST_STORY = 300_000


def make_record(
    article: Article,
    *,
    registry: Registry | None = None,
    types: TypeReader | None = None,
    issues: Mapping[str, Issue] | None = None,
) -> Record:
    """The record of an article. An article with a problem gives an empty record whose ``dropped``
    says why. ``types`` are those of a user's codebook, None for PLOVER's alone;
    ``issues`` those that positions are about, None for the built-in ones."""
    return analysed_record(article, registry=registry, types=types, issues=issues)[0]


def analysed_record(
    article: Article,
    *,
    registry: Registry | None = None,
    types: TypeReader | None = None,
    issues: Mapping[str, Issue] | None = None,
) -> tuple[Record, Analysis | None]:
    """The record of an article and the analysis of its text, None when the article has a problem."""
    article = _within_limit(article)
    if article.problem is not None:
        reason = Dropped(
            stage="article", reason=article.problem.code, message=article.problem.message
        )
        return Record(article=article, dropped=[reason], version=record_version()), None
    published = article.published.date() if article.published else None
    dateline = article.datelines[0] if article.datelines else None
    context = read_context(article.text, published, registry=registry, dateline=dateline)
    context.issues = issues
    context.statements = make_statements(context)
    events = make_events(context)
    if types is not None:
        events = with_user_types(context, events, types)
    positions = make_positions(context)
    quantities = find_quantities(context)
    record = Record(
        article=article,
        actors=_used_actors(context, events, positions),
        statements=context.statements,
        events=events,
        positions=positions,
        timeline=make_timeline(context, events),
        quantities=quantities,
        discrepancies=find_discrepancies(
            context, events, quantities, _leads(article, context, published, registry), positions
        ),
        dropped=context.dropped,
        version=record_version(types),
    )
    return record, context.reading.analysis


def _within_limit(article: Article) -> Article:
    """The article, with a problem when its text is longer than any news story."""
    size = len(article.text)
    if article.problem is not None or size <= LONGEST_STORY:
        return article
    problem = ArticleProblem(
        code="too_large",
        message=f"expected one story of at most {LONGEST_STORY:,} characters, found {size:,}; "
        "if the file holds several articles, split it and read each",
    )
    return article.model_copy(update={"problem": problem})


def read_context(
    text: str,
    published: date | None,
    *,
    registry: Registry | None = None,
    dateline: str | None = None,
    known: Sequence[Member] = (),
) -> Context:
    """Analyse a text and lay out what statements and events are made from. ``known`` are persons and
    bodies met elsewhere on the page, ``dateline`` the first place of the article's dateline."""
    reading = read_text(_without_dateline(text))
    analysis = reading.analysis
    tree = Tree(analysis.tokens, analysis.sentences)
    analysis.times = with_eras(text, find_times(text, reference=published), published)
    analysis.places = find_places(text, dateline=dateline)
    day = published.isoformat() if published else None
    cast = Cast(tree, text, analysis.names, day, registry, known)
    return Context(reading, tree, Matcher(tree, analysis.names), cast, published)


def _leads(
    article: Article, body: Context, published: date | None, registry: Registry | None
) -> list[tuple[Where, Context, list[Event]]]:
    """Headline and standfirst, read with the body's cast, so that what they tell can be held against
    the text. Their events are not counted: they tell the body's again."""
    found: list[tuple[Where, Context, list[Event]]] = []
    parts: tuple[tuple[Where, str | None], ...] = (
        ("headline", article.headline),
        ("standfirst", article.standfirst),
    )
    for where, text in parts:
        if text:
            context = read_context(text, published, registry=registry, known=body.cast.members)
            context.issues = body.issues
            found.append((where, context, make_events(context)))
    return found


def _without_dateline(text: str) -> str:
    """The text with the dateline of its first paragraph blanked out, offsets unchanged: 'Geneva —' is
    no part of the first sentence."""
    found = parse_dateline(text[:200].partition("\n")[0])
    if found is None:
        return text
    return " " * found.span[1] + text[found.span[1] :]


def _used_actors(context: Context, events: list[Event], positions: list[Position]) -> list[Actor]:
    """Actors that a statement, event or position names, and the persons and bodies that the article
    names in full or the registry knows, in order of id."""
    used = {
        party.actor
        for event in events
        for party in [*event.actors, *event.recipients]
        if party.actor
    }
    used |= {p.party.actor for p in positions if p.party.actor}
    for statement in context.statements:
        used |= {p.actor for p in (statement.speaker, statement.addressee) if p and p.actor}
    used |= {m.actor.id for m in context.cast.members if m.actor is not None and _is_known(m)}
    return [context.cast.actors[key] for key in sorted(used) if key in context.cast.actors]


def _is_known(member: Member) -> bool:
    """A person or body worth listing though nothing is coded of it: in the registry, or a person
    named in full."""
    if member.actor is None or member.kind not in {"person", "organisation"}:
        return False
    in_registry = not member.actor.id.startswith("~")
    return in_registry or (member.kind == "person" and " " in member.name)


def record_version(types: TypeReader | None = None) -> Version:
    """What makes records here and now, with a user's codebook or without."""
    codebook = load_codebook().version
    if types is not None:
        codebook += "+" + "@".join(part for part in (types.book.name, types.book.version) if part)
    return Version(
        code=__version__, model=model_version(), codebook=codebook, gazetteer=gazetteer_version()
    )
