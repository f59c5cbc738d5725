"""Language analysis of one text: tokens, sentences, syntax, names, attributions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dateline.analysis import network
from dateline.analysis.attribution import decode_attributions
from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Analysis, Sentence, Token
from dateline.analysis.names import decode_names
from dateline.analysis.repair import repair
from dateline.analysis.sentences import split_sentences
from dateline.analysis.syntax import heads_of
from dateline.analysis.tokens import tokenize
from dateline.analysis.windows import WINDOW_PIECES, Window, cut_windows


@dataclass(slots=True)
class Reading:
    """An Analysis with the network's own numbers beside it: ``words`` [tokens,384] hidden states,
    ``names``, ``attribution``, ``roles`` probabilities by token."""

    analysis: Analysis
    windows: list[tuple[Window, network.WindowOutput]] = field(default_factory=list)

    def hidden(self, sentence: Sentence) -> network.Floats:
        """Hidden states [n,384] of a sentence's tokens."""
        return np.concatenate([o.words[a:b] for o, a, b in self._parts(sentence)])

    def roles(self, sentence: Sentence) -> network.Floats:
        """Actor and recipient probabilities [n,7] of a sentence's tokens."""
        return np.concatenate([o.roles[a:b] for o, a, b in self._parts(sentence)])

    def _parts(self, sentence: Sentence) -> Iterator[tuple[network.WindowOutput, int, int]]:
        """The windows a sentence lies in, each with the rows that are the sentence's."""
        index = max(0, bisect_right(self.windows, sentence.first, key=lambda w: w[0].first) - 1)
        for window, output in self.windows[index:]:
            if window.first >= sentence.last:
                break
            low, high = max(sentence.first, window.first), min(sentence.last, window.last)
            yield output, low - window.first, high - window.first


def read_text(text: str) -> Reading:
    """Analyse a text. Empty or blank text gives an empty analysis; never raises on content."""
    tokens = tokenize(text)
    sentences = split_sentences(text, tokens)
    analysis = Analysis(text, tokens, sentences)
    if not tokens:
        return Reading(analysis)
    pieces = network.word_pieces([t.text for t in tokens])
    sizes = [len(p) for p in pieces]
    longest = network.MAX_PIECES - 4
    reading = Reading(analysis)
    for window in cut_windows(sentences, sizes, WINDOW_PIECES, longest):
        words = [t.text for t in tokens[window.first : window.last]]
        output = network.run_window(words, pieces[window.first : window.last], set(window.breaks))
        reading.windows.append((window, output))
        _fill_syntax(tokens, sentences, window, output)
    analysis.names = decode_names(text, tokens, sentences, reading.windows)
    repair(tokens, analysis.names)
    analysis.attributions = decode_attributions(text, tokens, sentences, reading.windows)
    return reading


def _fill_syntax(
    tokens: Sequence[Token],
    sentences: Sequence[Sentence],
    window: Window,
    output: network.WindowOutput,
) -> None:
    """Tags, lemmas, heads and relations of the window's tokens; heads stay inside the sentence."""
    tags, rels = network.labels()["tag"], network.labels()["rel"]
    index = max(0, bisect_right(sentences, window.first, key=lambda x: x.first) - 1)
    for sentence in sentences[index:]:
        if sentence.first >= window.last:
            break
        low = max(sentence.first, window.first) - window.first
        high = min(sentence.last, window.last) - window.first
        heads = heads_of(output.head[low:high, low:high])
        for offset, head in enumerate(heads):
            token = tokens[window.first + low + offset]
            token.tag = tags[output.tag[low + offset]]
            token.lemma = lemma(token.text, token.tag)
            token.head = window.first + low + head
            token.dep = _relation(token, head == offset, rels[output.rel[low + offset]])


def _relation(token: Token, is_root: bool, labelled: str) -> str:
    """The relation, made to fit the head: labels are read word by word, and a word labelled root that
    is none is nearly always coordinated with the root."""
    if is_root:
        return "root"
    return ("conj" if token.tag.startswith("V") else "dep") if labelled == "root" else labelled
