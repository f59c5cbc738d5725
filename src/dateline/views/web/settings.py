"""What the explorer is told when it starts."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8642


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store is and what a request may use.

    ``token`` is what a visitor has to show, None for nothing; ``max_upload`` counts the bytes of a
    request's body; ``query_seconds`` is the longest a question to the store may take; ``page_size``
    the rows of a page. ``names`` are further names that the server may be called by.
    """

    path: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    token: str | None = None
    max_upload: int = 8 * 1024 * 1024
    query_seconds: float = 10.0
    page_size: int = 50
    names: frozenset[str] = frozenset()

    @property
    def is_local(self) -> bool:
        """True when only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """True for 'localhost' and the addresses of the loopback interface."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
