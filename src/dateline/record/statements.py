"""Statements: attributions with their speaker tied to an actor, channel, addressee and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from dateline.analysis.model import Attribution, Token
from dateline.analysis.quotes import quoted_share, quoted_spans
from dateline.knowledge.tables import read_csv
from dateline.record.context import Context
from dateline.record.lexicon import reporting_verbs
from dateline.record.model import Dropped, Party, Statement
from dateline.record.people import Member, epithets
from dateline.record.when import when_of
from dateline.spans import Span, hull

# Below this the network's probability of an attribution is a coin toss; a reported clause under a cue
# that no table knows, and a view without a clause, must be surer (PolNeAR development articles).
_LEAST_CONFIDENCE = 0.35
_LEAST_UNKNOWN, _LEAST_VIEW = 0.65, 0.8
# A quotation without a source goes on with the last speaker across this many characters at most.
_FARTHEST_CONTINUED = 300
_CHANNEL_LINKS = frozenset({"with", "to", "for", "on", "by"})


def make_statements(context: Context) -> list[Statement]:
    """Statements in text order. An attribution without content, too unsure, or whose cue does not
    report anything ('discussed the war') is left in ``context.dropped``."""
    quotes = quoted_spans(context.text)
    statements: list[Statement] = []
    for attribution in context.analysis.attributions:
        refused = _refusal(context, attribution)
        if refused is not None:
            spans = attribution.content or [*attribution.source, *attribution.cue]
            _drop(context, *refused, hull(spans))
            continue
        statement = _statement(context, attribution, len(statements) + 1)
        if statement.speaker is None and not attribution.cue:
            statement = _continued(context, statement, statements, quotes)
        statements.append(statement)
    return statements


def _refusal(context: Context, attribution: Attribution) -> tuple[str, str] | None:
    """Reason and message why an attribution is no statement; None when it is one."""
    if not attribution.content:
        return "no_content", "a reporting cue with nothing reported"
    if attribution.confidence < _LEAST_CONFIDENCE:
        return "unsure", "may be a report, too unsure"
    if attribution.kind != "indirect" or _is_mark(context, attribution):
        return None
    if not attribution.cue and not attribution.source:
        return "no_cue", "may be a report, with nobody said to have made it"
    kinds, clausal = _cue_kinds(context, attribution), _is_clause(context, attribution)
    if kinds & {"speech", "writing"}:
        return None
    least = _LEAST_UNKNOWN if clausal else _LEAST_VIEW
    if (kinds and clausal) or (attribution.confidence >= least and (kinds or clausal)):
        return None
    return "not_a_report", "the verb tells what somebody did, not what somebody said"


def _is_mark(context: Context, attribution: Attribution) -> bool:
    """A cue of punctuation ('Ada Obi: ...')."""
    return bool(attribution.cue) and not any(
        c.isalpha() for start, end in attribution.cue for c in context.text[start:end]
    )


def _cue_kinds(context: Context, attribution: Attribution) -> set[str]:
    """What kinds of reporting cue (``reporting_verbs.csv``) the cue's words begin."""
    found = set()
    for i in _tokens_in(context, attribution.cue):
        for cue in reporting_verbs().get(context.tree.tokens[i].lemma, ()):
            following = context.tree.tokens[i : i + len(cue.lemmas)]
            if tuple(t.lemma for t in following) == cue.lemmas:
                found.add(cue.kind)
    return found


def _is_clause(context: Context, attribution: Attribution) -> bool:
    """True when what is reported has a verb of its own, 'that' or 'whether'."""
    tokens = (context.tree.tokens[i] for i in _tokens_in(context, attribution.content))
    return any(
        t.tag in {"VBZ", "VBD", "VBP", "VB", "MD"} or t.lemma in {"that", "whether"} for t in tokens
    )


def _tokens_in(context: Context, spans: Sequence[Span]) -> Iterator[int]:
    tokens = context.tree.tokens
    for span in spans:
        i = context.tree.first_token(span)
        while i < len(tokens) and tokens[i].start < span[1]:
            yield i
            i += 1


def _statement(context: Context, attribution: Attribution, number: int) -> Statement:
    speaker = _speaker(context, attribution)
    anchor = attribution.cue[0] if attribution.cue else attribution.content[0]
    head = context.tree.head_in(anchor)
    channel = _channel(context, attribution)
    return Statement(
        id=f"s{number}",
        speaker=speaker,
        cue=attribution.cue,
        content=attribution.content,
        kind=attribution.kind,
        channel=context.text[channel[0] : channel[1]] if channel else None,
        channel_span=channel,
        addressee=_addressee(context, attribution),
        when=when_of(context, head, said=True) if head is not None else None,
        confidence=round(min(1.0, attribution.confidence), 4),
    )


def _speaker(context: Context, attribution: Attribution) -> Party | None:
    """Who the source words mean: a person they name, a body they end in, whom a pronoun or a phrase
    stands for. An unknown speaker keeps its words, actor None. A source left unsaid ('... and has
    demanded ...') is the subject of the cue's verb."""
    if not attribution.source:
        return _unsaid(context, attribution)
    parties = [_source_party(context, span) for span in _nearest_first(attribution)]
    return next((p for p in parties if p.actor is not None), parties[0])


def _nearest_first(attribution: Attribution) -> list[Span]:
    """The source's spans, the one beside the cue first: a stray one further off counts less."""
    if not attribution.cue:
        return attribution.source
    start, end = attribution.cue[0]
    return sorted(attribution.source, key=lambda s: max(s[0] - end, start - s[1]))


def _source_party(context: Context, source: Span) -> Party:
    """The party that one span of source words means."""
    span = _trimmed(context.text, source)
    head = _source_head(context, span)
    meant = context.cast.people.meant.get(head) if head is not None else None
    actor = meant.actor.id if meant and meant.actor else _named_inside(context, span)
    if actor is None and meant is None:
        actor = _named_after(context, span, head) or _introduced(context, span)
    if actor is None and head is not None:
        inside = span[0] <= context.tree.tokens[head].start < span[1]
        cast = context.cast
        party = cast.described(head, _core(context, span)) if inside else cast.party(head)
        actor = party.actor if party else None
    return Party(span=span, text=context.text[span[0] : span[1]], actor=actor)


def _named_after(context: Context, span: Span, head: int | None) -> str | None:
    """The person whose name follows a comma after words for one ('a spokesman for the army, Ada
    Obi')."""
    entry = epithets().get(context.tree.tokens[head].lemma) if head is not None else None
    if entry is None or entry.kind != "person":
        return None
    return next(
        (m.actor.id for at, m in _persons(context) if m.actor and _gap(context, span, at) == ", "),
        None,
    )


def _persons(context: Context) -> Iterator[tuple[Span, Member]]:
    for member in context.cast.members:
        if member.kind == "person" and member.actor is not None:
            for mention in member.mentions:
                yield mention, member


def _gap(context: Context, first: Span, second: Span) -> str | None:
    """The text between two spans, None when the second does not follow the first closely."""
    if not 0 <= second[0] - first[1] <= 2:
        return None
    return context.text[first[1] : second[0]]


def _named_at_cue(context: Context, attribution: Attribution) -> Party | None:
    """The person whose name stands beside the cue though no source was found: '..., its envoy, Ada
    Obi, said' and '..., said Ada Obi'."""
    cue, content = attribution.cue[0], attribution.content
    for at, member in _persons(context):
        beside = _gap(context, at, cue) == ", " or _gap(context, cue, at) == " "
        if beside and member.actor and not any(c[0] <= at[0] < c[1] for c in content):
            return Party(span=at, text=context.text[at[0] : at[1]], actor=member.actor.id)
    return None


def _introduced(context: Context, span: Span) -> str | None:
    """A source that is plainly a person's name, though the name finder passed it over, with what
    describes it after a comma ('Ada Obi, a farmer')."""
    core = _core(context, span)
    tokens = [context.tree.tokens[i] for i in _tokens_in(context, [core])]
    named = all(t.tag == "NNP" and t.text[0].isupper() and t.text.isalpha() for t in tokens)
    if core[1] == span[1] or not named or not 2 <= len(tokens) <= 3:
        return None
    return context.cast.introduce(context.text[core[0] : core[1]]).id


def _core(context: Context, span: Span) -> Span:
    """Source words up to the first comma or relative clause."""
    for i in _tokens_in(context, [span]):
        token = context.tree.tokens[i]
        if token.start > span[0] and (token.text == "," or token.tag in {"WP", "WDT"}):
            return span[0], context.tree.tokens[i - 1].end
    return span


def _source_head(context: Context, span: Span) -> int | None:
    """The head of the source words; of a relative pronoun the noun it refers to."""
    tree = context.tree
    head = tree.head_in(span)
    if head is None or not tree.tokens[head].tag.startswith("W"):
        return head
    for above in tree.ancestors(head):
        if tree.tokens[above].dep.startswith("acl"):
            return tree.tokens[above].head
    return None


def _unsaid(context: Context, attribution: Attribution) -> Party | None:
    head = context.tree.head_in(attribution.cue[0]) if attribution.cue else None
    if head is None or not context.tree.tokens[head].tag.startswith("V"):
        return None
    if not context.tree.is_passive(head) and (named := _named_at_cue(context, attribution)):
        return named
    subjects = context.tree.subjects(head) or _subject_before(context, head, attribution)
    parties = [context.cast.party(s) for s in subjects]
    return next((p for p in parties if p is not None), None)


def _subject_before(context: Context, verb: int, attribution: Attribution) -> list[int]:
    """The last subject before a verb that shares it ('Ada left and has demanded ...'), for want of one
    in the tree."""
    tree = context.tree
    if tree.is_passive(verb):
        return []
    inside = set(_tokens_in(context, attribution.content))
    first = tree.sentences[tree.sentence_of[verb]].first
    found = [
        i
        for i in range(verb - 1, first - 1, -1)
        if tree.tokens[i].dep == "nsubj" and i not in inside
    ]
    return found[:1]


def _trimmed(text: str, span: Span) -> Span:
    """A span without the punctuation and blanks at its ends."""
    start, end = span
    while end - start > 1 and text[end - 1] in " ,;:—–-":
        end -= 1
    while end - start > 1 and text[start] in " ,;:—–-":
        start += 1
    return start, end


def _named_inside(context: Context, span: Span) -> str | None:
    """The person, else the body, that the source words name, whatever the parser makes of their head
    ('Trump's defence secretary, Pete Hegseth'). Names that belong to another noun do not count."""
    core = _core(context, span)[1]
    named = [
        (member.kind != "person", mention, member.actor.id)
        for member in context.cast.members
        if member.actor is not None
        for mention in member.mentions
        if span[0] <= mention[0]
        and mention[1] <= span[1]
        and (member.kind == "person" or abs(mention[1] - core) <= 1)
        and _stands_free(context, mention, span)
    ]
    return min(named)[2] if named else None


def _stands_free(context: Context, mention: Span, source: Span) -> bool:
    """False for a name inside a source that only modifies another noun: before a possessive or a noun
    ('Trump supporters'), after a preposition ('a spokesman for Trump') or 'who'."""
    tree = context.tree
    first, last = tree.first_token(mention), tree.first_token((mention[1] - 1, mention[1]))
    after = tree.tokens[last + 1] if last + 1 < len(tree.tokens) else None
    if after is not None and after.start < source[1] and _owns(after):
        return False
    before = [tree.tokens[k] for k in range(tree.first_token(source), first)]
    commas = [n for n, t in enumerate(before) if t.text == ","]
    before = before[commas[-1] + 1 :] if commas else before
    return not any(t.tag in {"IN", "TO", "WP", "WDT", "VBD", "VBZ", "VBG"} for t in before)


def _owns(after: Token) -> bool:
    """True for a word that makes the name before it a modifier."""
    return after.text in {"'s", "’s", "'", "’", "-"} or after.tag.startswith("NN")


def _addressee(context: Context, attribution: Attribution) -> Party | None:
    """Whom the cue's verb has as its (indirect) object or after 'to'."""
    if not attribution.cue:
        return None
    tree = context.tree
    head = tree.head_in(attribution.cue[0])
    if head is None or not tree.tokens[head].tag.startswith("V"):
        return None
    listed = tree.dependents(head, "iobj") + [
        c for c in tree.dependents(head, "obl") if tree.case(c) == "to"
    ]
    if tree.tokens[head].lemma in {"tell", "inform", "assure", "remind", "warn", "urge", "ask"}:
        listed += tree.dependents(head, "obj")
    content = attribution.content
    for c in listed:
        if any(start <= tree.tokens[c].start < end for start, end in content):
            continue
        span = tree.phrase(c)
        party = context.cast.party(c)
        return party or Party(span=span, text=context.text[span[0] : span[1]])
    return None


def _channel(context: Context, attribution: Attribution) -> Span | None:
    """How it was said: 'an interview with The Economist published on Wednesday', 'social media'.
    Looked for among the prepositional phrases of the cue's sentence, outside the content."""
    anchor = (attribution.cue or attribution.source or attribution.content)[0]
    tree = context.tree
    number = tree.sentence_of[min(tree.first_token(anchor), len(tree.tokens) - 1)]
    sentence = tree.sentences[number]
    nouns = _channel_nouns()
    for i in range(sentence.first, sentence.last):
        token = tree.tokens[i]
        if token.lemma not in nouns or tree.case(i) not in nouns[token.lemma]:
            continue
        if any(start <= token.start < end for start, end in attribution.content):
            continue
        return _whole_channel(context, tree.phrase(i), i, sentence.last)
    return None


def _whole_channel(context: Context, phrase: Span, i: int, last: int) -> Span:
    """The phrase with what says whose channel it was and when it came out, though the parser may have
    hung that elsewhere: 'with' or 'to' and a name, 'published' and a time."""
    tokens, names = context.tree.tokens, context.analysis.names
    end = phrase[1]
    at = context.tree.first_token((end, end + 1))
    if at < last and tokens[at].text.lower() in _CHANNEL_LINKS:
        close = {"the", tokens[at].text.lower()}
        name = next(
            (n.span for n in names if tokens[at].end <= n.span[0] <= tokens[at].end + 5), None
        )
        if name and context.text[tokens[at].end : name[0]].strip().lower() in close | {""}:
            end = name[1]
            at = context.tree.first_token((end, end + 1))
    if at < last and tokens[at].tag == "VBN":
        times = [t.span for t in context.analysis.times if 0 <= t.span[0] - tokens[at].end <= 5]
        if times:
            end = times[0][1]
    return phrase[0], end


@cache
def _channel_nouns() -> dict[str, frozenset[str]]:
    rows = read_csv("channels.csv", ("noun", "prepositions"))
    return {row["noun"]: frozenset(row["prepositions"].split()) for row in rows}


def _continued(
    context: Context, statement: Statement, before: list[Statement], quotes: list[Span]
) -> Statement:
    """A paragraph that is nothing but a quotation goes on with the speaker of the one before it."""
    if not before or before[-1].speaker is None or before[-1].kind == "indirect":
        return statement
    first, last = statement.content[0][0], _end(before[-1])
    between = context.text[last:first]
    if (
        len(between) > _FARTHEST_CONTINUED
        or between.count("\n\n") > 1
        or quoted_share(statement.content[0], quotes) < 0.9
    ):
        return statement
    return statement.model_copy(update={"speaker": before[-1].speaker})


def _end(statement: Statement) -> int:
    """Where the last of a statement's words ends."""
    speaker = [statement.speaker.span] if statement.speaker else []
    return max(end for _, end in [*statement.cue, *statement.content, *speaker])


def _drop(context: Context, reason: str, message: str, span: Span) -> None:
    context.dropped.append(Dropped(stage="statement", reason=reason, message=message, span=span))
