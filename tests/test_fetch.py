"""``dateline fetch`` against a server on this machine: what it saves, asks for and refuses."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.fetch import Client, Fetched, Fetcher, Pace, PageFolder, Refused, anywhere, is_public
from dateline.fetch.client import checked_url

PAGE = b"<html><body><p>The two sides met in Lusaka on Monday.</p></body></html>"
NOW = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass
class Reply:
    """What the test's server answers at one path."""

    body: bytes = PAGE
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    pause: float = 0.0  # seconds between bytes


class Site:
    """A server on loopback; ``asked`` lists the paths and headers of the requests it saw."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | list[Reply]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                site.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        reply = self.replies.get(handler.path, Reply(b"", 404))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        tag = reply.headers.get("ETag")
        if tag and handler.headers.get("If-None-Match") == tag:
            reply = Reply(b"", 304, {"ETag": tag})
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if "Content-Length" not in reply.headers and reply.status != 304:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        _send(handler, reply)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    try:
        if not reply.pause:
            handler.wfile.write(reply.body)
            return
        for byte in reply.body:
            handler.wfile.write(bytes([byte]))
            time.sleep(reply.pause)
    except OSError:  # the client has hung up, as it should
        handler.close_connection = True


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


def run(folder: Path, *addresses: str, **options: object) -> list[Fetched]:
    """Fetch into ``folder``, without pauses and with this machine's addresses allowed."""
    limit = options.pop("limit", None)
    pace = options.pop("pace", Pace(0.0))
    client = Client(**({"permit": anywhere, "seconds": 5.0} | options))
    pages = PageFolder(folder)
    try:
        return list(
            Fetcher(pages, client, pace=pace, limit=limit, now=lambda: NOW).fetch(addresses)
        )
    finally:
        pages.close()
        client.close()


def this_or_public(address: str) -> bool:
    """The public internet, and the one private address that the test's server has."""
    return address == "127.0.0.1" or is_public(address)


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder with its bytes and time of change."""
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(folder.iterdir())}


def only_page(folder: Path) -> tuple[Path, dict[str, object]]:
    (page,) = folder.glob("*.html")
    return page, json.loads(page.with_name(f"{page.stem}.meta.json").read_bytes())


def rss(*items: str) -> Reply:
    body = f"<?xml version='1.0'?><rss version='2.0'><channel>{''.join(items)}</channel></rss>"
    return Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})


def item(link: str, title: str = "Title", date: str = "Wed, 12 Feb 2025 21:20:00 +0200") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


# --- pages and their sidecars


def test_page_is_saved_as_served_with_its_origin_beside_it(site, tmp_path):
    site.replies["/a"] = Reply(headers={"Content-Type": "text/html", "Set-Cookie": "id=1"})
    (result,) = run(tmp_path, site.url("/a#part"))
    page, sidecar = only_page(tmp_path)
    assert result == Fetched(site.url("/a"), "saved", page.name)
    assert page.read_bytes() == PAGE
    assert page.stem == sidecar["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert (sidecar["url"], sidecar["fetched"]) == (site.url("/a"), "2025-03-04T05:06:07+00:00")
    assert (sidecar["published"], sidecar["feed"]) == (None, None)
    assert sidecar["headers"]["content-type"] == "text/html"
    assert "set-cookie" not in sidecar["headers"]


def test_unchanged_page_changes_nothing_and_changed_page_is_kept_beside_the_old(site, tmp_path):
    headers = {"Content-Type": "text/html", "ETag": '"1"', "Last-Modified": "then"}
    site.replies["/a"] = Reply(headers=headers)
    run(tmp_path, site.url("/a"))
    before = snapshot(tmp_path)
    (again,) = run(tmp_path, site.url("/a"))
    assert again.outcome == "unchanged"
    assert snapshot(tmp_path) == before
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert site.asked[-1][1]["if-modified-since"] == "then"

    site.replies["/a"] = Reply(b"<p>Changed.</p>", headers=headers | {"ETag": '"2"'})
    (changed,) = run(tmp_path, site.url("/a"))
    assert changed.outcome == "saved"
    assert len(list(tmp_path.glob("*.html"))) == 2
    sidecar = json.loads((tmp_path / f"{changed.name[:64]}.meta.json").read_bytes())
    assert sidecar["replaces"] == hashlib.sha256(PAGE).hexdigest()


def test_page_that_was_deleted_is_fetched_again_despite_its_etag(site, tmp_path):
    site.replies["/a"] = Reply(headers={"Content-Type": "text/html", "ETag": '"1"'})
    run(tmp_path, site.url("/a"))
    only_page(tmp_path)[0].unlink()
    assert run(tmp_path, site.url("/a"))[0].outcome == "saved"


def test_same_bytes_without_etag_are_not_written_twice(site, tmp_path):
    site.replies["/a"] = Reply()
    run(tmp_path, site.url("/a"))
    before = snapshot(tmp_path)
    assert run(tmp_path, site.url("/a"))[0].outcome == "unchanged"
    assert snapshot(tmp_path) == before


def test_two_addresses_of_the_same_bytes_are_one_page(site, tmp_path):
    site.replies |= {"/a": Reply(), "/b": Reply()}
    run(tmp_path, site.url("/a"), site.url("/b"))
    _, sidecar = only_page(tmp_path)
    assert sidecar["url"] == site.url("/a")
    assert sidecar["other_urls"] == [site.url("/b")]


def test_plain_text_is_kept_as_text_and_a_picture_is_refused(site, tmp_path):
    site.replies["/t"] = Reply(b"Words.", headers={"Content-Type": "text/plain; charset=utf-8"})
    site.replies["/p"] = Reply(b"\x89PNG", headers={"Content-Type": "image/png"})
    text, picture = run(tmp_path, site.url("/t"), site.url("/p"))
    assert text.name is not None
    assert text.name.endswith(".txt")
    assert (picture.outcome, picture.reason) == ("refused", "not_a_page")


def test_compressed_page_is_saved_unpacked(site, tmp_path):
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = packer.compress(PAGE) + packer.flush()
    site.replies["/z"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    run(tmp_path, site.url("/z"))
    assert only_page(tmp_path)[0].read_bytes() == PAGE


def test_no_half_written_file_is_left_when_the_disk_is_full(site, tmp_path, monkeypatch):
    site.replies["/a"] = Reply()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path, site.url("/a"))
    assert [p.name for p in tmp_path.iterdir()] == [".fetch.sqlite"]
    monkeypatch.undo()
    assert run(tmp_path, site.url("/a"))[0].outcome == "saved"


# --- feeds


def test_feed_gives_its_pages_with_date_and_title(site, tmp_path):
    site.replies |= {"/feed": rss(item("/a", "Talks  open")), "/a": Reply()}
    feed, page = run(tmp_path, site.url("/feed"))
    assert (feed.outcome, page.outcome) == ("feed", "saved")
    _, sidecar = only_page(tmp_path)
    assert sidecar["published"] == "2025-02-12T19:20:00+00:00"
    assert (sidecar["title"], sidecar["feed"]) == ("Talks open", site.url("/feed"))


def test_feed_without_its_media_type_is_known_by_its_root(site, tmp_path):
    atom = b"""<?xml version="1.0"?><!-- made by hand --><feed xmlns="http://www.w3.org/2005/Atom">
    <entry><link href="a"/><updated>2025-02-12T10:00:00Z</updated></entry></feed>"""
    site.replies |= {"/x/": Reply(atom), "/x/a": Reply()}
    assert [r.outcome for r in run(tmp_path, site.url("/x/"))] == ["feed", "saved"]
    _, sidecar = only_page(tmp_path)
    assert sidecar["published"] is None  # Atom's 'updated' is not when it was published


def test_page_about_feeds_is_a_page(site, tmp_path):
    site.replies["/a"] = Reply(b"<!DOCTYPE html><html><p>&lt;rss&gt; <rss></p></html>")
    assert run(tmp_path, site.url("/a"))[0].outcome == "saved"


def test_listed_page_is_asked_for_once_until_the_feed_says_it_changed(site, tmp_path):
    site.replies |= {"/feed": rss(item("/a")), "/a": Reply()}
    run(tmp_path, site.url("/feed"))
    before = snapshot(tmp_path)
    assert [r.outcome for r in run(tmp_path, site.url("/feed"))] == ["feed"]
    assert site.paths() == ["/feed", "/a", "/feed"]
    assert snapshot(tmp_path) == before
    site.replies["/feed"] = rss(item("/a", date="Thu, 13 Feb 2025 08:00:00 GMT"))
    run(tmp_path, site.url("/feed"))
    assert site.paths()[-1] == "/a"


def test_unchanged_feed_still_brings_the_pages_that_failed_before(site, tmp_path):
    feed = rss(item("/a"), item("/b"))
    feed.headers["ETag"] = '"f"'
    site.replies |= {"/feed": feed, "/a": Reply(), "/b": Reply(b"", 500)}
    outcomes = [r.outcome for r in run(tmp_path, site.url("/feed"))]
    assert outcomes == ["feed", "saved", "failed"]
    site.replies["/b"] = Reply(b"<p>Now it works.</p>")
    outcomes = [r.outcome for r in run(tmp_path, site.url("/feed"))]
    assert outcomes == ["unchanged", "saved"]
    assert site.paths()[3:] == ["/feed", "/b"]


def test_page_that_is_gone_is_not_asked_for_again_and_one_that_fails_five_times_neither(
    site, tmp_path
):
    site.replies |= {"/feed": rss(item("/gone"), item("/ill")), "/ill": Reply(b"", 500)}
    for _ in range(7):
        run(tmp_path, site.url("/feed"))
    assert site.paths().count("/gone") == 1
    assert site.paths().count("/ill") == 5


def test_limit_takes_the_first_pages_and_leaves_the_rest_for_the_next_run(site, tmp_path):
    site.replies |= {f"/{n}": Reply(f"<p>{n}</p>".encode()) for n in "abc"}
    site.replies["/feed"] = rss(*(item(f"/{n}") for n in "abc"))
    run(tmp_path, site.url("/feed"), limit=2)
    assert site.paths() == ["/feed", "/a", "/b"]
    run(tmp_path, site.url("/feed"), limit=2)
    assert site.paths()[3:] == ["/feed", "/c"]


@pytest.mark.parametrize(
    "broken",
    [
        b"<rss",
        b"<rss><channel><item><link>",
        b"<rss></rss>",
        b"\xff\xfe<rss>",
        b"<rss><item/></rss>",
    ],
)
def test_broken_feed_is_a_feed_without_pages(site, tmp_path, broken):
    site.replies["/feed"] = Reply(broken, headers={"Content-Type": "application/rss+xml"})
    assert [r.outcome for r in run(tmp_path, site.url("/feed"))] == ["feed"]


def test_link_of_a_feed_to_a_file_or_a_private_address_is_refused(site, tmp_path):
    site.replies["/feed"] = rss(item("file:///etc/passwd"), item("http://10.0.0.1/"), item("/a"))
    site.replies["/a"] = Reply()
    results = run(tmp_path, site.url("/feed"), permit=this_or_public)
    assert [(r.outcome, r.reason) for r in results] == [
        ("feed", None),
        ("refused", "address"),
        ("refused", "private"),
        ("saved", None),
    ]


# --- what a site asks


def test_robots_are_obeyed_with_wildcards_and_longest_match(site, tmp_path):
    robots = b"User-agent: *\nDisallow: /*.html$\nAllow: /free/\nDisallow: /free/not\n"
    site.replies |= {"/robots.txt": Reply(robots), "/free/a": Reply(), "/x.html?y": Reply(b"<p>")}
    results = run(
        tmp_path, *(site.url(p) for p in ("/x.html", "/free/a", "/free/not/b", "/x.html?y"))
    )
    assert [r.outcome for r in results] == ["refused", "saved", "refused", "saved"]
    assert [path for path, _ in site.asked].count("/robots.txt") == 1
    assert results[0].reason == "robots"


def test_robots_can_name_us(site, tmp_path):
    site.replies["/robots.txt"] = Reply(b"User-agent: dateline\nDisallow: /\n")
    site.replies["/a"] = Reply()
    assert run(tmp_path, site.url("/a"))[0].reason == "robots"
    site.replies["/robots.txt"] = Reply(b"User-agent: another\nDisallow: /\n")
    assert run(tmp_path, site.url("/a"))[0].outcome == "saved"


def test_site_whose_robots_cannot_be_had_is_left_alone(site, tmp_path):
    site.replies |= {"/robots.txt": Reply(b"", 500), "/a": Reply(), "/b": Reply()}
    results = run(tmp_path, site.url("/a"), site.url("/b"))
    assert [r.reason for r in results] == ["busy", "busy"]
    assert site.paths() == []
    site.replies["/robots.txt"] = Reply(b"", 403)  # RFC 9309: no rules
    assert run(tmp_path, site.url("/a"))[0].outcome == "saved"


def test_user_agent_names_the_program(site, tmp_path):
    run(tmp_path, site.url("/a"))
    assert all(headers["user-agent"].startswith("dateline/") for _, headers in site.asked)
    assert not any("cookie" in headers for _, headers in site.asked)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def test_one_host_is_left_alone_between_requests_and_another_is_not(site, tmp_path):
    clock = Clock()
    pace = Pace(2.0, clock=lambda: clock.now, sleep=clock.sleep)
    site.replies |= {"/a": Reply(), "/b": Reply(b"<p>b</p>")}
    run(tmp_path, site.url("/a"), site.url("/b"), pace=pace)
    assert clock.naps == [2.0, 2.0]  # robots.txt, then each page
    clock.naps.clear()
    pace.wait("http://elsewhere.example/")
    assert clock.naps == []


def test_crawl_delay_of_the_site_is_kept(site, tmp_path):
    clock = Clock()
    pace = Pace(0.0, clock=lambda: clock.now, sleep=clock.sleep)
    site.replies |= {"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 7\n")}
    run(tmp_path, site.url("/a"), site.url("/b"), pace=pace)
    assert clock.naps == [7.0]


def test_busy_server_is_asked_once_more_after_the_time_it_names(site, tmp_path):
    clock = Clock()
    pace = Pace(0.0, clock=lambda: clock.now, sleep=clock.sleep)
    busy = Reply(b"", 429, {"Retry-After": "9"})
    site.replies |= {"/a": [busy, Reply()], "/b": busy, "/c": Reply(b"", 503)}
    site.replies["/d"] = Reply(b"", 503, {"Retry-After": "86400"})
    results = {
        r.url[-2:]: r for r in run(tmp_path, *(site.url(f"/{n}") for n in "abcd"), pace=pace)
    }
    assert results["/a"].outcome == "saved"
    assert {results[p].reason for p in ("/b", "/c", "/d")} == {"busy"}
    assert site.paths().count("/b") == 2
    assert site.paths().count("/d") == 1
    assert 9.0 in clock.naps
    assert 86400.0 not in clock.naps


# --- limits


def test_redirects_are_followed_and_named(site, tmp_path):
    site.replies |= {"/old": Reply(b"", 301, {"Location": "/new"}), "/new": Reply()}
    run(tmp_path, site.url("/old"))
    _, sidecar = only_page(tmp_path)
    assert (sidecar["url"], sidecar["requested_url"]) == (site.url("/new"), site.url("/old"))


def test_redirects_end(site, tmp_path):
    site.replies["/loop"] = Reply(b"", 302, {"Location": "/loop"})
    assert run(tmp_path, site.url("/loop"))[0].reason == "redirects"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "address"),
        ("http://user:word@news.example/", "address"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://167772161/", "private"),  # 10.0.0.1 written as one number
        ("http://[/", "address"),
    ],
)
def test_redirect_is_checked_like_an_address_of_its_own(site, tmp_path, target, reason):
    site.replies["/go"] = Reply(b"", 302, {"Location": target})
    client = Client(permit=this_or_public)
    with pytest.raises(Refused) as caught:
        client.get(site.url("/go"))
    client.close()
    assert caught.value.code == reason


def test_redirect_to_a_page_that_robots_refuse_is_refused(site, tmp_path):
    site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /closed\n")
    site.replies |= {"/a": Reply(b"", 302, {"Location": "/closed"}), "/closed": Reply()}
    assert run(tmp_path, site.url("/a"))[0].reason == "robots"
    assert site.paths() == ["/a"]


def test_too_large_a_page_is_refused_whether_its_length_is_named_or_not(site, tmp_path):
    bomb = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = bomb.compress(b" " * 5_000_000) + bomb.flush()
    site.replies |= {
        "/named": Reply(b"x" * 2000),
        "/bomb": Reply(packed, headers={"Content-Encoding": "gzip"}),
        "/fits": Reply(b"x" * 900),
    }
    results = run(tmp_path, *(site.url(p) for p in site.replies), max_bytes=1000)
    assert [r.reason for r in results] == ["too_large", "too_large", None]


def test_server_that_drips_is_given_up_in_time(site, tmp_path):
    site.replies["/slow"] = Reply(b"x" * 200, pause=0.05)
    started = time.monotonic()
    (result,) = run(tmp_path, site.url("/slow"), seconds=0.4)
    assert (result.outcome, result.reason) == ("failed", "timeout")
    assert time.monotonic() - started < 2


def test_no_answer_and_broken_answers_are_named(site, tmp_path):
    site.replies["/zip"] = Reply(b"no gzip", headers={"Content-Encoding": "gzip"})
    site.replies["/short"] = Reply(b"abc", headers={"Content-Length": "10", "Connection": "close"})
    results = run(
        tmp_path,
        "http://127.0.0.1:1/",
        site.url("/zip"),
        site.url("/short"),
        "http://no-such-host.invalid/",
        seconds=1.0,
    )
    reasons = {r.url.rpartition("/")[2] or r.url: r.reason for r in results}
    assert reasons["zip"] == "network"
    assert reasons["short"] in ("network", "timeout")
    assert reasons["http://127.0.0.1:1/"] == "network"
    assert reasons["http://no-such-host.invalid/"] == "network"


# --- private addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "2002:7f00:0001::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "not an address",
    ],
)
def test_address_that_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "172.15.0.1"])
def test_public_address(address):
    assert is_public(address)


def test_private_host_is_refused_unless_allowed(site, tmp_path):
    site.replies["/a"] = Reply()
    (refused,) = run(tmp_path, site.url("/a", "localhost"), permit=is_public)
    assert (refused.outcome, refused.reason) == ("refused", "private")
    assert site.asked == []
    assert run(tmp_path, site.url("/a", "localhost"))[0].outcome == "saved"


def test_name_that_answers_differently_the_second_time_gains_nothing(site):
    answers = iter([["198.18.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    client = Client(resolve=rebinding, seconds=1.0)
    with pytest.raises(Refused) as first:  # 198.18.0.0/15 is for benchmarks: not public either
        client.get(site.url("/a", "rebind.example"))
    with pytest.raises(Refused) as second:
        client.get(site.url("/a", "rebind.example"))
    client.close()
    assert (first.value.code, second.value.code) == ("private", "private")
    assert asked == ["rebind.example"] * 2  # once a connection: what was checked is what is used
    assert site.asked == []


def test_of_several_addresses_only_permitted_ones_are_tried(site):
    asked: list[str] = []

    def permit(address: str) -> bool:
        asked.append(address)
        return address == "127.0.0.1"

    site.replies["/a"] = Reply()
    client = Client(permit=permit, resolve=lambda host, port: ["10.0.0.1", "127.0.0.1"])
    assert client.get(site.url("/a", "mixed.example")).body == PAGE
    client.close()
    assert asked == ["10.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize(
    "url", ["", "news.example", "ftp://a/", "http://", "http://a b/", "x" * 5000]
)
def test_what_is_no_web_address(url):
    with pytest.raises(Refused) as caught:
        checked_url(url)
    assert caught.value.code == "address"


# --- the command


def test_command_saves_and_says_what_came_of_each(site, tmp_path):
    from dateline.views.cli import app

    site.replies |= {"/feed": rss(item("/a"), item("/gone")), "/a": Reply()}
    arguments = ["fetch", site.url("/feed"), "--to", str(tmp_path / "p"), "--delay", "0"]
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 2
    done = CliRunner().invoke(app, [*arguments, "--allow-private"])
    assert done.exit_code == 0
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["feed", "saved", "refused"]
    assert rows[2][2] == "the server answered 404 Not Found"
    assert "1 saved, 1 feeds read, 1 refused" in done.stderr


def test_command_reads_addresses_from_standard_input(site, tmp_path):
    from dateline.views.cli import app

    site.replies["/a"] = Reply()
    arguments = ["fetch", "-", "--to", str(tmp_path), "--delay", "0", "--allow-private"]
    done = CliRunner().invoke(app, arguments, input=f"# two lines\n\n{site.url('/a')}\n")
    assert done.exit_code == 0
    assert done.stdout.startswith("saved")
