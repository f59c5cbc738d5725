"""What a normaliser is given (a match in its text) and what it gives back (a reading)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dateline.analysis.model import TimexType
from dateline.analysis.times.lexer import Lexed
from dateline.analysis.times.words import Words

Tense = Literal["past", "present", "future", "open"]
"""Of the clause; 'open': an infinitive, as a rule of what is to come, but weaker evidence."""


@dataclass(slots=True)
class Story:
    """The state of one scan. ``reference`` is the day of writing (None when unknown), ``anchors``
    the latest dates the narrative has named, by granularity, ``quarter`` the latest quarter (a
    TIMEX3 value) and ``quarter_at`` its token; ``dated`` the latest month or day written with its year
    and its token."""

    lexed: Lexed
    vocabulary: Words
    names: Mapping[str, str]
    reference: date | None
    tense_at: Callable[[int], Tense | None]
    anchors: dict[str, date] = field(default_factory=dict)
    dated: tuple[date, int] | None = None
    quarter: str = ""
    quarter_at: int = -1

    def anchored(self, unit: str, default: date) -> date:
        """The latest date of the narrative that is at least as fine as ``unit`` (D, W, M, Y), or
        ``default`` when it has named none."""
        return self.anchors.get(unit, default)


@dataclass(frozen=True, slots=True)
class Reading:
    """A normaliser's result. ``first`` and ``last`` (exclusive) narrow the span to part of the
    match, as token indices; None keeps the whole of it."""

    type: TimexType
    value: str
    mod: str | None = None
    anchored: bool = False
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match: named groups, read through the token lists. ``shift`` is added to a position
    in the string that was matched to get a token index."""

    story: Story
    match: re.Match[str]
    groups: Mapping[str, str | None] = field(repr=False)
    shift: int

    @property
    def first(self) -> int:
        """Index of the first token."""
        return self.match.start() + self.shift

    @property
    def last(self) -> int:
        """Index after the last token."""
        return self.match.end() + self.shift

    def has(self, name: str) -> bool:
        """True when the group exists in this rule and matched."""
        return self.groups.get(name) is not None

    def span(self, name: str) -> tuple[int, int]:
        """Token range of a group that matched."""
        start, end = self.match.span(name)
        return start + self.shift, end + self.shift

    def value(self, name: str, default: str = "") -> str:
        """Value of the last token of the group."""
        if not self.has(name):
            return default
        return self.story.lexed.values[self.match.end(name) - 1 + self.shift]

    def word(self, name: str) -> str:
        """The group's tokens in lower case."""
        if not self.has(name):
            return ""
        start, end = self.span(name)
        return " ".join(self.story.lexed.lower[start:end])

    def classes(self, start: int, end: int) -> list[str]:
        """Class names of a token range."""
        return [self.story.names[code] for code in self.story.lexed.codes[start:end]]

    def near(self, index: int) -> str:
        """Class name of the token at ``index`` ('' outside the text)."""
        codes = self.story.lexed.codes
        return self.story.names[codes[index]] if 0 <= index < len(codes) else ""

    @property
    def tense(self) -> Tense | None:
        """Tense of the clause the match stands in (an infinitive counts as future), None when nothing
        tells."""
        told = self.story.tense_at(self.first)
        return "future" if told == "open" else told

    @property
    def infinitive(self) -> bool:
        """True when only an infinitive tells that the clause is about the future."""
        return self.story.tense_at(self.first) == "open"
