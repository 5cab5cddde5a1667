"""Questions to which labels are the answers: what tells two images apart, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.core.dataset import Record

# label: the question, and the labels that must agree for it to be a fair one
ASKED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "finding": ("What is the main finding in this image?", ("modality", "anatomy", "view")),
    "view": ("Which view does this image show?", ("modality", "anatomy", "finding")),
    "laterality": ("Which side of the patient is affected or shown?", ("modality", "anatomy", "view", "finding")),
}


@dataclass(frozen=True)
class Asked:
    """A question that an image answers: two images that share `key` and differ in `answer` can make a pair."""

    key: tuple[str, ...]
    question: str
    answer: str


def questions_of(record: Record, labels: Sequence[str]) -> tuple[Asked, ...]:
    """What the labels of a record answer, then the closed questions that came with it.

    A label counts where it holds one value and all that must agree are known: of "cardiomegaly|pneumonia" and
    "pneumonia" each would be right for both. Of questions that came with the data, those with an
    answer among listed options or of yes or no count: other wordings of one answer could not be told from other
    answers.
    """
    found = [
        Asked((name, *(record.labels[key] for key in context)), question, record.labels[name])
        for name, (question, context) in ASKED.items()
        if name in labels and all(key in record.labels for key in (name, *context)) and _single(record.labels[name])
    ]
    return (*found, *_own(record))


def _single(value: str) -> bool:
    return not any(mark in value for mark in "|;")


def _own(record: Record) -> list[Asked]:
    rows: Any = record.meta.get("questions")
    found = []
    for row in rows if isinstance(rows, list) else ():
        question, answer = str(row.get("question", "")).strip(), str(row.get("answer", "")).strip()
        options = row.get("options")
        listed = isinstance(options, list) and len(options) > 1
        if question and answer and (listed or answer.casefold() in ("yes", "no")):
            found.append(
                Asked(("question", question.casefold()), question, answer.casefold() if not listed else answer)
            )
    return found
