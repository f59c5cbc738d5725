"""Which time expression of a sentence tells when an act of it was.

Time and act each climb the tree as far as their clause reaches; where the two meet, the time may be
the act's. Clauses that are told, wished or only mentioned keep their own time.
"""

from __future__ import annotations

from dateline.analysis.model import TimeExpression
from dateline.record.context import Context
from dateline.record.dating_words import dating_words
from dateline.record.tree import Tree, base

_CALENDAR = frozenset({"DATE", "TIME"})
_WITHIN = frozenset({"in", "at", "during", "on", "by", "after", "since"})
_BEGINNING = frozenset({"since", "from"})
_NAMING = frozenset({"compound", "nummod", "amod", "nmod:poss", "nmod:unmarked", "dep"})
_SINCE = 2  # steps that a beginning stands behind a plain time
_HIGHEST = 30  # steps up a tree; no sentence of the development articles is deeper


def attached(context: Context, i: int, *, said: bool = False) -> TimeExpression | None:
    """The calendar expression of the act at token ``i``: of several that reach it the nearest in the
    tree, then in the text; None when none does. ``said``: the act is a report, and a time inside what
    it reports is not its own."""
    tree = context.tree
    number = tree.sentence_of[i]
    best: tuple[int, int, TimeExpression] | None = None
    for expression in context.analysis.times:
        if expression.start is None or expression.type not in _CALENDAR:
            continue
        head = tree.head_in(expression.span)
        if head is None or tree.sentence_of[head] != number:
            continue
        if (said and _inside_report(context, i, expression)) or not _fits(context, i, expression):
            continue
        steps = _steps(context, head, i, expression)
        if steps is not None and is_since(context, expression):
            steps += _SINCE  # 'spoke on Monday for the first time since 2022'
        if steps is not None and (best is None or (steps, abs(head - i)) < best[:2]):
            best = steps, abs(head - i), expression
    return best[2] if best else None


def _steps(context: Context, time: int, act: int, expression: TimeExpression) -> int | None:
    """How far a time stands from an act in the tree; None when it is another clause's."""
    above_time = _time_reach(context, time, act, expression)
    above_act = _act_reach(context, act, time, expression)
    for up, node in enumerate(above_time):
        if node in above_act:
            return up + above_act.index(node)
    return None


def _time_reach(context: Context, time: int, act: int, expression: TimeExpression) -> list[int]:
    """Tokens whose time the expression may tell: the noun it names, then the verb of the clause, then
    verbs of which that is the infinitive, unless it is still to come."""
    tree, path, i = context.tree, [time], time
    while tree.tokens[i].head != i and len(path) < _HIGHEST:
        token = tree.tokens[i]
        if base(token.dep) in _BARRIERS and not _open(context, i, expression):
            break
        if i != time and act not in path and _only_named(tree, time, i):
            break
        i = token.head
        path.append(i)
    return path


def _open(context: Context, i: int, expression: TimeExpression) -> bool:
    """Coordinated nouns stand in one clause; an infinitive's time may be its governor's, unless it is
    still to come ('agreed to meet on Thursday')."""
    token = context.tree.tokens[i]
    if base(token.dep) == "xcomp":
        return not _ahead(context, expression)
    return base(token.dep) == "conj" and not token.tag.startswith("V")


_BARRIERS = frozenset({"xcomp", "ccomp", "advcl", "acl", "conj", "parataxis", "csubj"})


def _only_named(tree: Tree, time: int, noun: int) -> bool:
    """'a repeal of the 2010 law', 'refused since the 2012 vote': the time names the noun, and dates the
    clause only when the clause happens in or at it ('during the 2010 summit')."""
    if tree.tokens[time].head != noun or tree.tokens[time].dep not in _NAMING:
        return False
    relation = base(tree.tokens[noun].dep)
    return not (relation == "obl" and tree.case(noun) in _WITHIN) and relation != "nsubj"


def _act_reach(context: Context, act: int, time: int, expression: TimeExpression) -> list[int]:
    """Tokens whose time is the act's too."""
    tree, path, i = context.tree, [act], act
    while tree.tokens[i].head != i and len(path) < _HIGHEST:
        if not _shares(context, i, act, time, expression):
            break
        i = tree.tokens[i].head
        path.append(i)
    return path


def _shares(context: Context, i: int, act: int, time: int, expression: TimeExpression) -> bool:
    """Whether the clause or noun at ``i`` has the time of what governs it."""
    tree, words = context.tree, dating_words()
    token = tree.tokens[i]
    relation, above = base(token.dep), tree.tokens[token.head]
    mark = tree.case(i)
    if relation == "conj":
        # 'met on Monday and agreed': the time stands with the first
        return not token.tag.startswith("V") or (time < act and _same_mood(tree, i, token.head))
    if relation == "xcomp":
        infinitive = token.tag == "VB"
        return not infinitive or above.lemma in words.same_time or _ahead(context, expression)
    if relation == "advcl":
        return mark in words.alongside or (mark is None and token.tag in {"VBG", "VBN"})
    if relation in {"ccomp", "csubj", "parataxis", "acl"}:
        return False
    if token.tag == "VBG" and relation in {"obl", "nmod"}:
        return mark in words.alongside
    if i == act and token.tag.startswith("N") and relation in {"obj", "obl", "nmod"}:
        return above.lemma not in words.speaks_of
    return True


def _same_mood(tree: Tree, one: int, other: int) -> bool:
    """Both told as facts or both not: 'signed it on Monday and will publish it' has two times."""
    return _modal(tree, one) == _modal(tree, other)


def _modal(tree: Tree, i: int) -> bool:
    return any(tree.tokens[c].tag == "MD" for c in tree.dependents(i, "aux"))


def _ahead(context: Context, expression: TimeExpression) -> bool:
    """True for a time after the day of publication."""
    if context.published is None or expression.start is None:
        return False
    return expression.start > context.published.isoformat()


def _fits(context: Context, act: int, expression: TimeExpression) -> bool:
    """False when the tense of the act's verb rules the time out: a past act lies not ahead, one of the
    simple present not on a day gone by."""
    published = context.published
    if published is None or expression.end is None:
        return True
    tense = _tense(context.tree, act)
    if tense == "past":
        return not _ahead(context, expression)
    one_day = expression.start == expression.end
    gone = one_day and expression.end < published.isoformat()
    return not (tense == "present" and gone) or is_since(context, expression)


def _tense(tree: Tree, act: int) -> str:
    """'past' or 'present' for a simple finite verb, or an infinitive that happens with one; ''
    otherwise. The tagger confuses the two, so that the ending has a say."""
    while tree.tokens[act].tag == "VB" and base(tree.tokens[act].dep) == "xcomp":
        act = tree.tokens[act].head
        if tree.tokens[act].lemma not in dating_words().same_time:
            return ""
    token = tree.tokens[act]
    if tree.dependents(act, "aux") or token.tag not in {"VBD", "VBZ", "VBP"}:
        return ""
    if token.tag == "VBD" or token.text.lower().endswith("ed"):
        return "past"
    return "present"


def is_since(context: Context, expression: TimeExpression) -> bool:
    """True when 'since' or 'from' stands before the expression or opens it."""
    tokens = context.tree.tokens
    first = context.tree.first_token(expression.span)
    words = context.text[expression.span[0] : expression.span[1]].lower().split()
    before = tokens[first - 1].text.lower() if 0 < first <= len(tokens) else ""
    return before in _BEGINNING or bool(words and words[0] in _BEGINNING)


def _inside_report(context: Context, i: int, expression: TimeExpression) -> bool:
    start, cue = expression.span[0], context.tree.tokens[i].start
    return any(
        any(low <= start < high for low, high in a.content)
        and any(low <= cue < high for low, high in a.cue)
        for a in context.analysis.attributions
    )
