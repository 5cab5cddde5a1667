"""The test against repeated questions: closed forms, all outcomes listed, and its errors by simulation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binomtest

from audit.stats.repeats import repeat_p

cluster = st.tuples(st.integers(1, 3), st.integers(2, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 1))
)


@pytest.mark.parametrize(("only_again", "only_flipped"), [(0, 5), (2, 9), (4, 4), (7, 1)])
def test_one_condition_and_single_questions_are_mcnemar(only_again: int, only_flipped: int) -> None:
    rows = [[[1, 0]]] * only_again + [[[0, 1]]] * only_flipped + [[[1, 1]]] * 3 + [[[0, 0]]] * 10
    n = only_again + only_flipped
    assert repeat_p(rows) == pytest.approx(binomtest(only_again, n, 0.5, alternative="less").pvalue)


def test_a_model_that_never_contradicts_itself_has_a_closed_form() -> None:
    """The chance that a repeat drawn among 1 + K answers is none of those that changed."""
    flips = [0, 1, 3, 4]
    rows = [[[0] + [1] * changed + [0] * (4 - changed)] for changed in flips]
    assert repeat_p(rows) == pytest.approx(np.prod([1 - changed / 5 for changed in flips]))


@given(st.lists(cluster, min_size=1, max_size=4))
def test_it_is_the_share_of_all_ways_to_draw_the_repeats(clusters: list[np.ndarray]) -> None:
    sums = [cluster.sum(axis=0) for cluster in clusters]
    drawn = [sum(ways) for ways in product(*sums)]
    assert repeat_p(clusters) == pytest.approx(np.mean(np.array(drawn) <= sum(own[0] for own in sums)))


@given(st.lists(cluster, min_size=1, max_size=5), st.randoms())
def test_neither_the_order_of_clusters_nor_of_conditions_matters(clusters: list[np.ndarray], random: object) -> None:
    mixed = [np.column_stack([rows[:, 0], rows[:, :0:-1]]) for rows in reversed(clusters)]
    assert repeat_p(mixed) == pytest.approx(repeat_p(clusters))


@pytest.mark.parametrize("wrong", [[[[0.5, 1]]], [[[1]]], [[0, 1]]])
def test_what_is_no_table_of_changes_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        repeat_p(wrong)  # type: ignore[arg-type]
    assert np.isnan(repeat_p([]))


def changes(
    rng: np.random.Generator, clusters: int, items: int, conditions: int, noise: float, shift: float = 0.0
) -> list[np.ndarray]:
    """Questions of unequal instability (beta, mean `noise`); a cluster rises and falls together in what is done to it.
    Conditions change a further `shift` of the answers."""
    made = []
    for _ in range(clusters):
        unstable = rng.beta(noise, 1 - noise, size=(items, 1)) if noise else np.zeros((items, 1))
        together = rng.random(1 + conditions)  # one draw per request time: batch effects
        apart = rng.random((items, 1 + conditions))
        drawn = np.where(rng.random((items, 1)) < 0.5, together, apart) < unstable
        moved = rng.random((items, conditions)) < shift
        made.append(np.column_stack([drawn[:, :1], drawn[:, 1:] | moved]).astype(int))
    return made


@pytest.mark.parametrize(
    ("clusters", "items", "conditions", "noise"),
    [(24, 1, 1, 0.1), (24, 1, 9, 0.1), (24, 1, 9, 0.4), (12, 4, 3, 0.2), (100, 1, 9, 0.03)],
)
def test_pure_noise_is_called_more_no_more_often_than_promised(
    clusters: int, items: int, conditions: int, noise: float
) -> None:
    rng, runs = np.random.default_rng(7), 1000
    hits = sum(repeat_p(changes(rng, clusters, items, conditions, noise)) <= 0.025 for _ in range(runs))
    assert hits / runs <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / runs)


def test_a_real_effect_is_seen_beside_noise_and_without_any() -> None:
    rng = np.random.default_rng(8)
    for noise, shift in ((0.0, 0.25), (0.1, 0.5)):
        found = sum(repeat_p(changes(rng, 24, 1, 9, noise, shift)) <= 0.025 for _ in range(200))
        assert found >= 190, (noise, shift, found)
