"""The table of normalisers that the grammar's rules name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dateline.analysis.times import clock, days, lengths, units, weekdays, years
from dateline.analysis.times.context import Hit, Reading

Normaliser = Callable[[Hit], "Reading | list[Reading] | None"]
"""A match's reading, several for a range, None when it is no time expression after all."""

NORMALISERS: Mapping[str, Normaliser] = {
    "calendar_day": days.calendar_day,
    "calendar_days": days.calendar_days,
    "iso_day": days.iso_day,
    "slash_day": days.slash_day,
    "month_of_year": years.month_of_year,
    "bare_month": years.bare_month,
    "bare_year": years.bare_year,
    "year_word": years.year_word,
    "spoken_year": years.spoken,
    "year_span": years.year_span,
    "decade": years.decade,
    "century": years.century,
    "season": years.season,
    "holiday": days.holiday_named,
    "holiday_week": days.holiday_week,
    "weekday": weekdays.weekday,
    "day_word": weekdays.day_word,
    "day_part": weekdays.day_part,
    "part_of": clock.part_of,
    "clock": clock.clock,
    "overnight": clock.overnight,
    "days_of_month": days.day_of_month,
    "nth_unit": days.ordinal_weekday,
    "near_unit": units.near_unit,
    "ended": units.ended,
    "year_end": units.year_end,
    "ago": units.ago,
    "removed": units.removed,
    "day_beside": units.day_beside,
    "day_but_one": weekdays.day_but_one,
    "hence": units.hence,
    "quarter": units.quarter,
    "half_year": units.half_year,
    "latest_quarter": units.latest_quarter,
    "nth_month": units.nth_unit_of_year,
    "length": lengths.length,
    "length_half": lengths.length_half,
    "length_or": lengths.length_or,
    "old": lengths.old,
    "stretch": lengths.stretch,
    "vague_stretch": lengths.vague_stretch,
    "plural": lengths.plural,
    "unit_long": lengths.unit_long,
    "lasting": lengths.lasting,
    "sometime": lengths.sometime,
    "every": lengths.every,
    "per": lengths.per,
    "weekdays": lengths.weekdays,
    "often": lengths.often,
    "reference": lengths.reference,
    "one_day": lengths.one_day,
    "adjective": lengths.adjective,
}
