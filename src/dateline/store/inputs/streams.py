"""Bytes of a file, unpacked when it is packed with gzip or zstd."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from typing import IO, cast

from dateline.store.inputs.model import InputFile

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# A row holds one page; longer ones are refused by the page stage anyhow (page/decode.py), and this
# keeps a file without line ends from filling the memory.
LONGEST_LINE = 32 * 1024 * 1024
PEEK = 4096


class BrokenStream(Exception):
    """A packed file ends early or is damaged; what came before the damage was good."""


class Source:
    """An open input file. Raises OSError."""

    def __init__(self, file: InputFile) -> None:
        self._raw = _open(file)
        self.stream = _unpacked(self._raw)

    def position(self) -> int:
        """Bytes of the file, as it is on the disk, that were read; 0 where that is not known."""
        try:
            return self._raw.tell()
        except (OSError, ValueError):
            return 0

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()


def _open(file: InputFile) -> io.BufferedReader:
    if file.path is not None:
        return file.path.open("rb")
    if file.url is None:  # standard input stays open when we are done with it
        return open(sys.stdin.fileno(), "rb", closefd=False)
    import fsspec

    return io.BufferedReader(fsspec.open(file.url, "rb").open())


def _unpacked(reader: io.BufferedReader) -> io.BufferedReader:
    start = reader.peek(4)[:4]
    if start.startswith(_GZIP):
        return io.BufferedReader(_Unpacked(cast(io.BufferedReader, gzip.GzipFile(fileobj=reader))))
    if start == _ZSTD:
        import zstandard

        stream = zstandard.ZstdDecompressor().stream_reader(reader, read_across_frames=True)
        return io.BufferedReader(_Unpacked(cast(io.BufferedReader, stream)))
    return reader


class _Unpacked(io.RawIOBase):
    """A packed stream whose errors are BrokenStream."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            # One step at a time: a longer read would lose what it has when it meets damage.
            return self._stream.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BrokenStream(str(error)) from error
        except Exception as error:  # zstandard's error, without loading it for every file
            if type(error).__module__.startswith(("zstd", "zstandard")):
                raise BrokenStream(str(error)) from error
            raise

    def close(self) -> None:
        self._stream.close()
        super().close()


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1, line ends taken off; None for one past ``LONGEST_LINE``."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n")


def _skip_line(stream: IO[bytes]) -> None:
    while (part := stream.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
        continue
