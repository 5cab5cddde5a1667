import math

import numpy as np
import pytest

from probes.spurious.discovery.gaps import gaps
from probes.spurious.discovery.region_table import RegionTable


def table_of(labels, predictions, image, classes=2):
    regions = len(image)
    return RegionTable(
        np.array(labels), np.array(predictions), np.arange(len(labels)), np.array(image),
        np.ones((regions, 1), np.float32), np.full((regions, classes), 1 / classes),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_equals_the_literal_one(literal, random_table, seed):
    table, assignment = random_table(seed)
    found = gaps(table, assignment, 4)
    for c in range(4):
        inside = literal.images_with(table, assignment, c)
        assert set(np.flatnonzero(found.present[:, c])) == inside
        for label in range(3):
            n_in, n_out, acc_in, acc_out, g = literal.class_gap(table, inside, label)
            assert (found.n_in[c, label], found.n_out[c, label]) == (n_in, n_out)
            assert found.g[c, label] == pytest.approx(math.nan if g is None else g, nan_ok=True)
            if g is not None:
                assert (found.acc_in[c, label], found.acc_out[c, label]) == (acc_in, acc_out)
        assert found.G[c] == pytest.approx(literal.performance_gap(table, assignment, c))
        assert found.attribute[c] == literal.attribute(table, assignment, c)


def test_a_worked_example():
    """Class 0: 2 images with the region, both right; 4 without, 1 right. Class 1: 3 with it, 1 right; 1 without, 1
    right."""
    labels = [0] * 6 + [1] * 4
    predictions = [0, 0, 0, 1, 1, 1, 1, 0, 0, 1]
    with_region = [0, 1, 6, 7, 8]
    image = sorted([*range(10), *with_region])
    assignment = np.array([int(i > 0 and image[i - 1] == image[i]) for i in range(len(image))])
    found = gaps(table_of(labels, predictions, image), assignment, 2)
    assert found.n_in[1].tolist() == [2, 3]
    assert found.n_out[1].tolist() == [4, 1]
    assert found.g[1] == pytest.approx([2 * 2 / 6 * (1 - 1 / 4), 2 * 1 / 4 * (1 / 3 - 1)])
    assert found.G[1] == pytest.approx(1 / 2 + 1 / 3)
    assert found.two_sided.tolist() == [False, True]
    assert found.attribute.tolist() == [-1, 0]  # every image has a region of cluster 0: no out-images
    assert found.G[0] == 0


def test_a_cluster_without_images_has_no_gap():
    found = gaps(table_of([0, 1], [0, 0], [0, 1]), np.array([0, 0]), 3)
    assert found.n_in[2].tolist() == [0, 0]
    assert np.isnan(found.g[2]).all()
    assert (found.G[2], found.attribute[2]) == (0, -1)


def test_the_attribute_is_not_weighted():
    """Class 1 gains more accuracy, though its weight makes its g smaller."""
    labels = [0] * 20 + [1] * 20
    inside = [*range(10), 20]
    predictions = [0] * 10 + [0] * 4 + [1] * 6 + [1] + [0] * 19
    image = sorted([*range(40), *inside])
    assignment = np.array([int(i > 0 and image[i - 1] == image[i]) for i in range(len(image))])
    found = gaps(table_of(labels, predictions, image), assignment, 2)
    assert found.g[1, 0] > found.g[1, 1] > 0
    assert found.attribute[1] == 1
