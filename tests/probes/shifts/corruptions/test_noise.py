"""Noise has the strength that is stated, in every size of image."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from probes.shifts.corruptions import CORRUPTIONS, corrupt

SIDE = 224


def errors(name: str, severity: int, modality: str, level: int = 32896, side: int = SIDE) -> NDArray[np.float64]:
    """What is added to a flat 16-bit image, as a share of full scale."""
    flat = np.full((side, side), level, np.uint16)
    return (corrupt(flat, name, severity, modality, 5).astype(float) - level) / 65535


def stated(name: str, severity: int, modality: str) -> float:
    value = CORRUPTIONS[name].value(severity, modality)
    assert not isinstance(value, tuple)
    return float(value)


@pytest.mark.parametrize("severity", [1, 2, 3])
def test_gaussian_noise_has_its_sigma(severity: int) -> None:
    got, sigma = errors("gaussian_noise", severity, "X-ray"), stated("gaussian_noise", severity, "X-ray")
    assert got.std() == pytest.approx(sigma, rel=0.015)
    assert abs(got.mean()) < 4 * sigma / SIDE


@pytest.mark.parametrize("level", [16384, 32768])
def test_speckle_grows_with_the_signal(level: int) -> None:
    got, sigma = errors("speckle_noise", 2, "X-ray", level), stated("speckle_noise", 2, "X-ray")
    assert got.std() == pytest.approx(sigma * level / 65535, rel=0.015)


@pytest.mark.parametrize("severity", [1, 3, 5])
def test_shot_noise_is_poisson(severity: int) -> None:
    quanta, x = stated("shot_noise", severity, "CT"), 0.4
    got = errors("shot_noise", severity, "CT", round(x * 65535))
    assert got.std() == pytest.approx(np.sqrt(x / quanta), rel=0.02)
    counts = (got + x) * quanta
    assert np.abs(counts - np.rint(counts)).max() < 0.01, "counts are whole"


@pytest.mark.parametrize("severity", [1, 5])
def test_impulses_are_as_many_as_stated_half_of_them_black(severity: int) -> None:
    got, share = errors("impulse_noise", severity, "X-ray"), stated("impulse_noise", severity, "X-ray")
    margin = 4 * np.sqrt(share / 2 / SIDE**2)
    assert (got > 0.4).mean() == pytest.approx(share / 2, abs=margin)
    assert (got < -0.4).mean() == pytest.approx(share / 2, abs=margin)
    assert ((got == 0) | (np.abs(got) > 0.4)).all()


@pytest.mark.parametrize("name", ["gaussian_noise", "speckle_noise", "shot_noise"])
@pytest.mark.parametrize("times", [2, 3])
def test_noise_is_as_strong_once_a_model_has_shrunk_a_larger_image(name: str, times: int) -> None:
    small, large = errors(name, 2, "X-ray"), errors(name, 2, "X-ray", side=SIDE * times)
    shrunk = large.reshape(SIDE, times, SIDE, times).mean(axis=(1, 3))
    assert shrunk.std() == pytest.approx(small.std(), rel=0.02)


def test_impulses_of_a_larger_image_are_as_many() -> None:
    share = stated("impulse_noise", 3, "X-ray")
    assert (errors("impulse_noise", 3, "X-ray", side=3 * SIDE) != 0).mean() == pytest.approx(share, rel=0.1)


def test_grey_images_have_one_field_and_colour_images_three() -> None:
    flat = np.full((SIDE, SIDE, 3), 128, np.uint8)
    grey = corrupt(flat, "gaussian_noise", 3, "dermoscopy", 0).astype(float)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert grey.mean(axis=2).std() / 255 == pytest.approx(0.12, rel=0.02), "averaging channels takes nothing away"
    flat[..., 0] = 100
    colour = corrupt(flat, "gaussian_noise", 1, "dermoscopy", 0).astype(float)
    assert abs(np.corrcoef(colour[..., 0].ravel(), colour[..., 1].ravel())[0, 1]) < 0.02


def test_rician_noise_lifts_the_background_as_it_must() -> None:
    sigma = stated("rician_noise", 3, "MRI")
    background = errors("rician_noise", 3, "MRI", level=0)
    assert background.mean() == pytest.approx(sigma * np.sqrt(np.pi / 2), rel=0.01), "a Rayleigh distribution"
    assert background.std() == pytest.approx(sigma * np.sqrt(2 - np.pi / 2), rel=0.01)
    bright = errors("rician_noise", 1, "MRI")
    assert bright.std() == pytest.approx(stated("rician_noise", 1, "MRI"), rel=0.02)
