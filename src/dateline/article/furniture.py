"""Furniture by its wording: which kind of page part a line looks like, from a table of patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import cast, get_args

from dateline.article.model import FurnitureKind
from dateline.knowledge.tables import KnowledgeError, read_csv

_PLACES = ("whole", "start", "any", "heading")
# Wordings that news prose shares ("the paper is published by ..."): they tell the kind of a line
# that is known not to be of the story, and say nothing about a line that may be.
OUTSIDE = "outside"
PAYWALL = "paywall"
# Characters of the longest line that is tried: furniture is short, and a prompt is no essay.
_LONGEST = {"whole": 160, "start": 600, "any": 600, "heading": 80, OUTSIDE: 900}


def furniture_kind(line: str) -> FurnitureKind | None:
    """The kind of furniture whose wording ``line`` has, or None.

    Headings that open a list ("Most Read") have the kind of what they open.
    """
    text = line.strip()
    for place in _PLACES:
        if len(text) > _LONGEST[place]:
            continue
        for kind, pattern in _patterns(place):
            if pattern.search(text) if place == "any" else pattern.match(text):
                return kind
    return None


def outside_kind(line: str) -> FurnitureKind | None:
    """The kind of a line that is known to stand outside the story, by wordings too common to show
    that by themselves; None when they tell nothing."""
    found = furniture_kind(line)
    text = line.strip()
    if found is None and len(text) <= _LONGEST[OUTSIDE]:
        return next((kind for kind, p in _patterns(OUTSIDE) if p.search(text)), None)
    return found


def opens_list(line: str) -> FurnitureKind | None:
    """The kind of list that ``line`` is the heading of ("Related Articles"), or None."""
    text = line.strip()
    if len(text) > _LONGEST["heading"]:
        return None
    for kind, pattern in _patterns("heading"):
        if pattern.match(text):
            return kind
    return None


def asks_for_payment(line: str) -> bool:
    """True for the words of a paywall ("Subscribe to continue reading")."""
    return len(line) < 600 and _paywall().search(line) is not None


@cache
def _paywall() -> re.Pattern[str]:
    patterns = [r["pattern"] for r in _rows() if r["kind"] == PAYWALL]
    return re.compile("|".join(patterns), re.I)


@cache
def _patterns(place: str) -> list[tuple[FurnitureKind, re.Pattern[str]]]:
    """One compiled pattern a kind, in the order of the table."""
    kinds: dict[FurnitureKind, list[str]] = {}
    for row in _rows():
        if row["where"] == place and row["kind"] != PAYWALL:
            kinds.setdefault(cast(FurnitureKind, row["kind"]), []).append(f"(?:{row['pattern']})")
    shapes = {"whole": r"\W*(?:{})\W*$", "heading": r"\W*(?:{})\W*$", "start": r"\W*(?:{})"}
    shape = shapes.get(place, "(?:{})")
    return [
        (kind, re.compile(shape.replace("{}", "|".join(parts)), re.I))
        for kind, parts in kinds.items()
    ]


@cache
def _rows() -> list[dict[str, str]]:
    rows = read_csv("furniture.csv", ["kind", "where", "pattern"])
    for number, row in enumerate(rows, 2):
        known = row["kind"] in {*get_args(FurnitureKind), PAYWALL}
        if not known or row["where"] not in {*_PLACES, OUTSIDE}:
            raise KnowledgeError(f"furniture.csv, row {number}: unknown kind or place: {row}")
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise KnowledgeError(f"furniture.csv, row {number}: {error}") from None
    return rows
