"""Parties that no slot of a frame names: 'rejected an Australian ultimatum', 'demanded that Sudan
withdraw', 'lifted the curfew in Algiers'."""

from __future__ import annotations

from collections.abc import Iterable

from dateline.record.actors import coded_country
from dateline.record.acts import Act
from dateline.record.context import Context
from dateline.record.parties import parties_of
from dateline.record.tree import base

# How many steps below the act its recipient is looked for.
_DEEPEST = 4
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
    """Fill the actors of a finite active verb that has none, from the name that stands before it with
    no other verb or preposition between: parsers lose subjects behind long titles and appositions."""
    tree = context.tree
    if act.actors or act.speaker_asks or not _finite_active(context, act.trigger):
        return
    first = tree.sentences[tree.sentence_of[act.trigger]].first
    for i in range(act.trigger - 1, first - 1, -1):
        token = tree.tokens[i]
        if token.tag in _FINITE and base(token.dep) not in {"aux", "cop"}:
            return
        if _names_party(context, i):
            if tree.case(i) is None:
                first_of = token.head if base(token.dep) == "conj" else i
                act.actors = tree.conjuncts(first_of)
                act.recipients = [r for r in act.recipients if r not in act.actors]
            return


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
    for depth in range(_DEEPEST):
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
