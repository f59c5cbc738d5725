"""Stage 2: the story of a page, its metadata, and where each part stood."""

from __future__ import annotations

from dateline.article.assemble import article_id, plain_problem
from dateline.article.language import detect_language
from dateline.article.model import Article
from dateline.page.decode import open_page

__all__ = ["Article", "extract"]


def extract(page: bytes | str, *, url: str | None = None) -> Article:
    """The article on ``page`` (HTML or plain text, decoded or not).

    Never raises for bad content: ``Article.problem`` says what was expected, what was found and
    what to try. ``Article.id`` depends on the URL and the text only.
    """
    opened = open_page(page, url=url)
    if opened.problem is not None:
        return plain_problem(opened)
    if opened.kind == "html":
        from dateline.article.html import read_html_page  # lxml is not needed for text pages

        article = read_html_page(opened)
    else:
        from dateline.article.text import read_text_page

        article = read_text_page(opened)
    return article.model_copy(
        update={
            "id": article_id(url, article.text or opened.text),
            "language": article.language or detect_language(article.text),
        }
    )
