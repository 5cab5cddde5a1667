"""Noise has the distribution that its physics asks for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.stats import rice

from audit.data.phantoms.geometry import grid, oval
from audit.data.phantoms.texture import clouds, rician, speckle
from audit.data.phantoms.tomography import projector, scan_noise, window


def test_rician_noise_has_the_moments_of_the_rice_distribution() -> None:
    signal = np.full((300, 300), 0.1, np.float32)
    drawn = rician(np.random.default_rng(0), signal, 0.05)
    law = rice(0.1 / 0.05, scale=0.05)
    assert drawn.mean() == pytest.approx(law.mean(), rel=0.01)
    assert drawn.std() == pytest.approx(law.std(), rel=0.01)


def test_speckle_has_the_contrast_of_a_rayleigh_envelope() -> None:
    drawn = speckle(np.random.default_rng(0), (400, 400), 0.6, 0.6)
    assert drawn.mean() == pytest.approx(1, abs=1e-5)
    assert drawn.std() / drawn.mean() == pytest.approx(np.sqrt(4 / np.pi - 1), rel=0.05)


def test_the_projection_of_a_disc_has_chords_as_its_values() -> None:
    size, reach = 96, 0.6
    x, y = grid(size)
    disc = oval(x, y, (0, 0), reach, reach, edge=2 / size)
    lines = (projector(size) @ disc.ravel()).reshape(-1, size)
    place = (np.arange(size) - (size - 1) / 2) / (size / 2)
    chord = 2 * np.sqrt(np.clip(reach**2 - place**2, 0, None)) * size / 2
    np.testing.assert_allclose(lines.mean(axis=0), chord, atol=1.5)


def test_scan_noise_falls_with_the_square_root_of_the_photons_and_is_unbiased() -> None:
    x, y = grid(64)
    water = np.where(np.hypot(x, y) < 0.8, 0, -1000).astype(np.float32)
    few, many = (scan_noise(water, 300.0, photons, np.random.default_rng(1)) for photons in (1e5, 4e5))
    core = np.hypot(x, y) < 0.5
    assert few[core].std() / many[core].std() == pytest.approx(2, rel=1e-3)
    assert abs(few[core].mean()) < 0.2 * few[core].std()


def test_windows_clip_at_their_ends() -> None:
    shown = window(np.array([-200.0, 0.0, 40.0, 80.0, 900.0], np.float32), 40, 80)
    np.testing.assert_allclose(shown, [0, 0, 0.5, 1, 1])


def test_clouds_are_the_same_at_every_size() -> None:
    small, large = (clouds(np.random.default_rng(3), size, 0.4) for size in (64, 128))
    np.testing.assert_allclose(large.reshape(64, 2, 64, 2).mean(axis=(1, 3)), small, atol=0.05)


@pytest.mark.parametrize(("size", "scale"), [(16, 1.0), (64, 0.3), (97, 0.12), (128, 0.05)])
def test_clouds_are_the_cubic_spline_that_scipy_interpolates(size: int, scale: float) -> None:
    rng = np.random.default_rng(9)
    cells = int(np.ceil(2 / scale)) + 3
    lattice = gaussian_filter(rng.standard_normal((cells, cells)), 0.6, mode="wrap")
    axis = 1 + (np.arange(size) + 0.5) / size * (cells - 3)
    places = np.meshgrid(axis, axis, indexing="ij")
    direct = map_coordinates(lattice / (lattice.std() + 1e-9), places, order=3, mode="nearest")
    np.testing.assert_allclose(clouds(np.random.default_rng(9), size, scale), direct, atol=1e-6)
