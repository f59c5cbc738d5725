"""What people correct: kept beside the store, laid over what the machine read. docs/corrections.md
tells how; ``dateline.open(path, corrected=False)`` shows the machine's reading.
"""

from dateline.store.corrections.fields import FIELDS, CorrectionError, Target, check_changes
from dateline.store.corrections.file import Correction, Corrections, corrections_path
from dateline.store.corrections.overlay import lay_over
from dateline.store.corrections.targets import find_target, mark

__all__ = [
    "FIELDS",
    "Correction",
    "CorrectionError",
    "Corrections",
    "Target",
    "check_changes",
    "corrections_path",
    "find_target",
    "lay_over",
    "mark",
]
