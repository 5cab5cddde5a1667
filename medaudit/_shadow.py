"""A user's own `audit.py` or `reports/` must not stand in for ours without a word."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

OURS = ("audit", "probes", "reports")


def check_shadowing() -> None:
    """Raise `ImportError` naming the file, if one of our packages would be imported from elsewhere."""
    home = Path(__file__).resolve().parent.parent
    for name in OURS:
        spec = find_spec(name)
        origin = None if spec is None else spec.origin
        if origin is not None and Path(origin).resolve().parent.parent == home:
            continue
        where = "is missing" if spec is None else f"is shadowed by {_where(origin, spec.submodule_search_locations)}"
        raise ImportError(
            f"medaudit's package {name!r} {where}: rename that file or folder, or run from another folder"
        )


def _where(origin: str | None, locations: object) -> str:
    if origin is not None:
        return origin
    return ", ".join(map(str, locations)) if isinstance(locations, list) else str(locations)
