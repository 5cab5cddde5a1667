"""A toy probe: measures of three kinds, and observations from plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from audit.core.finding import Finding
from audit.core.measure import Measure, share
from audit.core.observation import Observation
from audit.policy.draft import Draft
from audit.policy.policy import Endpoint, Policy, load_policy
from audit.stats.interval import Interval


def youden(totals: np.ndarray) -> np.ndarray:
    return share(totals[..., 0:2]) - share(totals[..., 2:4])


def mean_of_two(totals: np.ndarray) -> np.ndarray:
    return (share(totals[..., 0:2]) + share(totals[..., 2:4])) / 2


def _by_polarity(row: Observation) -> tuple[float, ...]:
    value = float(row.value or 0.0)
    return (value, 1, 0, 0) if row.tags["polarity"] == "outlier" else (0, 0, 1 - value, 1)


def _by_format(row: Observation) -> tuple[float, ...]:
    value = float(row.value or 0.0)
    return (value, 1, 0, 0) if row.tags["polarity"] == "outlier" else (0, 0, value, 1)


@dataclass(frozen=True)
class Normal:
    """Evidence with known closed forms: an estimate that is normal with a known standard error."""

    estimate: float
    se: float = 0.02
    kish_clusters: float = 60.0

    def interval(self, level: float) -> Interval | None:
        from scipy.stats import norm

        if not self.se > 0:
            return None
        reach = norm.isf((1 - level) / 2) * self.se
        return Interval(self.estimate - reach, self.estimate + reach, level, "normal")

    def p(self, value: float) -> tuple[float, float]:
        from scipy.stats import norm

        if not self.se > 0:
            return float("nan"), float("nan")
        z = (self.estimate - value) / self.se
        return float(norm.sf(z)), float(norm.cdf(z))

    def p_two_sided(self, value: float) -> float:
        return min(1.0, 2 * min(self.p(value)))


class Toy:
    """Builders; nothing here draws at random unless given a generator."""

    accuracy = Measure("toy.accuracy", "Right answers", "Of such images, {value} are answered right.",
                       lambda o: (o.value, 1.0), share, null=0.25)  # fmt: skip
    errors = Measure("toy.errors", "Wrong answers", "Of such images, {value} are answered wrong.",
                     lambda o: (1 - (o.value or 0.0), 1.0), share, direction="lower")  # fmt: skip
    youden_j = Measure("toy.youden_j", "Youden's J", "J is {value}", _by_polarity, youden,
                       kind="statistic", null=0.0)  # fmt: skip
    mean = Measure("toy.mean", "Mean of formats", "The mean over formats is {value}.", _by_format, mean_of_two,
                   kind="statistic")  # fmt: skip
    Normal = Normal

    @staticmethod
    def rows(
        values: Sequence[float | None], per_cluster: int = 2, *, probe: str = "toy", start: int = 0, **changes: Any
    ) -> list[Observation]:
        """One observation per value: None is an answer that never came, -1 one that could not be read."""
        made = []
        for place, value in enumerate(values, start):
            outcome: Any = {None: "error", 1: "correct", -1: "unparsed"}.get(value, "wrong")
            made.append(
                Observation(
                    probe=probe,
                    item=f"item{place:05d}",
                    cluster=f"patient{place // per_cluster:05d}",
                    model="model",
                    scoring="strict",
                    outcome=outcome,
                    value=None if value is None else max(float(value), 0.0),
                    tags={"polarity": "outlier" if place % 2 else "none"},
                )
            )
        return [replace(row, **changes) for row in made]

    @staticmethod
    def policy(*endpoints: Endpoint, **changes: Any) -> Policy:
        return replace(load_policy(), primary=endpoints, **{"resamples": 1000, **changes})

    @staticmethod
    def endpoint(
        metric: str = "toy.accuracy", limit: float | None = 0.8, direction: str = "at_least", **rest: Any
    ) -> Endpoint:
        comparison: Any = "vs_base" if limit is None else "absolute"
        return Endpoint(metric, "strict", comparison, direction, limit, **rest)  # type: ignore[arg-type]

    @staticmethod
    def draft(evidence: Any, metric: str = "toy.accuracy", comparison: Any = "absolute", **changes: Any) -> Draft:
        interval = evidence.interval(0.95)
        finding = Finding(
            probe=metric.partition(".")[0],
            title=metric,
            plain_words="It is what it is.",
            metric=metric,
            scoring="strict",
            model="model",
            base="base" if comparison == "vs_base" else None,
            comparison=comparison,
            estimate=evidence.estimate,
            ci_low=None if interval is None else interval.low,
            ci_high=None if interval is None else interval.high,
            direction="higher",
            n_items=200,
            n_clusters=60,
        )
        return Draft(replace(finding, **changes), evidence)


@pytest.fixture(scope="session")
def toy() -> type[Toy]:
    return Toy
