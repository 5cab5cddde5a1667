"""Every entry says what it is, and is applied in one way."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.vocabulary import MODALITIES
from probes.shifts.corruptions import CORRUPTIONS, Corruption, corrupt, corrupted, for_modality

ENTRIES = list(CORRUPTIONS.values())
GREY = np.random.default_rng(0).integers(0, 256, (40, 52), dtype=np.uint8)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_complete(entry: Corruption) -> None:
    assert CORRUPTIONS[entry.name] is entry
    assert entry.title
    assert entry.meaning
    assert entry.unit
    assert entry.source
    assert set(entry.modalities) <= set(MODALITIES.values()), "modalities are words of the vocabulary"
    for modality in entry.modalities or (*MODALITIES.values(), ""):
        values = [entry.value(severity, modality) for severity in range(1, 6)]
        assert all(isinstance(value, (int, float, tuple)) for value in values)
    for key, values in entry.severities.items():
        assert len(values) == 5
        assert key == "*" or entry.occurs_in(key), "no values for a modality that never meets the corruption"


@pytest.mark.parametrize("modality", ["X-ray", "CT", "MRI", "ultrasound", "dermoscopy", "histology", "OCT", "PET", ""])
def test_a_modality_meets_its_own_and_the_general_corruptions(modality: str) -> None:
    names = [entry.name for entry in for_modality(modality)]
    assert {"pixelate", "jpeg", "resolution", "compression"} <= set(names)
    assert ("ct_low_dose" in names) == (modality == "CT")
    assert ("mri_motion" in names) == (modality == "MRI")
    assert ("grid_lines" in names) == (modality == "X-ray")


def test_a_mirrored_image_is_never_a_test_of_robustness() -> None:
    assert not CORRUPTIONS["mirror"].preserves_meaning
    assert all(entry.preserves_meaning for entry in for_modality("X-ray"))
    assert "mirror" in [entry.name for entry in for_modality("X-ray", sanity=True)]


def test_colour_is_asked_for_where_it_is_needed() -> None:
    assert "stain" in [entry.name for entry in for_modality("histology")]
    assert not any(entry.colour for entry in for_modality("histology", grey=True))
    for pixels in (GREY, np.stack([GREY] * 3, axis=2)):
        with pytest.raises(InputError, match="needs a colour image"):
            corrupt(pixels, "stain", 1, "histology", 0)


@pytest.mark.parametrize(
    ("name", "severity", "modality", "message"),
    [
        ("fog", 1, "X-ray", "Unknown corruption 'fog'"),
        ("jpeg", 6, "X-ray", "severity from 0 to 5"),
        ("jpeg", -1, "X-ray", "severity from 0 to 5"),
        ("ct_rings", 1, "MRI", "does not occur in 'MRI'"),
    ],
)
def test_what_cannot_be_is_told_at_once(name: str, severity: int, modality: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        corrupted(Image.of(GREY), name, severity, modality)


def test_a_corrupted_image_is_lazy_and_can_be_sent_to_a_worker() -> None:
    reads = []

    def load() -> np.ndarray:
        reads.append(1)
        return GREY

    image = corrupted(Image(load), "gaussian_noise", 2, "X-ray", 4)
    assert not reads
    np.testing.assert_array_equal(image.pixels, corrupt(GREY, "gaussian_noise", 2, "X-ray", 4))
    assert image.sha256 != Image.of(GREY).sha256
    assert corrupted(Image(load), "gaussian_noise", 0, "X-ray").sha256 == Image.of(GREY).sha256
    assert pickle.loads(pickle.dumps(corrupt))(GREY, "jpeg", 1, "CT", 0).shape == GREY.shape  # noqa: S301


def test_a_variant_of_a_modality_has_milder_values() -> None:
    assert CORRUPTIONS["gaussian_noise"].value(5, "X-ray:pneumonia") == 0.08
    assert CORRUPTIONS["gaussian_noise"].value(5, "X-ray:adult") == 0.26


def test_draws_differ_between_images_names_and_seeds() -> None:
    def noise(pixels: np.ndarray, seed: int) -> np.ndarray:
        return corrupt(pixels, "gaussian_noise", 1, "X-ray", seed).astype(int) - pixels

    other = GREY.copy()
    other[0, 0] ^= 1
    assert (noise(GREY, 0) != noise(GREY, 1)).mean() > 0.5
    assert (noise(GREY, 0) != noise(other, 0)).mean() > 0.5
