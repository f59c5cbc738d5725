"""The public functions. Heavy parts are imported when first used, so that ``import dateline`` is
quick."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dateline.analysis.model import Attribution, Place, TimeExpression
    from dateline.article.model import Article
    from dateline.record.actors import Registry
    from dateline.record.lexicon import Issue
    from dateline.record.model import Actor, Event, Record
    from dateline.record.user_types import TypeReader
    from dateline.store.corpus import Corpus, Frame

Day = dt.date | dt.datetime | str


def read(
    source: Path | bytes | str,
    *,
    url: str | None = None,
    published: Day | None = None,
    actors: Path | None = None,
    codebook: Path | None = None,
    issues: Path | None = None,
) -> Record:
    """The record of one page.

    ``source`` is a path, or the page itself as bytes or str (HTML or plain text; a str is taken as a
    path only when it is one short line naming an existing file). ``published`` replaces the date
    found on the page: a date, a datetime (UTC when it has no zone) or an ISO string. ``actors`` is a
    user registry that takes precedence over the built-in one (``dateline.record.actors.Registry``).
    ``issues`` adds a user's own issues for positions (docs/positions.md).
    ``codebook`` is a user's own event types (docs/codebook.md): they are noted in ``Event.user_types``.

    A page with no readable story gives a Record with an empty ``article.text``, ``article.problem``
    set and the reason in ``dropped``. Raises OSError for a path that cannot be read, ValueError for a
    ``published`` that is no date and its subclass KnowledgeError for a file of actors, types or
    issues that does not fit its schema.
    """
    page = _page(source)
    from dateline.analysis import network

    network.warm_up()  # while the imports below and the tables load
    from dateline.record.actors import Registry
    from dateline.record.build import make_record

    article = extract(page, url=url)
    if published is not None:
        article = article.model_copy(update=_published(published))
    registry = Registry.load(actors) if actors is not None else None
    return make_record(article, registry=registry, types=_types(codebook), issues=_issues(issues))


def _issues(path: Path | None) -> Mapping[str, Issue] | None:
    if path is None:
        return None
    from dateline.record.lexicon import user_issues

    return user_issues(path)


def extract(page: bytes | str, *, url: str | None = None) -> Article:
    """The article of a page: clean text, metadata and furniture. Never raises on content: see
    ``Article.problem``."""
    from dateline.article import extract as extract_article

    return extract_article(page, url=url)


def attributions(text: str) -> list[Attribution]:
    """Who is reported as saying or thinking what. Spans are offsets into ``text``."""
    from dateline.analysis.engine import read_text

    return read_text(text).analysis.attributions


def events(text: str, *, published: Day | None = None) -> list[Event]:
    """The events of a plain text (no headline, no furniture). ``published`` anchors dates and roles;
    None leaves relative dates open and looks roles up for today."""
    from dateline.record.build import read_context
    from dateline.record.events import make_events
    from dateline.record.statements import make_statements

    context = read_context(text, _day(published))
    context.statements = make_statements(context)
    return make_events(context)


def event_type(
    text: str, actor: Span | None, recipient: Span | None, *, codebook: Path | None = None
) -> dict[str, float]:
    """Probability of each of the 16 PLOVER types for what ``actor`` does to ``recipient`` in a
    sentence. Spans are offsets into ``text``; either may be None. Probabilities add up to 1; they are
    given that the sentence tells an event at all.

    With a ``codebook`` (docs/codebook.md) the user's types stand beside the 16, or in their place,
    then with 'OTHER' for an act of none of them. Raises OSError and KnowledgeError as ``read`` does.
    """
    from dateline.record.event_types import probabilities_in, read_pair

    told = read_pair(text, actor, recipient)
    types = probabilities_in(told)
    reader = _types(codebook)
    return types if reader is None else reader.shared_out(types, told)


def resolve_actor(
    phrase: str,
    *,
    context: str = "",
    date: Day | None = None,
    registry: Registry | None = None,
) -> Actor | None:
    """Who a phrase names on a date: see ``dateline.record.actors.resolve_actor``."""
    from dateline.record.actors import resolve_actor as resolve

    return resolve(phrase, context=context, date=date, registry=registry)


def times(text: str, *, reference: Day | None) -> list[TimeExpression]:
    """Time expressions with TIMEX3 values. ``reference`` is the day the text was written; None leaves
    expressions that depend on it with value ''."""
    from dateline.analysis.times import find_times

    return find_times(text, reference=_day(reference))


def places(text: str) -> list[Place]:
    """Toponyms with coordinates. Spans are offsets into ``text``."""
    from dateline.analysis.places import find_places

    return find_places(text)


def open(path: Path | str, *, frame: Frame | None = None, corrected: bool = True) -> Corpus:
    """A store made by ``dateline build``, to read: see ``dateline.store.corpus.Corpus``.

    ``frame`` is what its tables come as, 'pandas', 'polars' or 'arrow'; None takes the first that is
    installed. ``corrected`` False shows what the machine read, without what people corrected.
    Raises ``dateline.store.schema.StoreError`` for a file that is no store.
    """
    from dateline.store.corpus import open_corpus

    return open_corpus(path, frame=frame, corrected=corrected)


def _types(codebook: Path | None) -> TypeReader | None:
    if codebook is None:
        return None
    from dateline.record.user_codebook import load_user_codebook
    from dateline.record.user_types import TypeReader

    return TypeReader(load_user_codebook(codebook))


def _page(source: Path | bytes | str) -> bytes | str:
    if isinstance(source, Path):
        return source.read_bytes()
    if isinstance(source, str) and len(source) < 1000 and "\n" not in source and source.strip():
        path = Path(source)
        try:
            if path.is_file():
                return path.read_bytes()
        except (OSError, ValueError):  # a line of text that no file system takes as a name
            return source
    return source


def _published(value: Day) -> dict[str, object]:
    if isinstance(value, str):
        value = _parse(value)
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return {"published": aware, "published_granularity": "minute"}
    midnight = dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return {"published": midnight, "published_granularity": "day"}


def _parse(text: str) -> dt.date | dt.datetime:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"published: expected an ISO date such as 2025-02-12 or 2025-02-12T21:20, found {text!r}"
        ) from None


def _day(value: Day | None) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = _parse(value)
    return value.date() if isinstance(value, dt.datetime) else value
