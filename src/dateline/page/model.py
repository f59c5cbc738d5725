"""A page as it came in: decoded text, and what kind of thing it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PageKind = Literal["html", "text"]
ProblemCode = Literal[
    "empty", "binary", "too_large", "language", "no_story", "list_page", "paywall_notice"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a page gives no story: a code for programs, a message for people (what was expected,
    what was found, what to try)."""

    code: ProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page.

    ``text`` is what every page offset counts in. ``encoding`` is the codec that was used, or None
    when the caller passed a str. ``problem`` is set when the page cannot be read at all; ``text``
    is then empty.
    """

    text: str
    kind: PageKind
    encoding: str | None = None
    url: str | None = None
    problem: Problem | None = None
