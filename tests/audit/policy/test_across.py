"""The difference between two data sets' differences, as a finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audit.core.measure import Measure, share
from audit.core.observation import Observation
from audit.policy.across import Pair, across
from audit.policy.arm import Arms
from audit.policy.decide import decide
from audit.policy.policy import load_policy

MEASURE = Measure("toy.accuracy", "Right", "{value} right.", lambda row: (float(row.value or 0), 1.0), share)
POLICY = replace(load_policy(), resamples=2000)


def rows(seed: int, n: int, model: float, base: float, *, lost: int = 0) -> list[Observation]:
    rng = np.random.default_rng(seed)
    made = []
    roles: tuple[tuple[Any, float], ...] = (("model", model), ("base", base))
    for role, rate in roles:
        for item in range(n):
            value = float(rng.random() < rate)
            if role == "base" and item < lost:
                continue
            outcome: Any = "correct" if value else "wrong"
            made.append(Observation("toy", f"q{item}", f"p{item // 2}", role, "strict", outcome, value))
    return made


def mean(observations: list[Observation], role: str) -> float:
    return float(np.mean([row.value for row in observations if row.model == role]))


def test_it_is_the_difference_of_the_differences_with_both_samples_counted() -> None:
    first, second = rows(1, 200, 0.9, 0.6), rows(2, 120, 0.8, 0.8)
    pairs = [Pair.of(name, MEASURE, Arms.of(data)) for name, data in (("one", first), ("two", second))]
    draft = across("toy", MEASURE, pairs[0], pairs[1], POLICY, 0, {"data": "one", "less": "two"})
    assert draft is not None
    (finding,) = decide([draft], POLICY)
    gaps = [mean(data, "model") - mean(data, "base") for data in (first, second)]
    assert finding.estimate == pytest.approx(gaps[0] - gaps[1])
    assert (finding.comparison, finding.metric, finding.role) == ("did", "toy.accuracy", "exploratory")
    assert (finding.n_items, finding.n_clusters) == (320, 160)
    assert finding.ci_low is not None
    assert finding.ci_low < finding.estimate < (finding.ci_high or 0)
    assert finding.family == "toy.did"
    assert "one against two" in finding.plain_words
    assert finding.tags["flag"] == "better"


def test_items_that_one_model_lacks_are_counted() -> None:
    first, second = rows(1, 60, 0.9, 0.6, lost=3), rows(2, 60, 0.8, 0.8)
    pairs = [Pair.of(name, MEASURE, Arms.of(data)) for name, data in (("one", first), ("two", second))]
    draft = across("toy", MEASURE, pairs[0], pairs[1], POLICY, 0, {})
    assert draft is not None
    assert draft.finding.tags["items_unpaired"] == "3"
    assert draft.finding.n_items == 117


def test_nothing_where_a_data_set_has_no_common_answer() -> None:
    first, second = rows(1, 60, 0.9, 0.6), [row for row in rows(2, 60, 0.8, 0.8) if row.model == "model"]
    pairs = [Pair.of(name, MEASURE, Arms.of(data)) for name, data in (("one", first), ("two", second))]
    assert across("toy", MEASURE, pairs[0], pairs[1], POLICY, 0, {}) is None
