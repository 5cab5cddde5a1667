import numpy as np
import pytest

from probes.spurious.discovery.baselines import BASELINES, at_random, by_confidence
from probes.spurious.discovery.precision import precision_at


@pytest.mark.parametrize("name", BASELINES)
def test_each_ranks_rows_of_the_table_once_and_repeats_with_the_seed(planted, name):
    table, _ = planted(0, images=60)
    first, again = (BASELINES[name](table, np.random.default_rng(3)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert len(set(first.tolist())) == len(first) >= 10
    assert 0 <= first.min() <= first.max() < len(table.image)


def test_random_reaches_the_share_of_regions_that_hold_the_feature(planted):
    table, holds = planted(0)
    reached = [precision_at(at_random(table, np.random.default_rng(seed)), holds) for seed in range(400)]
    assert np.mean(reached) == pytest.approx(holds.mean(), abs=0.03)


def test_confidence_orders_regions_of_wrong_images_by_the_score_of_what_was_said(random_table):
    table, _ = random_table(5, images=40)
    ranked = by_confidence(table, np.random.default_rng(0))
    said = table.predictions[table.image]
    wrong = [row for row in range(len(table.image)) if said[row] not in (-1, table.labels[table.image[row]])]
    assert sorted(ranked.tolist()) == wrong
    assert (np.diff([table.scores[row, said[row]] for row in ranked]) <= 0).all()


def test_confidence_breaks_ties_at_random(random_table):
    table, _ = random_table(5, images=40)
    table.scores[:] = 0.5
    assert len({tuple(by_confidence(table, np.random.default_rng(seed)).tolist()) for seed in range(5)}) == 5
