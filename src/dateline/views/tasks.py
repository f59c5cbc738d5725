"""What ``dateline eval`` can measure: each task's evaluator, found by name."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from dateline.views.errors import UsageProblem

Evaluate = Callable[..., Any]
Files = Sequence[Path]


def _all_files(evaluate: Evaluate, data: Files) -> Any:
    """For an evaluator that takes all its files together."""
    return evaluate(list(data))


def _one_file(evaluate: Evaluate, data: Files) -> Any:
    """For an evaluator of one file; several files give their figures under their names."""
    if len(data) == 1:
        return evaluate(data[0])
    return {str(path): evaluate(path) for path in data}


def _page_folder(evaluate: Evaluate, data: Files) -> Any:
    """For an evaluator of pages, which takes the folder of ``ground-truth.json`` and a reader."""
    from dateline import extract

    def on_folder(path: Path) -> Any:
        return evaluate(path if path.is_dir() else path.parent, extract)

    return _one_file(on_folder, data)


class Evaluator(NamedTuple):
    """A function of a module of ``dateline.evaluation``, and how it is called."""

    module: str
    function: str
    call: Callable[[Evaluate, Files], Any] = _all_files


EVALUATORS: Mapping[str, Evaluator] = {
    "attribution": Evaluator("attribution", "evaluate"),
    "plv": Evaluator("relations", "evaluate_plv"),
    "spans": Evaluator("relations", "evaluate_spans"),
    "gsr": Evaluator("relations", "evaluate_gsr"),
    "names": Evaluator("names", "evaluate"),
    "actors": Evaluator("actors", "evaluate", _one_file),
    "times": Evaluator("times", "evaluate"),
    "places": Evaluator("places", "evaluate"),
    "pages": Evaluator("pages", "evaluate_pages", _page_folder),
    "textpages": Evaluator("pages", "evaluate_textpages", _page_folder),
}


def evaluate(task: str, data: Files) -> Any:
    """The figures of ``task`` on the files ``data``, as the evaluator gives them.

    Raises UsageProblem for an unknown task, no file, a missing one, or one in the wrong format.
    """
    if task not in EVALUATORS:
        raise UsageProblem(f"no task {task!r}; choose one of {', '.join(EVALUATORS)}")
    if not data:
        raise UsageProblem(f"name the data to measure {task} on: --data FILE")
    missing = [str(path) for path in data if not path.exists()]
    if missing:
        raise UsageProblem(f"no such file: {', '.join(missing)}")
    evaluator = EVALUATORS[task]
    module = import_module(f"dateline.evaluation.{evaluator.module}")
    try:
        return evaluator.call(getattr(module, evaluator.function), data)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as error:
        listed = ", ".join(map(str, data))
        raise UsageProblem(f"cannot measure {task} on {listed}: {_found(error)}") from error


def _found(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"expected rows of that task; found one without {error}"
    return f"{type(error).__name__}: {error}"


def to_json(figures: Any) -> str:
    """Figures as indented JSON; dataclasses become objects."""
    return json.dumps(figures, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)
