"""What the explorer refuses, and that the words of strangers are never run."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import duckdb
import pytest
from fastapi.testclient import TestClient
from lxml import html
from typer.testing import CliRunner

import dateline
from dateline.article.model import Caption
from dateline.record.model import Record
from dateline.store.schema import StoreError
from dateline.views.cli import app as commands
from dateline.views.errors import UsageProblem
from dateline.views.page_file import page_file
from dateline.views.serve_command import _address, _check, _listen
from dateline.views.web.database import Database, QueryTimeout
from dateline.views.web.settings import Settings, is_loopback
from dateline.views.web.words import safe_link
from hand_built import article, record
from small_store import make_store
from web_pages import LINK, PAGE, printed_record, visitor, web_store

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "</title></style></textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "\x00<scr\x00ipt>",
    "javascript:alert(1)",
)
BAD_LINKS = (
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "file:///etc/passwd",
    "http:///x",
    "",
)
TOKEN = "a-token-of-some-length"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_store(tmp_path / "corpus.duckdb")


@pytest.fixture(scope="module")
def anyone(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor to the small store as it is served by default."""
    return visitor(make_store(tmp_path_factory.mktemp("small") / "corpus.duckdb"))


def dangers(text: str) -> list[str]:
    """What a browser would run or fetch on a page, apart from the explorer's own files."""
    page = html.document_fromstring(text)
    found = []
    for node in page.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag in ("script", "iframe", "object", "embed", "base", "style"):
            own = node.get("src", "").startswith("/static/")
            found += [] if node.tag == "script" and own else [f"<{node.tag}>"]
        for name, value in node.items():
            scheme = urlsplit("".join(value.split())).scheme.lower()
            if name.startswith("on") or name in ("style", "srcdoc"):
                found.append(f"{name}={value}")
            if name in ("href", "src", "action", "formaction") and scheme not in (
                "",
                "https",
                "http",
            ):
                found.append(f"{name}={value}")
            if name in ("src", "action", "formaction") and (scheme or value.startswith("//")):
                found.append(f"{name}={value}")
    return found


def test_the_check_for_dangers_sees_them() -> None:
    assert dangers('<p onclick="x()">') == ["onclick=x()"]
    assert dangers("<script>x()</script>") == ["<script>"]
    assert dangers('<a href="java\nscript:x()">') != []
    assert dangers('<script src="//evil.example/static/x.js"></script>') != []
    assert dangers('<script src="/static/x.js"></script><a href="https://a.example">') == []


# Words of strangers


def _hostile_record(attack: str) -> Record:
    """The hand-built record with an attack in every field that a page can fill."""
    told = printed_record()
    fields = {"headline": attack, "standfirst": attack, "bylines": [attack], "outlet": attack,
              "agency": attack, "section": attack, "datelines": [attack], "url": attack,
              "captions": [Caption(text=attack, credit=attack)]}  # fmt: skip
    data = told.model_copy(update={"article": told.article.model_copy(update=fields)})
    raw = data.model_dump(mode="json")
    _fill(raw, attack, {"name", "office", "note", "channel", "summary", "message", "unit", "text"})
    raw["article"]["text"] = told.article.text
    return Record.model_validate(raw)


def _fill(value: Any, attack: str, names: set[str]) -> None:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            _fill(inner, attack, names)
        elif key in names and isinstance(inner, str):
            value[key] = attack


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestClient, dict[str, str]]:
    """A visitor to a corpus with an article of each attack, and the articles' ids."""
    path = tmp_path_factory.mktemp("attacks") / "corpus.duckdb"
    ids = {
        attack: web_store(path, _hostile_record(attack), page=_hostile_page(attack))
        for attack in ATTACKS
    }
    return visitor(path), ids


@pytest.mark.parametrize("attack", ATTACKS)
def test_words_of_a_page_are_shown_and_never_run(
    attacked: tuple[TestClient, dict[str, str]], attack: str
) -> None:
    client, ids = attacked
    answer = client.get(f"/article/{ids[attack]}")
    assert answer.status_code == 200
    assert dangers(answer.text) == []
    shown = html.document_fromstring(answer.text.replace("\x00", "")).text_content()
    visible = "".join(attack.replace("\x00", "").split())
    assert visible in "".join(shown.split())


def _hostile_page(attack: str) -> str:
    return PAGE.replace(LINK, (attack * 20)[: len(LINK)])


@pytest.mark.parametrize("attack", ATTACKS)
def test_words_of_a_page_are_not_run_by_its_file(attack: str) -> None:
    text = page_file(_hostile_record(attack))
    page = html.document_fromstring(text)
    assert len(page.xpath("//script")) == 1
    assert len(page.xpath("//style")) == 1
    kept = text.replace(html.tostring(page.xpath("//script")[0], encoding="unicode"), "")
    assert [danger for danger in dangers(kept) if danger not in ("<script>", "<style>")] == []


def test_a_page_with_scripts_everywhere_is_read_and_shown(tmp_path: Path) -> None:
    """From the page itself: headline, attribute, address, picture."""
    source = """<html><head><title>x</title><link rel="canonical" href="javascript:alert(1)">
      <meta name="author" content="&lt;img src=x onerror=alert(1)&gt;"></head><body>
      <h1>Ministers meet &lt;script&gt;alert(1)&lt;/script&gt; in Valletta</h1>
      <svg onload="alert(1)"><script>alert(1)</script></svg>""" + "".join(
        f"<p onclick='alert({n})'>The ministers of both countries met in Valletta on day {n} and"
        " agreed to go on with their talks, said &lt;b onmouseover=alert(1)&gt; a spokesman.</p>"
        for n in range(12)
    )
    read = dateline.extract(source, url="javascript:alert(1)")
    assert read.problem is None
    told = record().model_copy(
        update={"article": read, "events": [], "statements": [], "positions": [], "timeline": []}
        | {"quantities": [], "discrepancies": [], "dropped": []}
    )
    path = tmp_path / "corpus.duckdb"
    id = web_store(path, told, page=source)
    text = visitor(path).get(f"/article/{id}").text
    assert "onmouseover=alert(1)" in html.document_fromstring(text).text_content()
    assert dangers(text) == []


@pytest.mark.parametrize("link", BAD_LINKS)
def test_only_web_addresses_become_links(link: str) -> None:
    assert safe_link(link) is None
    told = record(article=article(url=link))
    assert 'target="_blank"' not in page_file(told)


def test_a_web_address_becomes_a_link() -> None:
    assert safe_link(" https://news.example/a ") == "https://news.example/a"
    assert 'href="https://news.example/envoy"' in page_file(record())
    assert safe_link(None) is None


# Every view

_FILLED = {
    "actors": ("name", "office", "note"),
    "articles": ("headline", "url", "outlet", "agency", "section"),
    "events": ("evidence", "place_name"),
    "acts": ("place_name",),
    "statements": ("content", "channel"),
    "positions": ("content",),
    "parties": ("text",),
    "places": ("name",),
}
# Of addresses that differ in their query alone, and of those of one kind, so many are visited.
_OF_A_KIND = 2


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor to the small store with attacks for its words, names and addresses."""
    path = make_store(tmp_path_factory.mktemp("hostile") / "corpus.duckdb")
    with duckdb.connect(str(path)) as connection:
        for table, columns in _FILLED.items():
            for number, column in enumerate(columns):
                attack = "javascript:alert(1)" if column == "url" else ATTACKS[number % 5]
                connection.execute(f"UPDATE {table} SET {column} = ?", [attack])
    return visitor(path)


def _kind(address: str) -> str:
    """Addresses of one kind: '/event/a1' and '/event/a2', '/timeline?a=1' and '/timeline?b=2'."""
    parts = urlsplit(address)
    return "/".join(parts.path.split("/")[:2]) + ("?" if parts.query else "")


def _links(address: str, text: str) -> list[str]:
    found = html.document_fromstring(text).xpath("//a/@href | //*[local-name()='use']/@href")
    whole = (urljoin(address, link).partition("#")[0] for link in found)
    return [link for link in whole if link.startswith("/")]


def test_no_view_runs_the_words_of_a_page_and_no_link_is_dead(hostile: TestClient) -> None:
    """From the first page along all links, a few of each kind."""
    waiting, seen, visits = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        visits[_kind(address)] += 1
        if visits[_kind(address)] > _OF_A_KIND:
            continue
        answer = hostile.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            assert answer.headers["x-content-type-options"] == "nosniff"
            continue
        assert dangers(answer.text) == [], address
        for link in _links(address, answer.text):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    kinds = {"/", "/timeline", "/positions", "/map", "/network", "/actors", "/articles", "/search",
             "/article", "/event", "/actor", "/cite", "/correct", "/corrections", "/api"}  # fmt: skip
    assert kinds <= {kind.rstrip("?") or "/" for kind in visits} | {"/search"}


@pytest.mark.parametrize(
    "address",
    ["/search?q=", "/timeline?actor=", "/timeline?text=", "/timeline?since=", "/map?place=",
     "/network?country=", "/compare?b=x&a=", "/articles?outlet=", "/actors?actor=",
     "/positions?issue=", "/article/", "/event/", "/actor/", "/article/A?record=",
     "/article/A?at=", "/articles?page="],
)  # fmt: skip
def test_no_view_runs_the_words_of_an_address(hostile: TestClient, address: str) -> None:
    for attack in ATTACKS:
        answer = hostile.get(address + quote(attack, safe=""))
        assert answer.status_code in (200, 400, 404), attack
        assert dangers(answer.text) == []


@pytest.mark.parametrize("path", ["/", "/timeline", "/positions", "/articles", "/nothing"])
def test_a_page_can_be_used_by_keyboard_and_reader(anyone: TestClient, path: str) -> None:
    page = html.document_fromstring(anyone.get(path).text)
    assert page.get("lang") == "en"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    for field in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = (
            field.get("aria-label") or field.get("id") in labelled or field.xpath("ancestor::label")
        )
        assert named, html.tostring(field)
    assert not page.xpath("//img[not(@alt)] | //a[not(@href)]")
    assert not page.xpath("//a[not(normalize-space()) and not(@aria-label)]")


# Headers


@pytest.mark.parametrize("path", ["/", "/articles", "/nothing", "/static/base.css", "/api/nothing"])
def test_every_answer_has_the_policy(anyone: TestClient, path: str) -> None:
    headers = anyone.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


def test_a_fault_has_the_policy_and_tells_nothing(store: Path) -> None:
    client = visitor(store)

    @client.app.get("/broken")  # type: ignore[attr-defined]
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# Who may ask


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "10.0.0.7"])
def test_another_name_for_this_machine_is_refused(anyone: TestClient, host: str) -> None:
    answer = anyone.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "corpus" not in answer.text


def test_its_own_names_are_taken(store: Path) -> None:
    client = visitor(store, names=frozenset({"corpus.example"}))
    for host in ("127.0.0.1:8642", "localhost", "[::1]:8642", "corpus.example"):
        assert client.get("/", headers={"host": host}).status_code == 200, host


def test_without_the_token_nothing_is_shown(store: Path) -> None:
    client = visitor(store, token=TOKEN, host="0.0.0.0")
    for path in ("/", "/articles", "/article/A", "/static/base.css", "/api/openapi.json"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        assert client.get(f"{path}?token=wrong").status_code == 401
        assert client.get(path, headers={"cookie": f"dateline_session={TOKEN}"}).status_code == 401
    assert client.get("/").headers["www-authenticate"] == "Bearer"
    assert client.get("/api/openapi.json").json()["error"]["code"] == "token"


def test_the_token_opens_and_leaves_the_address(store: Path) -> None:
    client = visitor(store, token=TOKEN, host="0.0.0.0")
    assert client.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    answer = client.get(f"/articles?page=2&token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/articles?page=2"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    assert client.get("/articles").status_code == 200


def test_the_token_does_not_lead_to_another_site(store: Path) -> None:
    client = visitor(store, token=TOKEN)
    answer = client.get(f"http://127.0.0.1:8642//evil.example/?token={TOKEN}")
    assert not answer.headers["location"].startswith("//")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": ""},
    ],
)
def test_other_sites_cannot_post(anyone: TestClient, headers: dict[str, str]) -> None:
    assert anyone.post("/api/read", headers=headers, content=b"x").status_code == 403
    own = anyone.post("/nothing", headers={"origin": "http://127.0.0.1:8642"}, content=b"x")
    assert own.status_code in (404, 405)


# How much


def _with_upload(store: Path, **settings: Any) -> TestClient:
    client = visitor(store, **settings)

    @client.app.post("/api/echo")  # type: ignore[attr-defined]
    def echo(body: dict[str, str]) -> dict[str, int]:
        return {"n": len(body["x"])}

    return client


def test_an_upload_has_a_limit(store: Path) -> None:
    client = _with_upload(store, max_upload=1000)
    assert client.post("/api/echo", json={"x": "a" * 500}).json() == {"n": 500}
    answer = client.post("/api/echo", json={"x": "a" * 5000})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "upload"


def test_an_upload_that_hides_its_length_has_a_limit(store: Path) -> None:
    client = _with_upload(store, max_upload=1000)

    def body() -> Any:
        yield b'{"x": "'
        for _ in range(50):
            yield b"a" * 100
        yield b'"}'

    answer = client.post("/api/echo", content=body(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert (
        client.post("/api/echo", content=b"{}", headers={"content-length": "x"}).status_code == 413
    )


def test_an_address_has_a_limit(store: Path) -> None:
    client = visitor(store)
    assert client.get("/articles?outlet=" + "a" * 200).status_code == 200
    assert client.get("/articles?x=" + "a" * 9000).status_code == 414


def test_a_question_has_a_limit(store: Path) -> None:
    db = Database(store, seconds=0.2)
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.2 seconds"):
        db.rows(
            "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7"
        )
    assert time.monotonic() - started < 5
    assert db.rows("SELECT 1 AS one") == [{"one": 1}]
    db.close()


def test_a_question_that_takes_too_long_is_an_error_page(store: Path) -> None:
    client = visitor(store)

    @client.app.get("/slow")  # type: ignore[attr-defined]
    def slow() -> None:
        raise QueryTimeout("too long")

    assert client.get("/slow").status_code == 503


def test_the_store_is_only_read_and_nothing_else_is_opened(store: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    db = Database(store)
    for sql in (
        f"SELECT * FROM read_csv('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        "DELETE FROM articles",
        "SET enable_external_access = true",
        "SELECT * FROM secret",
    ):
        with pytest.raises(duckdb.Error):
            db.rows(sql)
    assert not (tmp_path / "out.csv").exists()
    db.close()


def test_many_ask_at_once(store: Path) -> None:
    db = Database(store)
    found: list[int] = []

    def ask() -> None:
        found.extend(
            row["n"] for _ in range(10) for row in db.rows("SELECT count(*) AS n FROM articles")
        )

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5] * 80
    db.close()


def test_closing_ends_the_questions_under_way(store: Path) -> None:
    db = Database(store, seconds=60)
    ended: list[Exception] = []

    def ask() -> None:
        try:
            db.rows(
                "SELECT count(*) FROM range(9000000) a, range(9000000) b"
                " WHERE (a.range + b.range) % 7 = 3"
            )
        except duckdb.Error as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.3)
    db.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(ended) == 1
    with pytest.raises(StoreError, match="was closed"):
        db.rows("SELECT 1")


def test_a_store_that_has_gone_is_an_error_page(store: Path) -> None:
    client = visitor(store)
    store.unlink()
    answer = client.get("/articles")
    assert answer.status_code == 503
    with pytest.raises(StoreError):
        Database(store)


# The command


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.9.9.9", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("corpus.example", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, socket.socket]]:
    """What `dateline serve` would run."""
    runs: list[tuple[Any, socket.socket]] = []
    monkeypatch.setattr("dateline.views.serve_command._run", lambda app, s: runs.append((app, s)))
    monkeypatch.delenv("DATELINE_TOKEN", raising=False)
    return runs


def test_serve_listens_on_this_machine_alone_unless_told(
    store: Path, started: list[tuple[Any, socket.socket]]
) -> None:
    result = CliRunner().invoke(commands, ["serve", str(store), "--port", "0"])
    assert result.exit_code == 0, result.output
    assert started[0][0].state.settings.token is None
    assert started[0][0].state.settings.host == "127.0.0.1"


def test_serve_to_others_makes_up_a_token(
    store: Path, started: list[tuple[Any, socket.socket]]
) -> None:
    command = ["serve", str(store), "--port", "0", "--host", "0.0.0.0"]
    result = CliRunner().invoke(commands, command)
    assert result.exit_code == 0, result.output
    token = started[0][0].state.settings.token
    assert token is not None
    assert len(token) > 20
    assert token in result.output
    CliRunner().invoke(commands, [*command, "--token", TOKEN])
    assert started[1][0].state.settings.token == TOKEN


def test_an_address_that_is_shown_carries_the_token(store: Path) -> None:
    assert _address(Settings(store), 8642).startswith("http://127.0.0.1:8642/ ")
    shown = _address(Settings(store, host="::1", token=TOKEN), 80)
    assert shown.startswith(f"http://[::1]:80/?token={TOKEN}")
    assert "not encrypted" in _address(Settings(store, host="0.0.0.0", token=TOKEN), 80)


def test_serve_says_what_is_wrong(store: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="8 plain characters"):
        _check("short")
    with _listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(UsageProblem, match="cannot listen"):
            _listen("127.0.0.1", taken.getsockname()[1])
    result = CliRunner().invoke(commands, ["serve", str(tmp_path / "none.duckdb")])
    assert isinstance(result.exception, UsageProblem)
    assert "there is no file" in str(result.exception)
