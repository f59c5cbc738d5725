"""Language analysis of one text: tokens, sentences, syntax, names, attributions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from dateline.analysis import network
from dateline.analysis.attribution import decode_attributions
from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Analysis, Sentence, Token
from dateline.analysis.names import decode_mentions, decode_names
from dateline.analysis.repair import repair
from dateline.analysis.sentences import split_sentences
from dateline.analysis.syntax import heads_of
from dateline.analysis.tokens import tokenize
from dateline.analysis.windows import WINDOW_PIECES, Window, cut_windows

# Word pieces read of one word. Names and chemicals stay below 20; what is longer is an address or
# garbage, and a window has to hold it.
_LONGEST_WORD = 64


@dataclass(slots=True)
class Reading:
    """An Analysis with what the network said of each window, and the word pieces of its tokens."""

    analysis: Analysis
    windows: list[tuple[Window, network.WindowOutput]] = field(default_factory=list)
    pieces: list[list[int]] = field(default_factory=list)
    _told: network.Floats | None = field(default=None, init=False, repr=False, compare=False)

    def tells(self, token: int) -> network.Floats:
        """Probability [17] of each type of act, and of none, that one token tells, at a first look
        (``act`` looks again); certainly none for an analysis that the network did not make."""
        if not self.windows:
            types = network.labels()["type"]
            return np.array([float(t == "NONE") for t in types], dtype=np.float32)
        if self._told is None:
            self._told = np.concatenate([output.acts for _, output in self.windows])
        told: network.Floats = self._told[token]
        return told

    def act(
        self,
        sentence: Sentence,
        actor: Iterable[int] = (),
        recipient: Iterable[int] = (),
        trigger: Iterable[int] = (),
    ) -> network.ActOutput:
        """What the act reader says of a sentence with these tokens of it marked (indices into the
        analysis' tokens; those of other sentences are left out). Rows are the sentence's tokens."""
        low, high = sentence.first, sentence.last

        def inside(chosen: Iterable[int]) -> list[int]:
            return [i - low for i in chosen if low <= i < high]

        words = [t.text for t in self.analysis.tokens[low:high]]
        return network.run_act(
            words, self.pieces[low:high], inside(actor), inside(recipient), inside(trigger)
        )


def read_text(text: str) -> Reading:
    """Analyse a text. Empty or blank text gives an empty analysis; never raises on content."""
    tokens = tokenize(text)
    sentences = split_sentences(text, tokens)
    analysis = Analysis(text, tokens, sentences)
    if not tokens:
        return Reading(analysis)
    pieces = [p[:_LONGEST_WORD] for p in network.word_pieces([t.text for t in tokens])]
    sizes = [len(p) for p in pieces]
    longest = network.MAX_PIECES - 4
    reading = Reading(analysis, pieces=pieces)
    for window in cut_windows(sentences, sizes, WINDOW_PIECES, longest):
        words = [t.text for t in tokens[window.first : window.last]]
        output = network.run_window(words, pieces[window.first : window.last], set(window.breaks))
        reading.windows.append((window, output))
        _fill_syntax(tokens, sentences, window, output)
    analysis.names = decode_names(text, tokens, sentences, reading.windows)
    analysis.mentions = decode_mentions(text, tokens, reading.windows)
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
    tags, relations = network.labels()["tag"], network.labels()["rel"]
    heads = _heads(sentences, window, output)
    tag_numbers = output.tag.tolist()
    numbers = network.relations(output.rel_child, output.rel_parent[heads]).tolist()
    for n, head in enumerate(heads):
        token = tokens[window.first + n]
        token.tag = tags[tag_numbers[n]]
        token.lemma = lemma(token.text, token.tag)
        token.head = window.first + head
        token.dep = _relation(token, head == n, relations[numbers[n]])


def _heads(
    sentences: Sequence[Sentence], window: Window, output: network.WindowOutput
) -> list[int]:
    """The head of each word of the window, both counted in the window."""
    heads: list[int] = []
    index = max(0, bisect_right(sentences, window.first, key=attrgetter("first")) - 1)
    for sentence in sentences[index:]:
        if sentence.first >= window.last:
            break
        low = max(sentence.first, window.first) - window.first
        high = min(sentence.last, window.last) - window.first
        heads.extend(low + head for head in heads_of(output.head[low:high, low:high]))
    return heads


def _relation(token: Token, is_root: bool, labelled: str) -> str:
    """The relation, made to fit the head: a word labelled root that is none is nearly always
    coordinated with the root."""
    if is_root:
        return "root"
    return ("conj" if token.tag.startswith("V") else "dep") if labelled == "root" else labelled
