"""A user's own `audit.py` or `reports/` must not stand in for ours without a word."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

OURS = ("audit", "probes", "reports")


def check_shadowing() -> None:
    """Name the file, if one of our packages would be imported from elsewhere: an `ImportError` for who imports
    medaudit, one line and exit code 2 for who runs the command."""
    home = Path(__file__).resolve().parent.parent
    for name in OURS:
        spec = find_spec(name)
        origin = None if spec is None else spec.origin
        if origin is not None and Path(origin).resolve().parent.parent == home:
            continue
        where = "is missing" if spec is None else f"is shadowed by {_where(origin, spec.submodule_search_locations)}"
        why = f"medaudit's package {name!r} {where}: rename that file or folder, or run from another folder"
        if _is_command():
            print(f"medaudit: {why}", file=sys.stderr)  # noqa: T201
            raise SystemExit(2)
        raise ImportError(why)


def _is_command() -> bool:
    """Whether the console script or `python -m medaudit` is importing us ("-m" is what Python says until it knows)."""
    return Path(sys.argv[0]).stem in ("medaudit", "-m") if sys.argv else False


def _where(origin: str | None, locations: object) -> str:
    if origin is not None:
        return origin
    return ", ".join(map(str, locations)) if isinstance(locations, list) else str(locations)
