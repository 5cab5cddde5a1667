"""clip: two towers with random weights, against the model's own forward pass."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audit.core.canonical import digest
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Encoder
from audit.core.query import Option, Query, ask
from audit.models.clip import ClipModel
from audit.models.table import open_model

OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"), Option("C", "none of the above"))


@pytest.fixture(scope="module", params=["clip", "siglip"])
def folder(request: pytest.FixtureRequest, tiny_checkpoint: Callable[[str], Path]) -> Path:
    return tiny_checkpoint(request.param)


def opened(folder: Path, settings: str = "") -> ClipModel:
    model = open_model(f"clip:{folder}?{settings}")
    assert isinstance(model, ClipModel)
    return model


def test_choose_is_the_models_own_softmax(folder: Path, images: list[Image]) -> None:
    import PIL.Image
    import torch
    from transformers import AutoModel, AutoProcessor

    network, processor = AutoModel.from_pretrained(folder).eval(), AutoProcessor.from_pretrained(folder)
    texts = [f"a photo of {option.text}." for option in OPTIONS]
    length = network.config.text_config.max_position_embeddings
    inputs = processor(
        text=texts,
        images=[PIL.Image.fromarray(image.rgb()) for image in images],
        padding="max_length",
        max_length=length,
        return_tensors="pt",
    )
    with torch.inference_mode():
        expected = torch.log_softmax(network(**inputs).logits_per_image.double(), dim=-1)
    model = opened(folder, "templates=photo&batch_size=2")
    queries = [Query(ask(image, "Which?"), OPTIONS, "choose") for image in images]
    answers = dict(model.answers(queries))
    for index, row in enumerate(expected):
        found = answers[index]
        assert list(found.option_logprobs.values()) == pytest.approx(row.tolist(), abs=1e-4)
        assert found.text == found.chosen == "ABC"[int(row.argmax())]
    again = [next(iter(model.answers([query])))[1] for query in queries]
    for index, answer in enumerate(again):
        assert answer.option_logprobs == pytest.approx(answers[index].option_logprobs, abs=1e-4)


def test_the_embedding_of_an_option_is_the_mean_over_its_templates(folder: Path, images: list[Image]) -> None:
    model = opened(folder, "templates=medical")
    ((_, answer),) = model.answers([Query(ask(images[0], "x"), OPTIONS, "choose")])
    (picture,) = model.embed_images(images[:1])
    logits = []
    for option in OPTIONS:
        forms = (
            f"a medical image of {option.text}.",
            f"a medical image showing {option.text}.",
            f"this is an image of {option.text}.",
        )
        mean = model.embed_texts(forms).mean(axis=0)
        logits.append(model._loaded().scale * float(picture @ (mean / np.linalg.norm(mean))))
    whole = math.log(math.fsum(map(math.exp, logits)))
    assert list(answer.option_logprobs.values()) == pytest.approx([one - whole for one in logits], abs=1e-4)


def test_embeddings_are_unit_vectors(folder: Path, images: list[Image]) -> None:
    model = opened(folder, "batch_size=2")
    assert isinstance(model, Encoder)
    for vectors in (model.embed_images(images), model.embed_texts(["a", "b", "c"])):
        assert vectors.shape == (3, 16)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert model.embed_images(images[:1])[0] == pytest.approx(model.embed_images(images)[0], abs=1e-5)
    with pytest.raises(ValueError, match="embed"):
        model.embed_texts([])


def test_what_two_towers_cannot_be_asked(folder: Path, images: list[Image]) -> None:
    good = Query(ask(images[0], "x"), OPTIONS, "choose")
    bad = [
        (replace(good, messages=ask("x")), "0 images"),
        (replace(good, messages=ask(*images, "x")), "3 images"),
        (replace(good, how="generate"), "cannot generate"),
        (replace(good, options=()), "options"),
    ]
    answers = dict(opened(folder).answers([good, *(query for query, _ in bad)]))
    assert answers[0].status == "ok"
    for index, (_, word) in enumerate(bad, start=1):
        assert answers[index].status == "error"
        assert word in answers[index].detail


def test_a_text_that_is_cut_is_noted(folder: Path, images: list[Image]) -> None:
    options = (*OPTIONS, Option("D", "very " * 100))
    ((_, answer),) = opened(folder).answers([Query(ask(images[0], "x"), options, "choose")])
    assert answer.notes == ("text_truncated",)


def test_the_fingerprint(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "model"))
    before = digest(opened(folder).fingerprint)
    assert digest(opened(copied).fingerprint) == before
    assert digest(opened(copied, "batch_size=3").fingerprint) == before
    assert digest(opened(copied, "templates=photo").fingerprint) != before
    assert digest(opened(copied, "dtype=bf16").fingerprint) != before
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert digest(opened(copied).fingerprint) != before


def test_closing_and_asking_again(folder: Path, images: list[Image]) -> None:
    model = opened(folder)
    before = model.embed_images(images)
    model.close()
    assert model._towers is None
    assert (model.embed_images(images) == before).all()


@pytest.mark.parametrize(
    "settings", ["template=x", "templates=no-such", "weights=x", "layout=x", "dtype=int3", "batch_size=0"]
)
def test_a_wrong_setting_is_one_line(tiny_checkpoint: Callable[[str], Path], settings: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(tiny_checkpoint("clip"), settings)
    assert "\n" not in str(caught.value)


def test_a_generative_checkpoint_is_no_two_tower_model(
    tiny_checkpoint: Callable[[str], Path], images: list[Image]
) -> None:
    with pytest.raises(InputError, match="towers"):
        opened(tiny_checkpoint("llava")).embed_images(images)


def test_the_layout_of_open_clip(tmp_path: Path, images: list[Image]) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": {}, "preprocess_cfg": {}}))
    with pytest.raises(InputError, match="Neither"):
        opened(tmp_path)
    (tmp_path / "open_clip_pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(InputError, match="weights=pickle"):
        opened(tmp_path)
    assert opened(tmp_path, "weights=pickle").fingerprint["layout"] == "open_clip"
    (tmp_path / "open_clip_model.safetensors").write_bytes(b"x")
    model = opened(tmp_path)
    assert model.capabilities == {"choose", "embed"}
    assert "open_clip_model.safetensors" in str(model.fingerprint)
