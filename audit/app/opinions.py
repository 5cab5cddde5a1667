"""The judge model: its opinion of answers that a probe cannot read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.app.planning import Planned
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.model import Model, is_lookup
from audit.core.probe import AsksJudge, ReadsMost
from audit.models.table import open_model
from audit.store.asker import Asker


def open_judge(spec: str) -> Model:
    """The judge model of a spec. Raises `InputError` for one that writes no text of its own."""
    judge = open_model(spec)
    if is_lookup(judge) or "generate" not in judge.capabilities:
        raise InputError(f"The judge {judge.spec!r} cannot answer new questions", remedy="name a model that generates")
    return judge


def with_opinions(
    asker: Asker, judge: Model, planned: Sequence[Planned], replies: Sequence[Replies]
) -> tuple[Replies, ...]:
    """The replies, with the judge's opinion in every answer that needs one. Opinions are stored as answers are.

    An answer of which the judge gave no opinion because of an error is missing data: it is asked again on resume.
    """
    probes = {entry.name: entry.probe for entry in planned}
    try:
        return tuple(_judged(asker, judge, probes[given.probe], given) for given in replies)
    finally:
        judge.close()


def _judged(asker: Asker, judge: Model, probe: object, given: Replies) -> Replies:
    if not isinstance(probe, AsksJudge):
        return given
    answers = list(given.answers)
    places, requests = [], []
    for place, (request, answer) in enumerate(zip(given.requests, answers, strict=True)):
        if isinstance(probe, ReadsMost) and answer is not None and probe.settled(request, answer):
            continue
        if answer is not None and answer.status in ("ok", "truncated") and probe.needs_opinion(request):
            places.append(place)
            requests.append(replace(request, query=probe.opinion_query(request, answer)))
    asked = asker.ask(judge, f"judge of {given.role}", given.probe, requests)
    for place, said in zip(places, asked.answers, strict=True):
        answer = answers[place]
        if answer is not None:
            answers[place] = _with_opinion(answer, said)
    return replace(given, answers=tuple(answers), n_calls=given.n_calls + asked.n_calls)


def _with_opinion(answer: Answer, said: Answer | None) -> Answer:
    if said is None or said.status == "error":
        return Answer.failed(f"the judge model gave no opinion: {'' if said is None else said.detail}")
    return replace(answer, opinion=said.text)
