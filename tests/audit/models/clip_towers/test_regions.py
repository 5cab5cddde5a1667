"""Regions of two-tower models: pooled as the architecture pools, in the geometry of its own preprocessing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.core.image import Image
from audit.core.model import RegionEncoder
from audit.models.clip import ClipModel
from audit.models.clip_towers.regions import RegionGeometry
from audit.models.region_cells import cells_met, unit_rows
from audit.models.table import open_model

Made = Callable[[str], Path]
KINDS = ("clip", "siglip")


def opened(folder: Path, settings: str = "") -> ClipModel:
    model = open_model(f"clip:{folder}?{settings}")
    assert isinstance(model, ClipModel)
    return model


def noise(width: int, height: int, seed: int = 3) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def finer(kind: str, made: Made, folder: Path) -> Path:
    """The checkpoint with patches of 7 pixels in place of 14, so that there are 16."""
    import torch
    from transformers import AutoConfig, AutoModel

    shutil.copytree(made(kind), folder)
    config = AutoConfig.from_pretrained(folder)
    config.vision_config.patch_size = 7
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = AutoModel.from_config(config)
        for weight in model.parameters():
            if weight.ndim > 1:
                torch.nn.init.normal_(weight, std=0.3)
        model.eval().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=KINDS)
def model(request: pytest.FixtureRequest, tiny_checkpoint: Made, tmp_path_factory: Any) -> ClipModel:
    return opened(finer(request.param, tiny_checkpoint, tmp_path_factory.mktemp("finer") / request.param))


def inputs(model: ClipModel, image: Image) -> Any:
    import PIL.Image

    towers: Any = model._loaded()
    return towers.processor.image_processor(images=[PIL.Image.fromarray(image.rgb())], return_tensors="pt")


def test_the_whole_image_as_a_siglip_region_has_the_embedding_of_the_image(tiny_checkpoint: Made) -> None:
    for found in (opened(tiny_checkpoint("siglip")), open_model("demo:clip")):
        assert isinstance(found, ClipModel)
        pictures = [noise(40, 56), noise(64, 64, 4)]
        rows = found.embed_regions(pictures, [[(0, 0, 40, 56)], [(0, 0, 64, 64)]])
        assert rows == pytest.approx(found.embed_images(pictures), abs=1e-5)


def test_a_region_is_what_the_pooling_makes_of_its_tokens_alone(model: ClipModel) -> None:
    """Against the modules of the library, called with the region's tokens and no others."""
    import torch

    image, box = noise(28, 28), (8, 0, 20, 13)
    rows, columns = [0, 1], [1, 2]
    chosen = [4 * row + column for row in rows for column in columns]
    towers: Any = model._loaded()
    network = towers.model
    with torch.inference_mode():
        states = network.vision_model(**inputs(model, image)).last_hidden_state
        if hasattr(network, "visual_projection"):
            means = states[:, [1 + number for number in chosen]].mean(dim=1)
            expected = network.visual_projection(network.vision_model.post_layernorm(means))
        else:
            expected = network.vision_model.head(states[:, chosen])
    found = model.embed_regions([image], [[box]])
    assert found == pytest.approx(unit_rows(expected.numpy()), abs=1e-5)
    assert np.abs(found - model.embed_images([image])).max() > 1e-3


def test_regions_come_in_order_whatever_the_batch(model: ClipModel) -> None:
    pictures = [noise(28, 28), noise(60, 33, 1), noise(31, 50, 2)]
    boxes = [[(0, 0, 9, 9), (12, 12, 28, 28), (3, 20, 9, 28)], [], [(0, 30, 31, 50)]]
    rows = model.embed_regions(pictures, boxes)
    alone = [model.embed_regions([p], [[b]])[0] for p, some in zip(pictures, boxes, strict=True) for b in some]
    assert rows == pytest.approx(np.stack(alone), abs=1e-5)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("box", [(0, 0, 7, 7), (9, 3, 13, 20), (21, 14, 28, 28), (6, 6, 8, 8)])
def test_a_painted_box_changes_the_patches_that_are_declared_for_it(model: ClipModel, box: Any) -> None:
    """At the patch embedding, on an image that is shown as it is, to the last bit."""
    changed, met = _patches(model, noise(28, 28), box)
    assert (changed > 1e-6).tolist() == met.tolist()


@pytest.fixture(scope="module")
def cropping(tiny_checkpoint: Made, tmp_path_factory: Any) -> ClipModel:
    return opened(finer("clip", tiny_checkpoint, tmp_path_factory.mktemp("cropping") / "clip"))


@pytest.mark.parametrize("box", [(28, 0, 35, 7), (40, 5, 50, 12), (0, 0, 30, 28), (54, 20, 84, 28)])
def test_a_box_of_an_image_that_is_cut_falls_on_its_patches(cropping: ClipModel, box: Any) -> None:
    """A centre crop alone, to the last bit."""
    changed, met = _patches(cropping, noise(84, 28), box)
    assert (changed > 1e-6).tolist() == met.tolist()


@pytest.mark.parametrize(("size", "box"), [((84, 56), (28, 14, 42, 28)), ((56, 112), (0, 56, 28, 70))])
def test_a_box_of_an_image_that_is_resized_and_cut_falls_on_its_patches(
    cropping: ClipModel, size: tuple[int, int], box: Any
) -> None:
    """What is left over is what resizing smears over the edge of a patch."""
    changed, met = _patches(cropping, noise(*size), box)
    assert 0 < met.sum() < 5
    assert changed[met].min() > 5 * changed[~met].max()


def _patches(model: ClipModel, image: Image, box: tuple[int, int, int, int]) -> tuple[Any, Any]:
    """How much a painted box changes each patch embedding, and which patches it meets, both (patches,)."""
    import torch

    pixels = image.rgb().copy()
    left, top, right, bottom = box
    pixels[top:bottom, left:right] = 255 * (pixels[top:bottom, left:right] < 128)
    towers: Any = model._loaded()
    embed = towers.model.vision_model.embeddings.patch_embedding
    with torch.inference_mode():
        one, other = (embed(inputs(model, shown)["pixel_values"]).flatten(2)[0] for shown in (image, Image.of(pixels)))
    geometry = model._geometry
    assert isinstance(geometry, RegionGeometry)
    height, width, _ = pixels.shape
    (met,) = cells_met((geometry.view(width, height),), [box])
    return (one - other).abs().sum(dim=0).numpy(), met


def test_what_the_centre_crop_cuts_away_is_not_a_number(tiny_checkpoint: Made) -> None:
    found = opened(tiny_checkpoint("clip"))
    image = noise(84, 28)
    rows = found.embed_regions([image], [[(0, 0, 20, 28), (30, 0, 50, 28)]])
    assert np.isnan(rows[0]).all()
    assert np.linalg.norm(rows[1]) == pytest.approx(1, abs=1e-5)
    pixels = image.pixels.copy()
    pixels[:, :20] = 0
    assert found.embed_images([Image.of(pixels)]) == pytest.approx(found.embed_images([image]), abs=1e-6)


def test_where_no_geometry_is_declared_nothing_is_guessed(tiny_checkpoint: Made, tmp_path: Path) -> None:
    box = [[(0, 0, 28, 28)]]
    folder = Path(shutil.copytree(tiny_checkpoint("clip"), tmp_path / "clip"))
    config = folder / "processor_config.json"
    settings = json.loads(config.read_text())
    settings["image_processor"]["crop_size"] = {"height": 20, "width": 28}
    config.write_text(json.dumps(settings))
    found = opened(folder)
    assert isinstance(found, RegionEncoder)
    assert "28 x 28" in found.no_regions
    assert found._towers is None
    with pytest.raises(ValueError, match="28 x 28"):
        found.embed_regions([noise(28, 28)], box)
    elsewhere = tmp_path / "open_clip"
    elsewhere.mkdir()
    (elsewhere / "open_clip_config.json").write_text(json.dumps({"model_cfg": {}, "preprocess_cfg": {}}))
    (elsewhere / "open_clip_model.safetensors").write_bytes(b"x")
    unknown = opened(elsewhere)
    assert "open_clip" in unknown.no_regions
    with pytest.raises(ValueError, match="open_clip"):
        unknown.embed_regions([noise(28, 28)], box)


def test_the_reason_is_known_before_weights_are_loaded(tiny_checkpoint: Made) -> None:
    found = opened(tiny_checkpoint("siglip"))
    assert found.no_regions == ""
    assert found._towers is None


def test_another_architecture_is_not_declared(tiny_checkpoint: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.models.clip_towers import regions

    monkeypatch.setattr(regions, "DECLARED", {"siglip": regions.DECLARED["siglip"]})
    assert "'clip' is not declared; declared: siglip" in opened(tiny_checkpoint("clip")).no_regions
