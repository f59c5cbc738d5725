"""What travels between the inputs, the workers and the writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dateline.store.ids import content_hash, hash_of

Outcome = Literal["article", "no_story", "failed"]
Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as an input gives it. ``content`` is None when the input could not give it, and then
    ``reason`` (a code) and ``message`` say why; ``mark`` stands for the content in the page's id.

    ``location`` is the file's absolute path or address; ``part`` the row or byte offset in it, None
    when the file is the page. ``published`` (ISO date or date and time) and ``title`` are what the
    input says, None when it does not; with ``hints`` they count only where the page says nothing.
    """

    location: str
    content: bytes | str | None
    part: str | None = None
    url: str | None = None
    published: str | None = None
    title: str | None = None
    hints: bool = False
    reason: str | None = None
    message: str | None = None
    mark: str = ""
    id: str = field(init=False)
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        digest = content_hash(self.mark if self.content is None else self.content)
        about = (self.url or self.location, self.published or "", self.title or "")
        # A row of a file is known by its content, so that rows added before it do not change its id.
        object.__setattr__(self, "hash", digest)
        object.__setattr__(self, "id", hash_of("page", *about, digest))

    @property
    def size(self) -> int:
        """Bytes (of a str: of its UTF-8)."""
        if self.content is None:
            return 0
        if isinstance(self.content, bytes):
            return len(self.content)
        return len(self.content.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class InputDone:
    """All pages of a file that holds many have been given. ``size`` in bytes and ``modified`` in
    nanoseconds are the file's when it was opened; ``skipped`` counts its entries that are no pages
    (pictures, redirects, requests)."""

    location: str
    size: int
    modified: int
    settings: str
    pages: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages are read. ``seconds`` is the longest a page may take. ``actors`` is a user registry
    (CSV or YAML) or None."""

    keep_text: bool = True
    seconds: float = 60.0
    actors: Path | None = None


@dataclass(slots=True)
class PageResult:
    """Everything the store keeps of one page: its rows by table."""

    page: str
    outcome: Outcome
    rows: Rows
