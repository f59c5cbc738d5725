"""What the makers of statements, events and positions work from: one article, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dateline.analysis.engine import Reading
from dateline.analysis.model import Analysis
from dateline.record.cast import Cast
from dateline.record.frames import Matcher
from dateline.record.lexicon import Issue
from dateline.record.model import Dropped, Statement
from dateline.record.tree import Tree


@dataclass(slots=True)
class Context:
    """One text with its analysis, trees, cast and frame matcher. ``published`` is the day the text
    was published, None when unknown. ``dropped`` collects what was seen and not coded."""

    reading: Reading
    tree: Tree
    matcher: Matcher
    cast: Cast
    published: date | None
    statements: list[Statement] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    issues: Mapping[str, Issue] | None = None  # None: the built-in table of issues

    @property
    def analysis(self) -> Analysis:
        return self.reading.analysis

    @property
    def text(self) -> str:
        return self.reading.analysis.text

    @property
    def single(self) -> bool:
        """True for a lone sentence, which was picked for its act, unlike those of an article."""
        return len(self.reading.analysis.sentences) == 1

    def statement_at(self, offset: int) -> Statement | None:
        """The statement whose content covers an offset (the innermost), None for the article's own
        words."""
        holding = [s for s in self.statements for a, b in s.content if a <= offset < b]
        return min(holding, key=_shortest, default=None)


def _shortest(statement: Statement) -> int:
    return min(end - start for start, end in statement.content)
