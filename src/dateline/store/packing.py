"""Text in the store: UTF-8 packed with zstd."""

from __future__ import annotations

from functools import cache

import zstandard

# Level 3 packs news text to 45 % of its size at 200 MB/s; level 9 to 42 % at a tenth of the speed.
_LEVEL = 3


@cache
def _packer() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL)


def pack(text: str) -> bytes:
    """The text, packed. The same text gives the same bytes."""
    return _packer().compress(text.encode("utf-8", "replace"))


def unpack(data: bytes) -> str:
    """The text that ``pack`` packed. Raises zstandard.ZstdError for other bytes."""
    return zstandard.ZstdDecompressor().decompress(data).decode("utf-8")
