"""One build of a store at a time, and what it says of itself to `dateline status`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from dateline.store.schema import StoreError


class BuildLock:
    """Held by a build from its first to its last step; the system lets go of it when the process ends
    in whatever way. The file beside the store holds the build's progress as JSON."""

    def __init__(self, store: Path) -> None:
        """Raises StoreError when another build holds it or the folder cannot be written."""
        self._path = lock_path(store)
        try:
            self._file = _open_locked(self._path)
        except BlockingIOError:
            raise StoreError(f"another build is writing {store}; wait for it to end") from None
        except OSError as error:
            raise StoreError(f"cannot write beside {store}: {error.strerror}") from None

    def tell(self, progress: dict[str, Any]) -> None:
        """Replace what the file says. A full disk is left for the store to find out."""
        data = json.dumps({"pid": os.getpid(), **progress}).encode()
        try:
            os.pwrite(self._file, data.ljust(512), 0)
        except (OSError, AttributeError):
            return

    def release(self) -> None:
        """Let go and take the file away."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def lock_path(store: Path) -> Path:
    return store.with_name(store.name + ".lock")


def running_build(store: Path) -> dict[str, Any] | None:
    """What the build of a store says of itself; None when none is running."""
    path = lock_path(store)
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        _lock(handle)
    except OSError:
        return _said(path)
    finally:
        os.close(handle)
    return None


def _said(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes() or b"{}")
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _open_locked(path: Path) -> int:
    """The file, locked. Tried again when the build before took the file away in the meantime."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise BlockingIOError(str(path)) from None
        if _is_at(handle, path):
            return handle
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at ``path``."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
