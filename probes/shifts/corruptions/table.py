"""The registry as a table that people read."""

from __future__ import annotations

from probes.shifts.corruptions.corruption import Corruption, Five, Value
from probes.shifts.corruptions.registry import CORRUPTIONS


def markdown() -> str:
    """All corruptions as a Markdown table: name, meaning, modalities with their five values, unit, source."""
    lines = ["| name | what happens | unit | severities 1 to 5 | source |", "|---|---|---|---|---|"]
    for entry in CORRUPTIONS.values():
        meaning = entry.meaning if entry.preserves_meaning else f"{entry.meaning} (changes the meaning)"
        lines.append(
            f"| `{entry.name}` | {entry.title}: {meaning} | {entry.unit} | {_severities(entry)} | {entry.source} |"
        )
    return "\n".join(lines) + "\n"


def _severities(entry: Corruption) -> str:
    """Modalities with equal values share a line."""
    shared: dict[Five, list[str]] = {}
    for modality, values in entry.severities.items():
        named = ["all others" if len(entry.severities) > 1 else "all"] if not entry.modalities else entry.modalities
        shared.setdefault(values, []).extend(named if modality == "*" else [modality])
    return "<br>".join(f"{', '.join(names)}: {' '.join(map(told, values))}" for values, names in shared.items())


def told(value: Value) -> str:
    """A value in words: parts of a pair are joined by a stroke."""
    return "/".join(f"{part:g}" for part in value) if isinstance(value, tuple) else f"{value:g}"
