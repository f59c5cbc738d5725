"""What a site asks of robots (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from protego import Protego  # type: ignore[import-untyped, unused-ignore]

from dateline.fetch.client import Answer, Client, Refused

PRODUCT = "dateline"  # the name that a robots.txt can address us by
# RFC 9309 wants at least 500 KiB read.
_MAX_BYTES = 2 * 1024 * 1024
# A longer delay would let one site hold up all others for the day.
_MAX_DELAY = 60.0


class Robots:
    """The rules of the sites met, each read once."""

    def __init__(self, client: Client, before: Callable[[str], None] = lambda url: None) -> None:
        """``before`` is called with the address of each robots.txt before it is asked for."""
        self._client = client
        self._before = before
        self._rules: dict[str, Protego | Refused | None] = {}

    def check(self, url: str) -> None:
        """Raise Refused when the site of ``url`` asks not to fetch it, or cannot be asked."""
        rules = self._of(url)
        if isinstance(rules, Refused):
            raise rules
        if rules is not None and not rules.can_fetch(url, PRODUCT):
            raise Refused("robots", f"{httpx.URL(url).host} asks robots not to read this page")

    def delay(self, url: str) -> float:
        """Seconds that the site asks to wait between two requests; 0 when it asks for nothing or
        has not been met."""
        rules = self._rules.get(origin(url))
        asked = rules.crawl_delay(PRODUCT) if isinstance(rules, Protego) else None
        return min(float(asked or 0.0), _MAX_DELAY)

    def _of(self, url: str) -> Protego | Refused | None:
        """The rules of a site; None when it has none, Refused when it could not be asked."""
        site = origin(url)
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        return self._rules[site]

    def _read(self, url: str) -> Protego | Refused | None:
        """RFC 9309, 2.3.1: no such file allows everything; a site that cannot answer, nothing."""
        try:
            answer = self._client.get(url, before=self._before, max_bytes=_MAX_BYTES)
        except Refused as error:
            if error.code in ("status", "redirects"):
                return None
            return Refused(error.code, f"robots.txt: {error}", retry_after=error.retry_after)
        return Protego.parse(_text(answer))


def origin(url: str) -> str:
    """Scheme, host and port: 'https://news.example'."""
    parsed = httpx.URL(url)
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8-sig", errors="replace")
