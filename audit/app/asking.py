"""Asking each model in turn all that the probes want to know; only one model is loaded at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.app.able import able, has_room
from audit.app.judging import observe
from audit.app.opinions import with_opinions
from audit.app.planning import Planned
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.item import CLEAN, REPEAT, Request
from audit.core.model import Lookup, Model, Remote, is_lookup
from audit.core.observation import ModelRole
from audit.core.probe import MayNotTell
from audit.models.canary import changed, choose
from audit.models.replay import Replay
from audit.store.asker import Asker

CANARIES = 3
SCREENED = 6


def ask_all(
    asker: Asker,
    models: Mapping[ModelRole, Model | Lookup],
    planned: Sequence[Planned],
    judge: Model | None = None,
) -> tuple[Replies, ...]:
    """All replies of all models, with the opinions of the judge. Raises `InputError` when a server no longer gives the
    answers that it gave."""
    replies: list[Replies] = []
    active = [entry for entry in planned if entry.status == "planned"]
    for role, model in models.items():
        if is_lookup(model):
            replies += _look_up(asker, model, role, active)
            continue
        try:
            askable = [_able(entry, model) for entry in active]
            _check_canaries(asker, model, role, [entry for entry, _ in askable])
            for entry, lacking in askable:
                given = _asked(asker, model, role, entry)
                given = replace(given, lacking=(*lacking, *given.lacking))
                if len(given.requests) == len(entry.requests):
                    given = _with_prompted(asker, model, given, _able_prompts(entry, model))
                    given = _with_again(asker, model, given, entry.repeats)
                replies.append(given)
        finally:
            model.close()
    return tuple(replies) if judge is None else with_opinions(asker, judge, active, replies)


def _asked(asker: Asker, model: Model, role: ModelRole, entry: Planned) -> Replies:
    """All replies to one probe; to its first clean requests alone where these show that the rest can tell nothing."""
    first = tuple(request for request in entry.requests if request.condition == CLEAN)[:SCREENED]
    calls = 0
    if isinstance(entry.probe, MayNotTell) and len(first) < len(entry.requests):
        asked = asker.ask(model, role, entry.name, first)
        calls = asked.n_calls
        if entry.probe.untold(observe(entry.probe, role, first, asked.answers, frozenset())):
            rest = dict.fromkeys(request.condition for request in entry.requests if request.condition != CLEAN)
            return Replies(role, entry.name, first, asked.answers, calls, asked.n_stored, lacking=tuple(rest))
    asked = asker.ask(model, role, entry.name, entry.requests)
    return Replies(role, entry.name, entry.requests, asked.answers, asked.n_calls + calls, asked.n_stored - calls)


def _able(entry: Planned, model: Model) -> tuple[Planned, tuple[str, ...]]:
    """The entry with what a model can be asked, and the conditions of the rest."""
    kept = tuple(request for request in entry.requests if able(model, request.query))
    asked = {request.condition for request in kept}
    rest = dict.fromkeys(request.condition for request in entry.requests if request.condition not in asked)
    repeats = tuple(request for request in entry.repeats if able(model, request.query))  # formats only generate
    return replace(entry, requests=kept, repeats=repeats), tuple(rest)


def _able_prompts(entry: Planned, model: Model) -> tuple[Request, ...]:
    """The requests in those formats that the model can be asked in: one that it cannot take for some question (too many
    images, with examples) is not tried at all, or it would be tried on other questions than the rest."""
    requests = entry.prompted.requests
    never = {request.condition for request in requests if not has_room(model, request.query)}
    return tuple(request for request in requests if request.condition not in never)


def _with_prompted(asker: Asker, model: Model, given: Replies, requests: Sequence[Request]) -> Replies:
    """The replies with those to questions in other prompt formats."""
    if not requests:
        return given
    asked = asker.ask(model, given.role, given.probe, requests)
    return replace(
        given,
        n_calls=given.n_calls + asked.n_calls,
        n_stored=given.n_stored + asked.n_stored,
        prompted=Replies(given.role, given.probe, tuple(requests), asked.answers),
    )


def _with_again(asker: Asker, model: Model, given: Replies, repeats: Sequence[Request]) -> Replies:
    """The replies with those to requests that are asked again: once the rest is answered, each half by itself, so that
    every one of them stands in another batch than before."""
    if not repeats:
        return given
    middle = (len(repeats) + 1) // 2
    asked = [asker.ask(model, given.role, given.probe, half) for half in (repeats[:middle], repeats[middle:]) if half]
    answers = tuple(answer for half in asked for answer in half.answers)
    return replace(
        given,
        n_calls=given.n_calls + sum(half.n_calls for half in asked),
        n_stored=given.n_stored + sum(half.n_stored for half in asked),
        again=Replies(given.role, given.probe, tuple(repeats), answers),
    )


def _look_up(asker: Asker, model: Lookup, role: ModelRole, active: Sequence[Planned]) -> list[Replies]:
    replies = []
    for entry in active:
        asked = asker.ask(model, role, entry.name, entry.requests)
        found = Replies(role, entry.name, entry.requests, asked.answers, 0, asked.n_stored)
        replies.append(_looked_up_again(asker, model, _complete(found, model.conditions()), entry.repeats))
    if replies and isinstance(model, Replay):
        everything = [request for entry in active for request in (*entry.requests, *entry.repeats)]
        replies[0] = replace(replies[0], unmatched=model.match(everything).unmatched_ids)
    return replies


def _looked_up_again(asker: Asker, model: Lookup, given: Replies, repeats: Sequence[Request]) -> Replies:
    """The replies, with answers to repeated requests where a file holds them: a lookup itself cannot be asked again."""
    have = model.conditions()
    if not repeats or have is None or REPEAT not in have:
        return given
    asked = asker.ask(model, given.role, given.probe, repeats)
    return replace(given, again=_complete(Replies(given.role, given.probe, tuple(repeats), asked.answers), have))


def _complete(replies: Replies, have: frozenset[str] | None) -> Replies:
    """Tell what a lookup lacks: whole conditions are not assessed, single ids are missing data."""
    answers: list[Answer | None] = []
    missing: list[str] = []
    for request, answer in zip(replies.requests, replies.answers, strict=True):
        if answer is None and (have is None or request.condition in have):
            missing.append(request.item.id)
            answers.append(Answer.failed("the file has no answer for this item"))
        else:
            answers.append(answer)
    asked = dict.fromkeys(request.condition for request in replies.requests)
    return replace(
        replies,
        answers=tuple(answers),
        lacking=tuple(name for name in asked if have is not None and name not in have),
        missing=tuple(dict.fromkeys(missing)),
    )


def _check_canaries(asker: Asker, model: Model, role: str, active: Sequence[Planned]) -> None:
    """On resume, ask a server a few questions again: another answer means that it is not the same server any more."""
    if not isinstance(model, Remote):
        return
    for entry in active:
        known = dict(asker.store.places(role, entry.name))
        pairs = [(request, known[request.place]) for request in entry.requests if request.place in known]
        complete = len(pairs) == len(entry.requests) and all(answer.status != "error" for _, answer in pairs)
        if complete or not pairs:
            continue
        picked = choose([(request.query, answer) for request, answer in pairs], CANARIES)
        again = dict(model.answers([query for query, _ in picked]))
        why = changed([answer for _, answer in picked], [again[i] for i in range(len(picked))])
        if why:
            raise InputError(
                f"The server of {model.spec!r} changed since this run was begun: {why}",
                remedy="start a new run with another --out",
            )
