"""From questions to requests: clean, corrupted, and under conditions for which answers exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from audit.core.image import Image
from audit.core.item import CLEAN, Item, Request
from audit.core.query import Decoding, Query, ask
from audit.data.absent import absent_image
from probes.shifts.config import Options
from probes.shifts.prompts import asked
from probes.shifts.questions import Question
from probes.shifts.suite import chosen, condition_of, modality_of, shifted_image

_CLOSED, _OPEN = Decoding(max_new_tokens=32), Decoding(max_new_tokens=64)


def requests_of(
    questions: Sequence[Question],
    corrupted: Sequence[Question],
    options: Options,
    slices: Mapping[str, Mapping[str, str]],
) -> Iterator[Request]:
    """The requests of all questions; `corrupted` are those asked about corrupted images as well."""
    names, known = chosen(corrupted, options), dict[str, Image]()
    among = {question.id for question in corrupted}
    for question in questions:
        item = _item(question, slices.get(question.id, {}))
        yield Request(item, item.query, CLEAN)
        for name in names.get(modality_of(question), ()) if question.id in among else ():
            for severity in options.severities:
                image = shifted_image(question.record.image, name, severity, modality_of(question), known)
                if image is not None:
                    yield Request(item, _query(question, image), condition_of(name, severity))
        for condition in options.conditions:
            image = absent_image(f"{condition} of {question.record.id}")
            yield Request(item, _query(question, image), condition)


def _query(question: Question, image: Image) -> Query:
    return Query(ask(image, asked(question)), question.options, "generate", _CLOSED if question.options else _OPEN)


def _item(question: Question, slices: Mapping[str, str]) -> Item:
    tags = {
        "modality": modality_of(question) or "unknown",
        "answer_type": question.answer_type,
        "question_type": question.question_type,
        "answer": "|".join(question.answers),
        "chance": f"{question.chance:.6f}",
        **({"multilabel": "yes"} if question.multilabel else {}),
        **slices,
    }
    return Item(question.id, question.record.cluster, _query(question, question.record.image), question.target, tags)
