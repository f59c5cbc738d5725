"""One raw page to the rows that the store keeps of it: the stage that workers run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

from dateline.article import extract
from dateline.article.html_metadata import LONGEST_TITLE
from dateline.article.model import Article
from dateline.page.decode import open_page
from dateline.page.model import Page
from dateline.record.actors import Registry
from dateline.record.build import analysed_record, record_version
from dateline.record.model import Dropped, Record
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.rows import failed_result, page_result


class _TooLong(BaseException):
    """The page took too long. No Exception, so that no stage takes it for a fault of its own."""


def read_page(raw: RawPage, settings: Settings) -> PageResult:
    """All rows of a page. Never raises for a page: whatever goes wrong with it is its outcome."""
    version = record_version()
    if raw.content is None:
        return failed_result(raw, raw.reason or "unreadable", raw.message or "", version)
    try:
        with _limit(settings.seconds):
            return _read(raw, settings)
    except _TooLong:
        message = f"Expected a page to take at most {settings.seconds:g} seconds; stopped it then."
        return failed_result(raw, "timeout", message, version)
    except Exception as error:  # one page of a million must not end the build
        message = f"A fault in dateline, please report it with the page: {_describe(error)}"
        return failed_result(raw, "error", message, version)


def _read(raw: RawPage, settings: Settings) -> PageResult:
    assert raw.content is not None
    page = open_page(raw.content, url=raw.url)
    if page.problem is not None:
        article = extract(raw.content, url=raw.url)
    else:
        page, article = _with_title(raw, page)
    moment = _moment(raw.published)
    if moment is not None and not (raw.hints and article.published is not None):
        article = article.model_copy(update=moment)
    record, analysis = analysed_record(article, registry=_registry(settings.actors))
    if raw.published is not None and moment is None:
        record = _with_bad_date(record, raw.published)
    return page_result(raw, page, record, analysis, settings.keep_text)


def _with_title(raw: RawPage, page: Page) -> tuple[Page, Article]:
    """The page and its article, given the title that came with it.

    A plain text gets its title set above it, as on a page, so that its own first line is not taken
    for the headline; a title that is only a hint counts where the page has none. One longer than a
    title is ignored.
    """
    if not raw.title or len(raw.title) > LONGEST_TITLE:
        return page, extract(page.text, url=raw.url)
    if page.kind == "text" and not raw.hints and not page.text.lstrip().startswith(raw.title):
        titled = replace(page, text=f"{raw.title}\n\n{page.text}")
        article = extract(titled.text, url=raw.url)
        if article.problem is None and not article.text.startswith(raw.title):
            return titled, article.model_copy(update={"headline": raw.title})
    article = extract(page.text, url=raw.url)
    if raw.hints and article.headline is not None:
        return page, article
    return page, article.model_copy(update={"headline": raw.title})


def _moment(published: str | None) -> dict[str, object] | None:
    """Fields of an article published then: an ISO date, or date and time (UTC when it names no zone),
    or a date of a mail or feed ('Wed, 12 Feb 2025 21:20:00 +0200'). None when it is none of these."""
    if published is None:
        return None
    text = published.strip()
    try:
        if len(text) == len("2025-02-12"):
            day = date.fromisoformat(text)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return {"published": midnight, "published_granularity": "day"}
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return {"published": aware, "published_granularity": "minute"}


def _with_bad_date(record: Record, published: str) -> Record:
    """The record with a note that the input's date could not be read; the page's own was used."""
    note = Dropped(
        stage="page",
        reason="published",
        message="Expected an ISO date such as 2025-02-12 or 2025-02-12T21:20 in the column of the "
        f"publication date; found {published[:80]!r}.",
    )
    return record.model_copy(update={"dropped": [note, *record.dropped]})


@cache
def _registry(path: Path | None) -> Registry | None:
    return None if path is None else Registry.load(path)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise _TooLong in the block when it takes longer. Seconds of the processor, so that a page does
    not fail because the machine is busy. Where there is no timer (on Windows, outside the main
    thread), the pool's own limit is all there is."""
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


def _describe(error: Exception) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}{where}"
