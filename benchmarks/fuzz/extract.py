"""Fuzz target: the article of any page. See README.md."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dateline"]):
    from dateline.article import extract
    from dateline.article.model import Article
    from dateline.page.decode import open_page

sys.path.append(str(Path(__file__).parents[1] / "hostile"))
from hostile_checks import map_faults


def one(data: bytes) -> None:
    """A page as bytes or, when the first byte is odd, as a str with whatever is in it."""
    source: bytes | str = data[1:]
    if data and data[0] & 1:
        source = data[1:].decode("utf-8", "surrogateescape")
    article = extract(
        source, url="https://osk.example/2025/02/12/x" if data[:1] > b"\x7f" else None
    )
    check(article, open_page(source).text)


def check(article: Article, page: str) -> None:
    assert bool(article.text) or article.problem is not None, "no text and no problem"
    faults = sorted(set(map_faults(article, page)))
    assert not faults, faults
    Article.model_validate_json(article.model_dump_json())


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
