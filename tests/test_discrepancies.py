"""Discrepancies of made-up articles, read end to end (discrepancy_articles.yaml)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import yaml

from dateline.article.model import Article
from dateline.record.build import make_record
from dateline.record.model import Discrepancy

ARTICLES = Path(__file__).with_name("discrepancy_articles.yaml")
DAY = date(2024, 5, 16)


@cache
def read() -> list[tuple[str, str | None, list[Discrepancy]]]:
    """Name, what cannot both be right there, and what was found."""
    found = []
    for row in yaml.safe_load(ARTICLES.read_text(encoding="utf-8")):
        article = Article(
            id=row["name"], headline=row["headline"], standfirst=row["standfirst"],
            text=row["text"], published=datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC),
        )  # fmt: skip
        found.append((row["name"], row["kind"], make_record(article).discrepancies))
    return found


def test_contradictions_are_shown():
    """11 of 12 when written."""
    wrong = [(n, [d.kind for d in f]) for n, kind, f in read() if kind and not f]
    assert len(wrong) <= 2, wrong


def test_their_kind_is_named_and_both_sides_shown():
    for name, kind, found in read():
        if kind and found:
            assert [d.kind for d in found] == [kind], name
            assert all(len(d.passages) == 2 for d in found), name


def test_near_misses_are_no_contradictions():
    wrong = [(n, [d.summary for d in f]) for n, kind, f in read() if kind is None and f]
    assert wrong == []
