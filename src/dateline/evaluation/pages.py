"""Measuring stories found on pages, as article-extraction-benchmark defines it.

Words are runs of ``\\w``; a text is the multiset of its runs of four words (of all its words when
there are fewer). Precision and recall are taken page by page and averaged, and F1 is the harmonic
mean of the two averages.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

import lxml.html
from lxml import etree

from dateline.article.model import Article
from dateline.page.decode import open_page

_WORD = re.compile(r"\w+")
_WHITE = re.compile(r"\s+")
_SHINGLE = 4
_HIDDEN = frozenset({"script", "style", "noscript", "template", "head"})
_BLOCK_NAMES = """
    address article aside blockquote body br button canvas dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section
    select summary table tbody td textarea tfoot th thead title tr ul video
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_LEAVES = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "figcaption", "blockquote")

Read = Callable[..., Article]
Style = Literal["blocks", "elements", "nodes"]


def shingle_scores(predicted: dict[str, str], truth: dict[str, str]) -> dict[str, float]:
    """Mean precision, recall and F1 over the pages of ``truth``; a missing page counts as ''."""
    precisions, recalls = [], []
    for page, right in truth.items():
        wanted, found = _shingles(right), _shingles(predicted.get(page, ""))
        hits = sum((wanted & found).values())
        if found:
            precisions.append(hits / sum(found.values()))
        if wanted:
            recalls.append(hits / sum(wanted.values()))
    precision, recall = _mean(precisions), _mean(recalls)
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
        "pages": float(len(truth)),
    }


def evaluate_pages(data_dir: Path | str, read: Read) -> dict[str, float]:
    """Scores of ``read(page, url=...)`` on the HTML pages of ``data_dir``, which holds
    ``ground-truth.json`` and ``html/ID.html.gz``. Raises OSError when they are not there."""
    return _evaluate(data_dir, read, lambda raw: raw)


def evaluate_textpages(
    data_dir: Path | str, read: Read, *, style: Style = "blocks"
) -> dict[str, float]:
    """The same, with every page flattened to text first (see ``flatten``)."""
    return _evaluate(data_dir, read, lambda raw: flatten(raw, style))


def pages_in(data_dir: Path | str) -> Iterator[tuple[str, str, str, bytes]]:
    """Id, URL, true text and HTML of each page, in the order of ground-truth.json."""
    folder = Path(data_dir)
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for page, row in truth.items():
        raw = gzip.decompress((folder / "html" / f"{page}.html.gz").read_bytes())
        yield page, row.get("url") or "", row["articleBody"], raw


def flatten(html: bytes | str, style: Style = "blocks") -> str:
    """The words of an HTML page as plain text, nothing removed but scripts and styles.

    ``blocks``: one line a block element, as a browser's copy gives; ``elements``: one line for each
    heading, paragraph and list item, text outside them lost; ``nodes``: one line a text node.
    """
    page = open_page(html)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.text)
    if not text.strip():
        return ""
    try:
        root = lxml.html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        return ""
    lines = {"blocks": _block_lines, "elements": _element_lines, "nodes": _node_lines}[style]
    folded = (" ".join(line.split()) for line in lines(root))
    return "\n".join(line for line in folded if line)


def _evaluate(
    data_dir: Path | str, read: Read, prepare: Callable[[bytes], bytes | str]
) -> dict[str, float]:
    predicted, truth = {}, {}
    seconds = 0.0
    for page, url, right, raw in pages_in(data_dir):
        source = prepare(raw)
        start = time.perf_counter()
        predicted[page] = read(source, url=url).text
        seconds += time.perf_counter() - start
        truth[page] = right
    scores = shingle_scores(predicted, truth)
    scores["milliseconds_per_page"] = 1000 * seconds / max(1, len(truth))
    return scores


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    runs = max(1, len(words) - _SHINGLE + 1) if words else 0
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(runs))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _block_lines(root: lxml.html.HtmlElement) -> Iterable[str]:
    parts: list[str] = []
    for text, breaks in _text_nodes(root):
        parts.append(("\n" if breaks else "") + _WHITE.sub(" ", text))
    return "".join(parts).split("\n")


def _node_lines(root: lxml.html.HtmlElement) -> Iterable[str]:
    return (_WHITE.sub(" ", text) for text, _ in _text_nodes(root))


def _text_nodes(root: lxml.html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """Visible text nodes in page order, each with whether a block begins or ends in front of it."""
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            if not hidden and element.tail:
                yield element.tail, False
            continue
        tag = element.tag
        if event == "start":
            hidden += tag in _HIDDEN
            if not hidden:
                yield element.text or "", tag in _BLOCKS
        else:
            hidden -= tag in _HIDDEN
            if not hidden:
                yield element.tail or "", tag in _BLOCKS


def _element_lines(root: lxml.html.HtmlElement) -> Iterable[str]:
    for element in list(root.iter("script", "style", "noscript")):
        element.drop_tree()
    return (str(element.text_content()) for element in root.iter(*_LEAVES))
