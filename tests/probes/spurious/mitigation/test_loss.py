"""The region-aware loss: closed forms, an implementation by loops, gradients by finite differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from probes.spurious.mitigation.loss import Batch, contrastive, pulled, pushed, region_aware

torch = pytest.importorskip("torch")


def unit(rng: np.random.Generator, n: int, d: int = 6) -> Any:
    rows = rng.normal(size=(n, d))
    return torch.tensor(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=torch.float64)


def batch(seed: int, n: int = 5, y: int = 3, per: int = 4) -> Batch:
    rng = np.random.default_rng(seed)
    image = torch.arange(n).repeat_interleave(per)
    return Batch(
        torch.tensor(rng.integers(0, y, n)), unit(rng, n), unit(rng, y), unit(rng, n * per), image,
        torch.tensor(rng.random(n * per) < 0.3),
    )  # fmt: skip


def e(region: Any, text: Any, temperature: float) -> float:
    return math.exp(float(region @ text) / temperature)


@pytest.mark.parametrize("seed", range(5))
def test_every_term_is_what_its_definition_says_by_loops(seed: int) -> None:
    given, t = batch(seed), 0.5
    made = region_aware(given, t)
    y, n = given.labels.tolist(), len(given.labels)
    rows = [[e(image, text, t) for text in given.texts] for image in given.images]
    to_text = [-math.log(row[y[i]] / sum(row)) for i, row in enumerate(rows)]
    by_class = [
        np.mean([-math.log(rows[i][k] / sum(rows[j][k] for j in range(n))) for i in range(n) if y[i] == k])
        for k in set(y)
    ]
    assert float(made["contrastive"]) == pytest.approx((np.mean(to_text) + np.mean(by_class)) / 2)
    own = [[r for r in range(len(given.image)) if given.image[r] == i and not given.spurious[r]] for i in range(n)]
    pulls = [
        -math.log(
            sum(e(given.regions[r], given.texts[y[i]], t) for r in some)
            / sum(e(given.regions[r], text, t) for r in some for text in given.texts)
        )
        for i, some in enumerate(own)
        if some
    ]
    assert float(made["relevant"]) == pytest.approx(np.mean(pulls))
    pushes = [math.log(1 + e(r, text, t)) for r in given.regions[given.spurious] for text in given.texts]
    assert float(made["spurious"]) == pytest.approx(np.mean(pushes))
    total = 0.8 * made["contrastive"] + 0.2 * (made["relevant"] + made["spurious"])
    assert float(made["total"]) == pytest.approx(float(total))


def test_equal_cosines_give_logarithms_of_the_counts() -> None:
    same = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    images, texts, labels = same.repeat(6, 1), same.repeat(4, 1), torch.tensor([0, 0, 0, 1, 2, 3])
    assert float(contrastive(images, texts, labels)) == pytest.approx((math.log(4) + math.log(6)) / 2)
    image = torch.tensor([0, 0, 1, 5])
    assert float(pulled(images[:4], image, texts, labels)) == pytest.approx(math.log(4))
    across = torch.tensor([[0.0, 1.0]], dtype=torch.float64)
    assert float(pushed(across.repeat(3, 1), texts)) == pytest.approx(math.log(2))
    assert float(pushed(-same, texts, 0.5)) == pytest.approx(math.log1p(math.exp(-2)))


def test_one_region_that_shows_the_class_is_enough_and_a_small_temperature_overflows_nothing() -> None:
    texts = torch.eye(3, dtype=torch.float32)
    regions = torch.stack([texts[1], -texts[1], -texts[1]])
    loss = pulled(regions, torch.zeros(3, dtype=torch.long), texts, torch.tensor([1]), 0.001)
    assert float(loss) == pytest.approx(0, abs=1e-6)
    wrong = pulled(regions, torch.zeros(3, dtype=torch.long), texts, torch.tensor([2]), 0.001)
    assert math.isfinite(float(wrong))
    assert float(wrong) == pytest.approx(1000 - math.log(3), rel=1e-6)  # three regions at a right angle to it


def test_terms_without_regions_are_zero_and_keep_the_graph() -> None:
    given = batch(1)
    texts = given.texts.clone().requires_grad_()
    none = torch.zeros((0, 6), dtype=torch.float64)
    empty = torch.zeros(0, dtype=torch.long)
    bare = Batch(given.labels, given.images, texts, none, empty, empty.bool())
    made = region_aware(bare)
    assert float(made["relevant"]) == float(made["spurious"]) == 0
    made["total"].backward()
    assert torch.isfinite(texts.grad).all()


def test_gradients_are_those_of_finite_differences() -> None:
    given = batch(3)

    def total(images: Any, texts: Any, regions: Any) -> Any:
        one = Batch(given.labels, images, texts, regions, given.image, given.spurious)
        return region_aware(one, 0.4)["total"]

    inputs = tuple(part.clone().requires_grad_() for part in (given.images, given.texts, given.regions))
    assert torch.autograd.gradcheck(total, inputs)


def test_a_step_downhill_moves_regions_the_way_that_the_terms_are_named_for() -> None:
    given = batch(4)
    regions = given.regions.clone().requires_grad_()
    one = Batch(given.labels, given.images, given.texts, regions, given.image, given.spurious)
    region_aware(one)["total"].backward()
    moved = (regions - 0.01 * regions.grad).detach()
    before, after = given.regions @ given.texts.T, moved @ given.texts.T
    assert (after[given.spurious].mean(dim=0) < before[given.spurious].mean(dim=0)).all()
    own = given.labels[given.image][:, None]
    rise = (after - before).gather(1, own)[~given.spurious]
    assert float(rise.mean()) > 0


def test_a_region_of_an_image_that_is_not_there_is_refused() -> None:
    given = batch(0)
    with pytest.raises(ValueError, match="images 0 to 4"):
        region_aware(Batch(given.labels, given.images, given.texts, given.regions, given.image + 1, given.spurious))
