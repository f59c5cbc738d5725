"""Trees written by hand, so that rules are tested without the network."""

from __future__ import annotations

from datetime import date

from dateline.analysis.engine import Reading
from dateline.analysis.lemmas import lemma
from dateline.analysis.model import Analysis, Name, Sentence, Token
from dateline.analysis.times import find_times
from dateline.record.cast import Cast
from dateline.record.context import Context
from dateline.record.frames import Matcher
from dateline.record.tree import Tree


def analysis(*sentences: str, names: tuple[tuple[str, str], ...] = ()) -> Analysis:
    """An Analysis from sentences of ``word/TAG/head/dep`` items (head counts from 1 in the sentence,
    0 for the root). ``names`` are (words, kind), marked wherever they stand."""
    tokens: list[Token] = []
    listed: list[Sentence] = []
    text = ""
    for sentence in sentences:
        first = len(tokens)
        for item in sentence.split():
            word, tag, head, dep = item.rsplit("/", 3)
            glued = word in {".", ",", "'s", "”"} or text.endswith("“")
            if tokens and not glued:
                text += " "
            start = len(text)
            text += word
            target = first + int(head) - 1 if int(head) else len(tokens)
            tokens.append(
                Token(len(tokens), start, len(text), word, tag, target, dep, lemma(word, tag))
            )
        listed.append(Sentence(tokens[first].start, len(text), first, len(tokens), 0))
    result = Analysis(text, tokens, listed)
    for words, kind in names:
        at = text.find(words)
        while at >= 0:
            result.names.append(Name((at, at + len(words)), words, kind))  # type: ignore[arg-type]
            at = text.find(words, at + 1)
    return result


def context(
    *sentences: str, names: tuple[tuple[str, str], ...] = (), published: str | None = "2024-05-16"
) -> Context:
    """A Context over hand-made trees."""
    built = analysis(*sentences, names=names)
    day = date.fromisoformat(published) if published else None
    tree = Tree(built.tokens, built.sentences)
    built.times = find_times(built.text, reference=day)
    cast = Cast(tree, built.text, built.names, published)
    return Context(Reading(built), tree, Matcher(tree, built.names), cast, day)


def words(built: Context | Analysis, indices: list[int]) -> list[str]:
    """The words at some token indices."""
    tokens = built.tree.tokens if isinstance(built, Context) else built.tokens
    return [tokens[i].text for i in indices]
