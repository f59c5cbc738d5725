"""What single lines of a page say about the article: byline, caption and credit, dateline, agency.

All functions are pure and work on one line (or the head of one paragraph) at a time, so that pages
of text and of HTML share them. Dates of publication are in ``published`` and re-exported here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dateline.article.published import (
    Granularity,
    PublishedMatch,
    parse_published,
    published_matches,
)
from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.spans import Span

__all__ = [
    "Byline",
    "Credit",
    "Dateline",
    "Granularity",
    "PublishedMatch",
    "agency_of_line",
    "agency_of_name",
    "bare_credit",
    "parse_byline",
    "parse_caption",
    "parse_dateline",
    "parse_published",
    "published_matches",
    "signoff_agency",
]


@dataclass(frozen=True, slots=True)
class Byline:
    """The people a byline names, the agency it names (or None), and the place ("in Geneva")."""

    names: list[str]
    agency: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A caption split into its words and its photo credit as printed."""

    text: str
    credit: str


@dataclass(frozen=True, slots=True)
class Dateline:
    """The dateline at the head of a paragraph.

    ``names`` are the places as printed, all-capitals folded to title case; ``qualifiers`` what
    follows a place to say which one is meant ("Afghanistan", "D.C."). ``date`` is the date as
    printed ("March 3"). ``span`` covers it all, dash and blank after it included.
    """

    names: list[str]
    qualifiers: list[str]
    agency: str | None
    date: str | None
    span: Span


# --- tables --------------------------------------------------------------------------------------


@cache
def _agencies() -> dict[str, str]:
    """Alias as printed (and in lower case for aliases longer than four letters) -> agency."""
    aliases: dict[str, str] = {}
    for row in read_csv("agencies.csv", ["name", "aliases", "country", "signoff"]):
        for alias in row["aliases"].split("|"):
            if not alias:
                raise KnowledgeError(f"agencies.csv, {row['name']}: empty alias")
            aliases.setdefault(alias, row["name"])
            if len(alias) > 4:
                aliases.setdefault(alias.lower(), row["name"])
    return aliases


@cache
def _signoffs() -> list[tuple[re.Pattern[str], str]]:
    rows = read_csv("agencies.csv", ["name", "aliases", "country", "signoff"])
    return [(re.compile(r["signoff"], re.I), r["name"]) for r in rows if r["signoff"]]


@cache
def _words(kind: str) -> frozenset[str]:
    rows = read_csv("byline_words.csv", ["kind", "text"])
    return frozenset(row["text"] for row in rows if row["kind"] == kind)


@cache
def _credit_parts(part: str) -> str:
    rows = read_csv("credits.csv", ["part", "pattern"])
    patterns = [row["pattern"] for row in rows if row["part"] == part]
    return "|".join(sorted(patterns, key=len, reverse=True))


# --- agency --------------------------------------------------------------------------------------

_CREDIT_LINE = re.compile(
    r"^[\s(\[—–*-]*"
    r"(?:(?:(?:with )?(?:additional )?(?:inputs?|reporting|report|files|information) (?:from|by)"
    r"|©|\(c\)|copyright|source|by|from|via|agency|with|and|text|credits?)[\s:©]+|©\s*)*"
    r"(?:(?:19|20)\d\d[\s,]*)?(?:the )?"
    r"(?P<name>[^\d©.;:]{2,40}?)"
    r"(?:[\s,]*(?:(?:19|20)\d\d)?)[\s.)\]]*(?:all rights reserved.*|limited.*)?$",
    re.I,
)
_CONTRIBUTED = re.compile(
    r"\b(?:the )?(?P<name>[A-Z][\w -]{1,40}?) (?:also )?contributed (?:to this|reporting)\b"
    r"|\b(?:produced|provided|supplied|written|syndicated|published) (?:by|from|with permission of)"
    r" (?:the )?(?P<name2>[A-Z][\w -]{1,40}?)(?: (?:news )?(?:agency|feed))?(?:[.,]|$)"
)


def agency_of_name(name: str) -> str | None:
    """The agency called ``name`` on pages, or None when it is not an agency we know."""
    name = re.sub(r"\s+", " ", name).strip(" .,;:|-–—/()[]*_")
    table = _agencies()
    return table.get(name) or (table.get(name.lower()) if len(name) > 4 else None)


def agency_of_line(line: str) -> str | None:
    """The agency that a credit line names as the source of the text, or None.

    Reads lines that hold nothing else ("Reuters", "© 2024 AFP", "With inputs from PTI") and an
    agency's own way of signing off. Photo credits are not evidence and are not read here.
    """
    line = line.strip()
    if len(line) > 400:
        return None
    credit = _CREDIT_LINE.match(line)
    if credit:
        for part in re.split(r"\s*(?:,|/|\band\b|&)\s*", credit["name"]):
            agency = agency_of_name(part)
            if agency:
                return agency
    for pattern, name in _signoffs():
        if pattern.fullmatch(line):
            return name
    given = _CONTRIBUTED.search(line)
    return agency_of_name(given["name"] or given["name2"]) if given else None


def signoff_agency(line: str) -> str | None:
    """The agency that ``line``, found after a story, signs it with; None when it is no sign-off.

    Besides what ``agency_of_line`` reads, a line that is only a name ending like an agency's
    ("Coastal News Agency") counts: there are more agencies than the table knows. Within a story
    such a line may be a crosshead, so its place is for the caller to judge.
    """
    known = agency_of_line(line)
    if known or len(line) > 100:
        return known
    named = _named_agency().fullmatch(line.strip(" \t()[]—–-*_."))
    return named["name"] if named else None


@cache
def _agency_name() -> str:
    """Pattern of a name in capitals with a word at its end that only agencies have."""
    ends = "|".join(re.escape(end) for end in sorted(_words("agency_end"), key=len, reverse=True))
    return rf"(?:[A-ZÀ-ÞŠŽĆČŁŚŻİŞĞ][\w'’&-]*\s+){{1,4}}(?i:{ends})"


@cache
def _named_agency() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:Source|By|From|Via|©)\s*:?\s*)?(?:The\s+)?(?P<name>{_agency_name()})"
    )


# --- byline --------------------------------------------------------------------------------------

_LEAD = re.compile(r"^[\s|•·*—–-]*(?P<lead>[A-Za-z]+(?: by)?)(?P<gap>\s*:\s*|\s+|(?=[A-Z]))")
_RUN_IN = re.compile(r"^\s*by(?=[A-Z])", re.I)
_CUT = re.compile(
    r"\s*(?:[|•·]|\s[-–—]\s|\d|\b(?:updated?|published|posted|follow|email|share|contact|for)\b"
    r"|@|https?:|\(|\[).*$",
    re.I | re.S,
)
_PLACE = re.compile(r"\s+(?:in|at|from)\s+(?P<place>[A-ZÀ-Þ][\w'’ .,&-]*)$")
_NAME_WORD = re.compile(r"^(?:[A-ZÀ-ÞŠŽĆČŁŚŻİŞĞ][\w'’.-]*|[A-Z]\.)$")


def parse_byline(line: str) -> Byline | None:
    """The byline on ``line``, or None when it is not one.

    Reads "By A B and C D, Reuters", the run-in "byA B", and "A B in Geneva"; a bare name without
    any of these signs is not taken for a byline.
    """
    text = " ".join(line.split())
    if not text or len(text) > 200:
        return None
    body, marked = _after_lead(text)
    cut = _CUT.sub("", body).strip(" ,;:")
    if not cut:
        return None
    place = _PLACE.search(cut)
    parts = re.split(r"\s*(?:,|;|/|\band\b|&|\bwith\b)\s*", cut[: place.start()] if place else cut)
    names, agency = _names_and_agency([part for part in parts if part])
    if not names and not agency:
        return None
    if not marked and not _unmarked_byline(body, names, place, cut):
        return None
    return Byline(names, agency, place["place"].strip(" .,") if place else None)


def _after_lead(text: str) -> tuple[str, bool]:
    run_in = _RUN_IN.match(text)
    if run_in:
        return text[run_in.end() :], True
    lead = _LEAD.match(text)
    if lead and lead["lead"].lower() in _words("lead") and lead["gap"]:
        # "From" and "Author" open sentences too; they need the colon.
        if lead["lead"].lower() in {"from", "author", "authors"} and ":" not in lead["gap"]:
            return text, False
        return text[lead.end() :], True
    return text, False


def _unmarked_byline(body: str, names: list[str], place: re.Match[str] | None, cut: str) -> bool:
    """Without "by", a line needs a full name and then a place or a job ("A B, Political editor")."""
    if not names or len(names[0].split()) < 2 or re.search(r"[.!?:]$", body):
        return False
    if place:
        return len(cut.split()) <= 9
    rest = cut[len(names[0]) :] if cut.startswith(names[0]) else ""
    return rest.startswith(",") and _is_role(rest) and len(rest.split()) <= 6


def _names_and_agency(parts: list[str]) -> tuple[list[str], str | None]:
    names: list[str] = []
    agency = None
    for part in parts:
        as_agency = agency_of_name(part)
        if as_agency:
            agency = agency or as_agency
        elif _is_name(part):
            names.append(_unshout(_without_place(part)))
        elif names or agency:
            continue  # a job or an outlet after the names
        else:
            return [], None
    return names, agency


def _without_place(name: str) -> str:
    """Drop capitals run on after a name in mixed case ("Jane Doe WASHINGTON")."""
    return re.sub(r"(?<=[a-z])(?: [A-Z]{3,})+$", "", name)


def _is_role(text: str) -> bool:
    return any(word.strip(".,'’s").lower() in _words("role") for word in text.split())


def _is_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 5 or _is_role(text):
        return False
    if any(word.lower() in _words("not_a_place") for word in words):
        return False
    strong = [w for w in words if _NAME_WORD.match(w)]
    weak = [w for w in words if w.lower().rstrip("-") in _words("particle") or w.startswith("al-")]
    return bool(strong) and all(w in strong or w in weak for w in words)


def _unshout(text: str) -> str:
    """All-capitals words in title case ("PORT-AU-PRINCE" -> "Port-au-Prince"); others untouched."""
    if not text.isupper() or len(re.sub(r"\W", "", text)) <= 2:
        return text
    small = {"de", "la", "le", "au", "sur", "of", "the", "on", "es", "al", "el", "upon", "and"}
    words = re.split(r"([ '’-])", text.lower())
    return "".join(w if i and w in small else w[:1].upper() + w[1:] for i, w in enumerate(words))


# --- captions ------------------------------------------------------------------------------------


@cache
def _credit_patterns() -> list[re.Pattern[str]]:
    label, house = _credit_parts("label"), _credit_parts("house")
    name = r"[A-ZÀ-Þ@][^.;:\n]{1,70}"
    people = r"[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){0,4}"
    tail = r"(?:\s*(?:/|via|,|-)\s*[\w .'’/-]{2,40})?"
    join = r"\s*(?:[/|–,-]|\bvia\b|\bfor\b)\s*"
    after = r"(?:^|(?<=[.!?\"”'’)]))[\s|–—-]*"
    open_, close = r"[\s,|–—-]*[(\[]\s*", r"\s*[)\]]\.?$"
    photo = r"(?i:photo|picture|image|photograph|pic)"
    shapes = [
        rf"{open_}(?:(?i:{label})\b\s*[:/]?\s*)?(?P<credit>{people}{join}(?i:{house}){tail}){close}",
        rf"{open_}(?P<credit>(?i:ap photo|reuters|afp|epa)\s*/\s*{people}{tail}){close}",
        rf"{open_}(?i:{label})\b\s*[:/]?\s*(?P<credit>{name}){close}",
        rf"\s*\[(?P<credit>(?i:{house}))\]\.?$",
        rf"(?:^|(?<=[.!?\"”'’\s]))[\s|–—-]*(?i:{label})\s*:\s*(?P<credit>{name})\.?$",
        rf"^(?i:image source|image caption source),\s*(?P<credit>{name})\.?$",
        rf"{after}{photo} (?:by|courtesy(?: of)?) (?P<credit>{name})\.?$",
        r"(?:^|(?<=[.!?\s]))[\s|–—-]*(?P<credit>©\s*[^.\n]{2,60})\.?$",
        rf"{after}(?P<credit>{people}{join}(?i:{house}){tail})\.?$",
        rf"{after}(?P<credit>{people}\s*(?:/|\bvia\b|\bfor\b)\s*{_agency_name()})\.?$",
        rf"{open_}(?P<credit>{people}{join}{_agency_name()}){close}",
        rf"{after}(?P<credit>(?:AP Photo|REUTERS|Reuters|AFP|EPA|Getty Images)\s*/\s*{people}{tail})\.?$",
        rf"{after}(?P<credit>(?:{people} )?(?:Getty Images|Shutterstock|AP Photo))\.?$",
    ]
    return [re.compile(shape) for shape in shapes]


@cache
def _credit_hint() -> re.Pattern[str]:
    """Any word of a credit: most lines have none, and need no closer look."""
    ends = "|".join(map(re.escape, sorted(_words("agency_end"))))
    return re.compile(
        rf"©|image source|\b(?:{_credit_parts('label')}|{_credit_parts('house')}|{ends})\b", re.I
    )


def parse_caption(line: str) -> Credit | None:
    """The caption and credit on ``line``, or None when the line carries no photo credit.

    ``Credit.text`` is the line without the credit: '' for a line that is a credit only.
    """
    text = " ".join(line.split())
    if len(text) > 900:
        return None
    tail_at = max(0, len(text) - 160)
    if not _credit_hint().search(text, tail_at):
        return None
    for pattern in _credit_patterns():
        found = pattern.search(text, tail_at)
        if found:
            credit = found["credit"].strip(" .,|")
            caption = text[: found.start()].strip(" |–—-")
            # A bare agency name is the credit line of the text, not of a picture.
            if not caption and agency_of_name(credit.strip("© ")) and "/" not in text:
                continue
            return Credit(caption, credit)
    return None


def bare_credit(text: str) -> str:
    """A credit that its markup sets apart, without the label ("Photo: ", "Credit: ") before it."""
    alone = parse_caption(text)
    if alone is not None and not alone.text:
        return alone.credit
    return _credit_label().sub("", text.strip(" ()[]|."), count=1)


@cache
def _credit_label() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_credit_parts('label')})\s*:\s*", re.I)


# --- dateline ------------------------------------------------------------------------------------

_CAPS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+"
_TITLE = r"[A-ZÀ-Þ][\w'’.-]*"
_LINK = r"(?:of|de|la|le|al|el|the|on|es|upon|au|du|and|sur|und)"
_WORDS = rf"(?:{_TITLE})(?:[ ](?:{_LINK}[ ])?(?:{_TITLE})){{0,3}}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH}[ ]\d{{1,2}}|\d{{1,2}}[ ]{_MONTH})(?:,?[ ]\d{{4}})?"
_DATELINE = re.compile(
    rf"""^\s*(?:
      (?P<places>{_WORDS}(?:(?:\ ?/\ ?|,\ (?:and\ )?|\ and\ |\ &\ )(?!{_DAY}){_WORDS}){{0,4}})
      (?:\s*[,.]?\s*\(?(?P<date>{_DAY})\)?)?
      (?:\s*,?\s*(?:
        [(\[/](?P<agency>[A-Za-zÀ-ÿ][\w '’.&/-]{{1,45}}?)[)\]/] | (?P<bare>[A-Z][\w-]+)(?=\ ?[–—:])
      ))?
      (?:\s*,?\s*(?P<date2>{_DAY}))?
      \s*(?P<dash>—+|–+|--+|―|\s-|\s_|:|\.\s|-\s)\s*
    | [(\[](?P<lone>[A-Za-zÀ-ÿ][\w '’.&/-]{{1,40}})[)\]]\s*(?:—+|–+|--+|-|:)\s*
    )""",
    re.X,
)
_REST = re.compile(r"[\"“”'‘«(\[]?[A-ZÀ-Þ0-9$€£]")


def parse_dateline(text: str) -> Dateline | None:
    """The dateline at the head of ``text``, or None.

    Reads "GENEVA (Reuters) - ", "KABUL, Afghanistan — ", "Washington/Moscow/Kyiv — ", "MOSCOW, Feb
    12 /TASS/. " and "(AP) - ". What follows must open a sentence, so that "London — a city that"
    is not one.
    """
    match = _DATELINE.match(text[:220])
    if match is None or not _REST.match(text[match.end() :]):
        return None
    if match["lone"]:
        agency = agency_of_name(match["lone"])
        return Dateline([], [], agency, None, match.span()) if agency else None
    agency_text = match["agency"] or match["bare"] or ""
    agency = _dateline_agency(agency_text)
    shouted = match["places"].split(",")[0].isupper()
    if not _credible(match, agency, shouted):
        return None
    names, qualifiers = _place_names(match["places"], shouted)
    date = match["date"] or match["date2"]
    return Dateline(names, qualifiers, agency, date, (match.start("places"), match.end()))


def _dateline_agency(text: str) -> str | None:
    parts = [text, *re.split(r"[/,]|\band\b", text)]
    return next((a for a in map(agency_of_name, parts) if a), None)


def _credible(match: re.Match[str], agency: str | None, shouted: bool) -> bool:
    """Is this a dateline rather than the start of a sentence with a dash in it?"""
    words = re.findall(r"[\w'’]+", match["places"].lower())
    if not words or words[0] in _words("not_a_place") or words[-1] in _words("not_a_place"):
        return False
    signed = agency is not None or bool(match["date"] or match["date2"])
    if match["bare"] and agency is None:
        return False
    dash = match["dash"].strip()
    if dash == ":":
        return shouted and len(words) <= 2 and signed
    if dash == ".":
        return shouted and signed
    return signed or shouted or dash not in {"-", "_"} or bool(match["agency"])


def _place_names(places: str, shouted: bool) -> tuple[list[str], list[str]]:
    names: list[str] = []
    qualifiers: list[str] = []
    for i, part in enumerate(re.split(r"\s*(/|,|\band\b|&)\s*", places)):
        if i % 2 or not part:
            joiner = part
            continue
        abbreviation = len(re.sub(r"\W", "", part)) <= 2 and i > 0
        follows_comma = i > 0 and joiner == ","
        if agency_of_name(part):
            continue
        if follows_comma and (abbreviation or not shouted or not part.isupper()):
            qualifiers.append(part)
        else:
            names.append(_unshout(part if "." in part[:-1] else part.rstrip(".")))
    return names, qualifiers
