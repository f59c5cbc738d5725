"""Putting an article together: its text with the map to the page, and why there may be none."""

from __future__ import annotations

import hashlib
import re

from dateline.article.furniture import asks_for_payment
from dateline.article.language import language_name
from dateline.article.lines import fold
from dateline.article.model import Article, ArticleProblem, Segment
from dateline.page.model import Page
from dateline.spans import Span

_WORD = re.compile(r"\w+")
# A paywall shows a paragraph or two before it asks: fewer words than this are not the story.
_TEASER_WORDS = 40
_LIST_LINES = 8


def build_text(page: str, parts: list[tuple[Span, bool]]) -> tuple[str, list[Segment]]:
    """Article text of the page spans ``parts``, and its segments.

    Each part is a paragraph of its own unless its flag says that it continues the one before.
    """
    text: list[str] = []
    segments: list[Segment] = []
    length = 0
    for number, (span, continues) in enumerate(parts):
        joint = "" if number == 0 else " " if continues else "\n\n"
        piece, mapped = fold(page, span, length + len(joint))
        text += [joint, piece]
        segments += mapped
        length += len(joint) + len(piece)
    return "".join(text), segments


def article_id(url: str | None, text: str) -> str:
    """First 16 hex digits of the SHA-256 of the URL ('' for None), a newline and the text."""
    return hashlib.sha256(f"{url or ''}\n{text}".encode("utf-8", "replace")).hexdigest()[:16]


def plain_problem(page: Page) -> Article:
    """The article of a page that could not be opened."""
    assert page.problem is not None
    problem = ArticleProblem(code=page.problem.code, message=page.problem.message)
    return Article(id=article_id(page.url, page.text), url=page.url, problem=problem)


def story_problem(text: str, lines: list[str], language: str) -> ArticleProblem | None:
    """Why the page has no story that dateline can read, or None.

    ``lines`` are all lines of the page. A story in another language keeps its text and is marked.
    """
    words = len(_WORD.findall(text))
    if words < _TEASER_WORDS and any(map(asks_for_payment, lines)):
        return _problem(
            "paywall_notice",
            f"Expected a story; found a request to subscribe or sign in and {words} words of text. "
            "Save the page from a browser that is signed in, or use another copy of the story.",
        )
    if not text:
        return _no_story(lines, language)
    if language not in {"", "en"}:
        return _other_language(language)
    return None


def _no_story(lines: list[str], language: str) -> ArticleProblem:
    titles = sum(len(_WORD.findall(line)) >= 4 for line in lines)
    if titles >= _LIST_LINES:
        return _problem(
            "list_page",
            f"Expected one story; found a list of {titles} headlines or links. Open one of them "
            "and read that page.",
        )
    if language not in {"", "en"}:
        return _other_language(language)
    return _problem(
        "no_story",
        f"Expected a story in sentences; found {len(lines)} lines without one. If the page builds "
        "its text with scripts, save it from a browser after it has loaded.",
    )


def _other_language(code: str) -> ArticleProblem:
    return _problem(
        "language",
        f"Expected a story in English; found {language_name(code)} ({code}). The text was taken "
        "from the page and not analysed. Read an English translation instead.",
    )


def _problem(code: str, message: str) -> ArticleProblem:
    return ArticleProblem.model_validate({"code": code, "message": message})
