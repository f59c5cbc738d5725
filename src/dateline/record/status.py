"""How real an act is: happened, ongoing, planned, proposed, hypothetical, denied or background.

Cues come from ``status_cues.csv``; the highest priority wins, then the nearest. Without one the tense
decides. An act dated well before publication is background.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from dateline.record.context import Context
from dateline.record.lexicon import status_cues
from dateline.record.model import Status, When
from dateline.record.negation import negated
from dateline.record.tree import Tree, base
from dateline.record.when import days_before

# An act whose stated time ended more than this many days before publication is no news any more: a
# weekly's reach, and longer than any act reported as new on our sample pages.
NEWS_DAYS = 14


def status_of(context: Context, i: int, words: set[int], when: When | None) -> Status:
    """Status of the act with trigger ``i``; ``words`` are all tokens that make it up."""
    best = max(_cues(context, i), key=lambda pair: pair[0], default=None)
    status = best[1] if best else _by_tense(context.tree, _verb(context.tree, i))
    if any(negated(context.tree, w) for w in {i, _verb(context.tree, i)}):
        status = "denied"
    if status in {"happened", "ongoing"} and _long_ago(context, when):
        return "background"
    return status


def _long_ago(context: Context, when: When | None) -> bool:
    if when is None or when.basis == "published" or context.published is None:
        return False
    passed = days_before(when, context.published)
    return passed is not None and passed > NEWS_DAYS


def _cues(context: Context, i: int) -> Iterable[tuple[int, Status]]:
    """Status cues that reach the trigger, with their priorities."""
    tree, table = context.tree, status_cues()
    verb = _verb(tree, i)
    for at in {i, verb}:
        for c in tree.children[at]:
            dep = base(tree.tokens[c].dep)
            for cue in table.get(tree.tokens[c].lemma, ()):
                if len(cue.lemmas) == 1 and cue.kind == dep and cue.status != "denied":
                    yield cue.priority, cast(Status, cue.status)
    yield from _governing(tree, i)
    yield from _tense_cue(context, verb)
    yield from _phrases(tree, verb)
    yield from _marks(tree, verb)


def _governing(tree: Tree, i: int) -> Iterable[tuple[int, Status]]:
    """Governors whose clause or object the trigger is."""
    token = tree.tokens[i]
    if base(token.dep) not in {"xcomp", "ccomp", "obj"} or token.head == i:
        return
    for cue in status_cues().get(tree.tokens[token.head].lemma, ()):
        if cue.kind == "governor":
            yield cue.priority, cast(Status, cue.status)


def _marks(tree: Tree, verb: int) -> Iterable[tuple[int, Status]]:
    """Subordinators of the clauses the act lies in, up to the main one ('if', 'unless')."""
    for at in [verb, *tree.ancestors(verb)]:
        if base(tree.tokens[at].dep) != "advcl":
            continue
        for c in tree.dependents(at, "mark"):
            for cue in status_cues().get(tree.tokens[c].lemma, ()):
                if cue.kind == "mark":
                    yield cue.priority, cast(Status, cue.status)


def _tense_cue(context: Context, verb: int) -> Iterable[tuple[int, Status]]:
    name = tense(context.tree, verb)
    reported = context.statement_at(context.tree.tokens[verb].start) is not None
    if name.startswith("past-perfect") and reported:
        name = "past"
    for cue in status_cues().get(name, ()):
        if cue.kind == "tense":
            yield cue.priority, cast(Status, cue.status)


def _phrases(tree: Tree, verb: int) -> Iterable[tuple[int, Status]]:
    """Phrases of lemmas: right before the verb for scope 'trigger', in its clause or sentence
    otherwise."""
    sentence = tree.sentences[tree.sentence_of[verb]]
    clause = _clause_range(tree, verb)
    for start in range(sentence.first, sentence.last):
        for cue in status_cues().get(tree.tokens[start].lemma, ()):
            end = start + len(cue.lemmas)
            if cue.kind != "phrase" or end > sentence.last:
                continue
            if any(tree.tokens[start + n].lemma != w for n, w in enumerate(cue.lemmas)):
                continue
            reached = (
                verb - 2 <= end - 1 <= verb if cue.scope == "trigger"
                else cue.scope == "sentence" or start in clause
            )  # fmt: skip
            if reached:
                yield cue.priority, cast(Status, cue.status)


def _clause_range(tree: Tree, verb: int) -> range:
    """Tokens from the clause's first to its last, clauses below it included."""
    head = tree.clause(verb)
    indices = list(tree.subtree(head))
    return range(min(indices), max(indices) + 1)


def _verb(tree: Tree, i: int) -> int:
    """The verb that carries the act's tense: itself, or the verb a noun is an argument of."""
    if tree.tokens[i].tag.startswith("V"):
        return i
    for above in tree.ancestors(i):
        if tree.tokens[above].tag.startswith("V"):
            return above
        if tree.sentence_of[above] != tree.sentence_of[i]:
            break
    return i


def tense(tree: Tree, verb: int) -> str:
    """Name of the verb group's tense as the cue table has it; 'none' for an infinitive or noun."""
    token = tree.tokens[verb]
    auxiliaries = [tree.tokens[c] for c in tree.dependents(verb, "aux")]
    lemmas = {a.lemma for a in auxiliaries}
    had = any(a.lemma == "have" and a.tag in {"VBD"} for a in auxiliaries)
    if any(a.tag == "MD" for a in auxiliaries):
        return "modal"
    if "have" in lemmas and token.tag in {"VBN", "VBG", "VBD"}:
        tail = "-progressive" if token.tag == "VBG" else ""
        return ("past-perfect" if had else "present-perfect") + tail
    if token.tag == "VBG" and "be" in lemmas:
        past = any(a.lemma == "be" and a.tag == "VBD" for a in auxiliaries)
        return "past-progressive" if past else "present-progressive"
    if token.tag in {"VBD", "VBN"}:
        return "past"
    if token.tag in {"VBZ", "VBP"}:
        return "present"
    return "none"


def _by_tense(tree: Tree, verb: int) -> Status:
    """Without any cue: a past form happened, a present one is going on, a bare infinitive is a plan
    unless it complements something that happened."""
    name = tense(tree, verb)
    if name in {"present", "present-progressive"}:
        return "ongoing" if name == "present-progressive" else "happened"
    if name == "none" and tree.tokens[verb].tag == "VB":
        return "planned"
    return "happened"
