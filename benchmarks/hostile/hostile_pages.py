"""Pages that a stranger might send: our own samples, mutated, each from a seed.

``page(seed, number)`` gives the same page on every machine. A kind is a function from a random
generator and a sample to a page, registered under the name that reports use; ``KINDS`` holds them all.
"""

from __future__ import annotations

import bz2
import gzip
import html
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import zstandard

Mutate = Callable[[random.Random, str], "bytes | str"]
KINDS: dict[str, Mutate] = {}

# Sizes are drawn so that most pages are small and a few are as large as a page may be.
LARGE_SHARE = 0.02
TAGS = Path(__file__).with_name("tags.txt").read_text("utf-8").split()
CODECS = Path(__file__).with_name("codecs.txt").read_text("utf-8").split()
BAIT = Path(__file__).with_name("bait.txt").read_text("utf-8").splitlines()
PROMPTS = Path(__file__).with_name("prompts.txt").read_text("utf-8").splitlines()
DATES = Path(__file__).with_name("dates.txt").read_text("utf-8").splitlines()
ADDRESSES = Path(__file__).with_name("addresses.txt").read_text("utf-8").splitlines()
LD_VALUES = Path(__file__).with_name("ld_values.txt").read_text("utf-8").splitlines()
_PARAGRAPH = re.compile(r"<p[ >].*?</p>", re.S)


@dataclass(frozen=True, slots=True)
class HostilePage:
    """One page. ``url`` is the address it claims, None when it claims none."""

    number: int
    kind: str
    content: bytes | str
    url: str | None

    @property
    def source(self) -> bytes | str:
        """The page as ``dateline.read`` takes it: no str of one line, which might name a file."""
        return self.content if isinstance(self.content, bytes) else self.content + "\n"

    @property
    def data(self) -> bytes:
        """The page as a file holds it; lone surrogates as WTF-8."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.encode("utf-8", "surrogatepass")


def page(seed: int, number: int, kind: str | None = None) -> HostilePage:
    """Page ``number`` of ``seed``. Kinds take turns, so that every run of a few dozen has each."""
    names = list(KINDS)
    chosen = kind or names[number % len(names)]
    dice = random.Random(f"{seed}:{number}:{chosen}")
    content = KINDS[chosen](dice, _seed_page(dice))
    url = dice.choice(ADDRESSES) if dice.random() < 0.2 else None
    return HostilePage(number, chosen, content, url)


def kind(function: Mutate) -> Mutate:
    """Register a kind under the function's name."""
    KINDS[function.__name__] = function
    return function


# -- what the kinds are made of ----------------------------------------------------------------------


@cache
def samples() -> dict[str, str]:
    """Our sample pages by file name."""
    folder = files("dateline").joinpath("samples")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith((".html", ".txt")))
    return {name: folder.joinpath(name).read_text("utf-8") for name in names}


def _seed_page(dice: random.Random) -> str:
    """A sample whole, or, which is quicker to read, with some of its paragraphs."""
    whole = samples()[dice.choice(list(samples()))]
    if dice.random() < 0.1:
        return whole
    kept = dice.uniform(0.05, 0.4)
    if "<p" in whole:
        return _PARAGRAPH.sub(lambda m: m.group() if dice.random() < kept else "", whole)
    lines = whole.splitlines(keepends=True)
    return "".join(x for i, x in enumerate(lines) if i < 4 or dice.random() < kept)


def _size(dice: random.Random, most: int, fewest: int = 10) -> int:
    """Mostly up to the geometric mean of ``fewest`` and ``most``, rarely up to ``most`` itself."""
    share = dice.uniform(0.75, 1) if dice.random() < LARGE_SHARE else dice.uniform(0, 0.6)
    return round(fewest * (most / fewest) ** share)


def _sprinkle(dice: random.Random, text: str, insertions: list[str], count: int) -> str:
    """``text`` with ``count`` of the insertions at random places."""
    cuts = sorted(dice.randrange(len(text) + 1) for _ in range(count))
    parts, last = [], 0
    for cut in cuts:
        parts += [text[last:cut], dice.choice(insertions)]
        last = cut
    return "".join([*parts, text[last:]])


def _between_blocks(dice: random.Random, text: str, insertions: list[str], share: float) -> str:
    """``text`` with insertions between its paragraphs or lines."""
    parts = re.split(r"(?<=</p>)|(?<=\n)", text)
    return "".join(p + (dice.choice(insertions) if dice.random() < share else "") for p in parts)


def _inside(dice: random.Random, text: str, stuff: str) -> str:
    """``stuff`` after the body tag, in the middle of a paragraph, or at an end."""
    places = [0, len(text), *(m.end() for m in re.finditer(r"<body[^>]*>|<p[^>]*>|\. ", text))]
    at = dice.choice(places)
    return text[:at] + stuff + text[at:]


def _with_meta(text: str, tags: str) -> str:
    """Tags put first into the head, in front of the page's own."""
    if "<head>" in text:
        return text.replace("<head>", "<head>" + tags, 1)
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines())
    return f"<!doctype html><html><head>{tags}</head><body>{body}</body></html>"


# -- cut, coded and mixed ----------------------------------------------------------------------------


@kind
def truncated(dice: random.Random, text: str) -> bytes:
    data = text.encode()
    start = dice.randrange(len(data)) if dice.random() < 0.3 else 0
    return data[start : dice.randrange(start, len(data) + 1)]


@kind
def re_encoded(dice: random.Random, text: str) -> bytes:
    return text.encode(dice.choice(CODECS), dice.choice(["replace", "ignore", "xmlcharrefreplace"]))


@kind
def encoding_lies(dice: random.Random, text: str) -> bytes:
    declared = dice.choice(
        [*CODECS, "hex", "rot13", "base64", "zlib", "idna", "undefined", "x" * 40]
    )
    data = text.encode(dice.choice(CODECS), "replace")
    wrong = f'<meta charset="{declared}">' if dice.random() < 0.7 else ""
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if not wrong else ""
    return (prolog + wrong).encode() + data


@kind
def mojibake(dice: random.Random, text: str) -> str:
    for _ in range(dice.randint(1, 5)):
        text = text.encode().decode(dice.choice(["cp1252", "latin-1", "cp437"]), "replace")
    return text


@kind
def mixed_encodings(dice: random.Random, text: str) -> bytes:
    codecs = dice.sample(CODECS, dice.randint(2, 4))
    return b"".join(
        line.encode(dice.choice(codecs), "replace") for line in text.splitlines(keepends=True)
    )


@kind
def byte_flips(dice: random.Random, text: str) -> bytes:
    data = bytearray(text.encode())
    for _ in range(_size(dice, len(data) // 3, 1)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


@kind
def shuffled(dice: random.Random, text: str) -> str:
    """Pieces of the page dropped, doubled and swapped."""
    size = dice.choice([5, 30, 200])
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    for _ in range(dice.randint(1, 40)):
        a, b = dice.randrange(len(pieces)), dice.randrange(len(pieces))
        pieces[a], pieces[b] = dice.choice(
            [(pieces[b], pieces[a]), ("", pieces[b]), (pieces[a] * 2, pieces[b])]
        )
    return "".join(pieces)


@kind
def spliced(dice: random.Random, text: str) -> str:
    """Pieces of several samples one after the other, cut anywhere."""
    parts = []
    for _ in range(dice.randint(2, 6)):
        other = samples()[dice.choice(list(samples()))]
        start = dice.randrange(len(other))
        parts.append(other[start : start + dice.randint(10, 3000)])
    return _inside(dice, text, "".join(parts))


@kind
def other_wrappings(dice: random.Random, text: str) -> str:
    """The page inside a feed, a mail, JSON, CSV, a frame set, plain text with its markup shown."""
    body = html.escape(text)
    return dice.choice(
        [
            f'<?xml version="1.0"?><rss><channel><item><description>{body}</description></item></rss>',
            f"From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n{text}=\n=E2=80=9C",
            json.dumps({"html": text, "title": ["x"]}),
            '"id","text"\n1,"' + text.replace('"', '""') + '"',
            f'<frameset cols="*"><frame srcdoc="{body}"></frameset>',
            f"<pre>{body}</pre>",
            f"<textarea>{text}</textarea>",
            f"<template>{text}</template><noscript>{text}</noscript>",
            f"<plaintext>{text}",
            f"<![CDATA[{text}]]>",
            "> " + text.replace("\n", "\n> > "),
        ]
    )


# -- nesting and size --------------------------------------------------------------------------------


@kind
def nested(dice: random.Random, text: str) -> str:
    depth, tag = _size(dice, 50_000, 100), dice.choice(TAGS)
    opening = f"<{tag}>" * depth
    closing = f"</{tag}>" * dice.choice([0, depth, depth // 2, 2 * depth])
    stuff = opening + (dice.choice(["", "x", "One word."]) + closing)
    return opening + text + closing if dice.random() < 0.5 else _inside(dice, text, stuff)


@kind
def nested_mixed(dice: random.Random, text: str) -> str:
    """Ten thousand deep and out of order: tags opened and closed at random."""
    tags = [
        f"<{dice.choice(['', '', '/'])}{dice.choice(TAGS)}>" for _ in range(_size(dice, 40_000))
    ]
    return _inside(dice, text, "".join(tags) if dice.random() < 0.5 else " a ".join(tags))


@kind
def nested_marks(dice: random.Random, text: str) -> str:
    mark = dice.choice(["(", "[", "“", "‘", "«", '"', "((“", "{", "—(", "‚"])
    return _inside(dice, text, mark * _size(dice, 30_000))


@kind
def huge_attributes(dice: random.Random, text: str) -> str:
    size = _size(dice, 5_000_000)
    value = dice.choice(["a", "a b ", "x='y' ", "&amp;", "<p>", "no ad "]) * (size // 4)
    name = dice.choice(
        ["class", "style", "data-caption", "href", "id", "alt", "onclick", "content"]
    )
    quote = dice.choice(['"', "'", "", '"'])
    tag = dice.choice(["div", "p", "img", "a", "meta property=og:title", "body", "script", "time"])
    return _inside(dice, text, f"<{tag} {name}={quote}{value}{quote}>")


@kind
def many_attributes(dice: random.Random, text: str) -> str:
    names = "".join(
        f" a{i}={dice.choice(['1', chr(34), '<', 'b'])}" for i in range(_size(dice, 50_000))
    )
    return _inside(dice, text, f"<div{names}>")


@kind
def many_metas(dice: random.Random, text: str) -> str:
    """Titles, descriptions and names by the thousand or by the megabyte."""
    words = "President Ana Ruiz of Osk met Prime Minister Jan Vzor on Tuesday. "
    long = html.escape(words * _size(dice, 60_000, 2))
    name = dice.choice(["og:title", "og:description", "author", "og:site_name", "article:section"])
    tags = f'<meta property="{name}" content="{long}">'
    return _with_meta(text, dice.choice([tags, f"<title>{long}</title>", tags * 3]))


@kind
def long_lists(dice: random.Random, text: str) -> str:
    lines = _size(dice, 1_000_000, 100)
    if "<p" in text and dice.random() < 0.6:
        item = dice.choice(
            ["<li>a", "<li>", "<li><a href=x>Talks</a></li>\n", "<tr><td>1", "<p>A."]
        )
        return _inside(dice, text, "<ul>" + item * min(lines, 9_000_000 // len(item)))
    item = dice.choice(
        ["a\n", "\n", "Talks resume.\n", "- x\n", "1\n\n", "By A\n", "12 May 2024\n"]
    )
    return _inside(dice, text, item * min(lines, 9_000_000 // len(item)))


@kind
def tables(dice: random.Random, text: str) -> str:
    rows, cells = _size(dice, 3000), dice.choice([1, 2, 30])
    cell = dice.choice(["<td>1</td>", "<td colspan=999999999>x", "<td><p>Ana Ruiz said.</p></td>"])
    return _inside(dice, text, "<table>" + ("<tr>" + cell * cells) * rows)


@kind
def repeated_body(dice: random.Random, text: str) -> str:
    return text * min(_size(dice, 1000, 2), 9_000_000 // max(1, len(text)))


@kind
def long_story(dice: random.Random, text: str) -> str:
    """A story of up to a megabyte, each paragraph with numbers of its own."""
    lines = [line for line in samples()["ceasefire.txt"].splitlines() if len(line) > 120]
    count = _size(dice, 3000, 5)
    story = [f"{dice.choice(lines)} It was the {dice.randrange(10**6)}th." for _ in range(count)]
    return "\n\n".join(story) if dice.random() < 0.5 else "".join(f"<p>{x}</p>\n" for x in story)


@kind
def long_words(dice: random.Random, text: str) -> str:
    size = _size(dice, 3_000_000)
    alphabet = dice.choice(["a", "ab", "aB1", "/+9", "-", "a-", "é", "漢", "Osk's", "1", "a.b"])
    word = "".join(dice.choices(alphabet, k=min(size, 1000))) * max(1, size // 1000)
    return _inside(dice, text, dice.choice(["", " ", "https://"]) + word)


@kind
def oversized(dice: random.Random, text: str) -> bytes:
    size = 10_000_000 + dice.randint(-2000, 2000)
    filler = dice.choice([b" ", b"<!-- x -->", b"\n", b"\x00"])
    data = text.encode()
    return data + (filler * (size // len(filler)))[: size - len(data)]


@kind
def bombs(dice: random.Random, text: str) -> bytes:
    return _bomb(dice.choice(["gzip", "gzip2", "zip", "zip2", "bz2", "zstd"]), dice.choice([1, 30]))


@cache
def _bomb(pack: str, megabytes: int) -> bytes:
    data = b"<p>Talks resumed in Osk on Monday.</p>\n" * (megabytes * 26_000)
    once = {"gzip": gzip.compress, "bz2": bz2.compress, "zstd": zstandard.compress, "zip": _zipped}
    packed = once[pack.rstrip("2") if pack != "bz2" else pack](data)
    return once[pack[:-1]](packed) if pack in {"gzip2", "zip2"} else packed


def _zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", data)
    return target.getvalue()


# -- characters --------------------------------------------------------------------------------------


def _characters(first: int, last: int) -> list[str]:
    return [chr(code) for code in range(first, last + 1)]


@kind
def null_bytes(dice: random.Random, text: str) -> str:
    zeros = dice.choice([["\0"], ["\0", "&#0;", "\ufffd"], ["&#x0;"]])
    return _sprinkle(dice, text, zeros, _size(dice, 2000, 1))


@kind
def control_characters(dice: random.Random, text: str) -> str:
    chars = [*_characters(1, 8), *_characters(14, 31), "\x7f", *_characters(0x80, 0x9F), "\ufffe"]
    escapes = ["\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\r", "\x08" * 20]
    return _sprinkle(dice, text, chars + escapes, _size(dice, 400, 1))


@kind
def bidirectional(dice: random.Random, text: str) -> str:
    marks = [
        *_characters(0x202A, 0x202E),
        *_characters(0x2066, 0x2069),
        "\u200e",
        "\u200f",
        "\u061c",
    ]
    return _sprinkle(dice, text, marks, _size(dice, 3000, 1))


@kind
def invisible(dice: random.Random, text: str) -> str:
    marks = [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "&shy;",
        "&#8203;",
        "\u034f",
    ]
    return _sprinkle(dice, text, [*marks, "\U000e0041", "\ufe0f"], _size(dice, 5000, 1))


@kind
def combining(dice: random.Random, text: str) -> str:
    stacks = ["".join(dice.choices(_characters(0x300, 0x36F), k=n)) for n in (1, 5, 200)]
    return _sprinkle(dice, text, stacks, _size(dice, 500, 1))


@kind
def surrogates(dice: random.Random, text: str) -> str:
    lone = ["\ud800", "\udfff", "\udc80\ud83d", "&#xD800;", "&#55357;&#56832;", "\\ud800"]
    return _sprinkle(dice, text, lone, _size(dice, 500, 1))


@kind
def odd_spaces(dice: random.Random, text: str) -> str:
    """Line ends and spaces of every kind, some by the hundred thousand."""
    ends = ["\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n\n\n", " \n"]
    blanks = ["\u00a0", "\u2003", "\u3000", "\t", "&nbsp;", " " * _size(dice, 300_000), "\u1680"]
    text = text.replace("\n", dice.choice(ends)) if dice.random() < 0.7 else text
    return _sprinkle(dice, text, blanks, dice.randint(1, 20))


@kind
def odd_lines(dice: random.Random, text: str) -> str:
    joined = dice.choice(["", " ", "\n", "\n\n", "\t", ", ", " | ", "<br>", "<wbr>"])
    return joined.join(dice.choice([text.split(), list(text), text.split(". ")]))


@kind
def other_letters(dice: random.Random, text: str) -> str:
    """Capitals, small letters, full-width and mathematical letters, look-alikes, no letters."""
    wide = {c: c + 0xFEE0 for c in range(0x21, 0x7F) if chr(c) not in "<>/=\"'&;"}
    bold = {c: 0x1D400 + c - 65 for c in range(65, 91)} | {
        c: 0x1D41A + c - 97 for c in range(97, 123)
    }
    alike = str.maketrans("aceopxyABEHKMOPTX", "асеорхуАВЕНКМОРТХ")
    arabic = {c: 0x627 + (c % 28) for c in range(97, 123)}
    changes: list[Callable[[str], str]] = [
        str.upper,
        str.lower,
        str.swapcase,
        lambda s: s.translate(wide),
        lambda s: s.translate(bold),
        lambda s: s.translate(alike),
        lambda s: s.translate(arabic),
        lambda s: re.sub(r"\w", "漢", s),
        lambda s: re.sub(r"[A-Za-z]", ".", s),
        lambda s: s.replace("i", "İ").replace("s", "ß"),
        lambda s: s[::-1],
    ]
    change = dice.choice(changes)
    parts = re.split(r"(<[^>]*>)", text)
    return "".join(p if p.startswith("<") else change(p) for p in parts)


@kind
def entities(dice: random.Random, text: str) -> str:
    odd = ["&", "&#", "&#x", "&#99999999999;", "&#x110000;", "&#128;", "&lt", "&lt;p&gt;", "&amp;amp;",
           "&NotEqualTilde;", "&zwj;", "&bogus;", "&#xFFFF;", "&" + "a" * 50, "&#8238;",
           f"&#{'9' * 5000};",
           "&#x" + "0" * 5000 + "41;"]  # fmt: skip
    if dice.random() < 0.1:
        return _inside(dice, text, dice.choice(odd) * _size(dice, 500_000))
    return _sprinkle(dice, text, odd, _size(dice, 2000, 1))


@kind
def entity_bomb(dice: random.Random, text: str) -> str:
    lines = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, dice.randint(3, 30))]
    dtd = '<!DOCTYPE html [<!ENTITY a0 "talks"><!ENTITY f SYSTEM "file:///etc/passwd">'
    return f'<?xml version="1.0"?>{dtd}{"".join(lines)}]>' + _inside(dice, text, "&a9;&f;" * 30)


# -- markup ------------------------------------------------------------------------------------------


@kind
def scripts(dice: random.Random, text: str) -> str:
    parts = ["<script>alert(1)</script>", "<script>if (a<b) document.write('<p>x</p>')", "</script>",
             "<style>p{display:none}", "</style>", "<noscript><p>No script.</p></noscript>",
             "<script src='//x.example/a.js'>", "<iframe srcdoc='<p>x'>", "<object data=x>",
             "<script>" + "x" * _size(dice, 500_000) + "</script>", "<scr<script>ipt>",
             "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>Talks</a>"]  # fmt: skip
    return _between_blocks(dice, text, parts, dice.choice([0.1, 0.5, 1]))


@kind
def drawings(dice: random.Random, text: str) -> str:
    parts = ["<svg><text>Ruiz said</text></svg>", "<svg><path d='" + "M0 0 " * _size(dice, 100_000),
             "<svg><foreignObject><p>x</p>", "</svg>", "<math><mi>x</mi>", "<svg><title>T</title>",
             "<svg><script>alert(1)</script></svg>", "<canvas>Text</canvas>"]  # fmt: skip
    return _between_blocks(dice, text, parts, dice.choice([0.1, 0.5, 1]))


@kind
def broken_markup(dice: random.Random, text: str) -> str:
    parts = ["<", "<<", "</", "<!", "<!--", "-->", "<!-->", "<![CDATA[", "]]>", "<?", "<p", "<p ",
             '<a href="', "<div class='", ">", "/>", "<>", "</>", "<1>", "<\u00e9>", "< p>", "<!DOCTYPE",
             "<!--[if IE]>", "<title>", "<textarea>", "<xmp>", "<br><br>", "<p/>"]  # fmt: skip
    if dice.random() < 0.15:
        return _inside(dice, text, dice.choice(parts) * _size(dice, 300_000))
    return _sprinkle(dice, text, parts, _size(dice, 1000, 1))


@kind
def hidden(dice: random.Random, text: str) -> str:
    """Parts that a browser would not show, one inside the other."""
    parts = ["<div style='display:none'>", "<p hidden>", "<span aria-hidden=true>", "</div>", "</span>",
             "<div class='sr-only visually-hidden'>", "<details>", "<template>"]  # fmt: skip
    return _between_blocks(dice, text, parts, dice.choice([0.1, 0.4, 1]))


@kind
def prompts(dice: random.Random, text: str) -> str:
    """Words addressed to a language model, printed, hidden or in a tag."""
    given = [f"<p>{p}</p>\n" if "<p" in text else f"\n{p}\n" for p in PROMPTS]
    text = _between_blocks(dice, text, given, 0.3)
    prompt = html.escape(dice.choice(PROMPTS))
    tags = f'<meta name="description" content="{prompt}"><title>{prompt}</title><!-- {prompt} -->'
    return _with_meta(text, tags) if dice.random() < 0.4 else text


@kind
def furniture_everywhere(dice: random.Random, text: str) -> str:
    lines = ["Subscribe now", "Most Read", "Advertisement", "By A", "Picture: X/REUTERS", "Reuters",
             "Share this", "© 2025 AFP", "12 February 2025", "Related Articles", "Sign in"]  # fmt: skip
    wrapped = [f"<div class='ad'>{x}</div>" if "<p" in text else f"{x}\n" for x in lines]
    return _between_blocks(dice, text, wrapped, dice.choice([0.3, 1, 1]))


@kind
def linked_data(dice: random.Random, text: str) -> str:
    """JSON-LD of the wrong shapes."""
    names = ["headline", "description", "author", "datePublished", "publisher", "articleBody",
             "articleSection", "mainEntityOfPage", "isAccessibleForFree", "@graph", "@type"]  # fmt: skip
    fields = [
        f'"{dice.choice(names)}": {dice.choice(LD_VALUES)}' for _ in range(dice.randint(1, 12))
    ]
    data = '{"@type": "NewsArticle", ' + ", ".join(fields) + "}"
    if dice.random() < 0.2:
        depth = _size(dice, 200_000)
        data = dice.choice(['{"@graph":[', "[", '{"author":']) * depth
    return _with_meta(text, f'<script type="application/ld+json">{data}</script>')


@kind
def addresses(dice: random.Random, text: str) -> str:
    parts = [
        f'<a href="{html.escape(a)}">Talks on the border resume in Osk</a> ' for a in ADDRESSES
    ]
    base = html.escape(dice.choice(ADDRESSES))
    tags = f'<base href="{base}"><link rel="canonical" href="{base}">'
    tags += f'<meta property="og:url" content="{base}">'
    return _with_meta(_between_blocks(dice, text, parts, 0.5), tags)


# -- words -------------------------------------------------------------------------------------------


@kind
def forged_dates(dice: random.Random, text: str) -> str:
    given = [f" {date}, officials said. " for date in DATES]
    text = _sprinkle(dice, text, given, dice.randint(1, 15))
    stamp = dice.choice(DATES)
    tags = f'<meta property="article:published_time" content="{stamp}"><time datetime="{stamp}">'
    data = json.dumps({"@type": "NewsArticle", "datePublished": stamp, "dateModified": stamp})
    tags += f'<script type="application/ld+json">{data}</script>' * dice.randint(0, 1)
    return _with_meta(text, tags) if dice.random() < 0.6 else f"{text[:60]}\n{stamp}\n{text[60:]}"


@kind
def numbers(dice: random.Random, text: str) -> str:
    digits = _size(dice, 20_000, 5)
    odd = ["9" * digits, "1," * digits, "1." * digits, "٣" * 5, "²", "½", "Ⅻ", "1e999", "-0", "0x1F",
           "९९", "1/0", "99th", f"{'9' * digits} people were killed", f"{'9' * digits} years ago",
           f"{'1' * digits} per cent", f"in {'2' * digits}", "a million billion trillion"]  # fmt: skip
    return _sprinkle(dice, text, [f" {x} " for x in odd], dice.randint(1, 20))


@kind
def bait(dice: random.Random, text: str) -> str:
    """Repetitions that make a careless pattern try every way to match."""
    unit = dice.choice(BAIT).replace("\\n", "\n").replace("\\t", "\t")
    return _inside(dice, text, unit * (_size(dice, 60_000, 100) // len(unit) + 1))


@kind
def speech(dice: random.Random, text: str) -> str:
    """Quotation marks of every kind, without partners, and speakers without words."""
    marks = ["“", "”", '"', "«", "»", "‘", "’", "„", "''", "``", " said. ", " he said, she said, ",
             "” he said “", "—", " said that said that "]  # fmt: skip
    return _sprinkle(dice, text, marks, _size(dice, 1000, 1))


@kind
def titles(dice: random.Random, text: str) -> str:
    """Offices and names without end."""
    words = ["President", "Prime Minister", "former", "the late", "Sir", "of", "Ana Ruiz", "Putin",
             "and", "Russia's", "US", "Foreign Minister", "spokesman for", "deputy", "who", "UN",
             ","]  # fmt: skip
    count = _size(dice, 20_000)
    return _inside(dice, text, " ".join(dice.choices(words, k=count)) + " said. ")


@kind
def word_salad(dice: random.Random, text: str) -> str:
    words = re.sub(r"<[^>]*>", " ", text).split()
    salad = " ".join(dice.choices(words, k=_size(dice, 20_000, 40)))
    return salad if dice.random() < 0.5 else f"<p>{salad}</p>"


@kind
def blank(dice: random.Random, text: str) -> bytes | str:
    empty: list[bytes | str] = ["", b"", " ", "\n" * 9, b"\0" * 50, "<html></html>", "<p></p>" * 9,
             ".", "<title>x</title>", b"\xff\xfe", b"\xef\xbb\xbf", "\u2028", "<", "&",
             "a", "\ud800"]  # fmt: skip
    return dice.choice(empty)


@kind
def polyglot(dice: random.Random, text: str) -> bytes:
    heads = [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"PK\x03\x04",
             b"\x1f\x8b\x08", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf" * 3,
             b"MZ\x90\x00", b"\x7fELF", b"HTTP/1.1 200 OK\r\n\r\n", b"WARC/1.0\r\n",
             b"{", b"#!/bin/sh\n"]  # fmt: skip
    return dice.choice(heads) + text.encode()
