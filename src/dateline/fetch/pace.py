"""How long to wait between two requests to one host."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx


class Pace:
    """When each host was last asked. Times are seconds of ``clock``."""

    def __init__(
        self,
        delay: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._ready: dict[str, float] = {}

    def ready(self, host: str) -> float:
        """When ``host`` may be asked again; a moment in the past when it was never asked."""
        return self._ready.get(host, float("-inf"))

    def wait(self, url: str, asked_for: float = 0.0) -> None:
        """Wait until the host of ``url`` may be asked, and count the request that follows.
        ``asked_for`` is the delay that the site itself wants."""
        host = host_of(url)
        pause = self.ready(host) - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._ready[host] = self._clock() + max(self._delay, asked_for)

    def put_off(self, url: str, seconds: float) -> None:
        """Leave the host of ``url`` alone for ``seconds``."""
        host = host_of(url)
        self._ready[host] = max(self.ready(host), self._clock() + seconds)


def host_of(url: str) -> str:
    """The host of an address in lower case, with its port where it names one."""
    return httpx.URL(url).netloc.decode("ascii").lower()
