"""Exit codes, and the one kind of error that the command line explains to its user."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of ``dateline`` means."""

    RECORD = 0
    FAULT = 1  # a fault of dateline's own
    USAGE = 2  # a wrong option, or an input that cannot be had
    NO_STORY = 3  # the input was read, and holds no story
    INTERRUPTED = 130


class UsageProblem(Exception):
    """The command cannot do what was asked; the message says what was expected, what was found and
    what to try. Ends with exit code 2."""
