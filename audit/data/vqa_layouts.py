"""Layouts of question files: what the fields are called, and what a row means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

AnswerType = Literal["closed", "open"]
YES_NO = ("yes", "no")

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("qid", "idx", "id", "question_id"),
    "image": ("image_name", "img_name", "image_path", "image", "img_path", "path", "file", "filename"),
    "question": ("question",),
    "answer": ("answer", "answers"),
    "options": ("options", "choices"),
    "answer_type": ("answer_type", "semantic_type"),
    "question_type": ("question_type", "content_type", "kind"),
    "language": ("q_lang",),
    "anatomy": ("image_organ", "location"),
}
NOT_LABELS = frozenset(
    {
        "img_id", "triple", "template", "template_program", "template_arguments", "qid_linked_id", "qid_para",
        "question_rephrase", "question_frame", "split", "phrase_type", "base_type",
    }
)  # fmt: skip
_CLOSED = frozenset({"closed", "yes/no", "yesno", "verify", "choose", "multiple choice", "multiple_choice", "choice"})
_OPEN = frozenset({"open", "query", "other", "number", "free", "free-form", "freeform"})
_ASKS_YES_NO = re.compile(
    r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|may|might)\b", re.IGNORECASE
)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_PATHVQA = re.compile(r"(?:train|test|val)_\d+(?:\.jpe?g)?", re.IGNORECASE)


@dataclass(frozen=True)
class VqaRow:
    """One question with its right answers.

    `number` is the row (from 1, the line of a text file); `id` is "" where the file gives none. `answers` are all right
    answers: several for a question that asks for a list (`multilabel`: all are wanted, else any). `options` are empty
    for open questions. `cells` are the row's further texts, by canonical column.
    """

    number: int
    image: str
    question: str
    answers: tuple[str, ...]
    answer_type: AnswerType
    options: tuple[str, ...] = ()
    id: str = ""
    question_type: str = ""
    multilabel: bool = False
    cells: Mapping[str, str] = field(default_factory=dict)


class LeftOutError(ValueError):
    """A row that contradicts itself: left out and listed, but no damage to the file."""


def layout_of(keys: Sequence[str], image: str) -> str:
    """The published layout that a row's keys (and its image's name) show, else "general"."""
    have = set(keys)
    if {"img_name", "q_lang"} <= have:
        return "SLAKE"
    if {"semantic_type", "template"} <= have:
        return "MIMIC-CXR-VQA"
    if {"image_name", "image_organ"} <= have:
        return "VQA-RAD" if have & {"phrase_type", "qid_linked_id", "evaluation"} else "OVQA"
    return "PathVQA" if _PATHVQA.fullmatch(image.rpartition("/")[2]) else "general"


def field_of(row: Mapping[str, Any], name: str) -> Any:
    """The value of a field under any of its names, None where it is absent."""
    return next((row[key] for key in FIELDS[name] if row.get(key) is not None), None)


def row_of(number: int, row: Mapping[str, Any]) -> VqaRow:
    """The row as a question. Raises `LeftOutError` for one that contradicts itself, `ValueError` for what is none."""
    question, image = _text(field_of(row, "question"), "question"), _text(field_of(row, "image"), "image")
    listed = field_of(row, "answer")
    if listed is None:
        raise ValueError("it has no answer")
    multilabel = isinstance(listed, list)
    answers = tuple(_text(one, "answer") for one in (listed if multilabel else [listed]))
    options = _options(field_of(row, "options"))
    stated = _stated_type(field_of(row, "answer_type"))
    if "template_arguments" in row and str(row.get("semantic_type", "")).casefold() == "choose":
        options = _objects(row["template_arguments"])
        answers, multilabel = (_choice(answers),), False
    if not answers:
        answers = ("none",)
    # What a question is told to answer with follows from its own words and its stated type, never from what is right.
    if not options and (stated == "closed" or (stated is None and _ASKS_YES_NO.match(question))):
        options, multilabel = (YES_NO if _OR.search(question) is None else ()), False
    closed = bool(options) and stated != "open"
    if closed and not _is_one(answers, options):
        raise LeftOutError(f"its answer is not among {', '.join(options[:6])}")
    answer_type: AnswerType = "closed" if closed else "open"
    return VqaRow(
        number=number,
        image=image,
        question=question,
        answers=answers if answer_type == "open" else (_same(answers[0], options),),
        answer_type=answer_type,
        options=options if answer_type == "closed" else (),
        id=_id(field_of(row, "id")),
        question_type=" ".join(str(field_of(row, "question_type") or "").split())[:64],
        multilabel=multilabel and answer_type == "open",
        cells=_cells(row),
    )


def _stated_type(value: object) -> AnswerType | None:
    word = str(value or "").strip().casefold()
    return "closed" if word in _CLOSED else "open" if word in _OPEN else None


def _text(value: object, name: str) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, int | float):
        value = f"{value:g}" if isinstance(value, float) else str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"its {name} is missing or no text")
    if len(value) > 20_000 or "\0" in value:
        raise ValueError(f"its {name} is longer than 20,000 characters or holds a NUL")
    return " ".join(value.split())


def _id(value: object) -> str:
    text = "" if value is None or isinstance(value, bool | list | dict) else str(value).strip()
    if len(text) > 100 or any(ord(letter) < 32 for letter in text):
        raise ValueError("its id is longer than 100 characters or holds control characters")
    return text


def _options(value: object) -> tuple[str, ...]:
    """Options from a list, an object by letter, or a text parted by "|" or ";". Fewer than two are none."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        value = [part for part in re.split(r"[|;]", value) if part.strip()]
    if value is not None and not isinstance(value, list):
        raise ValueError("its options are no list")
    texts = tuple(_text(one, "option") for one in value or ())
    if len({text.casefold() for text in texts}) < len(texts):
        raise ValueError("two of its options are the same")
    if len(texts) > 26:
        raise ValueError("it has more than 26 options")
    return texts if len(texts) > 1 else ()


def _objects(arguments: object) -> tuple[str, ...]:
    """The two things that a MIMIC-CXR-VQA choice names, with "none" and "both"."""
    groups = arguments.values() if isinstance(arguments, dict) else ()
    pairs = [list(group.values()) for group in groups if isinstance(group, dict) and len(group) == 2]
    if len(pairs) != 1:
        return ()
    return (*(_text(one, "option") for one in pairs[0]), "none", "both")


def _choice(answers: Sequence[str]) -> str:
    return {0: "none", 2: "both"}.get(len(answers)) or answers[0]


def _is_one(answers: Sequence[str], options: Sequence[str]) -> bool:
    return len(answers) == 1 and any(_plain(option) == _plain(answers[0]) for option in options)


def _same(answer: str, options: Sequence[str]) -> str:
    return next((option for option in options if _plain(option) == _plain(answer)), answer)


def _plain(text: str) -> str:
    return text.casefold().strip(" .")


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Further texts and numbers of a row; `image_organ` and `location` are the anatomy."""
    used = {name for names in FIELDS.values() for name in names} | NOT_LABELS
    cells = {
        key: str(value).strip()
        for key, value in row.items()
        if key not in used and isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    anatomy = field_of(row, "anatomy")
    return {**cells, **({"anatomy": str(anatomy)} if isinstance(anatomy, str) and "anatomy" not in cells else {})}
