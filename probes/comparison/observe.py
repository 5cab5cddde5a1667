"""Answers of a file as observations: judged strictly, as published, and by option probabilities where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audit.core.answer import Answer
from audit.core.item import CLEAN, Item, Request
from audit.core.observation import Judgement, ModelRole, Observation
from audit.core.query import Query, ask
from audit.data.answers import AnswerRow
from probes.calibration.answers import probabilities, with_probabilities
from probes.comparison.items import Question, options_of
from probes.comparison.measures import LIKELIHOOD, OPEN
from probes.comparison.metrics import NAME
from probes.comparison.reading import judge_likelihood, judge_published, judge_strict
from probes.parsing.markup import letters as phrase

_UNKNOWN = ask("(the file of answers does not say what was asked)")


def request_of(row: AnswerRow, question: Question) -> Request:
    """The request that a row answers; what was asked is not known, what was offered is."""
    query = Query(_UNKNOWN, options=options_of(row) or question.options, sample=row.sample)
    return Request(Item(row.id, question.cluster, query, question.target, tags_of(question)), query, row.condition)


def tags_of(question: Question) -> dict[str, str]:
    """Slices, and whether options were offered."""
    return {**question.slices, "answer_type": "closed" if question.options else OPEN}


def observations_of(
    role: ModelRole, questions: Mapping[str, Question], requests: Sequence[Request], answers: Sequence[Answer | None]
) -> Iterator[Observation]:
    """All observations of one file. An answer of status `error` is missing data: observed, without a value."""
    for request, answer in zip(requests, answers, strict=True):
        if answer is not None:
            question = questions[request.item.id]
            for condition, judgement in _judged(question, request, answer):
                yield Observation.of(NAME, role, replace(request, condition=condition), judgement)


def sure_of(
    role: ModelRole, questions: Mapping[str, Question], requests: Sequence[Request], answers: Sequence[Answer | None]
) -> Iterator[Observation]:
    """How sure one file's model was of its answers, where rows carry a probability for every option."""
    for request, answer in zip(requests, answers, strict=True):
        options, question = request.query.options, questions[request.item.id]
        chances = None if answer is None else probabilities(options, answer)
        right = [option.label for option in options if phrase(option.text) == question.target]
        if chances is not None and right:
            unjudged = Observation.of(NAME, role, request, Judgement("strict", "wrong", None))
            yield with_probabilities(unjudged, chances, right)


def _judged(question: Question, request: Request, answer: Answer) -> Iterator[tuple[str, Judgement]]:
    if answer.status == "error":
        yield request.condition, Judgement("strict", "error", None)
        return
    options = request.query.options
    yield request.condition, judge_strict(question, options, answer)
    if request.condition == CLEAN:
        yield CLEAN, judge_published(question, options, answer)
        chosen = judge_likelihood(question, options, answer)
        if chosen is not None:
            yield LIKELIHOOD, chosen
