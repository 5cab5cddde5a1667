"""A two-tower model to be trained further: the embeddings of the adapter, with gradients, and a checkpoint of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.models.clip import ClipModel
from audit.models.table import open_model

torch = pytest.importorskip("torch")

BOXES = ((0, 0, 20, 30), (20, 0, 40, 30), (0, 0, 40, 30))


def opened(folder: Path) -> ClipModel:
    model = open_model(f"clip:{folder}?templates=plain")
    assert isinstance(model, ClipModel)
    return model


def pictures(n: int = 3) -> list[Image]:
    rng = np.random.default_rng(0)
    return [Image.of(rng.integers(0, 255, (30, 40), dtype=np.uint8)) for _ in range(n)]


@pytest.mark.parametrize("kind", ["clip", "siglip"])
def test_it_embeds_as_the_adapter_does(kind: str, tiny_checkpoint: Callable[[str], Path]) -> None:
    model = opened(tiny_checkpoint(kind))
    trainable, images = model.trainable(), pictures()
    boxes = [trainable.seen(image, BOXES) for image in images]
    assert trainable.images(images).detach().numpy() == pytest.approx(model.embed_images(images), abs=1e-5)
    regions = trainable.regions(images, boxes).detach().numpy()
    assert regions == pytest.approx(model.embed_regions(images, boxes), abs=1e-5)
    texts = ["nodule", "no finding"]
    assert trainable.texts(texts).detach().numpy() == pytest.approx(model.embed_texts(texts), abs=1e-5)


@pytest.mark.parametrize("kind", ["clip", "siglip"])
def test_gradients_reach_the_image_tower_and_a_step_is_in_the_checkpoint(
    kind: str, tiny_checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    trainable, images = opened(tiny_checkpoint(kind)).trainable(), pictures()
    boxes = [trainable.seen(image, BOXES) for image in images]
    optimiser = torch.optim.SGD(trainable.weights, 0.1)
    loss = (trainable.regions(images, boxes) @ trainable.texts(["nodule", "other"]).T).sum()
    loss.backward()
    changed = [weight for weight in trainable.weights if weight.grad is not None and weight.grad.abs().sum() > 0]
    assert len(changed) > 5
    optimiser.step()
    after = trainable.images(images).detach().numpy()
    trainable.save(tmp_path / "made")
    again = opened(tmp_path / "made")
    assert again.embed_images(images) == pytest.approx(after, abs=1e-5)
    assert opened(tiny_checkpoint(kind)).embed_images(images) != pytest.approx(after, abs=1e-4)
    assert again.fingerprint["checkpoint"] != opened(tiny_checkpoint(kind)).fingerprint["checkpoint"]


def test_nothing_is_written_over_and_nothing_half(tiny_checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
    trainable = opened(tiny_checkpoint("siglip")).trainable()
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="something here already"):
        trainable.save(tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []

    def broken(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    trainable.towers.processor.save_pretrained = broken
    with pytest.raises(InputError, match="No space left"):
        trainable.save(tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_another_number_format_is_refused(tiny_checkpoint: Callable[[str], Path]) -> None:
    model = open_model(f"clip:{tiny_checkpoint('siglip')}?dtype=bfloat16")
    assert isinstance(model, ClipModel)
    with pytest.raises(InputError, match="dtype=float32"):
        model.trainable()
