"""Parties that no slot of a frame names: 'rejected an Australian ultimatum', 'demanded that Sudan
withdraw', 'lifted the curfew in Algiers'."""

from __future__ import annotations

from collections.abc import Iterable

from dateline.record.actors import coded_country
from dateline.record.acts import Act
from dateline.record.context import Context
from dateline.record.parties import parties_of
from dateline.record.tree import base

# How many steps below the act its recipient is looked for: in a lone sentence, which was picked for its
# act, and in an article's.
_DEEPEST = 4
_DEEPEST_IN_ARTICLE = 2
# Acts on somebody's deed or thing are acts on him ('rejected the Kenyan plan'); whom a demand, promise
# or threat is made to, words further down do not tell.
_THROUGH_OBJECT = frozenset({"ACCUSE", "SUPPORT", "REJECT", "ASSAULT", "COERCE", "SANCTION"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_DOWN = frozenset(
    {"obj", "iobj", "obl", "nmod", "amod", "compound", "xcomp", "ccomp", "nsubj", "appos", "flat"}
)
_NAMES = frozenset({"place", "person", "organisation"})
# Prepositions of place and time: what follows suffers only acts that bear on a territory.
_ADJUNCT = frozenset(
    {"in", "at", "near", "on", "after", "before", "during", "since", "until", "by", "as", "outside",
     "around", "inside", "following", "amid", "under", "through", "within", "according", "like",
     "despite", "across", "throughout", "along", "via", "because"}
)  # fmt: skip
_TERRITORIAL = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "CONCEDE", "SANCTION", "THREATEN"})
_IN_PLACE = frozenset({"in", "on", "at", "across", "around", "near", "throughout"})


def complete_actors(context: Context, act: Act) -> None:
    """Fill the lost subject of a finite verb: the actors of an active one that has none, the
    recipients of a passive one that has none."""
    tree = context.tree
    if tree.is_passive(act.trigger):
        if not act.recipients and act.by_subject and tree.tokens[act.trigger].tag[:1] == "V":
            found = _subject_before(context, act.trigger)
            act.recipients = [r for r in found if r not in act.actors]
        return
    open_ = act.by_subject and not (act.actors or act.speaker_asks)
    if open_ and _finite_active(context, act.trigger):
        found = _subject_before(context, act.trigger)
        if found:
            act.actors = found
            act.recipients = [r for r in act.recipients if r not in act.actors]


def _subject_before(context: Context, verb: int) -> list[int]:
    """The name that stands before a verb with no other finite verb or preposition between, and what is
    coordinated with it: parsers lose subjects behind long titles and appositions."""
    tree = context.tree
    first = tree.sentences[tree.sentence_of[verb]].first
    for i in range(verb - 1, first - 1, -1):
        token = tree.tokens[i]
        if token.tag in _FINITE and base(token.dep) not in {"aux", "cop"}:
            return []
        if _names_party(context, i):
            if tree.case(i) is not None:
                return []
            return tree.conjuncts(token.head if base(token.dep) == "conj" else i)
    return []


def _finite_active(context: Context, i: int) -> bool:
    tree = context.tree
    if tree.tokens[i].tag[:1] != "V" or tree.is_passive(i):
        return False
    return tree.tokens[i].tag in _FINITE or bool(tree.dependents(i, "aux"))


def complete_recipients(context: Context, act: Act) -> None:
    """Fill the recipients of an act that has an actor but none, from the nearest party below it in
    the tree. Reciprocal acts with two parties need none."""
    if not parties_of(context, act.recipients, None, act.spans):
        act.recipients = []
    if act.recipients or not act.actors or (act.reciprocal and len(act.actors) > 1):
        return
    taken = {i for a in act.actors for i in context.tree.phrase_tokens(a)}
    for i in _below(context, act):
        if i not in taken and _names_party(context, i):
            act.recipients = [c for c in context.tree.conjuncts(i) if c not in taken]
            return


def _below(context: Context, act: Act) -> Iterable[int]:
    """Tokens under an act, nearest first, subjects and clauses of their own left out."""
    level = [act.trigger]
    deepest = _DEEPEST
    if not context.single:
        deepest = _DEEPEST_IN_ARTICLE if act.type in _THROUGH_OBJECT else 1
    for depth in range(deepest):
        deeper: list[int] = []
        for at in level:
            deeper += [c for c in context.tree.children[at] if _leads_on(context, act, c, depth)]
        yield from sorted(deeper)
        level = deeper


def _leads_on(context: Context, act: Act, i: int, depth: int) -> bool:
    token = context.tree.tokens[i]
    relation = base(token.dep)
    if relation not in _DOWN or token.dep == "obl:unmarked" or (relation == "nsubj" and not depth):
        return False
    case = context.tree.case(i)
    if relation not in {"obl", "nmod"} or case not in _ADJUNCT:
        return True
    return act.type in _TERRITORIAL and case in _IN_PLACE


def _names_party(context: Context, i: int) -> bool:
    return context.matcher.kind(i) in _NAMES or bool(coded_country(context.tree.tokens[i].text))
