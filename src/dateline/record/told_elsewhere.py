"""The time of an act that its own clause does not date, from other sentences of the article."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.analysis.model import TimeExpression
from dateline.record.context import Context
from dateline.record.dating_words import dating_words
from dateline.record.tree import Tree, base

_SPECIFIC = frozenset({"the", "this", "that", "these", "those", "both"})
_NOT_PAST = frozenset({"MD", "VBZ", "VBP"})
_FRAME_REACH = 3
"""Sentences of a paragraph over which 'In 1993, ...' goes on telling when; on PolNeAR development
articles (half A of benchmarks/event_dates.jsonl) no frame held longer."""


def told_elsewhere(context: Context, i: int) -> tuple[TimeExpression, str] | None:
    """The expression that dates the same act told in another sentence, or that opens the passage the
    act stands in, with a note that says which; None when neither is found."""
    again = _told_again(context, i)
    if again is not None:
        return again, "the same act told elsewhere"
    frame = _frame(context, i)
    return (frame, "the passage opens with it") if frame is not None else None


# -- the same act told again -------------------------------------------------------------------


def _told_again(context: Context, i: int) -> TimeExpression | None:
    tree, words = context.tree, dating_words()
    stem = _stem(tree, i)
    if stem in words.generic or _unreal(tree, i) or not (_definite(tree, i) or _verb(tree, i)):
        return None
    own = _names(tree, i)
    found: list[tuple[int, TimeExpression]] = []
    for node, expression in _dated(context):
        if _stem(tree, node) != stem or tree.sentence_of[node] == tree.sentence_of[i]:
            continue
        alike = bool(own & _names(tree, node)) if own else not _verb(tree, i)
        if alike and not _unreal(tree, node):
            found.append((abs(node - i), expression))
    days = {e.value for _, e in found}
    return min(found, key=lambda pair: pair[0])[1] if len(days) == 1 else None


def _dated(context: Context) -> Iterator[tuple[int, TimeExpression]]:
    """Nouns and verbs that a calendar expression of the past dates directly."""
    tree = context.tree
    for expression in context.analysis.times:
        if expression.start is None or expression.type not in {"DATE", "TIME"}:
            continue
        if context.published and expression.start > context.published.isoformat():
            continue
        node = tree.head_in(expression.span)
        if node is None or tree.tokens[node].head == node:
            continue
        node = tree.tokens[node].head
        yield node, expression
        while not _verb(tree, node) and base(tree.tokens[node].dep) in {"obl", "nmod", "compound"}:
            node = tree.tokens[node].head
        if _verb(tree, node):
            yield node, expression


def _stem(tree: Tree, i: int) -> str:
    """The verb an act noun stands for ('shooting' -> 'shoot'), else the lemma."""
    token = tree.tokens[i]
    lemma = token.lemma.lower()
    if not token.tag.startswith("N"):
        return lemma
    if lemma in dating_words().nouns:
        return dating_words().nouns[lemma]
    if lemma.endswith("ing") and len(lemma) > 5:
        cut = lemma[:-3]
        doubled = cut[-1] == cut[-2] and cut[-1] not in "lsz"
        return cut[:-1] if doubled else cut
    return lemma


def _definite(tree: Tree, i: int) -> bool:
    """'the visit', 'her meeting', 'Friday's raid': a noun that means an act already told."""
    return tree.tokens[i].tag.startswith("N") and (
        any(tree.tokens[c].lemma.lower() in _SPECIFIC for c in tree.dependents(i, "det"))
        or bool(tree.dependents(i, "nmod:poss"))
        or any(tree.tokens[c].tag.startswith("NNP") for c in tree.dependents(i, "compound"))
    )


def _verb(tree: Tree, i: int) -> bool:
    return tree.tokens[i].tag.startswith("V")


def _unreal(tree: Tree, i: int) -> bool:
    """A wish, plan or supposition, or what has just been done, is not the act that another sentence
    dates."""
    auxiliaries = [tree.tokens[c] for c in tree.dependents(i, "aux")]
    return tree.tokens[i].tag == "VB" or any(a.tag in _NOT_PAST for a in auxiliaries)


def _names(tree: Tree, i: int) -> set[str]:
    """Last words of the proper names among the arguments of ``i``."""
    found: set[str] = set()
    for c in tree.children[i]:
        if base(tree.tokens[c].dep) in {"nsubj", "obj", "nmod", "obl", "compound", "appos"}:
            found |= {tree.tokens[n].text for n in _proper(tree, c)}
    above = tree.tokens[tree.tokens[i].head]
    if base(tree.tokens[i].dep) in {"conj", "amod", "acl"}:
        found |= {tree.tokens[n].text for n in _proper(tree, above.i)}
        for c in tree.dependents(above.i, "obj", "nsubj", "nsubj:pass"):
            found |= {tree.tokens[n].text for n in _proper(tree, c)}
    return found


def _proper(tree: Tree, i: int) -> Iterator[int]:
    for n in (i, *tree.children[i]):
        if tree.tokens[n].tag in {"NNP", "NNPS"}:
            yield n


# -- the frame of a passage --------------------------------------------------------------------


def _frame(context: Context, i: int) -> TimeExpression | None:
    """'In 1993, ...' at the head of a sentence dates the past acts of the next ones in its paragraph,
    until another time is named."""
    tree = context.tree
    if not _narrated(context, i):
        return None
    number = tree.sentence_of[i]
    here = tree.sentences[number]
    statement = context.statement_at(tree.tokens[i].start)
    for back in range(number - 1, max(-1, number - 1 - _FRAME_REACH), -1):
        sentence = tree.sentences[back]
        if sentence.paragraph != here.paragraph:
            return None
        inside = [e for e in _calendar(context) if sentence.start <= e.span[0] < sentence.end]
        if inside:
            first = inside[0]
            opening = tree.first_token(first.span) - sentence.first <= 1
            past = context.published is None or (first.end or "") < context.published.isoformat()
            same = context.statement_at(first.span[0]) is statement
            return first if opening and past and same and len(inside) == 1 else None
    return None


def _calendar(context: Context) -> Iterator[TimeExpression]:
    for expression in context.analysis.times:
        if expression.start is not None and expression.type in {"DATE", "TIME"}:
            yield expression


def _narrated(context: Context, i: int) -> bool:
    """An act of the simple past, or a participle told as done, that reports no words."""
    tree = context.tree
    token = tree.tokens[i]
    if token.lemma in dating_words().speaks_of or base(token.dep) in {"ccomp", "xcomp"}:
        return False
    auxiliaries = {tree.tokens[c].lemma for c in tree.dependents(i, "aux")}
    if auxiliaries & {"have", "be"} or _unreal(tree, i):
        passive = [tree.tokens[c] for c in tree.dependents(i, "aux")]
        return bool(passive) and all(a.lemma == "be" and a.tag == "VBD" for a in passive)
    return token.tag == "VBD" or (token.tag == "VBN" and base(token.dep) in {"acl", "amod"})
