"""Opening a page: size, kind of file, character encoding, HTML or text.

Nothing here raises for bad content: the reason is put in ``Page.problem``.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.page.model import Page, PageKind, Problem, ProblemCode

# The HTTP Archive puts the 90th percentile of HTML documents well under 1 MB, and Google's crawler
# stops reading at 15 MB; a news page above 10 MB is a dump of something else.
MAX_BYTES = 10_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_XML_ENCODING = re.compile(
    rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.I
)
# The WHATWG encoding standard reads these labels as windows-1252, which is what pages mean by them.
_AS_CP1252 = {"iso8859-1", "ascii", "latin-1", "iso-8859-1", "cp1252"}
_HTML_SIGN = re.compile(
    r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s|<article[\s>]|<script[\s>]", re.I
)
_TAG = re.compile(
    r"</?(?:p|div|a|span|br|h[1-6]|ul|li|td|section|title|em|strong|b|i)\b[^<>]*>", re.I
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Control characters of ISO 6429, some of which terminals obey. Where a page has them, its text was
# windows-1252 and read as Latin-1 on the way, as the HTML standard takes "&#147;" for a quotation mark.
# U+0085 is left: it ends a line.
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x1b\x1a") | {0x7F})
_ODD = re.compile("[\x80-\uffff]")
_ODD_RUN = re.compile("[\x80-\uffff]{3,}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def open_page(source: bytes | str, *, url: str | None = None) -> Page:
    """Decode ``source`` into a Page.

    A str is taken as already decoded; lone surrogates in it become U+FFFD and NULs are dropped.
    ``Page.problem`` is set, and ``Page.text`` empty, for an empty, binary or oversized source.
    """
    if len(source) > MAX_BYTES:
        return _refuse("too_large", _too_large(len(source), isinstance(source, str)), url)
    if isinstance(source, str):
        return _from_text(source, None, url)
    if not source.strip(b" \t\r\n\x0b\x0c\x00"):
        return _refuse("empty", _EMPTY, url)
    found = _binary(source)
    if found:
        return _refuse("binary", _BINARY.format(found=found), url)
    encoding = _encoding(source)
    return _from_text(source.decode(encoding, "replace"), _plain_name(encoding), url)


_EMPTY = (
    "Expected a news page; found nothing but blanks. Check that the file was saved or fetched "
    "completely."
)
_BINARY = (
    "Expected a page of text or HTML; found {found}. Save the article as HTML or plain text "
    "(for a PDF: its text; for an archive: the file inside) and read that."
)


def _too_large(size: int, characters: bool) -> str:
    unit = "characters" if characters else "bytes"
    return (
        f"Expected one news page of at most {MAX_BYTES:,} {unit}; found {size:,}. If the file holds "
        "many articles, split it and read them one by one."
    )


def _refuse(code: ProblemCode, message: str, url: str | None) -> Page:
    return Page(text="", kind="text", url=url, problem=Problem(code, message))


def _from_text(text: str, encoding: str | None, url: str | None) -> Page:
    text = _SURROGATE.sub("\ufffd", text).removeprefix("\ufeff")
    odd = len(_CONTROL.findall(text)) + text.count("\ufffd")
    if odd > 8 and odd > 0.1 * len(text):
        found = f"{odd:,} control or undecodable characters in {len(text):,}"
        return _refuse("binary", _BINARY.format(found=found), url)
    text = _C1.sub(_from_cp1252, _CONTROL.sub("", text))
    if not text.strip():
        return _refuse("empty", _EMPTY, url)
    return Page(text=text, kind=_kind(text), encoding=encoding, url=url)


def _from_cp1252(control: re.Match[str]) -> str:
    return control.group().encode("latin-1").decode("cp1252", "ignore")


def _kind(text: str) -> PageKind:
    head = text[:4000]
    if _HTML_SIGN.search(head) or len(_TAG.findall(text[:50_000])) >= 3:
        return "html"
    # A fragment such as "<p>Talks resumed.</p>".
    return "html" if re.match(r"\s*<[a-z][a-z0-9]*[\s>]", head, re.I) and "</" in text else "text"


# --- binary --------------------------------------------------------------------------------------


@cache
def _signatures() -> list[tuple[bytes, str]]:
    signatures = []
    for row in read_csv("signatures.csv", ["hex", "name"]):
        try:
            signatures.append((bytes.fromhex(row["hex"]), row["name"]))
        except ValueError:
            raise KnowledgeError(f"signatures.csv: {row['hex']!r} is not hexadecimal") from None
    return signatures


def _binary(source: bytes) -> str | None:
    """What kind of binary file this is, or None for text."""
    for magic, name in _signatures():
        if source.startswith(magic):
            return name
    if source.startswith(tuple(bom for bom, _ in _BOMS)) or _wide(source):
        return None
    sample = source[:65536]
    control = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    # A stray NUL or two is a fault of the scraper; two bytes in a hundred are a binary file.
    if control > max(2, 0.02 * len(sample)):
        return f"binary data ({control:,} control bytes in the first {len(sample):,})"
    return None


def _wide(source: bytes) -> str | None:
    """UTF-16 without a byte-order mark: every second byte of Latin text is NUL."""
    sample = source[:2000]
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    if sample[1::2].count(0) > 0.7 * pairs and sample[::2].count(0) < 0.1 * pairs:
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * pairs and sample[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be"
    return None


# --- encoding ------------------------------------------------------------------------------------


def _encoding(source: bytes) -> str:
    """The codec to decode with: a byte-order mark, then valid UTF-8, then what the page declares,
    then a guess."""
    for bom, name in _BOMS:
        if source.startswith(bom):
            return name
    wide = _wide(source)
    if wide:
        return wide
    # Bytes that are valid UTF-8 and not plain ASCII are next to never anything else.
    if _is_utf8(source) and not (b"\x1b$" in source and source.isascii()):
        return "utf-8"
    declared = _declared(source)
    if declared and _decodes(source, declared):
        return declared
    if _mostly_utf8(source):
        return "utf-8"
    return _guess(source)


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut off inside its last character is still UTF-8.
        cut_off = error.start >= len(source) - 3 and error.reason == "unexpected end of data"
        return cut_off and not source[: error.start].isascii()
    return True


def _declared(source: bytes) -> str | None:
    match = _XML_ENCODING.search(source[:400]) or _CHARSET.search(source[:8192])
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except (LookupError, ValueError):
        return None
    if name in _AS_CP1252:
        return "cp1252"
    # Valid UTF-8 was taken before this, and a page whose ASCII declaration we could read is not
    # UTF-16: such declarations are wrong.
    return None if name.startswith("utf") else name


def _decodes(source: bytes, encoding: str) -> bool:
    """Does the codec decode all but a few characters? (cp1252 leaves five bytes undefined.)"""
    try:
        return source.decode(encoding, "replace").count("\ufffd") <= 2 + len(source) // 1000
    except (LookupError, ValueError, UnicodeError, TypeError, AttributeError):
        return False  # a codec such as "hex" is not a text encoding


def _mostly_utf8(source: bytes) -> bool:
    text = source.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    good = len(text) - wrong - len(source.decode("ascii", "ignore"))
    return good > 10 * wrong


def _guess(source: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, and rarely needed

    best = from_bytes(source[:20_000]).best()
    if best is None or best.encoding.startswith(("utf_7", "utf_16", "utf_32")):
        return "cp1252"
    # Western text has its accents one at a time among plain letters; another alphabet, or Chinese
    # or Japanese read as windows-1252, comes in runs. (Western pages are windows-1252 far more
    # often than one of its many near twins.)
    western = source.decode("cp1252", "replace")
    odd = len(_ODD.findall(western))
    if sum(map(len, _ODD_RUN.findall(western))) < 0.3 * odd:
        return "cp1252"
    return best.encoding if _decodes(source, best.encoding) else "cp1252"


def _plain_name(encoding: str) -> str:
    return {"utf-8-sig": "utf-8"}.get(encoding, encoding.replace("_", "-"))
