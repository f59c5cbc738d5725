"""How inputs are named and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from dateline.store.model import InputDone, RawPage

Format = Literal["page", "jsonl", "csv", "tsv", "warc"]
FORMATS: tuple[Format, ...] = ("page", "jsonl", "csv", "tsv", "warc")
Items = Iterator[RawPage | InputDone]

COLUMNS: Mapping[str, str] = MappingProxyType(
    {name: name for name in ("text", "html", "url", "published", "title")}
)


class InputError(Exception):
    """An input cannot be had; the message says what was expected, what was found, what to try."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read pages from: a path, an address that fsspec opens ('s3://...'), or neither:
    standard input. ``format`` None: look inside."""

    path: Path | None
    format: Format | None = None
    url: str | None = None

    @property
    def location(self) -> str:
        """Absolute path, links resolved, so that a file has one name from everywhere; the address;
        or 'stdin'."""
        return self.url or ("stdin" if self.path is None else str(self.path.resolve()))

    @property
    def is_stdin(self) -> bool:
        return self.path is None and self.url is None


@dataclass(frozen=True, slots=True)
class Options:
    """``columns`` maps what dateline asks for (text, html, url, published, title) to the names of the
    columns in JSON Lines and CSV. ``format`` overrides what names and contents of files say."""

    columns: Mapping[str, str] = field(default_factory=lambda: COLUMNS)
    format: Format | None = None

    @property
    def key(self) -> str:
        """The options as text: a file read with other options is another input."""
        named = " ".join(f"{name}={self.columns[name]}" for name in sorted(self.columns))
        return f"{self.format or 'auto'} {named}"
