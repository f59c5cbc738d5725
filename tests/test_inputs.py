"""Inputs of a build: which files are meant, and the pages in them."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import zstandard

from dateline.store.inputs import InputError, Meter, Options, find_files, read_inputs
from dateline.store.model import InputDone, RawPage

PAGE = "<html><body><p>The ferry to Osk Island sails again, its owner said.</p></body></html>"


def pages_of(
    inputs: Sequence[Path | str], options: Options | None = None, known: bool = False
) -> list[RawPage]:
    found = read_inputs(
        find_files(map(str, inputs)), options or Options(), lambda *_: known, Meter()
    )
    return [item for item in found if isinstance(item, RawPage)]


def warc_record(url: str, body: bytes, head: str = "200 OK", kind: str = "text/html") -> bytes:
    http = f"HTTP/1.1 {head}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    fields = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2025-02-12T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return fields.encode() + http + b"\r\n\r\n"


# -- which files ------------------------------------------------------------------------------------


def test_folder_gives_known_kinds_in_order(tmp_path: Path) -> None:
    for name in ("b/two.html", "a.txt", "c.html.gz", "b/one.HTM", "picture.jpg", ".hidden/x.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [Path(f.location).relative_to(tmp_path).as_posix() for f in find_files([str(tmp_path)])]
    assert found == ["a.txt", "b/one.HTM", "b/two.html", "c.html.gz"]


def test_file_named_by_hand_is_taken_whatever_its_name(tmp_path: Path) -> None:
    page = tmp_path / "page.bak"
    page.write_text(PAGE)
    assert [p.content for p in pages_of([page])] == [PAGE.encode()]


def test_pattern_and_folder_give_a_file_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    assert len(pages_of([tmp_path, tmp_path / "*.html", tmp_path / "a.html"])) == 1


@pytest.mark.parametrize("name", ["nowhere", "*.nothing", "https://example.org/feed"])
def test_input_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"no such file|fetch"):
        pages_of([name if "://" in name else tmp_path / name])


# -- identity ---------------------------------------------------------------------------------------


def test_same_address_and_content_is_the_same_page_wherever_it_is() -> None:
    one = RawPage("/a/x.warc", b"words", "byte 0", url="https://example.org/1")
    assert one.id == RawPage("/b/y.warc", b"words", "byte 99", url="https://example.org/1").id
    assert one.id != RawPage("/a/x.warc", b"other", "byte 0", url="https://example.org/1").id
    assert one.id != RawPage("/a/x.warc", b"words", "byte 0", url="https://example.org/2").id


def test_same_content_in_two_files_is_two_pages(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(PAGE)
    assert len({page.id for page in pages_of([tmp_path])}) == 2


# -- rows -------------------------------------------------------------------------------------------


def test_json_lines_with_columns_of_its_own(tmp_path: Path) -> None:
    rows = [
        {"body": "First words.", "link": "https://example.org/1", "date": "2025-02-12", "h": "One"},
        {"body": "Second words.", "date": 1739395200},
    ]
    file = tmp_path / "dump.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    names = {"text": "body", "html": "page", "url": "link", "published": "date", "title": "h"}
    first, second = pages_of([file], Options(columns=names))
    assert (first.content, first.url, first.published, first.title) == (
        "First words.",
        "https://example.org/1",
        "2025-02-12",
        "One",
    )
    assert (second.part, second.url, second.published) == (
        "line 2",
        None,
        "2025-02-12T21:20:00+00:00",
    )


def test_bad_lines_are_failed_pages_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    file.write_bytes(
        b'{"text": "Good."}\n{"text": \n[1, 2]\n{"title": "no words"}\n{"text": "Last."}\n'
    )
    pages = pages_of([file])
    assert [page.content for page in pages] == ["Good.", None, None, None, "Last."]
    assert [page.reason for page in pages[1:4]] == ["bad_row"] * 3
    assert "line 2" in str(pages[1].message)
    assert "a JSON list" in str(pages[2].message)
    assert "among title" in str(pages[3].message)
    assert "--column text=" in str(pages[3].message)


def test_html_goes_before_text_unless_it_is_blank(tmp_path: Path) -> None:
    file = tmp_path / "dump.csv"
    file.write_text("text,html\nplain,<p>page</p>\nplain,\n", encoding="utf-8-sig")
    assert [page.content for page in pages_of([file])] == ["<p>page</p>", "plain"]


def test_csv_keeps_line_ends_and_commas_inside_quotes(tmp_path: Path) -> None:
    file = tmp_path / "dump.csv"
    file.write_text('url,text\nhttps://example.org/1,"One, two.\n\nThree."\n')
    (page,) = pages_of([file])
    assert page.content == "One, two.\n\nThree."


def test_tab_separated(tmp_path: Path) -> None:
    file = tmp_path / "dump.tsv"
    file.write_text("title\ttext\nHead\tOne, two.\n")
    (page,) = pages_of([file])
    assert (page.title, page.content) == ("Head", "One, two.")


# -- packed files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, bytes])
def test_packed_rows_and_pages(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    suffix = {"compress": ".gz"}.get(getattr(pack, "__name__", ""), "")
    (tmp_path / f"a.html{suffix}").write_bytes(pack(PAGE.encode()))
    (tmp_path / f"b.jsonl{suffix}").write_bytes(pack(b'{"text": "Words."}\n'))
    assert [page.content for page in pages_of([tmp_path])] == [PAGE.encode(), "Words."]


def test_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"text": "One."}\n') + gzip.compress(b'{"text": "Two."}\n'))
    assert [page.content for page in pages_of([file])] == ["One.", "Two."]


def test_damaged_gzip_gives_its_good_part_and_a_failed_page(tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "Words %d."}\n' % i for i in range(20000))
    file = tmp_path / "dump.jsonl.gz"
    file.write_bytes(gzip.compress(lines)[:-2000])
    pages = pages_of([file])
    assert pages[0].content == "Words 0."
    assert pages[-1].reason == "broken_file"
    assert sum(page.content is None for page in pages) == 1


def test_file_without_permission_is_a_failed_page(tmp_path: Path, monkeypatch: object) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE)
    found = list(find_files([str(tmp_path)]))
    page.unlink()
    (failed,) = [
        p for p in read_inputs(found, Options(), lambda *_: False) if isinstance(p, RawPage)
    ]
    assert (failed.reason, failed.content) == ("unreadable", None)


# -- WARC -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz", ".warc.zst"])
def test_warc_gives_pages_and_counts_the_rest(tmp_path: Path, suffix: str) -> None:
    records = [
        warc_record("https://example.org/1", PAGE.encode()),
        warc_record("https://example.org/p.jpg", b"\xff\xd8", kind="image/jpeg"),
        warc_record("https://example.org/old", b"", head="301 Moved"),
        warc_record(
            "https://example.org/2", "café".encode("latin-1"), kind="text/html; charset=latin-1"
        ),
    ]
    pack = {".gz": gzip.compress, "zst": zstandard.compress}.get(suffix[-3:], bytes)
    file = tmp_path / f"news{suffix}"
    file.write_bytes(b"".join(pack(record) for record in records))
    *pages, done = read_inputs(find_files([str(file)]), Options(), lambda *_: False)
    assert [(p.url, p.content) for p in pages if isinstance(p, RawPage)] == [
        ("https://example.org/1", PAGE.encode()),
        ("https://example.org/2", "café"),
    ]
    assert isinstance(done, InputDone)
    assert (done.pages, done.skipped) == (2, 2)


def test_warc_cut_short_keeps_the_pages_before(tmp_path: Path) -> None:
    records = [warc_record(f"https://example.org/{i}", PAGE.encode() * 50) for i in range(3)]
    packed = b"".join(gzip.compress(record) for record in records)
    file = tmp_path / "news.warc.gz"
    file.write_bytes(packed[: len(packed) - 60])
    pages = pages_of([file])
    assert [p.url for p in pages[:2]] == ["https://example.org/0", "https://example.org/1"]
    assert len(pages) == 3


def test_utf8_page_that_the_server_called_latin1_is_left_to_the_page_stage(tmp_path: Path) -> None:
    body = "<p>Kyjiw – Čapek</p>".encode()
    file = tmp_path / "news.warc"
    file.write_bytes(warc_record("https://example.org/1", body, kind="text/html; charset=latin-1"))
    assert [page.content for page in pages_of([file])] == [body]


# -- standard input, sidecars, files read before ------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (PAGE.encode(), 1),
        (b'{"text": "One."}\n{"text": "Two."}\n', 2),
        (gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n'), 2),
        (warc_record("https://example.org/1", PAGE.encode()), 1),
    ],
)
def test_standard_input_is_told_by_its_first_bytes(data: bytes, pages: int) -> None:
    program = (
        "from dateline.store.inputs import *\n"
        "found = list(read_inputs(find_files(['-']), Options(), lambda *_: False))\n"
        "print([type(p).__name__ for p in found])"
    )
    run = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True)
    assert run.stdout.decode().strip() == str(["RawPage"] * pages)


def test_sidecar_of_fetch_names_the_address(tmp_path: Path) -> None:
    (tmp_path / "ab12.html").write_text(PAGE)
    facts = {"url": "https://example.org/1", "published": "2025-02-12", "title": "Head", "bytes": 1}
    (tmp_path / "ab12.meta.json").write_text(json.dumps(facts))
    (tmp_path / "cd34.html").write_text(PAGE)
    (tmp_path / "cd34.meta.json").write_text("{")
    first, second = pages_of([tmp_path])
    assert (first.url, first.published, first.hints) == (
        "https://example.org/1",
        "2025-02-12",
        True,
    )
    assert (second.url, second.hints) == (None, False)


def test_file_read_to_its_end_before_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text('{"text": "Words."}\n')
    assert pages_of([tmp_path], known=True) == []
    assert len(pages_of([tmp_path], known=False)) == 1


def test_meter_ends_at_the_size_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.jsonl").write_text('{"text": "Words."}\n' * 3)
    meter = Meter()
    list(read_inputs(find_files([str(tmp_path)]), Options(), lambda *_: False, meter))
    assert (meter.files, meter.bytes) == (2, sum(f.stat().st_size for f in tmp_path.iterdir()))


def test_endless_line_is_a_failed_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.store.inputs import rows, streams

    monkeypatch.setattr(streams, "LONGEST_LINE", 50)
    data = io.BytesIO(b'{"text": "' + b"x" * 200 + b'"}\n{"text": "Next."}\n')
    pages = list(rows.json_lines(data, "dump", Options()))
    assert [page.reason for page in pages] == ["bad_row", None]
