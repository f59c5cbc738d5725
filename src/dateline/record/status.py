"""How real an act is: happened, ongoing, planned, proposed, hypothetical, denied or background.

Cues come from ``status_cues.csv``; the highest priority wins, then the nearest. Without one the tense
decides. An act dated well before publication is background.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from dateline.record.context import Context
from dateline.record.lexicon import event_classes, status_cues
from dateline.record.model import Status, When
from dateline.record.negation import negated
from dateline.record.tree import Tree, base
from dateline.record.when import days_before

# An act whose stated time ended more than this many days before publication is no news any more: a
# weekly's reach, and longer than any act reported as new on our sample pages.
NEWS_DAYS = 14
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# 'refrained from endorsing', 'accused of', 'plans for a visit'
_GERUND_CASES = frozenset({"from", "of", "for", "against", "about"})


def status_of(
    context: Context, i: int, words: set[int], when: When | None, *, refused: bool = False
) -> Status:
    """Status of the act with trigger ``i``; ``words`` are all tokens that make it up. ``refused``: its
    negation has already made it another act ('will not meet' is a refusal, and that happened)."""
    carrier = _carrier(context.tree, i)
    if refused:
        return "background" if _long_ago(context, when) else "happened"
    best = max(_cues(context, i, carrier), key=lambda pair: pair[0], default=None)
    status = best[1] if best else _by_tense(context.tree, carrier)
    if any(negated(context.tree, w) for w in (i, carrier) if w is not None):
        status = "denied"
    if status in {"happened", "ongoing"} and _long_ago(context, when):
        return "background"
    return status


def _long_ago(context: Context, when: When | None) -> bool:
    if when is None or when.basis == "published" or context.published is None:
        return False
    passed = days_before(when, context.published)
    return passed is not None and passed > NEWS_DAYS


def _cues(context: Context, i: int, verb: int | None) -> Iterable[tuple[int, Status]]:
    """Status cues that reach the trigger, with their priorities. ``verb`` carries its tense."""
    tree, table = context.tree, status_cues()
    for at in {i} if verb is None else {i, verb}:
        for c in tree.children[at]:
            dep = base(tree.tokens[c].dep)
            for word in {tree.tokens[c].lemma, tree.tokens[c].text.lower()}:
                for cue in table.get(word, ()):
                    fits = len(cue.lemmas) == 1 and cue.kind == dep and cue.status != "denied"
                    if fits and not (cue.status == "planned" and _past(tree, at)):
                        yield cue.priority, cast(Status, cue.status)
    yield from _governing(tree, i)
    if verb is None:
        return
    yield from _tense_cue(context, verb)
    yield from _phrases(tree, verb)
    yield from _marks(tree, verb)


def _governing(tree: Tree, i: int) -> Iterable[tuple[int, Status]]:
    """Governors whose clause, object or gerund ('refrained from endorsing') the trigger is. A finite
    clause is told as a fact, whatever asks or hopes above it, unless it is denied or doubted."""
    finite = _finite(tree, i)
    for governor, kinds in _governors(tree, i):
        for cue in status_cues().get(tree.tokens[governor].lemma, ()):
            if cue.kind in kinds and (cue.status == "denied" or not finite):
                yield cue.priority, cast(Status, cue.status)


def _governors(tree: Tree, i: int) -> Iterable[tuple[int, frozenset[str]]]:
    """Words above the trigger, each with the kinds of cue that it can be there."""
    token = tree.tokens[i]
    if token.head == i:
        return
    relation = base(token.dep)
    if relation in {"xcomp", "ccomp"}:
        yield token.head, frozenset({"governor", "clause-governor"})
    elif (
        relation == "obj"
        or token.dep == "nsubj:pass"
        or (relation in {"advcl", "obl", "acl", "nmod"} and tree.case(i) in _GERUND_CASES)
    ):
        yield token.head, frozenset({"governor"})


def _past(tree: Tree, i: int) -> bool:
    """'Soon arrested him' is no plan."""
    return tree.tokens[i].tag in {"VBD", "VBN"} and _finite(tree, i)


def _finite(tree: Tree, i: int) -> bool:
    """A verb with a tense of its own and no modal: 'attacked', 'has backed', not 'to back'."""
    token = tree.tokens[i]
    auxiliaries = [tree.tokens[c] for c in tree.dependents(i, "aux")]
    if any(a.tag == "MD" for a in auxiliaries):
        return False
    if any(a.tag in _FINITE for a in auxiliaries):
        return True
    return token.tag in _FINITE and not any(a.tag == "TO" for a in auxiliaries)


def _marks(tree: Tree, verb: int) -> Iterable[tuple[int, Status]]:
    """Subordinators of the clauses the act lies in, up to the main one ('if', 'unless')."""
    at = verb
    for above in [*tree.ancestors(verb), verb]:
        relation = base(tree.tokens[at].dep)
        if relation == "advcl":
            for c in tree.dependents(at, "mark"):
                for cue in status_cues().get(tree.tokens[c].lemma, ()):
                    if cue.kind == "mark":
                        yield cue.priority, cast(Status, cue.status)
        if relation in {"ccomp", "parataxis"} or tree.tokens[at].dep == "acl:relcl":
            return
        at = above


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
    otherwise; those of a wider scope say nothing of a verb with a tense of its own."""
    sentence = tree.sentences[tree.sentence_of[verb]]
    clause = _clause_range(tree, verb)
    finite = _finite(tree, verb)
    cues = status_cues()
    for start in range(sentence.first, sentence.last):
        for cue in cues.get(tree.tokens[start].lemma, ()):
            end = start + len(cue.lemmas)
            if cue.kind != "phrase" or end > sentence.last:
                continue
            if any(tree.tokens[start + n].lemma != w for n, w in enumerate(cue.lemmas)):
                continue
            if tree.tokens[start].tag == "NNP" or tree.tokens[start].dep == "flat":
                continue  # 'Theresa May has ...'
            reached = (
                verb - 2 <= end - 1 <= verb if cue.scope == "trigger"
                else not finite and (cue.scope == "sentence" or start in clause)
            )  # fmt: skip
            if reached:
                yield cue.priority, cast(Status, cue.status)


def _clause_range(tree: Tree, verb: int) -> range:
    """Tokens from the clause's first to its last, clauses below it included."""
    head = tree.clause(verb)
    indices = list(tree.subtree(head))
    return range(min(indices), max(indices) + 1)


def _carrier(tree: Tree, i: int) -> int | None:
    """The verb that carries the act's tense: the trigger itself, or the verb that makes a noun's act
    happen ('a raid was launched', 'talks took place'). None for a noun that other verbs only speak
    of: what it names is taken as a fact."""
    token = tree.tokens[i]
    if not token.tag.startswith("N"):
        return i
    while base(token.dep) == "conj" and token.head != token.i:
        token = tree.tokens[token.head]
    above = tree.tokens[token.head]
    relation = token.dep if token.dep == "nsubj:pass" else base(token.dep)
    classes = event_classes()
    if relation in {"obj", "nsubj:pass"} and above.lemma in classes["makes_happen"]:
        return above.i
    if relation == "nsubj" and above.lemma in classes["happens"]:
        return above.i
    return None


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


def _by_tense(tree: Tree, verb: int | None) -> Status:
    """Without any cue: a past form happened, a present one is going on, a bare infinitive is a plan
    unless it complements something that happened or tells who did it ('the first to sign')."""
    if verb is None:
        return "happened"
    name = tense(tree, verb)
    if name in {"present", "present-progressive"}:
        return "ongoing" if name == "present-progressive" else "happened"
    if name == "none" and tree.tokens[verb].tag == "VB":
        return "happened" if _picks_out(tree, verb) else "planned"
    return "happened"


def _picks_out(tree: Tree, verb: int) -> bool:
    """'The first governor to sign', 'one of few to object': the infinitive names what was done."""
    token = tree.tokens[verb]
    if base(token.dep) not in {"acl", "xcomp", "advcl"} or token.head == verb:
        return False
    inside = [tree.tokens[token.head], *(tree.tokens[c] for c in tree.subtree(token.head))]
    return any(t.i < verb and t.lemma in event_classes()["ordinal"] for t in inside)
