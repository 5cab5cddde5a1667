"""Questions about phantoms, with right answers."""

from __future__ import annotations

from audit.core.canonical import Json
from audit.core.dataset import Record
from audit.data.phantoms.kinds import KINDS

_ASKED = {
    "modality": "What is the imaging modality?",
    "anatomy": "Which part of the body is shown?",
    "view": "Which view is this?",
    "laterality": "On which side of the patient is it?",
    "finding": "What is the main finding?",
}


def choices(label: str, modality: str) -> tuple[str, ...]:
    """All values that a label can take: everything for modality and anatomy, else what this modality allows."""
    if label == "modality":
        return tuple(dict.fromkeys(kind.modality for kind in KINDS))
    if label == "anatomy":
        return tuple(dict.fromkeys(kind.anatomy for kind in KINDS))
    if label == "laterality":
        return ("left", "right")
    same = [kind for kind in KINDS if kind.modality == modality]
    rows = [kind.views if label == "view" else kind.findings for kind in same]
    return tuple(dict.fromkeys(name for row in rows for name, _ in row))


def questions_of(record: Record) -> list[dict[str, Json]]:
    """Every label with at least two choices as a multiple-choice question, and the counts as open ones."""
    rows: list[dict[str, Json]] = []
    for label, question in _ASKED.items():
        options = choices(label, record.labels["modality"])
        if label in record.labels and len(options) > 1:
            rows.append(_row(record, label, question, record.labels[label], list(options)))
    counts = record.meta["counts"]
    if isinstance(counts, dict):
        for noun, number in counts.items():
            rows.append(_row(record, "count", f"How many {noun} are there?", str(number), []))
    return rows


def _row(record: Record, kind: str, question: str, answer: str, options: list[str]) -> dict[str, Json]:
    name = kind if kind != "count" else "count-" + question.split()[2]
    return {
        "id": f"{record.id}-{name}",
        "image": f"images/{record.id}.png",
        "kind": kind,
        "question": question,
        "options": options,
        "answer": answer,
    }
