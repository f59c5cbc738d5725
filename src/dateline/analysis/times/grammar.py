"""The grammar: patterns over token classes, each with the name of its normaliser.

Notation: a word in capitals is a token class or a macro (below), ``name=( ... )`` a named group,
the rest is regular-expression syntax; blanks do not count. All repetitions are bounded or run over
single classes, so a scan is linear in the number of tokens. Where two readings overlap, the one
that starts first wins, then the longer one, then the rule that stands first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dateline.analysis.times.lexer import class_codes

_MACROS = """
NUM            | (?:(?:DIG|INT|DEC|YEAR)(?:HYPHEN? NUMBER)? | NUMBER (?:HYPHEN? NUMBER|AND
                 NUMBER){0,5})
AMOUNT         | (?:NUM ANDHALF | NUM HYPHEN AND HYPHEN A HYPHEN HALF | NUM | FUZZY | A
                 NUMBER{1,2} | A)
ANYUNIT        | (?:UNIT|UNITS|SECOND)
ORD            | (?:FIRST|SECOND|ORDINAL|DAYORD)
DAYNUM         | (?:DIG|DAYORD)
SHADE          | (?:EARLY|LATE|MIDDLE)
SHADES         | (?:EARLY|LATE|EARLIER|LATER|MIDDLE)
EDGE           | (?:THE? (?:END|BEGINNING|MIDDLE) OF)
SEASONS        | (?:SEASON|FALL)
ANYWEEKDAY     | (?:WEEKDAY|WEEKDAY_SHORT DOT?)
ANYYEAR        | (?:YEAR|SHORTYEAR)
POINTER        | (?:THIS (?:PAST|COMING|SAME)? | THAT SAME? | LAST | NEXT | THE?
                 (?:COMING|CURRENT|PREVIOUS|FOLLOWING|SAME|PAST|NEXT|LAST))
SPOKENYEAR     | (?:NUMBER NUMBER (?:HYPHEN? NUMBER)?)
CLOCKTIME      | (?:CLOCK AMPM? ZONE? | DIG AMPM ZONE? | HOURS (?:ZONE|UNITS) |
                 (?:DIG|NUMBER) OCLOCK AMPM? ZONE? | INSTANT ZONE?)
MONTHDAY       | (?:MONTH DOT? DAYNUM | DAYNUM OF? MONTH)
OF_YEAR        | (?:OF (?:YEARWORD? year=(YEAR) | THE? pointer=(POINTER) UNIT | THE? UNIT))
"""

_RULES = """
# absolute dates
calendar_day   | (?:wd=(ANYWEEKDAY) COMMA?)? month=(MONTH) DOT? day=(DAYNUM|ORDINAL) (?:COMMA?
                 year=(YEAR))?
calendar_day   | (?:wd=(ANYWEEKDAY) COMMA?)? (?:THE (?=DAYORD))? day=(DAYNUM) OF? month=(MONTH)
                 (?:DOT? COMMA? year=(YEAR))?
calendar_day   | day=(DAYNUM) HYPHEN month=(MONTH) HYPHEN year=(YEAR)
calendar_day   | month=(MONTH) THE day=(DAYORD) (?:COMMA? year=(YEAR))?
calendar_day   | month=(MONTH) DOT? day=(DAYNUM) OF? pointer=(THIS|LAST|NEXT) UNIT
calendar_day   | day=(DAYNUM) OF? month=(MONTH) OF? pointer=(THIS|LAST|NEXT) UNIT
dated          | dated=(DATED)
day_number     | THE day=(DAYORD) (?:OF THIS UNIT)?
calendar_days  | one=(month=(MONTH) DOT? day=(DAYNUM)) (?:HYPHEN|AND|TO|COMMA|DASH) day2=(DAYNUM)
                 (?:COMMA? year=(YEAR))?
calendar_days  | day=(DAYNUM) (?:HYPHEN|AND|TO|DASH) two=(day2=(DAYNUM) month=(MONTH)) (?:COMMA?
                 year=(YEAR))?
iso_day        | iso=(ISODATE) (?:DASH? clock=(CLOCK) zone=(ZONE)?)?
slash_day      | slash=(SLASHDATE)
month_of_year  | edge=(EDGE)? (?:shade=(SHADE) HYPHEN?)? month=(MONTH) DOT? (?:OF|COMMA)?
                 year=(ANYYEAR|SPOKENYEAR)
month_of_year  | edge=(EDGE)? (?:shade=(SHADE) HYPHEN?)? month=(MONTH) DOT? (?:OF|COMMA)? THE?
                 pointer=(THIS|LAST|NEXT|THAT) UNIT
bare_month     | edge=(EDGE)? (?:shade=(SHADE) HYPHEN?)? pointer=(LAST|NEXT|THIS|EVERY)? month=(MONTH)
                 (?! DOT? DAYNUM)
bare_year      | edge=(EDGE)? (?:shade=(SHADE) HYPHEN?)? year=(YEAR) tail=(ONWARD)?
bare_year      | pre=(PRE) HYPHEN year=(YEAR)
year_word      | edge=(EDGE)? THE? unit=(UNIT) year=(YEAR|SPOKENYEAR|NUMBER NUMBER)
year_word      | YEARWORD HYPHEN? UNIT? year=(YEAR)
year_word      | year=(FISCALYEAR)
year_word      | THE? year=(YEAR) YEARWORD unit=(UNIT)
month_named    | THE unit=(UNIT) OF month=(MONTH) (?:OF? year=(YEAR))?
spoken_year    | year=(SPOKENYEAR)
year_span      | one=(year=(YEAR)) HYPHEN two=(year2=(YEAR|DIG))
decade         | THE? (?:shade=(SHADE) HYPHEN?)? decade=(DECADENUM|DECADE)
decade         | THE? (?:shade=(SHADE) HYPHEN?)? first=(NUMBER) HYPHEN? decade=(DECADE)
century        | THE? (?:shade=(SHADE) HYPHEN?)? (?:DAYORD|CENTURYORD|ORDINAL|NUMBER HYPHEN
                 ORDINAL|FIRST) HYPHEN? unit=(UNIT)
season         | edge=(EDGE)? THE? shade=(SHADES)? pointer=(POINTER|EVERY)? season=(SEASONS)
                 (?:OF? year=(ANYYEAR|SPOKENYEAR))?
season         | edge=(EDGE)? THE? shade=(SHADES)? season=(SEASONS) OF?
                 pointer=(THIS|LAST|NEXT|THAT) UNIT
holiday        | pointer=(LAST|NEXT|THIS)? holiday=(HOLIDAY) (?:COMMA? OF? year=(YEAR))?
holiday_eve    | THE EVE OF holiday=(HOLIDAY) (?:COMMA? year=(YEAR))?
holiday_week   | holiday=(HOLIDAY) unit=(UNIT)

# weekdays and days seen from the reference
weekday        | shade=(SHADES) ON wd=(WEEKDAY) part=(PART)?
weekday        | shade=(EARLIER|LATER)? pointer=(POINTER)? shade2=(SHADE)? wd=(WEEKDAY)
                 part=(PART)?
weekday_of     | wd=(WEEKDAY) part=(PART)? OF? pointer=(LAST|NEXT|THIS|THE? (?:FOLLOWING|PREVIOUS))
                 unit=(UNIT)
weekday_from   | amount=(AMOUNT) unit=(UNIT|UNITS) way=(FROM|AGO) day=(DAYREF|WEEKDAY)
day_word       | shade=(SHADES)? day=(DAYREF) HYPHEN? part=(PART)?
day_word       | shade=(SHADES)? part=(TONIGHT)
day_part       | shade=(SHADES)? pointer=(THIS|LAST|THAT|THE? (?:SAME|FOLLOWING|NEXT|PREVIOUS))
                 part=(PART)
day_part       | THE shade=(EARLY|LATE) part=(PART)
day_part       | shade=(EARLY|LATE) IN THE part=(PART)

# years, months, weeks ... seen from the reference or from the narrative
near_unit      | edge=(EDGE)? THE? (?:shade=(SHADES) IN?)? pointer=(POINTER) fiscal=(YEARWORD)?
                 unit=(UNIT)
near_unit      | edge=(EDGE)? shade=(SHADES) IN pointer=(THE) fiscal=(YEARWORD)? unit=(UNIT)
near_unit      | edge=(EDGE) pointer=(THE) fiscal=(YEARWORD)? unit=(UNIT)
near_unit      | THE pointer=(NEXT|LAST|PAST) unit=(UNIT) tail=(OR_SO)
ended          | THE fiscal=(YEARWORD)? unit=(UNIT) (?=ENDED month=(MONTH))
near_unit      | pointer=(THE) FULL? fiscal=(YEARWORD)? unit=(UNIT)
mid_unit       | unit=(MIDUNIT)
mid_unit       | MIDDLE HYPHEN unit=(UNIT)
beyond         | THE unit=(UNIT) (?:BEFORE LAST|AFTER NEXT)
week_of        | THE unit=(UNIT) (?:OF|BEGINNING|STARTING|ENDED) date=(month=(MONTH) DOT?
                 day=(DAYNUM)|day2=(DAYNUM) OF? month2=(MONTH)) (?:COMMA? year=(YEAR))?
nth_of_month   | THE? (?:ord=(ORD)|LAST|FINAL) unit=(UNIT) (?:OF|IN) month=(MONTH) (?:COMMA? year=(YEAR))?
year_end       | about=(ABOUT)? THE? unit=(UNIT) (?:HYPHEN|POSS)? edge=(END)
year_end       | LAST UNIT POSS? edge=(END)
ago            | about=(ABOUT)? amount=(AMOUNT) (?:MORE)? unit=(ANYUNIT) (?:OR NUM|OR_SO)?
                 back=(AGO)
ago            | about=(ABOUT)? amount=(A|NUM) unit=(ANYUNIT) andhalf=(ANDHALF) back=(AGO)
ago            | about=(ABOUT)? half=(HALF) HYPHEN? unit=(ANYUNIT) back=(AGO)
removed        | about=(ABOUT)? amount=(AMOUNT) unit=(ANYUNIT) way=(EARLIER|LATER)
removed        | about=(ABOUT)? amount=(AMOUNT) unit=(ANYUNIT) way=(BEFORE|AFTER) (?=DOT|COMMA|BREAK)
removed        | A? unit=(UNIT) HYPHEN way=(EARLIER|AGO)
day_beside     | THE unit=(UNIT) way=(BEFORE|AFTER)
day_but_one    | THE unit=(UNIT) (?:BEFORE|AFTER) day=(DAYREF)
hence          | about=(ABOUT)? amount=(AMOUNT) unit=(ANYUNIT) way=(HENCE)
hence          | about=(ABOUT)? amount=(AMOUNT) unit=(ANYUNIT) way=(FROM) NOW

# quarters and halves
quarter        | ord=(QUARTERNUM) (?:(?:OF|COMMA)? year=(YEAR))?
quarter        | year=(YEAR) ord=(QUARTERNUM)
quarter        | THE closing=(LAST|FINAL) unit=(UNIT) OF_YEAR
quarter        | THE (?:YEARWORD HYPHEN?)? ord=(ORD) unit=(UNIT) OF_YEAR?
quarter        | (?:YEARWORD HYPHEN?)? ord=(ORD) HYPHEN? unit=(UNIT) OF_YEAR?
quarter        | THE? year=(YEAR) (?:YEARWORD)? ord=(ORD) HYPHEN? unit=(UNIT)
quarter        | THE? (?:YEARWORD)? (?:pointer=(LAST|NEXT|THIS) UNIT POSS) (?:YEARWORD)? ord=(ORD)
                 HYPHEN? unit=(UNIT)
quarter        | THE? ago=(UNIT HYPHEN (?:AGO|EARLIER)) ord=(ORD) HYPHEN? unit=(UNIT)
half_year      | ord=(HALFNUM) OF? year=(YEAR)
half_year      | THE? ord=(ORD|LAST) HYPHEN? HALF OF_YEAR?
latest_quarter | THE (?:LATEST|CORRESPONDING) unit=(PERIOD|UNIT) (?:LAST UNIT)?
latest_quarter | THE ago=(UNIT HYPHEN (?:AGO|EARLIER)) unit=(PERIOD|UNIT)
latest_quarter | THE year=(YEAR) unit=(PERIOD|UNIT)
days_of_month  | THE ord=(ORD) OF month=(MONTH)
nth_unit       | THE? (?:ord=(ORD)|LAST) wd=(WEEKDAY) (?:OF|IN) month=(MONTH) (?:COMMA?
                 year=(YEAR))?
nth_month      | THE? ord=(ORD) unit=(UNIT) OF year=(YEAR)

# durations
length         | about=(ABOUT)? amount=(AMOUNT) MORE? FULL? unit=(ANYUNIT) tail=(OR_SO)?
length         | about=(ABOUT)? half=(HALF) HYPHEN? unit=(ANYUNIT)
length_half    | about=(ABOUT)? amount=(A|NUM) unit=(ANYUNIT) ANDHALF
length         | amount=(FUZZY) HYPHEN unit=(UNIT)
length         | about=(ABOUT)? A HYPHEN? half=(HALF) HYPHEN unit=(UNIT)
length         | about=(ABOUT)? amount=(NUM) HYPHEN? unit=(UNIT|SECOND)
length         | amount=(NUM) plus=(HYPHEN? PLUS HYPHEN?) unit=(ANYUNIT)
length         | (?:A|THE) about=(ABOUT)? amount=(NUM) HYPHEN unit=(UNIT) PERIOD
length         | about=(ABOUT)? THE amount=(NUM|FUZZY) FULL? unit=(UNITS)
length         | about=(ABOUT)? (?:LAST|PAST|ALL) OF THE? amount=(NUM) unit=(UNITS)
length_or      | about=(ABOUT)? THE? amount=(NUM) (?:OR|TO|HYPHEN) amount2=(NUM) MORE? FULL?
                 HYPHEN? unit=(ANYUNIT)
length_or      | about=(ABOUT)? amount=(A) unit=(UNIT) OR amount2=(NUM)
old            | about=(ABOUT)? amount=(NUM|FUZZY)? HYPHEN? unit=(UNIT|UNITS) HYPHEN OLD
stretch        | about=(ABOUT)? THE?
                 way=(LAST|PAST|NEXT|FIRST|COMING|PREVIOUS|FOLLOWING|LATEST|RECENT)
                 about2=(ABOUT)? amount=(NUM (?:(?:TO|OR|HYPHEN) NUM)?|FUZZY) FULL? unit=(UNITS)
                 tail=(OR_SO)?
stretch        | THESE way=(PAST|LAST) amount=(NUM|FUZZY)? unit=(UNITS)
vague_stretch  | way=(THE? (?:RECENT|COMING|PAST)) unit=(UNITS)
vague_stretch  | way=(THE? (?:EARLY|LATE)) unit=(UNITS)
plural         | about=(ABOUT)? unit=(UNITS) AGO?
unit_long      | amount=(NUM HYPHEN?)? unit=(UNIT|UNITS) HYPHEN LONG
vague_stretch  | way=(THE) unit=(UNITS) AHEAD
lasting        | LASTING
sometime       | SOMETIME

# sets
every          | about=(ABOUT)? EVERY amount=(NUM|ORD|FUZZY|MORE)?
                 unit=(UNIT|UNITS|PART|WEEKDAY|SEASONS|MONTH) part=(PART)?
every_other    | way=(EVERY_OTHER) unit=(UNIT|WEEKDAY|PART)
per            | PER unit=(UNIT)
per            | ONCE A unit=(UNIT)
per            | NUM TIMES A unit=(UNIT)
weekdays       | wd=(WEEKDAYS)
weekends       | ON unit=(UNITS)
often          | ABOUT? often=(OFTEN|ANNUAL)

# clock times
clock          | about=(ABOUT)? clock=(CLOCKTIME) (?= (?:PAREN CLOCKTIME PAREN)? ON date=(MONTHDAY
                 (?:COMMA? YEAR)?|wd=(WEEKDAY)))
clock          | about=(ABOUT)? clock=(CLOCKTIME) (?= PAREN CLOCKTIME PAREN
                 date=(wd=(WEEKDAY)|dayref=(DAYREF)))
clock          | about=(ABOUT)? clock=(CLOCKTIME) COMMA? date=(MONTHDAY (?:COMMA?
                 YEAR)?|wd=(WEEKDAY)|dayref=(DAYREF)) part=(PART)?
clock          | about=(ABOUT)? clock=(CLOCKTIME) (?:that=(THAT UNIT))?
clock          | dayref=(DAYREF|WEEKDAY) clock=(INSTANT)
clock          | half=(HALF) PAST hour=(NUMBER|DIG) AMPM?
part_of        | shade=(SHADE) HYPHEN part=(PART) dayref=(DAYREF|WEEKDAY)?
part_of        | shade=(MIDDLE) part=(PART) dayref=(DAYREF|WEEKDAY)?
overnight      | OVERNIGHT

# references to present, past and future
reference      | ref=(NOW|LATELY|SOON)
reference      | THE ref=(PAST)
reference      | THE (?:NEAR)? ref=(FUTURE)
reference      | ref=(OTHERDAY)
one_day        | ONEDAY
adjective      | ref=(RECENT|CURRENT)
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over class codes and the name of the normaliser of what it matches."""

    normaliser: str
    pattern: re.Pattern[str]


def _entries(block: str) -> Iterator[tuple[str, str]]:
    """Name and pattern of each entry; an indented line continues the one before it."""
    for entry in re.split(r"\n(?! )", block.strip()):
        if entry.strip() and not entry.startswith("#"):
            name, _, pattern = entry.partition("|")
            yield name.strip(), pattern


@cache
def _macros() -> dict[str, str]:
    return dict(_entries(_MACROS))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, compiled, in order of preference."""
    codes = class_codes()
    return tuple(
        Rule(name, re.compile(_translate(source, codes))) for name, source in _entries(_RULES)
    )


HEADS = (
    "MONTH WEEKDAY WEEKDAY_SHORT WEEKDAYS SEASON FALL PART INSTANT UNIT UNITS DECADE DECADENUM "
    "DAYREF TONIGHT NOW LATELY RECENT CURRENT FUTURE SOON OFTEN ANNUAL LASTING AMPM ZONE YEAR "
    "SHORTYEAR ISODATE SLASHDATE CLOCK HOURS HOLIDAY PERIOD PAST SOMETIME HALF ONEDAY OVERNIGHT "
    "OCLOCK NUMBER QUARTERNUM FISCALYEAR HALFNUM DATED MIDUNIT OTHERDAY DAYORD"
)
"""Classes of which every match of every rule has one."""


@cache
def stretches() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A run of tokens that rules mention, and one token without which such a run is of no use."""
    codes = class_codes()
    live = {char for rule in rules() for char in rule.pattern.pattern}.intersection(codes.values())
    heads = [codes[name] for name in HEADS.split()]
    return re.compile(f"[{''.join(sorted(live))}]+"), re.compile(f"[{''.join(heads)}]")


def _translate(source: str, codes: dict[str, str]) -> str:
    """The regular expression over class codes that ``source`` stands for."""
    grouped = re.sub(r"([a-z]+\d?)=\(", r"(?\1<", source)  # keep group names clear of classes
    replaced = re.sub(r"[A-Z][A-Z_]*", lambda match: _symbol(match.group(), codes), grouped)
    return re.sub(r"\s+", "", re.sub(r"\(\?([a-z]+\d?)<", r"(?P<\1>", replaced))


def _symbol(name: str, codes: dict[str, str]) -> str:
    if name in _macros():
        return "(?:" + _translate(_macros()[name], codes) + ")"
    if name not in codes:
        raise ValueError(f"time grammar: {name!r} is neither a token class nor a macro")
    return codes[name]
