"""Answers to observations: each probe judges, the scoring of controls is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.app.conditions import control_condition
from audit.core.answer import Answer
from audit.core.item import CLEAN, REPEAT, Request
from audit.core.observation import Judgement, ModelRole, Observation
from audit.core.probe import Derives, Probe

_MISSING = (Judgement("strict", "error", None), Judgement("published", "error", None))


def observe(
    probe: Probe,
    role: ModelRole,
    requests: Sequence[Request],
    answers: Sequence[Answer | None],
    controls: frozenset[str],
) -> tuple[Observation, ...]:
    """One observation per request, answer and scoring. No answer (None) means not assessed: no observation.

    An answer with status `error` is missing data: it is observed as such, with no value. Requests under a
    condition in `controls` are scored strictly and named `control`. A clean question that was asked again is judged as
    it was the first time: no probe knows of repeats.
    """
    rows: list[Observation] = []
    for request, answer in zip(requests, answers, strict=True):
        if answer is None:
            continue
        asked = replace(request, condition=CLEAN) if request.condition == REPEAT else request
        judgements = _MISSING if answer.status == "error" else probe.judge(asked, answer)
        if request.condition in controls:
            judgements = tuple(replace(j, scoring="control") for j in judgements if j.scoring == "strict")
        rows += [Observation.of(probe.name, role, request, judgement) for judgement in judgements]
    return tuple(rows)


def observe_constant(probe: Probe, role: ModelRole, requests: Sequence[Request]) -> tuple[Observation, ...]:
    """Observations of the `constant` control, which is computed: `requests` are the probe's own."""
    declared = [control for control in probe.controls if control.name == "constant"]
    if not declared:
        return ()
    if declared[0].clean_only:
        requests = [request for request in requests if request.condition == CLEAN]
    answers = probe.constant_answers(requests)
    named = [replace(request, condition=control_condition(request.condition, "constant")) for request in requests]
    return observe(probe, role, named, answers, frozenset(request.condition for request in named))


def with_derived(probe: Probe, observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """The observations with those that the probe makes of several of them: what its measures are computed from."""
    derived = probe.derive(observations) if isinstance(probe, Derives) else ()
    return (*observations, *derived)
