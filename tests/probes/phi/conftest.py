"""Plans without pictures, and what the audit concludes about planted models."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from audit.app.judging import observe, with_derived
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import Request
from audit.core.measure import Measure
from audit.core.observation import Observation
from audit.core.probe import Plan
from probes.phi.probe import PROBE

Says = Callable[[Request], str]
NO_DATA = Dataset("none", "images", ())


@pytest.fixture(scope="session")
def plan() -> Callable[..., Plan]:
    """`plan(documents=..., ...)`: the probe's plan on no data; equal options are planned once."""

    @cache
    def planned(seed: int = 0, **options: object) -> Plan:
        return PROBE.plan(NO_DATA, PROBE.options(options), np.random.default_rng(seed))

    return planned


@pytest.fixture(scope="session")
def seen() -> Callable[[Plan, Says], tuple[Observation, ...]]:
    """All observations, derived ones too, of a model that says this."""

    def made(planned: Plan, says: Says) -> tuple[Observation, ...]:
        answers = [Answer(says(request)) for request in planned.requests]
        return with_derived(PROBE, observe(PROBE, "model", planned.requests, answers, frozenset()))

    return made


@pytest.fixture(scope="session")
def value() -> Callable[..., float]:
    """The value of the measure of that metric and those tags."""

    def of(rows: tuple[Observation, ...], metric: str, **tags: str) -> float:
        (measure,) = [m for m in PROBE.measures(rows) if m.metric == metric and dict(m.tags) == tags]
        return float(measure.statistic(totals(measure, rows)))

    return of


def totals(measure: Measure, rows: tuple[Observation, ...]) -> np.ndarray:
    """The summed rows of a measure."""
    held = [row for row in rows if row.condition == measure.condition and row.scoring == measure.scoring]
    numbers = [found for row in held if (found := measure.row(row)) is not None]
    return np.sum(np.array(numbers, dtype=np.float64), axis=0)
