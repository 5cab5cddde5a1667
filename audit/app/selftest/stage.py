"""A run without models: planned once, then concluded again and again from the answers of simulated models.

Planning, judging, measures, statistics, policy and verdict are those of `medaudit run`; what is left out is the
keeping of answers on disk (the tests show that the command finds the same from the same answers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from audit.app.binding import Loaded
from audit.app.conditions import control_requests
from audit.app.config import RunConfig
from audit.app.pipeline import Outcome, Prepared, conclude_run, prepare
from audit.app.planning import Planned, plan_record
from audit.app.replies import Replies
from audit.app.selftest.persona import Difficulty, Persona, answers
from audit.app.selftest.sheet import Sheet
from audit.app.suites import Suite
from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.dataset import Dataset
from audit.core.finding import stream_seed
from audit.core.observation import ModelRole
from audit.core.probe import Flaw, Probe
from audit.models.table import open_model
from audit.policy.policy import load_policy

NOBODY = "control:oracle"
"""Both models of the run that is planned: answers come from elsewhere, so that no image is sent anywhere."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A prepared run with what simulated models have to know of its requests."""

    prepared: Prepared
    sheets: tuple[Sheet, ...]

    @classmethod
    def of(cls, prepared: Prepared, *, again: bool = False) -> Stage:
        """The stage of a prepared run. `again`: part of the clean questions is asked a second time, as planned."""
        planned = [entry for entry in prepared.planned if entry.status == "planned"]
        return cls(prepared, tuple(Sheet.of(entry, again=again) for entry in planned))

    @property
    def asking_again(self) -> Stage:
        """The same stage with the repeats that every run has. A model that is sure of what it says changes none of
        its answers then, and is audited without."""
        return Stage.of(self.prepared, again=True)

    @property
    def probes(self) -> tuple[str, ...]:
        """The probes that can be asked."""
        return tuple(sheet.entry.name for sheet in self.sheets)

    @property
    def flaws(self) -> tuple[tuple[str, Flaw], ...]:
        """Every flaw that the probes claim to find, with the probe's name."""
        found = []
        for sheet in self.sheets:
            if sheet.entry.probe is not None:
                found += [(sheet.entry.name, flaw) for flaw in sheet.entry.probe.flaws]
        return tuple(found)

    @property
    def left_out(self) -> dict[str, str]:
        """Probes that cannot be asked on these data, with the reason."""
        return {entry.name: entry.reason for entry in self.prepared.planned if entry.status != "planned"}

    @property
    def what(self) -> Json:
        """What is tried here, as plain data: the plan and the policy."""
        policy = self.prepared.policy
        return {**plan_record(self.prepared.planned), "policy": policy.sha256, "resamples": policy.resamples}

    def only(self, name: str) -> Stage:
        """The same stage with one probe alone, as `--probe NAME` has it."""
        planned = tuple(entry for entry in self.prepared.planned if entry.name == name)
        suite = replace(self.prepared.suite, probes=(name,))
        prepared = replace(self.prepared, planned=planned, suite=suite)
        return Stage(prepared, tuple(sheet for sheet in self.sheets if sheet.entry.name == name))

    def resampled(self, resamples: int) -> Stage:
        """The same stage under a policy with another number of resamples."""
        policy = replace(self.prepared.policy, resamples=resamples)
        return replace(self, prepared=replace(self.prepared, policy=policy))

    def replies(self, model: Persona, base: Persona, seed: int) -> tuple[Replies, ...]:
        """What both simulated models say; equal seeds, equal answers."""
        hard = {sheet.entry.name: Difficulty.of(sheet, _rng(seed, sheet, "difficulty")) for sheet in self.sheets}
        cast: tuple[tuple[ModelRole, Persona], ...] = (("model", model), ("base", base))
        return tuple(
            _replies(role, sheet, answers(persona, sheet, hard[sheet.entry.name], _rng(seed, sheet, role)))
            for role, persona in cast
            for sheet in self.sheets
        )

    def audit(self, model: Persona, base: Persona, seed: int) -> Outcome:
        """One audit of one simulated model against another, from answers to verdict."""
        prepared = replace(self.prepared, config=replace(self.prepared.config, seed=seed))
        return conclude_run(prepared, Path(), {}, self.replies(model, base, seed))


@lru_cache(maxsize=2)
def default_stage(probes: tuple[str, ...], policy: Path | None = None) -> Stage:
    """The audit that `medaudit run` makes where no data is named, of these probes; kept, since nothing changes it."""
    config = RunConfig(probes=probes, model=NOBODY, base=NOBODY, policy=policy)
    return Stage.of(prepare(config))


def stage_on(probe: Probe, dataset: Dataset, given: Mapping[str, object] | None = None, seed: int = 0) -> Stage:
    """The audit of one probe, registered or not, on data that it can use, under the default policy."""
    options = probe.options(given or {})
    plan = probe.plan(dataset, options, np.random.default_rng(seed))
    controls = control_requests(plan.requests, probe.controls, np.random.default_rng(seed), pictures=False)
    planned = Planned(
        probe.name,
        probe.title,
        "planned",
        probe=probe,
        options=options,
        dataset=dataset,
        plan=plan,
        requests=(*plan.requests, *controls),
        controls=frozenset(request.condition for request in controls),
    )
    config = RunConfig(probes=(probe.name,), model=NOBODY, base=NOBODY)
    suite = Suite("", "Chosen probes", "", (probe.name,))
    models = {"model": open_model(NOBODY), "base": open_model(NOBODY)}
    loaded = (Loaded(None, dataset),)
    return Stage.of(Prepared(config, suite, load_policy(), models, loaded, (planned,)))  # type: ignore[arg-type]


def _replies(role: ModelRole, sheet: Sheet, said: tuple[Answer, ...]) -> Replies:
    entry = sheet.entry
    first = len(entry.requests)
    again = Replies(role, entry.name, entry.repeats, said[first:]) if sheet.again else None
    return Replies(role, entry.name, entry.requests, said[:first], again=again)


def _rng(seed: int, sheet: Sheet, what: str) -> np.random.Generator:
    return np.random.default_rng(stream_seed(seed, f"selftest:{sheet.entry.name}:{what}"))
