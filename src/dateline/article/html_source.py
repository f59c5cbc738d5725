"""HTML source to blocks of visible text, each character traceable to its place in the source.

lxml repairs a page but forgets where things stood, so this scanner walks the source itself: it
finds tags, skips what is never shown, and cuts the visible text at block-level tags. It keeps a
simple stack of open elements (no HTML5 tree building), which is enough to know what encloses a
block. Time and memory are linear in the size of the page, whatever its nesting.

All offsets are half-open character offsets into the HTML source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from dateline.article.html_quirks import elements, hint_kind
from dateline.article.model import Segment
from dateline.spans import Span

_RAW_TEXT = elements("raw_text")
_VOID = elements("void")
_INLINE = elements("inline")
_NEVER_HIDDEN = elements("never_hidden")
_KEPT_ATTRIBUTES = elements("attributes")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)([^>\"']*+(?:\"[^\"]*+\"[^>\"']*+|'[^']*+'[^>\"']*+)*+)>"
)
_TAG_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_OPENING_QUOTE = re.compile(r"=\s*+([\"'])")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# What may not map character by character: entities, folded white space, zero-width characters.
_IRREGULAR = re.compile(
    r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{1,31});?"
    "|\\s{2,}|[\u00ad\u200b\u200c\u2060\ufeff]"
)
# More digits than a character's number has; Python refuses to read some thousands of them.
_LONG_NUMBER = re.compile(r"&#(?:([0-9]{9,})|[xX]([0-9a-fA-F]{9,}))")
_WORD_CHARACTERS = re.compile(r"[\W_]+")
# Zero-width characters and the soft hyphen: they carry no text.
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
# Elements nested deeper are read as if they were not there, as browsers do at 512.
_MAX_NESTING = 512
# Cells of a row are one block, unless they hold block-level elements (tables used for layout).
_CELLS = frozenset(("td", "th"))
# How far up the stack an inline end tag looks for its start: keeps the walk linear.
_INLINE_REACH = 32


@dataclass(slots=True, eq=False)
class Node:
    """One open element. ``start`` is where its tag begins, ``end`` where its end tag ends.
    ``container`` is the nearest element, itself included, that is not inline."""

    index: int
    tag: str
    parent: Node | None
    attributes: dict[str, str]
    start: int
    end: int = -1

    container: Node = field(init=False)

    def __post_init__(self) -> None:
        inline = self.parent is not None and self.tag in _INLINE
        self.container = self.parent.container if inline and self.parent else self

    @property
    def hint(self) -> str:
        """Class, id and role, for pattern tables; '' when the element has none."""
        got = self.attributes
        return " ".join(got[key] for key in ("class", "id", "role") if key in got)

    def ancestors(self) -> Iterator[Node]:
        """This node, then each enclosing one."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(eq=False)
class Block:
    """A stretch of visible text with no block-level tag inside.

    ``runs`` are its raw pieces in the source and ``linked`` says of each whether it is under an
    anchor. ``links`` are (href, span of the raw text) of its anchors. ``node`` is the innermost
    element at its beginning and ``hidden`` is True when a style or attribute hides it.
    """

    source: str
    node: Node
    hidden: bool
    runs: list[Span] = field(default_factory=list)
    linked: list[bool] = field(default_factory=list)
    links: list[tuple[str, Span]] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The text as shown: entities decoded, whitespace runs folded to one space."""
        source = self.source
        return shown_text(
            "".join(" " if _is_break(source, run) else source[run[0] : run[1]] for run in self.runs)
        )

    @cached_property
    def key(self) -> str:
        """Letters and digits only, lower case: what is compared between two versions. For a
        block of signs alone ('___') it is the text itself."""
        return text_key(self.text) or self.text

    @property
    def container(self) -> Node:
        """The nearest enclosing element that is not inline."""
        return self.node.container

    @property
    def span(self) -> Span:
        """From the first to the last character of the block in the source."""
        return self.runs[0][0], self.runs[-1][1]

    @cached_property
    def link_share(self) -> float:
        """Share (0..1) of the block's characters that are under an anchor."""
        under = total = 0
        for (start, end), linked in zip(self.runs, self.linked, strict=True):
            size = len(self.source[start:end].strip())
            total += size
            under += size if linked else 0
        return under / total if total else 0.0

    def segments(self, offset: int) -> list[Segment]:
        """Segments that map ``text``, placed at ``offset`` of the article text, to the source."""
        return list(_block_segments(self, offset))


@dataclass
class Scan:
    """What one walk over a page found. ``scripts`` are bodies of JSON-LD scripts; ``metas`` and
    ``head_links`` are attributes of meta and link tags, ``images`` of images with a caption in an
    attribute; ``times`` are the time elements and ``depth`` the deepest nesting."""

    source: str
    blocks: list[Block] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    metas: list[dict[str, str]] = field(default_factory=list)
    head_links: list[dict[str, str]] = field(default_factory=list)
    images: list[dict[str, str]] = field(default_factory=list)
    times: list[Node] = field(default_factory=list)
    title: str = ""
    lang: str = ""
    depth: int = 0


def shown_text(raw: str) -> str:
    """Raw source text (no tags) as shown: entities decoded, whitespace folded, zero-width
    characters dropped."""
    if "&" in raw:
        raw = _decoded(raw)
    return " ".join(_ZERO_WIDTH.sub("", raw).split())


def _decoded(raw: str) -> str:
    """``raw`` with its entities decoded; a number beyond all characters gives U+FFFD."""
    return unescape(_LONG_NUMBER.sub(_shortened, raw))


def _shortened(number: re.Match[str]) -> str:
    digits = (number[1] or number[2]).lstrip("0")[:9] or "0"
    return f"&#{'x' if number[2] else ''}{digits}"


def text_key(text: str) -> str:
    """``text`` reduced to lower-case letters and digits, for comparison."""
    return _WORD_CHARACTERS.sub("", text).lower()


def scan_html(source: str) -> Scan:
    """Walk ``source`` and return its blocks and metadata tags. Never raises on bad HTML."""
    return _Scanner(source).run()


class _Scanner:
    """State of one walk: a stack of open elements and the block being filled."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lower: str | None = None
        self.result = Scan(source)
        self.root = Node(0, "#page", None, {}, 0, len(source))
        self.result.nodes.append(self.root)
        self.stack = [self.root]
        self.open: dict[str, int] = {}
        self.hidden_at: list[int] = []
        self.block: Block | None = None
        self.outer_block: Block | None = None
        self.anchor: tuple[str, int] | None = None
        self.breaks = 0
        self.missing: set[str] = set()
        # True once a tag never ended: quotation marks in tags are then no longer trusted, which
        # keeps the walk linear.
        self.broken = False

    def run(self) -> Scan:
        source, position, size = self.source, 0, len(self.source)
        while position < size:
            bracket = source.find("<", position)
            if bracket < 0:
                bracket = size
            if bracket > position:
                self._text(position, bracket)
            if bracket >= size:
                break
            position = self._markup(bracket)
        self._flush()
        for node in self.stack:
            node.end = size
        self.result.blocks.sort(key=lambda block: block.runs[0][0])
        return self.result

    def _markup(self, start: int) -> int:
        """Handle what begins with '<' at ``start``; returns where to go on."""
        tag = None if self.broken else _TAG.match(self.source, start)
        if tag is not None and "<" not in tag.group(3):
            return self._tag(start, tag.group(2), tag.end(2), tag.end())
        following = self.source[start + 1 : start + 2]
        if following == "!":
            return self._declaration(start)
        if following == "?":
            return self._after(">", start)
        name = _TAG_NAME.match(self.source, start + 1)
        if name is None:
            self._text(start, start + 1)
            return start + 1
        return self._tag(start, name.group(1), name.end(), self._tag_end(name.end()))

    def _tag(self, start: int, name: str, name_end: int, end: int) -> int:
        if self.source[start + 1] == "/":
            self._close(name.lower(), end)
            return end
        return self._start(name.lower(), start, name_end, end)

    def _declaration(self, start: int) -> int:
        source = self.source
        if source.startswith("<!--", start):
            # '<!-->' and '<!--->' are whole comments in HTML.
            return self._after("-->", start + 2)
        if source.startswith("<![CDATA[", start):
            return self._after("]]>", start)
        return self._after(">", start)

    def _after(self, needle: str, start: int) -> int:
        """Where ``needle`` ends, searched from ``start``; when it is missing, where the next '>'
        ends, else the end of the page. A needle once missing is not searched for again, which
        keeps the walk linear on pages of unclosed comments."""
        for wanted in (needle, ">"):
            if wanted not in self.missing:
                found = self.source.find(wanted, start)
                if found >= 0:
                    return found + len(wanted)
                self.missing.add(wanted)
        return len(self.source)

    def _tag_end(self, position: int) -> int:
        """End (exclusive) of the tag whose name ends at ``position``."""
        end = -1 if self.broken else _quoted_tag_end(self.source, position)
        if end < 0:
            self.broken = True
            end = self._after(">", position)
        return end

    def _start(self, tag: str, start: int, name_end: int, end: int) -> int:
        if tag == "br":
            self._line_break(start, end)
            return end
        attributes = {} if end - name_end <= 1 else _attributes(self.source, name_end, end)
        if tag in _VOID:
            self._void(tag, attributes)
            return end
        if tag in _RAW_TEXT and self.source[end - 2 : end] != "/>":
            return self._raw(tag, attributes, end)
        if tag == "html":
            self.result.lang = attributes.get("lang", "")
        self._push(tag, attributes, start, end)
        return end

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            self.result.metas.append(attributes)
        elif tag == "img" and "data-caption" in attributes:
            self.result.images.append(attributes)
        elif tag == "link":
            self.result.head_links.append(attributes)
        elif tag == "hr":
            self._flush()

    def _raw(self, tag: str, attributes: dict[str, str], start: int) -> int:
        """Skip an element of raw text, keeping JSON-LD and the title."""
        if self.lower is None:
            self.lower = self.source.lower()
            if len(self.lower) != len(self.source):  # 'İ' grows in lower case: offsets would shift
                self.lower = re.sub("[A-Z]", lambda m: m.group().lower(), self.source)
        close = -1 if tag in self.missing else self.lower.find("</" + tag, start)
        if close < 0:
            self.missing.add(tag)
            return len(self.source) if tag in ("script", "style") else start
        if tag == "script" and "ld+json" in attributes.get("type", ""):
            self.result.scripts.append(self.source[start:close])
        elif tag == "title" and not self.result.title:
            self.result.title = shown_text(self.source[start:close])
        end = self.source.find(">", close)
        return end + 1 if end >= 0 else len(self.source)

    def _push(self, tag: str, attributes: dict[str, str], start: int, end: int) -> None:
        hidden = bool(attributes) and tag not in _NEVER_HIDDEN and _is_hidden(tag, attributes)
        if tag not in _INLINE:
            self._auto_close(tag, start)
        if len(self.stack) >= _MAX_NESTING:
            return
        node = Node(len(self.result.nodes), tag, self.stack[-1], attributes, start)
        self.result.nodes.append(node)
        self.stack.append(node)
        self.open[tag] = self.open.get(tag, 0) + 1
        self.result.depth = max(self.result.depth, len(self.stack))
        if hidden and not self.hidden_at:
            # Hidden matter inside a paragraph must not cut it in two: set the block aside.
            self.outer_block, self.block = self.block, None
        if hidden:
            self.hidden_at.append(node.index)
        elif tag in _CELLS:
            self._add_break(start, end)
        elif tag not in _INLINE:
            self._flush()
        if tag == "a":
            self.anchor = (attributes.get("href", ""), end)
        elif tag == "time":
            self.result.times.append(node)

    def _auto_close(self, tag: str, start: int) -> None:
        """A block-level tag ends an open paragraph; a list item ends the one before it."""
        while self.stack[-1].tag in _INLINE and self.open.get("p"):
            if self.stack[-1].parent is None or not self._inline_over_p():
                break
            self._pop(start)
        if self.stack[-1].tag == "p" or (tag in ("li", "dt", "dd") and self.stack[-1].tag == tag):
            self._pop(start)

    def _inline_over_p(self) -> bool:
        """True when only a few inline elements stand between the top of the stack and a 'p'."""
        for node in self.stack[-1:-9:-1]:
            if node.tag == "p":
                return node.index not in self.hidden_at
            if node.tag not in _INLINE or node.index in self.hidden_at:
                return False
        return False

    def _close(self, tag: str, end: int) -> None:
        if tag == "a":
            self._end_anchor(end)
        if not self.open.get(tag):
            if tag not in _INLINE:
                self._flush()
            return
        if tag in _INLINE and not self._near(tag):
            return  # a stray '</span>' must not close the blocks around it
        while True:
            if self._pop(end) == tag:
                return

    def _near(self, tag: str) -> bool:
        for node in self.stack[: -_INLINE_REACH - 1 : -1]:
            if node.tag == tag:
                return True
            if node.tag not in _INLINE:
                return False
        return False

    def _pop(self, end: int) -> str:
        node = self.stack.pop()
        node.end = end
        self.open[node.tag] -= 1
        if self.hidden_at and self.hidden_at[-1] == node.index:
            self._flush()
            self.hidden_at.pop()
            if not self.hidden_at:
                self.block, self.outer_block = self.outer_block, None
        elif node.tag not in _INLINE and node.tag not in _CELLS:
            self._flush()
        return node.tag

    def _end_anchor(self, end: int) -> None:
        if self.anchor is not None and self.block is not None:
            href, start = self.anchor
            close = self.source.rfind("<", start, end)
            self.block.links.append((href, (start, max(start, close))))
        self.anchor = None

    def _line_break(self, start: int, end: int) -> None:
        """One line break is a space; two in a row end the block."""
        self.breaks += 1
        if self.breaks > 1:
            self._flush()
        else:
            self._add_break(start, end)

    def _add_break(self, start: int, end: int) -> None:
        """Let the tag at ``start`` stand for a space in the open block."""
        if self.block is not None:
            self.block.runs.append((start, end))
            self.block.linked.append(self.anchor is not None)

    def _text(self, start: int, end: int) -> None:
        if self.block is None:
            if self.source[start:end].isspace():
                return
            self.block = Block(self.source, self.stack[-1], bool(self.hidden_at))
        if self.breaks and not self.source[start:end].isspace():
            self.breaks = 0
        self.block.runs.append((start, end))
        self.block.linked.append(self.anchor is not None)

    def _flush(self) -> None:
        block, self.block = self.block, None
        self.breaks = 0
        if block is not None:
            self.result.blocks.extend(line for line in _lines(block) if line.text)


def _quoted_tag_end(source: str, position: int) -> int:
    """End of a tag with quoted attributes, or -1 when a quotation mark or '>' is missing. Only a
    quotation mark after '=' opens a value, as in the HTML standard."""
    while True:
        close = source.find(">", position)
        if close < 0:
            return -1
        quote = _OPENING_QUOTE.search(source, position, close)
        if quote is None:
            return close + 1
        partner = source.find(quote.group(1), quote.end())
        if partner < 0:
            return -1
        position = partner + 1


def _lines(block: Block) -> Iterator[Block]:
    """The block cut at its line breaks, where the next line begins a sentence or item of its own:
    pages that write paragraphs as lines have no other mark of them."""
    breaks = [
        i
        for i, run in enumerate(block.runs)
        if _is_break(block.source, run) and block.source[run[0] + 1] in "bB"
    ]
    first = 0
    for index in breaks:
        if _continues(block, index):
            continue
        yield _part(block, first, index)
        first = index + 1
    yield _part(block, first, len(block.runs)) if first else block


def _part(block: Block, first: int, last: int) -> Block:
    part = Block(block.source, block.node, block.hidden, block.runs[first:last])
    part.linked = block.linked[first:last]
    if part.runs:
        start, end = part.span
        part.links = [link for link in block.links if start <= link[1][0] <= end]
    return part


def _continues(block: Block, index: int) -> bool:
    """True when the line after the break at ``index`` goes on with the sentence before it."""
    after = "".join(block.source[start:end] for start, end in block.runs[index + 1 : index + 4])
    return after.lstrip()[:1].islower()


def _is_break(source: str, run: Span) -> bool:
    """True for a run that is a 'br', 'td' or 'th' tag; in text '<' stands only alone."""
    return source[run[0]] == "<" and run[1] - run[0] > 1


def _attributes(source: str, start: int, end: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source[start : end - 1]):
        key = name if name in _KEPT_ATTRIBUTES else name.lower()
        if key in _KEPT_ATTRIBUTES and key not in found:
            value = double or single or bare
            found[key] = _decoded(value) if "&" in value else value
    return found


def _is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None)
        or ("class" in attributes and hint_kind(tag, attributes["class"]) == "hidden")
    )


def _block_segments(block: Block, offset: int) -> Iterator[Segment]:
    """Merge verbatim characters into long segments; a decoded entity or a folded run of white
    space that changes length is a segment of its own."""
    run: list[int] = []  # article start, page start, length of the verbatim stretch
    pending: Span | None = None  # white space waiting for a following word
    begun = False
    for text, start, end in _pieces(block):
        if text.isspace():
            pending = (pending[0], end) if pending else (start, end)
            continue
        if pending is not None and begun:
            yield from _extend(run, offset, 1, pending)
            offset += 1
        pending, begun = None, True
        yield from _extend(run, offset, len(text), (start, end))
        offset += len(text)
    if run:
        yield _segment(run)


def _extend(run: list[int], at: int, length: int, page: Span) -> Iterator[Segment]:
    verbatim = page[1] - page[0] == length
    joined = run and run[1] + run[2] == page[0]
    if run and not (verbatim and joined):
        yield _segment(run)
        run.clear()
    if not verbatim:
        yield Segment(start=at, end=at + length, page_start=page[0], page_end=page[1])
    elif run:
        run[2] += length
    else:
        run[:] = [at, page[0], length]


def _segment(run: list[int]) -> Segment:
    at, page, length = run
    return Segment(start=at, end=at + length, page_start=page, page_end=page + length)


def _pieces(block: Block) -> Iterator[tuple[str, int, int]]:
    """(shown text, start, end) of each word, entity and white space of the block."""
    for start, end in block.runs:
        if _is_break(block.source, (start, end)):
            yield " ", start, end
            continue
        position = start
        for match in _IRREGULAR.finditer(block.source, start, end):
            yield from _stripped(block.source, position, match.start())
            shown = _ZERO_WIDTH.sub("", _decoded(match.group()))
            if shown:
                yield shown, match.start(), match.end()
            position = match.end()
        yield from _stripped(block.source, position, end)


def _stripped(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The piece of source, white space at its ends apart; inside it stands only single spaces."""
    text = source[start:end]
    core = text.strip()
    if not core:
        if text:
            yield text, start, end
        return
    left = start + len(text) - len(text.lstrip())
    if left > start:
        yield source[start:left], start, left
    yield core, left, left + len(core)
    if left + len(core) < end:
        yield source[left + len(core) : end], left + len(core), end
