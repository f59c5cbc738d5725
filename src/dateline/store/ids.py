"""Ids of the store's rows: hashes of what a row is about, so that building it again gives the same."""

from __future__ import annotations

import hashlib

from dateline.spans import Span

# Bytes. Among 100 million rows two ids agree with a chance of about 4 in a billion.
_SIZE = 10
_SEPARATOR = b"\x1f"


def hash_of(*parts: str) -> str:
    """20 hex digits that depend on every part and on where one part ends."""
    joined = _SEPARATOR.join(part.encode("utf-8", "surrogatepass") for part in parts)
    return hashlib.blake2b(joined, digest_size=_SIZE).hexdigest()


def content_hash(content: bytes | str) -> str:
    """SHA-256 of the bytes, or of a str's UTF-8, in hex."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def span_key(*spans: Span | None) -> str:
    """Spans as one part of an id."""
    return " ".join("-" if span is None else f"{span[0]}:{span[1]}" for span in spans)


class Ids:
    """Ids of one article's rows. Rows about the same words get the same hash; the second and later
    of them are told apart by their number."""

    def __init__(self, article: str) -> None:
        self._article = article
        self._given: dict[str, int] = {}

    def new(self, *parts: str) -> str:
        """The id of the next row with these parts."""
        key = hash_of(self._article, *parts)
        number = self._given.get(key, 0)
        self._given[key] = number + 1
        return key if number == 0 else hash_of(key, str(number))
