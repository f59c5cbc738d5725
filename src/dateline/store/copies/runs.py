"""A multimap of 32-bit numbers that grows by appending: sorted runs of packed 64-bit entries.

Look-ups take a binary search in each run; runs are merged so that each is at least ``_RATIO`` times
as long as the next, which leaves a handful of them at any size and makes the cost of adding nearly
flat. Eight bytes an entry, and as much again while the largest run is merged.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Packed = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.uint32]

_RATIO = 12
_BUFFER = 1 << 16  # entries kept in a dict before they become a run
_SHIFT = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


class SortedRuns:
    """Entries (key, value), both 32-bit. An entry added twice is there twice."""

    def __init__(self) -> None:
        self._runs: list[Packed] = []
        self._buffer: dict[int, list[int]] = {}
        self._buffered = 0

    def __len__(self) -> int:
        return self._buffered + sum(map(len, self._runs))

    @property
    def nbytes(self) -> int:
        """Bytes of the runs, without the buffer (a few megabytes at most)."""
        return sum(run.nbytes for run in self._runs)

    def add(self, keys: Numbers, value: int) -> None:
        """Add ``value`` under each of ``keys``."""
        for key in keys.tolist():
            self._buffer.setdefault(key, []).append(value)
        self._buffered += len(keys)
        if self._buffered >= _BUFFER:
            self._flush()

    def extend(self, keys: Numbers, values: Numbers) -> None:
        """Add many entries at once: ``values[i]`` under ``keys[i]``."""
        packed = (keys.astype(np.uint64) << _SHIFT) | values.astype(np.uint64)
        packed.sort()
        self._append(packed)

    def find(self, keys: Numbers, most: int) -> dict[int, list[int]]:
        """For each of ``keys`` that has values, the ``most`` smallest of them, rising."""
        buffer = self._buffer
        found = {key: list(buffer[key]) for key in keys.tolist() if key in buffer}
        for run in self._runs:
            for key, values in _in_run(run, keys, most):
                found.setdefault(key, []).extend(values)
        return {key: sorted(values)[:most] for key, values in found.items()}

    def _flush(self) -> None:
        keys = np.fromiter(self._buffer, np.uint32, len(self._buffer))
        counts = [len(values) for values in self._buffer.values()]
        flat = [value for values in self._buffer.values() for value in values]
        self._buffer, self._buffered = {}, 0
        self.extend(np.repeat(keys, counts), np.array(flat, np.uint32))

    def _append(self, run: Packed) -> None:
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2]) < _RATIO * len(self._runs[-1]):
            last = self._runs.pop()
            merged = np.concatenate([self._runs.pop(), last])
            merged.sort(kind="stable")  # finds the two runs and merges them in linear time
            self._runs.append(merged)


def _in_run(run: Packed, keys: Numbers, most: int) -> Iterator[tuple[int, list[int]]]:
    first = np.searchsorted(run, keys.astype(np.uint64) << _SHIFT)
    beside = run.take(first, mode="clip") >> _SHIFT
    for hit in np.flatnonzero((beside == keys) & (first < len(run))).tolist():
        start = int(first[hit])
        stretch = run[start : start + most]
        values = stretch[stretch >> _SHIFT == keys[hit]] & _LOW
        yield int(keys[hit]), values.tolist()
