"""Embeddings from the vision side of generative models: means of the tokens that the language model is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audit.core.image import Image
from audit.core.model import Encoder, RegionEncoder
from audit.core.query import Intervention, Query, ask
from audit.models.hf import HfModel
from audit.models.region_cells import unit_rows
from audit.models.table import open_model

Made = Callable[[str], Path]
KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
# Sizes (width, height) in which images differ, several of more than one tile or attention window.
SIZES = ((56, 84), (150, 90), (40, 40))


def opened(folder: Path, settings: str = "") -> HfModel:
    model = open_model(f"hf:{folder}?{settings}")
    assert isinstance(model, HfModel)
    return model


def noise(width: int, height: int, seed: int = 0) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    return [noise(*size, seed) for seed, size in enumerate(SIZES)]


def language_tokens(model: HfModel, image: Image) -> np.ndarray:
    """What the language model is given of one image, row by row of its prompt: (tokens, channels)."""
    import torch

    engine = model._loaded().engine
    prompt = engine.template.of(Query(ask(image, "Which one?")))
    inputs = engine.inputs([prompt], "right")
    inner = engine.model.model
    text = inner.text_model if hasattr(inner, "text_model") else inner.language_model
    seen = []
    handle = text.register_forward_pre_hook(lambda _m, _i, named: seen.append(named["inputs_embeds"]), with_kwargs=True)
    try:
        with torch.inference_mode():
            engine.model(**inputs, use_cache=False)
    finally:
        handle.remove()
    at = inputs["input_ids"][0] == engine.model.config.image_token_id
    found: np.ndarray = seen[0][0][at].float().numpy()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_the_mean_of_what_the_language_model_is_given(
    kind: str, tiny_checkpoint: Made, pictures: list[Image]
) -> None:
    model = opened(tiny_checkpoint(kind), "batch_size=2")
    rows = model.embed_images(pictures)
    skip = 1 if kind == "llava_full" else 0  # its class token stands for no cell
    expected = np.stack([language_tokens(model, one)[skip:].mean(axis=0) for one in pictures])
    assert rows == pytest.approx(unit_rows(expected), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_region_is_the_mean_of_the_tokens_that_masking_names_for_it(
    kind: str, tiny_checkpoint: Made, pictures: list[Image]
) -> None:
    """The tokens that `hidden_tokens` numbers behind the projector, whose geometry has tests of its own."""
    model = opened(tiny_checkpoint(kind), "batch_size=2")
    boxes = [[(5, 7, 20, 40), (30, 50, 56, 84)], [], [(0, 0, 40, 40)]]
    rows = model.embed_regions(pictures, boxes)
    assert rows.shape[0] == 3
    expected = []
    for image, several in zip(pictures, boxes, strict=True):
        for box in several:
            hidden = Intervention("projector", ((0, *box),), "zero")
            (named,) = model.hidden_tokens(Query(ask(image, "Which one?"), intervention=hidden))
            tokens = projected(model, image)
            assert len(tokens) == named.tokens
            expected.append(tokens[list(named.hidden)].mean(axis=0))
    assert rows == pytest.approx(unit_rows(np.stack(expected)), abs=1e-4)
    assert np.abs(rows[0] - rows[1]).max() > 1e-3


def projected(model: HfModel, image: Image) -> np.ndarray:
    """The output of the projector when the model is asked a question, in the order in which it computes it."""
    import torch

    engine = model._loaded().engine
    inner = engine.model.model
    names = ("multi_modal_projector", "connector", "visual.merger")
    (module,) = (part for name, part in inner.named_modules() if name in names)
    seen = []
    handle = module.register_forward_hook(lambda _m, _i, output: seen.append(output))
    try:
        with torch.inference_mode():
            engine.model(**engine.inputs([engine.template.of(Query(ask(image, "Which one?")))], "right"))
    finally:
        handle.remove()
    found: np.ndarray = seen[0].reshape(-1, seen[0].shape[-1]).float().numpy()
    extra = len(found) - sum(len(one.cells) for one in model.hidden_tokens(_all(image)))
    return found[extra:]


def _all(image: Image) -> Query:
    return Query(ask(image, "Which one?"), intervention=Intervention("projector", (), "zero", pick="all"))


def test_a_change_of_pixels_moves_its_region_most(tiny_checkpoint: Made) -> None:
    model = opened(tiny_checkpoint("llava_full"))
    image, boxes = noise(56, 56), [(0, 0, 28, 28), (28, 28, 56, 56)]
    pixels = image.pixels.copy()
    pixels[2:26, 2:26] = 255
    before, after = (model.embed_regions([one], [boxes]) for one in (image, Image.of(pixels)))
    moved = np.linalg.norm(after - before, axis=1)
    assert moved[0] > 2 * moved[1]


def test_texts_are_not_embedded_and_nothing_is_an_error(tiny_checkpoint: Made) -> None:
    model = opened(tiny_checkpoint("llava"))
    assert isinstance(model, Encoder)
    assert isinstance(model, RegionEncoder)
    assert "embed" in model.capabilities
    with pytest.raises(ValueError, match="no text tower"):
        model.embed_texts(["a lung"])
    with pytest.raises(ValueError, match="nothing"):
        model.embed_images([])
    assert model._scorer is None


def test_what_a_crop_cuts_away_is_not_a_number(tiny_checkpoint: Made) -> None:
    rows = opened(tiny_checkpoint("llava")).embed_regions([noise(90, 28)], [[(0, 0, 20, 28), (35, 0, 50, 28)]])
    assert np.isnan(rows[0]).all()
    assert np.isfinite(rows[1]).all()


def test_without_a_declared_geometry_nothing_is_embedded(
    tiny_checkpoint: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = opened(tiny_checkpoint("llava"))
    monkeypatch.delitem(__import__("audit.models.hf", fromlist=["DECLARED"]).DECLARED, "llava")
    assert "embed" not in model.capabilities
    assert "'llava' is not declared" in model.no_regions
    for call in (
        lambda: model.embed_images([noise(28, 28)]),
        lambda: model.embed_regions([noise(28, 28)], [[(0, 0, 9, 9)]]),
    ):
        with pytest.raises(ValueError, match="not declared"):
            call()


def test_images_that_are_scaled_down_first_keep_their_regions(tiny_checkpoint: Made) -> None:
    """The same tokens of an image whose size is that of the scaled picture."""
    model = opened(tiny_checkpoint("qwen2_5_vl_large"), "max_pixels=12544")
    large = Image.of(np.kron(noise(28, 28).pixels, np.ones((8, 8, 1), dtype=np.uint8)))
    rows = model.embed_regions([large], [[(0, 0, 112, 112), (112, 112, 224, 224)]])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    whole = model.embed_regions([large], [[(0, 0, 224, 224)]])
    assert whole == pytest.approx(model.embed_images([large]), abs=1e-5)


@pytest.mark.parametrize("name", ["base", "medical"])
def test_the_demo_models_embed(name: str) -> None:
    model = open_model(f"demo:{name}")
    assert isinstance(model, HfModel)
    image = noise(128, 128)
    rows = model.embed_regions([image], [[(0, 0, 128, 128), (0, 0, 60, 60)]])
    assert rows[:1] == pytest.approx(model.embed_images([image]), abs=1e-5)
    assert abs(float(rows[0] @ rows[1])) < 0.9999
