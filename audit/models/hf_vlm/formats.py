"""Named prompt formats: Jinja files for checkpoints that bring no chat template of their own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from audit.core.errors import InputError
from audit.core.redact import redact


def format_names() -> list[str]:
    """The formats that come with the package."""
    folder = files("audit.models.hf_vlm") / "templates"
    return sorted(entry.name.removesuffix(".jinja") for entry in folder.iterdir() if entry.name.endswith(".jinja"))


def prompt_format(name: str) -> str:
    """The text of a named format or of a template file. Raises `InputError` for an unknown name or unreadable file."""
    if name in format_names():
        return (files("audit.models.hf_vlm") / "templates" / f"{name}.jinja").read_text(encoding="utf-8")
    path = Path(name).expanduser()
    if not path.is_file():
        known = ", ".join(format_names())
        raise InputError(f"Unknown prompt format {redact(name)!r}", remedy=f"known: {known}; or the path of a file")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The template cannot be read: {error}", path=redact(str(path))) from error
