import numpy as np
import pytest


@pytest.mark.parametrize("seed", range(20))
def test_a_part_of_a_table_holds_the_regions_of_its_images(random_table, seed):
    table, _ = random_table(seed)
    images = np.random.default_rng(seed).integers(0, len(table.labels), 9)  # some twice, some never
    part, rows = table.of(images), table.regions_of(images)
    expected = [row for image in images for row in range(len(table.image)) if table.image[row] == image]
    assert rows.tolist() == expected
    assert part.embeddings.tolist() == table.embeddings[expected].tolist()
    assert images[part.image].tolist() == table.image[expected].tolist()
    assert part.labels.tolist() == table.labels[images].tolist()
    assert part.patients.tolist() == table.patients[images].tolist()
    assert (np.diff(part.image) >= 0).all()


def test_an_unread_prediction_is_wrong(random_table):
    table, _ = random_table(1, images=60)
    assert (table.predictions == -1).any()
    assert not table.correct[table.predictions == -1].any()
    assert table.n_classes == 3
