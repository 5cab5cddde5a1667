"""Questions with right answers: those that the data brings, or closed ones built from labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.core.canonical import digest
from audit.core.dataset import Record
from audit.core.query import Option
from audit.data.vocabulary import NO_FINDING

if TYPE_CHECKING:
    import numpy as np

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_OPTIONS = 4
_WORDS = {
    "modality": "Which imaging modality is this?",
    "anatomy": "Which part of the body is shown?",
    "view": "Which view is this?",
}


@dataclass(frozen=True)
class Question:
    """One question about one record's image.

    `options` are what a closed question is answered with (empty for an open one); `target` is the right option's label,
    or a right answer in words; `answers` are all right answers in words. `listed` says that the options are shown with
    letters. `multilabel`: all `answers` are wanted, not any.
    """

    id: str
    record: Record
    text: str
    target: str
    answers: tuple[str, ...]
    question_type: str
    options: tuple[Option, ...] = ()
    multilabel: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer_type(self) -> str:
        """closed or open."""
        return "closed" if self.options else "open"

    @property
    def listed(self) -> bool:
        """Whether the options have letters."""
        return any(option.label != option.text for option in self.options)

    @property
    def chance(self) -> float:
        """What guessing reaches."""
        return 1 / len(self.options) if self.options else 0.0


def brought(records: Sequence[Record]) -> Iterator[Question]:
    """The questions of a question file, one per record, and those that a manifest brings with its images."""
    for record in records:
        if "question" in record.meta:
            yield _of_meta(record.id, record, record.meta)
        listed: Any = record.meta.get("questions", [])
        for row in listed:
            meta = _of_cells(row)
            if meta is not None:
                name = str(row.get("qid") or digest([record.id, str(meta["question"])])[:8])
                yield _of_meta(f"{record.id}/{name}", record, meta)


def _of_cells(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A manifest's question cells in the form that question files are read into."""
    from audit.data.vqa_layouts import row_of

    try:
        read = row_of(0, {**{key: value for key, value in row.items() if key != "qid"}, "image": "-"})
    except ValueError:
        return None
    return {
        "question": read.question,
        "answers": read.answers,
        "options": read.options,
        "question_type": read.question_type,
        "multilabel": read.multilabel,
    }


def _of_meta(name: str, record: Record, meta: Mapping[str, Any]) -> Question:
    texts: Sequence[str] = meta["options"]
    plain = {text.casefold() for text in texts} == {"yes", "no"}
    options = tuple(Option(text.casefold() if plain else LETTERS[i], text) for i, text in enumerate(texts))
    answers = tuple(meta["answers"])
    right = next((option.label for option in options if option.text == answers[0]), "")
    return Question(
        id=name,
        record=record,
        text=meta["question"],
        target=right if options else ", ".join(answers) if meta["multilabel"] else answers[0],
        answers=answers,
        question_type=meta["question_type"] or "question",
        options=options,
        multilabel=bool(meta["multilabel"]),
        labels=record.labels,
    )


def built(records: Sequence[Record], ask: Sequence[str], rng: np.random.Generator) -> Iterator[Question]:
    """Closed questions from labels, with two to four options in an order drawn by chance.

    Wrong options are values that other images (of the same modality and anatomy, for a view) carry. Presence asks for
    one finding: for images that have it, and for as many that are said to have none.
    """
    values = _values(records)
    for record in records:
        for kind in ask:
            if kind == "presence":
                yield from _presence(record, values, rng)
            elif kind in record.labels:
                right = record.labels[kind]
                others = [value for value in values[kind, _scope(kind, record)] if value != right]
                if others:
                    picked = rng.permutation(len(others))[: MOST_OPTIONS - 1]
                    yield _closed(record, kind, _WORDS[kind], right, [others[i] for i in sorted(picked)], rng)


def _values(records: Sequence[Record]) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """The distinct values of each label, in sorted order, by what they are compared within."""
    found: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for record in records:
        for kind in (*_WORDS, "finding"):
            if kind in record.labels:
                found[kind, _scope(kind, record)].add(record.labels[kind])
    return defaultdict(list, {key: sorted(values) for key, values in found.items()})


def _scope(kind: str, record: Record) -> tuple[str, ...]:
    if kind in ("modality", "anatomy"):
        return ()
    return record.labels.get("modality", ""), record.labels.get("anatomy", "")


def _presence(
    record: Record, values: Mapping[tuple[str, tuple[str, ...]], list[str]], rng: np.random.Generator
) -> Iterator[Question]:
    finding = record.labels.get("finding")
    if finding is None:
        return
    possible = [value for value in values["finding", _scope("finding", record)] if value != NO_FINDING]
    if not possible or (finding != NO_FINDING and "|" in finding):
        return
    asked = finding if finding != NO_FINDING else possible[int(rng.integers(len(possible)))]
    right, wrong = ("yes", "no") if finding == asked else ("no", "yes")
    yield _closed(record, "presence", f"Does this image show the following finding: {asked}?", right, [wrong], rng)


def _closed(
    record: Record, kind: str, text: str, right: str, wrong: Sequence[str], rng: np.random.Generator
) -> Question:
    texts = [right, *wrong]
    order = [texts[i] for i in rng.permutation(len(texts))]
    return Question(
        id=f"{record.id}/{kind}",
        record=record,
        text=text,
        target=LETTERS[order.index(right)],
        answers=(right,),
        question_type=kind,
        options=tuple(Option(LETTERS[i], value) for i, value in enumerate(order)),
        labels=record.labels,
    )
