"""Acts: reports of one act in several articles, merged. docs/counting.md describes the rules."""

from dateline.store.merge.acts import Act, Member, days_to_read, merge_reports
from dateline.store.merge.fit import Fit, fit
from dateline.store.merge.report import Number, Report, Spot, Who, reports_of

__all__ = [
    "Act",
    "Fit",
    "Member",
    "Number",
    "Report",
    "Spot",
    "Who",
    "days_to_read",
    "fit",
    "merge_reports",
    "reports_of",
]
