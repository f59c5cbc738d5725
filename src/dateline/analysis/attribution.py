"""Attributions: who is reported as saying or thinking what, from the network's role and link heads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np

from dateline.analysis.chunks import Chunk, chunks
from dateline.analysis.model import Attribution, AttributionKind, Sentence, Token
from dateline.analysis.network import Floats, WindowOutput, labels
from dateline.analysis.quotes import quoted_share, quoted_spans, quotes_near
from dateline.analysis.windows import Window
from dateline.spans import Span

# Log-probabilities, compared on the 84 development articles.
_COSTS = {"source": 0.2, "cue": 0.0, "content": 0.5}  # paid at each end of a chunk
_QUOTED_BONUS = 2.0  # for content inside a quotation that is mostly content
_SHORTEST_QUOTE = 4  # tokens; below it quotation marks are as often scare quotes
_FAR = {"source": 2.0, "content": 0.5}  # for every sentence between a chunk and its cue
_NEAR_SUBJECT = 8  # tokens before its cue in which a subject is looked for
_LEAST_ALONE = 5  # tokens of content without a cue that is kept; shorter ones are slips
_QUOTE_MARKS = frozenset('"“”„«‘')
_SIGNATURE = re.compile(r"\s{0,4}([—―–]|--)\s?([A-Z][^\n.;:—―–]{2,80})(?=\.?\s*(?:\n|$))")


def decode_attributions(
    text: str,
    tokens: Sequence[Token],
    sentences: Sequence[Sentence],
    windows: Sequence[tuple[Window, WindowOutput]],
) -> list[Attribution]:
    """Attributions in order of their first span. Every source and every content goes to the cue that
    the link head prefers; a cue without a source takes that of the cue beside it; content with no cue
    in its paragraph goes to a cue that closes the paragraph before with a colon, or stands alone."""
    quotes = quoted_spans(text)
    found: list[Attribution] = []
    for window, output in windows:
        found.extend(_window_attributions(tokens, sentences, window, output, quotes))
    found.sort(key=lambda a: min(a.source + a.cue + a.content))
    return [_signed(text, a) for a in _joined(text, found, quotes)]


def _window_attributions(
    tokens: Sequence[Token],
    sentences: Sequence[Sentence],
    window: Window,
    output: WindowOutput,
    quotes: list[Span],
) -> list[Attribution]:
    bonus = _bonus(tokens, window, output, quotes)
    listed = chunks(output.attribution, labels()["attribution"], _COSTS, bonus)
    cues = [c for c in listed if c.kind == "cue"]
    groups: dict[int, dict[str, list[Chunk]]] = defaultdict(lambda: defaultdict(list))
    alone: list[Chunk] = []
    number = _sentence_numbers(sentences, window)
    pointing = [np.logaddexp.reduce(output.link[:, c.first : c.last], axis=1) for c in cues]
    for chunk in listed:
        if chunk.kind == "cue":
            continue
        near = _same_paragraph(chunk, cues, window)
        if near:
            best = _best_cue(chunk, {n: cues[n] for n in near}, pointing, number)
            groups[best][chunk.kind].append(chunk)
        elif chunk.kind == "content" and chunk.last - chunk.first >= _LEAST_ALONE:
            alone.append(chunk)
    _add_subjects(tokens, window, cues, groups)
    _share_sources(cues, groups, number)
    result = []
    for index, cue in enumerate(cues):
        parts = groups[index]
        if parts["content"] or parts["source"]:
            result.append(_attribution(tokens, window, parts, [cue], quotes))
    for chunk in alone:
        result.append(_attribution(tokens, window, {"content": [chunk]}, [], quotes))
    return result


def _bonus(
    tokens: Sequence[Token], window: Window, output: WindowOutput, quotes: Sequence[Span]
) -> Floats:
    """A bonus for content at the tokens of quotations that are mostly content, marks included."""
    kinds = [label[2:] for label in labels()["attribution"][1::2]]
    content = kinds.index("content")
    mass = output.attribution[:, 1 + 2 * content] + output.attribution[:, 2 + 2 * content]
    bonus = np.zeros((len(mass), len(kinds)), dtype=np.float32)
    inside = tokens[window.first : window.last]
    starts = [t.start for t in inside]
    for start, end in quotes_near(quotes, (inside[0].start, inside[-1].end)):
        low, high = np.searchsorted(starts, start), np.searchsorted(starts, end)
        if high - low >= _SHORTEST_QUOTE and mass[low:high].mean() > 0.5:
            bonus[low:high, content] = _QUOTED_BONUS
    return bonus


def _sentence_numbers(sentences: Sequence[Sentence], window: Window) -> list[int]:
    """For each token of the window, which sentence it is in."""
    low = max(0, bisect_right(sentences, window.first, key=attrgetter("first")) - 1)
    numbers: list[int] = []
    for n, sentence in enumerate(sentences[low:]):
        if sentence.first >= window.last:
            break
        numbers.extend([n] * (min(sentence.last, window.last) - max(sentence.first, window.first)))
    return numbers


def _add_subjects(
    tokens: Sequence[Token],
    window: Window,
    cues: Sequence[Chunk],
    groups: dict[int, dict[str, list[Chunk]]],
) -> None:
    """Gives a cue with content and no source the subject of its verb, where that is a pronoun, a
    name or a short phrase just before it: the role head misses 'who said', 'aides recognising'."""
    for n, cue in enumerate(cues):
        if groups[n]["source"] or not groups[n]["content"]:
            continue
        verbs = set(range(window.first + cue.first, window.first + cue.last))
        low = max(window.first, window.first + cue.first - _NEAR_SUBJECT)
        subjects = [
            t.i
            for t in tokens[low : window.first + cue.first]
            if t.dep == "nsubj" and t.head in verbs
        ]
        if subjects:
            first = last = subjects[-1]
            while first > low and tokens[first - 1].head == last:
                first -= 1
            chunk = Chunk("source", first - window.first, last + 1 - window.first, cue.score)
            if not any(c.first < chunk.last and chunk.first < c.last for c in groups[n]["content"]):
                groups[n]["source"] = [chunk]


def _share_sources(
    cues: Sequence[Chunk], groups: dict[int, dict[str, list[Chunk]]], number: Sequence[int]
) -> None:
    """Gives a cue with content and no source that of the nearest cue before it in its sentence, else
    of the next one after it: 'Trump is questioning the vote and encouraging his supporters to ...'."""
    own = {n: groups[n]["source"] for n in range(len(cues)) if groups[n]["source"]}
    for n, cue in enumerate(cues):
        if groups[n]["source"] or not groups[n]["content"]:
            continue
        beside = [m for m in own if number[cues[m].first] == number[cue.first]]
        before = [m for m in beside if m < n]
        if beside:
            groups[n]["source"] = list(own[before[-1] if before else beside[0]])


def _joined(text: str, found: Sequence[Attribution], quotes: list[Span]) -> list[Attribution]:
    """Attributions, with quoted content that stands alone given to the cue whose colon announces it
    in the paragraph before ('The paper reports:')."""
    result: list[Attribution] = []
    for attribution in found:
        last = result[-1] if result else None
        if last is None or attribution.cue or attribution.source or not last.cue:
            result.append(attribution)
        elif _announces(text, last, attribution.content[0]):
            content = [*last.content, *attribution.content]
            kind = attribution_kind(content, quotes)
            result[-1] = replace(last, content=content, kind=kind)
        else:
            result.append(attribution)
    return result


def _signed(text: str, attribution: Attribution) -> Attribution:
    """A quotation that stands alone, with the name after a dash that signs it: '“...” ― Ada Obi'."""
    if attribution.cue or attribution.source:
        return attribution
    found = _SIGNATURE.match(text, attribution.content[-1][1])
    if found is None or text[attribution.content[0][0]] not in _QUOTE_MARKS:
        return attribution
    return replace(attribution, cue=[found.span(1)], source=[found.span(2)])


def _announces(text: str, before: Attribution, content: Span) -> bool:
    """True when nothing but a colon stands between an attribution and the content that follows, or
    when content so announced goes on in the next paragraph."""
    end = max(span[1] for span in before.source + before.cue + before.content)
    between = text[end : content[0]]
    if "\n" not in between:
        return False
    after = (text[end - 1] + between).translate({ord(c): None for c in " \n\r\t"})
    return after.rstrip("\"“'‘").endswith(":")


def _same_paragraph(chunk: Chunk, cues: Sequence[Chunk], window: Window) -> list[int]:
    """Indices of the cues in the chunk's paragraphs: of 19,868 PolNeAR training attributions 163 cross
    a paragraph's end."""
    opens = [b for b in sorted(window.breaks) if b <= chunk.first]
    closes = [b for b in sorted(window.breaks) if b >= chunk.last]
    low, high = (opens[-1] if opens else 0), (closes[0] if closes else window.last)
    return [n for n, cue in enumerate(cues) if low <= cue.first < high]


def _best_cue(
    chunk: Chunk, cues: Mapping[int, Chunk], pointing: Sequence[Floats], number: Sequence[int]
) -> int:
    """The cue that the chunk's tokens point at, of ``cues`` by their place in ``pointing``, the
    log-probability of each token belonging to a cue: links lead to a cue's first token in training,
    so the probability of all of its tokens is summed; the logarithm is averaged over the chunk.
    Every sentence between them (``number`` of each token) counts against a cue."""
    if len(cues) == 1:
        return next(iter(cues))
    here = number[chunk.last - 1], number[chunk.first]
    scores = {
        n: float(pointing[n][chunk.first : chunk.last].mean())
        - _FAR[chunk.kind] * min(abs(number[cue.first] - k) for k in here)
        for n, cue in cues.items()
    }
    return max(scores, key=scores.__getitem__)


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
