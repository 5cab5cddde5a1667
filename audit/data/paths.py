"""Paths that data name: used only where they stay inside their folder."""

from __future__ import annotations

import os
from pathlib import Path


def inside(folder: Path, named: str) -> Path | None:
    """The file that `named` means, relative to `folder`; None where it lies outside.

    Symbolic links are followed before the decision, so neither "..", nor an absolute path, nor a link can leave
    the folder. Touches no file beyond resolving links. Raises `ValueError` for a name that no path can have (NUL).
    """
    root = os.path.realpath(folder)
    target = os.path.realpath(Path(root) / named)
    within = target == root or target.startswith(root.rstrip(os.sep) + os.sep)
    return Path(target) if within else None


def shown(path: Path, folder: Path) -> str:
    """The path as a message names it: relative to the folder that the user gave, where it lies inside."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
