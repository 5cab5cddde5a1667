"""Evidence: intervals of differences never leave what is possible."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.measure import Measure, share
from audit.policy.evidence import Difference
from audit.stats.paired import paired


def youden(totals: np.ndarray) -> np.ndarray:
    return share(totals[..., 0:2]) - share(totals[..., 2:4])


YOUDEN = Measure("toy.j", "J", "{value}", lambda row: None, youden, kind="statistic", parts=((0, 1, 1.0), (2, 3, -1.0)))


def test_the_span_of_a_measure_is_the_largest_difference_that_it_can_have() -> None:
    assert Measure("toy.share", "Share", "{value}", lambda row: None, share).span == 1
    assert YOUDEN.span == 2
    assert Measure("toy.other", "Other", "{value}", lambda row: None, youden, kind="statistic").span == np.inf


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_stays_within_reach(clusters: int, seed: int, good: float, bad: float) -> None:
    rng = np.random.default_rng(seed)

    def totals(rate: float) -> np.ndarray:
        hits = rng.binomial(4, [rate, 1 - rate], size=(clusters, 2))
        return np.column_stack([hits[:, 0], np.full(clusters, 4), hits[:, 1], np.full(clusters, 4)]).astype(float)

    contrast = paired(totals(good), totals(bad), youden, np.random.default_rng(seed), 500, level=0.95)
    bounded = Difference(contrast, YOUDEN.span)
    for level in (0.95, 0.999):
        found, whole = bounded.interval(level), contrast.interval_at(level)
        if found is None or whole is None:
            assert found is whole
            continue
        assert -2 <= found.low < found.high <= 2
        assert found.low >= whole.low
        assert found.high <= whole.high
