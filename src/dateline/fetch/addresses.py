"""Which network addresses a fetch may connect to, checked on the address that is connected to.

A name is looked up once, its addresses are checked, and the connection goes to an address that
passed. A name that answers differently the second time (DNS rebinding) gains nothing: nobody asks it
a second time.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

Resolver = Callable[[str, int], list[str]]
Permit = Callable[[str], bool]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215: the same, inside one network

# One address of several may be dead: leave time for the next.
_CONNECT_SECONDS = 10.0


class AddressRefused(Exception):
    """A host none of whose addresses may be connected to."""


def is_public(address: str) -> bool:
    """True for an address (IPv4 or IPv6, as text) that the whole internet can reach.

    False for loopback, private, link-local, shared, reserved and multicast addresses, for IPv6
    addresses that stand for such an IPv4 address (mapped, 6to4, NAT64), and for text that is no
    address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _inner(parsed)
        if inner is not None:
            return is_public(str(inner))
        if parsed in _NAT64_LOCAL or parsed.is_site_local:
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def anywhere(address: str) -> bool:
    """True: for whoever means to fetch from this machine or a local network."""
    return True


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for; None when it stands for none."""
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def look_up(host: str, port: int) -> list[str]:
    """Addresses of ``host``, in the system's order of preference. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label that is empty or longer than 63 bytes
        raise OSError(f"{host!r} is no host name") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """The moment by which the request in progress has to end."""

    def __init__(self) -> None:
        self._end: float | None = None

    def start(self, seconds: float) -> None:
        """Let the request that begins now take ``seconds``."""
        self._end = time.monotonic() + seconds

    def left(self) -> float | None:
        """Seconds left; None before ``start``. Raises httpcore.ReadTimeout when none are."""
        if self._end is None:
            return None
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("out of time")
        return seconds


class _Stream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline, however slowly the bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that ``permit`` accepts, and to no others."""

    def __init__(
        self, deadline: Deadline, *, permit: Permit = is_public, resolve: Resolver = look_up
    ) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline
        self._permit = permit
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of ``host`` that is allowed and answers.

        Raises AddressRefused when none is allowed, httpcore.ConnectError when none answers.
        """
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._allowed(host, port):
            try:
                seconds = min(self._deadline.left() or _CONNECT_SECONDS, _CONNECT_SECONDS)
                stream = self._inner.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            reason = error.strerror or str(error)
            raise httpcore.ConnectError(f"cannot find {host}: {reason}") from None
        allowed = [address for address in addresses if self._permit(address)]
        if addresses and not allowed:
            raise AddressRefused(f"{host} is {addresses[0]}, which is not a public address")
        return allowed
