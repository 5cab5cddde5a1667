"""What holds for every corruption of every image."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from probes.shifts.corruptions import CORRUPTIONS, Corruption, corrupt

ENTRIES = list(CORRUPTIONS.values())
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cases(draw: st.DrawFn) -> tuple[NDArray[np.uint8], Corruption, str]:
    """A smooth, noisy, black or white image of any shape, and a corruption that fits it."""
    entry = draw(st.sampled_from(ENTRIES))
    height, width = draw(st.integers(12, 70)), draw(st.integers(12, 70))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (height, width, 3) if entry.colour or draw(st.booleans()) else (height, width)
    kind = draw(st.sampled_from(["noise", "black", "white", "ramp"]))
    if kind == "noise" or entry.colour:
        pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    elif kind == "ramp":
        pixels = np.broadcast_to(
            np.linspace(0, 255, height).astype(np.uint8).reshape(-1, *[1] * (len(shape) - 1)), shape
        )
    else:
        pixels = np.full(shape, 0 if kind == "black" else 255, np.uint8)
    return pixels.copy(), entry, draw(st.sampled_from(entry.modalities or ("X-ray", "PET")))


@SLOW
@given(cases(), st.integers(1, 5), st.integers(0, 10**6))
def test_shape_dtype_and_input_are_kept_and_draws_repeat(
    case: tuple[NDArray[np.uint8], Corruption, str], severity: int, seed: int
) -> None:
    pixels, entry, modality = case
    kept = pixels.copy()
    pixels.setflags(write=False)
    got = corrupt(pixels, entry.name, severity, modality, seed)
    assert got.shape == pixels.shape
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(pixels, kept)
    assert not np.shares_memory(got, pixels)
    np.testing.assert_array_equal(got, corrupt(kept, entry.name, severity, modality, seed))
    np.testing.assert_array_equal(corrupt(pixels, entry.name, 0, modality, seed), kept)


@SLOW
@given(cases(), st.integers(1, 5))
def test_sixteen_bits_agree_with_eight(case: tuple[NDArray[np.uint8], Corruption, str], severity: int) -> None:
    pixels, entry, modality = case
    eight = corrupt(pixels, entry.name, severity, modality, 7)
    sixteen = corrupt(pixels.astype(np.uint16) * 257, entry.name, severity, modality, 7)
    assert sixteen.dtype == np.uint16
    assert np.abs(sixteen / 257 - eight).max() <= 0.51


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.colour], ids=lambda entry: entry.name)
def test_a_grey_image_kept_as_rgb_stays_grey(entry: Corruption) -> None:
    plane = np.random.default_rng(1).integers(0, 256, (48, 40), dtype=np.uint8)
    modality = (entry.modalities or ("X-ray",))[0]
    rgb = corrupt(np.stack([plane] * 3, axis=2), entry.name, 4, modality, 0)
    grey = corrupt(plane, entry.name, 4, modality, 0)
    for channel in range(3):
        np.testing.assert_array_equal(rgb[..., channel], grey)


@pytest.mark.parametrize("name", ["gaussian_noise", "speckle_noise", "shot_noise"])
def test_noise_on_white_is_clipped_and_never_wraps(name: str) -> None:
    white = np.full((128, 128), 255, np.uint8)
    got = corrupt(white, name, 5, "X-ray", 0)
    assert (got == 255).mean() > 0.35, "values above white stay white"
    assert got.mean() > 255 * 0.75


def test_noise_on_black_is_clipped_and_never_wraps() -> None:
    got = corrupt(np.zeros((128, 128), np.uint16), "gaussian_noise", 5, "X-ray", 0)
    assert (got == 0).mean() > 0.45, "values below black stay black"
    assert got.max() < 65535 * 0.26 * 6
    assert got.mean() < 65535 * 0.26


@pytest.mark.parametrize(
    ("name", "modality", "level"),
    [
        ("brightness_up", "ultrasound", 255),
        ("underexposure", "X-ray", 255),
        ("us_gain_high", "ultrasound", 255),
        ("brightness_down", "ultrasound", 0),
        ("overexposure", "X-ray", 0),
        ("us_gain_low", "ultrasound", 0),
        ("us_shadow", "ultrasound", 0),
        ("ct_window_centre", "CT", 0),
        ("ct_window_width", "CT", 0),
        ("ct_low_dose", "CT", 0),
        ("ct_rings", "CT", 0),
    ],
)
def test_the_ends_of_the_scale_stay(name: str, modality: str, level: int) -> None:
    flat = np.full((64, 64), level, np.uint8)
    assert np.abs(corrupt(flat, name, 5, modality, 3).astype(int) - level).mean() < 3


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_distance_from_clean_grows_with_severity(
    entry: Corruption, samples: dict[str, list[NDArray[np.uint8]]]
) -> None:
    for modality in entry.modalities or tuple(samples):
        for_all = samples.get(modality, samples["X-ray"])
        distances = [
            np.mean([np.abs(corrupt(p, entry.name, s, modality, 0).astype(float) - p).mean() for p in for_all])
            for s in range(6)
        ]
        assert distances[0] == 0
        assert distances[5] > 0.05
        for milder, worse in pairwise(distances[1:]):
            assert worse >= milder * 0.985, (modality, distances)
