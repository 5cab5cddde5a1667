"""features:skimage: unit vectors that depend on the pixels alone."""

from __future__ import annotations

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Encoder
from audit.data.phantoms import phantoms
from audit.models.features import FeatureModel
from audit.models.table import open_model

pytest.importorskip("skimage")  # phantoms of CT need it


def test_embeddings_are_of_length_one_and_do_not_depend_on_company() -> None:
    model = open_model("features:skimage")
    assert isinstance(model, FeatureModel)
    assert isinstance(model, Encoder)
    images = [record.image for record in phantoms(6, 0).records]
    vectors = model.embed_images(images)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert (model.embed_images(images[3:4])[0] == vectors[3]).all()
    assert (vectors @ vectors.T)[0, 1:].max() < 0.999


def test_depth_does_not_matter_and_an_even_picture_is_no_error() -> None:
    model = open_model("features:skimage")
    assert isinstance(model, FeatureModel)
    pixels = np.random.default_rng(0).integers(0, 256, (64, 50), dtype=np.uint8)
    deep = Image.of(pixels.astype(np.uint16) << 8)
    assert model.embed_images([deep]) == pytest.approx(model.embed_images([Image.of(pixels)]))
    assert np.isfinite(model.embed_images([Image.of(np.full((3, 900), 7, dtype=np.uint8))])).all()


def test_small_regions_can_be_looked_at_in_fewer_pixels() -> None:
    full, small = open_model("features:skimage"), open_model("features:skimage?side=48")
    assert isinstance(full, FeatureModel)
    assert isinstance(small, FeatureModel)
    images = [record.image for record in phantoms(20, 0).records]
    rows = small.embed_images(images)
    assert rows.shape == (20, 1628)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert small.fingerprint != full.fingerprint
    far = np.triu_indices(20, 1)
    alike = [(some @ some.T)[far] for some in (rows, full.embed_images(images))]
    assert np.corrcoef(*alike)[0, 1] > 0.9
    for side in ("50", "8", "many"):
        with pytest.raises(InputError, match="side"):
            open_model(f"features:skimage?side={side}")


def test_it_answers_nothing_and_other_names_are_refused() -> None:
    model = open_model("features:skimage")
    assert isinstance(model, FeatureModel)
    assert model.capabilities == {"embed"}
    with pytest.raises(ValueError, match="texts"):
        model.embed_texts(["a"])
    with pytest.raises(InputError, match="features:skimage"):
        open_model("features:sift")
