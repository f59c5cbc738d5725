"""A record, or an article, as lines of text for a person to read.

The functions return styled lines (``dateline.views.layout``); ``width`` None means that no line is
broken, which is what a pipe wants. ``full`` shows every entry uncut.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dateline.article.model import Article
from dateline.record.model import (
    Discrepancy,
    Dropped,
    Event,
    Party,
    Position,
    Record,
    Statement,
    TimelineEntry,
    When,
)
from dateline.spans import Span
from dateline.views.layout import ELLIPSIS, Line, Run, Style, clean, clip, flow, wrap

# Characters of evidence shown per entry: with the codes before it, an entry then takes two lines
# of a 100-column terminal.
WORDS_SHOWN = 110
DROPPED_EXAMPLE = 70
_OPENING, _CLOSING = '“„«"', '”‟»"'
_INNER_QUOTES = str.maketrans({"“": "‘", "”": "’", '"': "'"})


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every section needs: the record, the width in characters, and whether to cut."""

    record: Record
    width: int | None
    full: bool

    def words(self, spans: Sequence[Span], focus: Span | None = None) -> Run:
        """The article's own words at ``spans``, in quotation marks, cut unless ``full``."""
        return Run(_quoted(self.record.article.text, spans, self.limit, focus), "words")

    @property
    def limit(self) -> int | None:
        return None if self.full else WORDS_SHOWN

    def party(self, party: Party | None) -> Line:
        """An actor as 'Name [CODES]'; the words as printed when no actor is known for them."""
        if party is None:
            return (Run("unnamed", "dim"),)
        actor = next((a for a in self.record.actors if a.id == party.actor), None)
        if actor is None:
            return (Run(clean(party.text), "actor"),)
        codes = " ".join(code for code in (actor.country, actor.sector, actor.sector2) if code)
        name = Run(clean(actor.name), "actor")
        return (name, Run(f" [{codes}]", "dim")) if codes else (name,)

    def parties(self, parties: Sequence[Party]) -> list[Run]:
        """Several actors, joined by commas; '?' for none."""
        runs: list[Run] = []
        for line in dict.fromkeys(self.party(party) for party in parties):
            runs += [Run(", "), *line] if runs else list(line)
        return runs or [Run("?", "dim")]


# Events below this confidence are printed apart: of those judged in whole articles, one in four was
# right in every field, of the others one in two (benchmarks/judged/README.md).
LESS_CERTAIN = 0.4


def render_record(record: Record, *, width: int | None = None, full: bool = False) -> list[Line]:
    """The whole record: head, statements, events, positions, timeline, what disagrees, what was
    dropped. A section with nothing in it is left out, except statements and events, which say so.
    """
    sheet = _Sheet(record, width, full)
    background = [e for e in record.events if e.status == "background"]
    current = [e for e in record.events if e.status != "background"]
    sure = [e for e in current if e.confidence >= LESS_CERTAIN]
    unsure = [e for e in current if e.confidence < LESS_CERTAIN]
    sections = [
        _section("Who said what", (_statement(sheet, s) for s in record.statements), "nothing"),
        _section("What happened", (_event(sheet, e) for e in sure), "nothing coded"),
        _section("Less certain", (_event(sheet, e) for e in unsure)),
        _section("Background", (_event(sheet, e) for e in background)),
        _section("Positions", _positions(sheet)),
        _section("Timeline", (_timeline_entry(sheet, t) for t in _by_date(record.timeline))),
        _section("Reports that disagree", (_discrepancy(sheet, d) for d in record.discrepancies)),
        _section("Quantities", _quantities(sheet) if full else ()),
        _section("Seen and not coded", _dropped(sheet)),
    ]
    lines = render_head(record.article, width=width, full=full)
    for section in sections:
        lines += section
    return lines


def render_head(article: Article, *, width: int | None = None, full: bool = False) -> list[Line]:
    """Headline, standfirst, who published it and when, and what the page held besides."""
    lines = wrap(clean(article.headline or "(no headline)"), width=width, style="title")
    if article.standfirst:
        lines += wrap(clean(article.standfirst), width=width)
    lines += flow([_dim(field) for field in _imprint(article)], width=width, indent=0, hang=2)
    if article.url:
        lines.append((Run(clean(article.url), "dim"),))
    for caption in article.captions:
        text = clean(caption.text) if full else clip(clean(caption.text), WORDS_SHOWN)
        credit = f" ({clean(caption.credit)})" if caption.credit else ""
        lines += wrap(f"Picture: {text}{credit}", width=width, style="dim")
    return lines + flow([_dim(field) for field in _extent(article)], width=width, indent=0, hang=2)


def render_article(article: Article, *, width: int | None = None, full: bool = False) -> list[Line]:
    """The head and then the story, a blank line before each paragraph."""
    lines = render_head(article, width=width, full=full)
    for start, end in article.paragraphs:
        lines += [(), *wrap(clean(article.text[start:end]), width=width)]
    return lines


def _dim(text: str) -> Line:
    return (Run(text, "dim"),)


def _imprint(article: Article) -> list[str]:
    fields = [f"By {clean(', '.join(article.bylines))}" if article.bylines else "no byline"]
    fields += [clean(name) for name in (article.agency, article.outlet) if name]
    fields.append(published_text(article))
    fields.append(clean(" / ".join(article.datelines)))
    return [field for field in fields if field]


def published_text(article: Article) -> str:
    """When the page says it was published, at the granularity known."""
    if article.published is None:
        return "no publication date"
    if article.published_granularity == "day":
        return article.published.strftime("%Y-%m-%d")
    offset = article.published.strftime("%z")
    zone = "" if offset in ("", "+0000") else f" {offset[:3]}:{offset[3:5]}"
    return article.published.strftime("%Y-%m-%d %H:%M") + zone


def _extent(article: Article) -> list[str]:
    words = len(article.text.split())
    fields = [_count(len(article.paragraphs), "paragraph"), _count(words, "word")]
    kinds = Counter(item.kind for item in article.furniture if item.kind != "copy")
    if kinds:
        listed = ", ".join(_times(kind, number) for kind, number in sorted(kinds.items()))
        fields.append(f"furniture: {listed}")
    if article.copies:
        fields.append(f"printed {len(article.copies) + 1} times on the page")
    return fields


def _times(kind: str, number: int) -> str:
    name = kind.replace("_", " ")
    return name if number == 1 else f"{name} × {number}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _section(title: str, entries: Iterable[list[Line]], nothing: str = "") -> list[Line]:
    """A heading over its entries; no lines at all when there are none and ``nothing`` is empty."""
    lines = [line for entry in entries for line in entry]
    if not lines and nothing:
        lines = [(Run("  "), Run(nothing, "dim"))]
    return [(), (Run(title, "heading"),), *lines] if lines else []


def _quoted(text: str, spans: Sequence[Span], limit: int | None, focus: Span | None) -> str:
    if not spans:
        return ""
    parts = [_unquoted(clean(text[start:end])) for start, end in sorted(spans)]
    words = f" {ELLIPSIS} ".join(parts).strip(" ,").translate(_INNER_QUOTES)
    if limit is not None:
        words = clip(words, limit, _focus_in(words, text, focus))
    return f"“{words}”" if words else ""


def _unquoted(words: str) -> str:
    """``words`` without the marks around them where they are one quotation, or a part of one that
    lacks its other mark; marks that only some of the words stand in stay."""
    bare = words.strip(" ,")
    inner = bare.lstrip(_OPENING).rstrip(_CLOSING)
    partly = any(mark in inner for mark in _OPENING + _CLOSING)
    return bare if partly else inner


def _focus_in(words: str, text: str, focus: Span | None) -> Span | None:
    """Where the words at ``focus`` stand in the shown ``words``; None when they do not."""
    if focus is None:
        return None
    sought = clean(text[focus[0] : focus[1]]).translate(_INNER_QUOTES)
    at = words.find(sought)
    return None if at < 0 else (at, at + len(sought))


def when_text(when: When | None) -> str:
    """A time as 'start' or 'start to end', with its basis unless the words state it."""
    if when is None:
        return "date unknown"
    span = when.start if when.start == when.end else f"{when.start} to {when.end}"
    return span if when.basis == "stated" else f"{span} ({when.basis})"


def _known_when(when: When | None) -> str:
    """A time that says more than the head of the record does; '' for the publication date."""
    return "" if when is None or when.basis == "published" else when_text(when)


def _statement(sheet: _Sheet, statement: Statement) -> list[Line]:
    text = sheet.record.article.text
    cue = " ".join(clean(text[start:end]) for start, end in statement.cue)
    fields: list[Line] = [
        sheet.party(statement.speaker),
        (Run(cue),),
        (Run(statement.kind, "type"),),
        (Run(clean(statement.channel or ""), "dim"),),
        (Run("to "), *sheet.party(statement.addressee)) if statement.addressee else (),
        (Run(_known_when(statement.when), "dim"),),
        (sheet.words(statement.content),),
    ]
    return flow(fields, width=sheet.width)


def _event(sheet: _Sheet, event: Event) -> list[Line]:
    details = [event.mode or "", *(event.contexts if sheet.full else [])]
    listed = ", ".join(detail for detail in details if detail)
    status: Style = "warning" if event.status in ("denied", "hypothetical") else "plain"
    fields: list[Line] = [
        (Run(when_text(event.when), "dim"),),
        (*sheet.parties(event.actors), Run(" → "), *sheet.parties(event.recipients)),
        (Run(event.type, "type"), Run(f" ({listed})" if listed else "")),
        (Run(", ".join(event.user_types), "type"),),
        (Run(event.status, status),),
        (Run(f"in {clean(event.place.name)}" if event.place else "", "dim"),),
        _reporter(sheet, event),
        (Run(f"{event.confidence:.0%}", "dim"),),
        (sheet.words(event.evidence or [event.trigger], event.trigger),),
    ]
    return flow(fields, width=sheet.width)


def _reporter(sheet: _Sheet, event: Event) -> Line:
    """'according to' the speaker of the statement that reports the event; empty when the article
    itself reports it."""
    told = next((s for s in sheet.record.statements if s.id == event.statement), None)
    return (Run("according to ", "dim"), *sheet.party(told.speaker)) if told else ()


def _positions(sheet: _Sheet) -> Iterable[list[Line]]:
    """Positions under their issue, the parties of one issue next to each other."""
    by_issue: dict[str, list[Position]] = defaultdict(list)
    for position in sheet.record.positions:
        by_issue[position.issue].append(position)
    for issue, held in by_issue.items():
        yield [(Run("  "), Run(clean(issue.replace("_", " "))))]
        for position in held:
            yield _position(sheet, position)


def _position(sheet: _Sheet, position: Position) -> list[Line]:
    fields: list[Line] = [
        sheet.party(position.party),
        _chain(position),
        (Run(position.stance.replace("_", " "), "type"),),
        (Run(_known_when(position.when), "dim"),),
        _taken_in(sheet, position),
        (sheet.words([position.content]),),
    ]
    return flow(fields, width=sheet.width, indent=4)


def _chain(position: Position) -> Line:
    """'Pete Hegseth → Secretary of Defense → United States': whom the words speak for."""
    steps = [clean(step) for step in position.via[1:]]
    return (Run("→ " + " → ".join(steps), "dim"),) if steps else ()


def _taken_in(sheet: _Sheet, position: Position) -> Line:
    """'according to' whoever attributes the position, where that is not the party itself."""
    told = next((s for s in sheet.record.statements if s.id == position.statement), None)
    if told is None or told.speaker is None or told.speaker.actor == position.party.actor:
        return ()
    return (Run("according to ", "dim"), *sheet.party(told.speaker))


def _by_date(timeline: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    return sorted(timeline, key=lambda entry: (entry.when.start, entry.when.end))


def _timeline_entry(sheet: _Sheet, entry: TimelineEntry) -> list[Line]:
    told = clean(entry.text)
    fields: list[Line] = [
        (Run(when_text(entry.when), "dim"),),
        (Run("background" if entry.background else "", "dim"),),
        (Run(told if sheet.limit is None else clip(told, sheet.limit)),),
    ]
    return flow(fields, width=sheet.width)


def _discrepancy(sheet: _Sheet, discrepancy: Discrepancy) -> list[Line]:
    lines = flow([(Run(clean(discrepancy.summary), "warning"),)], width=sheet.width)
    margin = max((len(passage.where) for passage in discrepancy.passages), default=0)
    for passage in discrepancy.passages:
        label = Run(f"{passage.where:<{margin}}  ", "dim")
        words = _quoted(passage.text, [(0, len(passage.text))], sheet.limit, None)
        hang = 4 + margin + 2
        lines += flow([(label, Run(words, "words"))], width=sheet.width, indent=4, hang=hang)
    return lines


def _quantities(sheet: _Sheet) -> Iterable[list[Line]]:
    for quantity in sheet.record.quantities:
        value = "" if quantity.value is None else f"{quantity.value:g} {quantity.unit}".strip()
        bound = quantity.bound.replace("_", " ")
        fields: list[Line] = [(Run(clean(quantity.text), "words"),), (Run(bound),), (Run(value),)]
        yield flow(fields, width=sheet.width)


def _dropped(sheet: _Sheet) -> Iterable[list[Line]]:
    """What was dropped, counted by reason, with the first example; each one when ``full``."""
    by_reason: dict[tuple[str, str], list[Dropped]] = defaultdict(list)
    for item in sheet.record.dropped:
        by_reason[item.stage, item.reason].append(item)
    for (stage, reason), items in by_reason.items():
        fields: list[Line] = [
            (Run(f"{len(items)} × {reason.replace('_', ' ')}"),),
            (Run(stage, "dim"),),
            (Run("" if sheet.full else _example(sheet, items[0]), "dim"),),
        ]
        yield flow(fields, width=sheet.width)
        if sheet.full:
            yield from (wrap(_example(sheet, i), width=sheet.width, indent=6) for i in items)


def _example(sheet: _Sheet, item: Dropped) -> str:
    message = clean(item.message)
    if item.span is None or item.span[1] <= item.span[0]:
        return message
    limit = None if sheet.full else DROPPED_EXAMPLE
    words = _quoted(sheet.record.article.text, [item.span], limit, None)
    return f"{message} {words}".strip()
