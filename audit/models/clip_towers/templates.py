"""Text templates: what an option's text is put in before it is compared with an image."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from audit.core.errors import InputError
from audit.core.redact import redact


def text_templates(name: str) -> tuple[str, ...]:
    """The templates of a named set, or the lines of a text file; each holds one {} for the option's text.

    The embedding of an option is the mean over its templates, as in Radford et al. 2021, section 3.1.4.
    Raises `InputError` for an unknown name, or a template without {}.
    """
    known = json.loads((files("audit.models.clip_towers") / "templates.json").read_text(encoding="utf-8"))
    if name in known:
        return tuple(known[name])
    path = Path(name).expanduser()
    if not path.is_file():
        raise InputError(
            f"Unknown text templates {redact(name)!r}", remedy=f"known: {', '.join(sorted(known))}; or a text file"
        )
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The templates cannot be read: {error}", path=redact(str(path))) from error
    for row, line in enumerate(lines, start=1):
        if line.strip() and line.count("{}") != 1:
            raise InputError("Expected one {} in this template", path=redact(str(path)), row=row)
    found = tuple(line for line in lines if line.strip())
    if not found:
        raise InputError("This file holds no template", path=redact(str(path)))
    return found
