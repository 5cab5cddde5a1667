import numpy as np
import pytest

from probes.spurious.discovery.gaps import gaps
from probes.spurious.discovery.influence import image_rows, influence, leading_regions
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.totals import influence_share, performance_gap


@pytest.mark.parametrize("seed", range(80))
def test_it_equals_the_literal_one(literal, random_table, seed):
    table, assignment = random_table(seed)
    found = influence(table, assignment, gaps(table, assignment, 4))
    assert found.tolist() == pytest.approx([literal.influence(table, assignment, c) for c in range(4)])


def test_the_literal_cases_include_values_and_none(random_table):
    found = [
        influence(table, assignment, gaps(table, assignment, 4))
        for table, assignment in (random_table(seed) for seed in range(80))
    ]
    flat = np.concatenate(found)
    assert np.isneginf(flat).any()
    assert ((flat > 0) & (flat < 1)).any()


@pytest.fixture
def pulled():
    """Class 1, cluster 1 in images 0 to 2: all wrong; images 3 to 5 without it: all right. Image 2 has one region."""
    image = np.array([0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5])
    assignment = np.array([0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    scores = np.full((11, 2), 0.5)
    scores[1, 0], scores[2, 0] = 0.9, 0.1
    return (
        RegionTable(
            np.ones(6, int), np.array([0, 0, 0, 1, 1, 1]), np.arange(6), image, np.ones((11, 1), np.float32), scores
        ),
        assignment,
    )


def test_a_worked_example_where_an_image_with_one_region_does_not_enter(pulled):
    table, assignment = pulled
    assert influence(table, assignment, gaps(table, assignment, 2))[1] == 0.5  # image 0 of images 0 and 1


def test_ties_take_the_first_region(pulled):
    table, assignment = pulled
    table.scores[[1, 2], 0] = 0.5
    assert leading_regions(table)[:, 0].tolist() == [0, 2, -1, 5, 7, 9]
    assert influence(table, assignment, gaps(table, assignment, 2))[1] == 0.5  # image 1, whose region comes first


def test_an_unread_answer_has_no_predicted_class(pulled):
    table, assignment = pulled
    table.predictions[1] = -1
    assert influence(table, assignment, gaps(table, assignment, 2))[1] == 1
    table.predictions[0] = -1
    assert influence(table, assignment, gaps(table, assignment, 2))[1] == -np.inf


@pytest.mark.parametrize("seed", range(40))
def test_summed_rows_give_the_same_gap_and_influence(random_table, seed):
    table, assignment = random_table(seed)
    found = gaps(table, assignment, 4)
    pulls = influence(table, assignment, found)
    rows = np.stack([image_rows(table, assignment, c) for c in range(4)])
    assert rows.shape == (4, 14, 18)
    sums = rows.sum(axis=1)
    undefined = np.isnan(found.g).all(axis=1)
    assert performance_gap(sums) == pytest.approx(np.where(undefined, np.nan, found.G), nan_ok=True)
    assert influence_share(sums) == pytest.approx(np.where(np.isneginf(pulls), np.nan, pulls), nan_ok=True)


def test_a_class_without_a_score_has_no_leading_region(random_table):
    table, _ = random_table(3)
    first = leading_regions(table)
    table.scores[table.image == table.image[0], 1] = np.nan
    then = leading_regions(table)
    assert then[table.image[0], 1] == -1
    then[table.image[0], 1] = first[table.image[0], 1]
    assert (then == first).all()
