"""Pages from folders, JSON Lines, CSV, WARC and standard input."""

from dateline.store.inputs.find import STDIN, check_inputs, find_files
from dateline.store.inputs.model import COLUMNS, FORMATS, Format, InputError, InputFile, Options
from dateline.store.inputs.read import Meter, read_inputs, state_of

__all__ = [
    "COLUMNS",
    "FORMATS",
    "STDIN",
    "Format",
    "InputError",
    "InputFile",
    "Meter",
    "Options",
    "check_inputs",
    "find_files",
    "read_inputs",
    "state_of",
]
