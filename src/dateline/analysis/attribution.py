"""Attributions: who is reported as saying or thinking what, from the network's role and link heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dateline.analysis.chunks import Chunk, chunks
from dateline.analysis.model import Attribution, AttributionKind, Sentence, Token
from dateline.analysis.network import Floats, WindowOutput, labels
from dateline.analysis.quotes import quoted_share, quoted_spans
from dateline.analysis.windows import Window
from dateline.spans import Span


def decode_attributions(
    text: str,
    tokens: Sequence[Token],
    sentences: Sequence[Sentence],
    windows: Sequence[tuple[Window, WindowOutput]],
) -> list[Attribution]:
    """Attributions in order of their first span. Every source and every content goes to the cue that
    the link head prefers; content with no cue in its window stands alone."""
    quotes = quoted_spans(text)
    found: list[Attribution] = []
    for window, output in windows:
        found.extend(_window_attributions(tokens, window, output, quotes))
    return sorted(found, key=lambda a: min(a.source + a.cue + a.content))


def _window_attributions(
    tokens: Sequence[Token], window: Window, output: WindowOutput, quotes: list[Span]
) -> list[Attribution]:
    listed = chunks(output.attribution, labels()["attribution"])
    cues = [c for c in listed if c.kind == "cue"]
    groups: dict[int, dict[str, list[Chunk]]] = defaultdict(lambda: defaultdict(list))
    alone: list[Chunk] = []
    for chunk in listed:
        if chunk.kind == "cue":
            continue
        near = _same_paragraph(chunk, cues, window)
        if near:
            best = near[_best_cue(chunk, [cues[n] for n in near], output.link)]
            groups[best][chunk.kind].append(chunk)
        elif chunk.kind == "content":
            alone.append(chunk)
    result = []
    for index, cue in enumerate(cues):
        parts = groups[index]
        if parts["content"] or parts["source"]:
            result.append(_attribution(tokens, window, parts, [cue], quotes))
    for chunk in alone:
        result.append(_attribution(tokens, window, {"content": [chunk]}, [], quotes))
    return result


def _same_paragraph(chunk: Chunk, cues: Sequence[Chunk], window: Window) -> list[int]:
    """Indices of the cues in the chunk's paragraphs: of 19,868 PolNeAR training attributions 163 cross
    a paragraph's end."""
    opens = [b for b in sorted(window.breaks) if b <= chunk.first]
    closes = [b for b in sorted(window.breaks) if b >= chunk.last]
    low, high = (opens[-1] if opens else 0), (closes[0] if closes else window.last)
    return [n for n, cue in enumerate(cues) if low <= cue.first < high]


def _best_cue(chunk: Chunk, cues: Sequence[Chunk], link: Floats) -> int:
    """The cue that the chunk's tokens point at: links lead to a cue's first token in training, so
    the probability of all of a cue's tokens is summed, and its logarithm averaged over the chunk."""
    rows = link[chunk.first : chunk.last]
    scores = [
        float(np.logaddexp.reduce(rows[:, cue.first : cue.last], axis=1).mean()) for cue in cues
    ]
    return int(np.argmax(scores))


def _attribution(
    tokens: Sequence[Token],
    window: Window,
    parts: dict[str, list[Chunk]],
    cues: list[Chunk],
    quotes: list[Span],
) -> Attribution:
    def spans(listed: Sequence[Chunk]) -> list[Span]:
        return [
            (tokens[window.first + c.first].start, tokens[window.first + c.last - 1].end)
            for c in listed
        ]

    source, content = parts.get("source", []), parts.get("content", [])
    scores = [c.score for c in [*source, *cues, *content]]
    content_spans = spans(content)
    return Attribution(
        source=spans(source),
        cue=spans(cues),
        content=content_spans,
        kind=attribution_kind(content_spans, quotes),
        confidence=float(np.prod(scores) ** (1 / len(scores))),
    )


def attribution_kind(content: Sequence[Span], quotes: list[Span]) -> AttributionKind:
    """Direct when nine tenths of the content's characters are quoted, indirect when less than a
    twentieth, mixed between (shares as read in PolNeAR: quoted content still carries commas outside,
    reported content a word in scare quotes)."""
    total = sum(end - start for start, end in content)
    if not total:
        return "indirect"
    share = sum(quoted_share(s, quotes) * (s[1] - s[0]) for s in content) / total
    if share >= 0.9:
        return "direct"
    return "indirect" if share < 0.05 else "mixed"
