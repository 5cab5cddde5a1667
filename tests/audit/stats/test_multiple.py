import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from audit.stats.multiple import benjamini_hochberg, holm, simultaneous_level

ps = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@settings(max_examples=8)  # statsmodels takes a tenth of a second for each Holm
@given(ps)
def test_adjusted_values_are_those_of_statsmodels(values):
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1])
    assert benjamini_hochberg(values) == pytest.approx(multipletests(values, method="fdr_bh")[1])


def test_worked_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])


@given(ps)
def test_what_was_not_tested_stays_out(values):
    for adjust in (holm, benjamini_hochberg):
        spread = [None, *values, math.nan]
        result = adjust(spread)
        assert result[0] is None
        assert math.isnan(result[-1])
        assert result[1:-1] == adjust(values)


@given(ps)
def test_adjusting_never_lowers_p_and_keeps_its_order(values):
    for adjust in (holm, benjamini_hochberg):
        result = adjust(values)
        assert all(p <= q + 1e-12 and q <= 1 for p, q in zip(values, result, strict=True))
        pairs = sorted(zip(values, result, strict=True))
        assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs))


def test_edges():
    assert holm([]) == benjamini_hochberg([]) == []
    assert holm([None]) == [None]
    for bad in ([1.2], [-0.1, 0.5]):
        with pytest.raises(ValueError, match="p-values"):
            holm(bad)


def test_simultaneous_level():
    assert simultaneous_level(0.05, 1) == pytest.approx(0.95)
    assert simultaneous_level(0.05, 5) == pytest.approx(0.99)
    for alpha, m in ((0, 2), (0.05, 0)):
        with pytest.raises(ValueError, match="alpha"):
            simultaneous_level(alpha, m)
