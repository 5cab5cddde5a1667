"""Acquisition physics against closed forms, and that findings stay where they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import record_of, render
from probes.shifts.corruptions import corrupt
from probes.shifts.corruptions.ct import low_dose
from probes.shifts.corruptions.mri import bias_field, ghosting, motion
from probes.shifts.corruptions.radiograph import collimated, magnified
from probes.shifts.corruptions.ultrasound import DISPLAY_DB

SIDE = 160


def disc() -> NDArray[np.float32]:
    """Water of 256 mm in air, on a field of 400 mm: grey 0.375 in a window of 400 HU round 50 HU."""
    down, across = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    return np.where(np.hypot(down, across) < 0.32 * SIDE, 0.375, 0).astype(np.float32)


def test_low_dose_noise_grows_as_physics_says_and_spares_the_air() -> None:
    x, spread = disc(), {}
    for share in (0.5, 0.1):
        noise = low_dose(x, share, np.random.default_rng(1)) - x
        spread[share] = noise[70:90, 70:90].std()
        assert np.abs(noise[:20, :20]).max() < 1e-3
    assert spread[0.1] / spread[0.5] == pytest.approx(np.sqrt((1 / 0.1 - 1) / (1 / 0.5 - 1)), rel=1e-3)
    assert 2 < spread[0.5] * 400 < 12, "Hounsfield units at half the dose of a body scan"


def test_low_dose_noise_is_larger_in_the_middle_than_at_the_rim() -> None:
    x = disc()
    noise = np.stack([low_dose(x, 0.1, np.random.default_rng(i)) - x for i in range(8)])
    assert noise[:, 72:88, 72:88].std() > 1.15 * noise[:, 30:36, 72:88].std()


def test_rings_are_round_and_bounded() -> None:
    x = np.full((SIDE, SIDE), 128, np.uint8)
    change = corrupt(x, "ct_rings", 5, "CT", 2).astype(int) - 128
    assert 20 < np.abs(change).max() <= 160 / 400 * 255 * 1.2
    turned = np.rot90(change)
    assert np.corrcoef(change.ravel(), turned.ravel())[0, 1] > 0.99


def test_streaks_leave_metal_that_is_white() -> None:
    slice_ = render(draw_case(3, 0, Wish(kind="abdominal CT")), SIDE)
    got = corrupt(slice_, "ct_streaks", 4, "CT", 0)
    assert (got == 255).sum() > (slice_ == 255).sum() + 20
    assert got[:4].max() < 40, "air stays black"


def test_a_window_error_is_the_window_applied_again() -> None:
    ramp = np.tile(np.linspace(90, 200, 64).astype(np.uint8), (64, 1))
    up = [corrupt(ramp, "ct_window_centre", 2, "CT", seed).astype(int) - ramp for seed in range(6)]
    for change in up:
        assert np.abs(np.abs(change) - 25.5).max() <= 1
    assert {int(np.sign(change.mean())) for change in up} == {-1, 1}, "too high or too low, drawn"
    wide = [corrupt(ramp, "ct_window_width", 3, "CT", seed).astype(float) - 127.5 for seed in range(6)]
    factors = {round(float(np.polyfit(ramp[0] - 127.5, w[0], 1)[0]), 1) for w in wide}
    assert factors <= {round(1 / 1.65, 1), 1.6, 1.7}
    assert len(factors) == 2


def test_a_bias_field_is_smooth_and_within_its_bounds() -> None:
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    field = np.log(bias_field(flat, 0.35, np.random.default_rng(3)) / 0.5)
    assert field.min() == pytest.approx(-0.35, abs=1e-4)
    assert field.max() == pytest.approx(0.35, abs=1e-4)
    assert np.abs(np.diff(field, axis=0)).max() < 0.05


def test_ghosts_stand_at_a_fraction_of_the_field_of_view() -> None:
    point = np.zeros((120, 120), np.float32)
    point[50, 40] = 1
    got = ghosting(point, 0.2, np.random.default_rng(0))
    ghosts = np.argwhere(got > 0.1)
    shifts = {tuple(((at - (50, 40)) % 120).tolist()) for at in ghosts} - {(0, 0)}
    assert shifts
    for down, across in shifts:
        assert 0 in (down, across)
        assert 120 % max(down, across) == 0 or 120 % (120 - max(down, across)) == 0


def test_motion_keeps_the_brightness_and_a_patient_at_rest() -> None:
    brain = render(draw_case(3, 0, Wish(kind="brain MRI")), SIDE).astype(np.float32) / 255
    np.testing.assert_allclose(motion(brain, 0.0, np.random.default_rng(0)), brain, atol=1e-5)
    moved = motion(brain, 0.02, np.random.default_rng(0))
    assert moved.mean() == pytest.approx(brain.mean(), rel=0.15)
    assert (moved**2).sum() == pytest.approx((brain**2).sum(), rel=1e-4), "shifts keep the energy (Parseval)"


def test_spikes_are_one_to_three_points_in_k_space() -> None:
    flat = np.full((SIDE, SIDE), 30000, np.uint16)
    for seed in range(4):
        change = corrupt(flat, "mri_spikes", 2, "MRI", seed) / 65535.0 - 30000 / 65535
        hann = np.hanning(SIDE)
        spectrum = np.abs(np.fft.rfft2(change * np.outer(hann, hann)))
        points, count = ndimage.label(spectrum > 0.2 * spectrum.max())
        assert 1 <= count <= 4, "a point on the axis that the half spectrum repeats may count twice"
        assert (points > 0).mean() < 0.005
        assert np.sqrt(2) * change.std() == pytest.approx(0.06, rel=0.2), "the stripes together have the amplitude"


def test_decibels_are_shares_of_the_grey_scale() -> None:
    bright = np.full((64, 64), 120, np.uint8)
    assert np.median(corrupt(bright, "us_gain_high", 2, "ultrasound", 0)) == round(120 + 255 * 6 / DISPLAY_DB)
    assert np.median(corrupt(bright, "us_gain_low", 2, "ultrasound", 0)) == round(120 - 255 * 6 / DISPLAY_DB)


def test_a_shadow_darkens_a_wedge_and_nothing_else() -> None:
    bright = np.full((SIDE, SIDE), 200, np.uint8)
    got = corrupt(bright, "us_shadow", 3, "ultrasound", 0)
    dark = got < 195
    assert 0.03 < dark.mean() < 0.35
    assert not dark[: SIDE // 16].any()
    assert got.min() == round(200 - 255 * 20 / DISPLAY_DB)
    assert dark[-5].sum() > dark[SIDE // 3].sum(), "it widens with depth"


def test_white_glass_stays_white_under_another_stain() -> None:
    pixels = np.full((32, 32, 3), 255, np.uint8)
    pixels[8:24, 8:24] = (120, 60, 160)
    got = corrupt(pixels, "stain", 5, "histology", 1)
    assert (got[0] == 255).all()
    assert np.abs(got[12, 12].astype(int) - pixels[12, 12]).max() > 8


def test_a_stain_changes_optical_density_by_the_stated_share() -> None:
    eosin = np.array([0.07, 0.99, 0.11]) / np.linalg.norm([0.07, 0.99, 0.11])
    pixels = np.rint(65535 * 10 ** -(0.5 * np.tile(eosin, (16, 16, 1)))).astype(np.uint16)
    for seed in range(5):
        density = -np.log10(corrupt(pixels, "stain", 2, "histology", seed)[3, 3] / 65535)
        assert 0.8 - 1e-3 <= density @ eosin / 0.5 <= 1.2 + 1e-3
        np.testing.assert_allclose(density / np.linalg.norm(density), eosin, atol=1e-3)


def test_inversion_and_mirror_undo_themselves() -> None:
    film = render(draw_case(1, 0, Wish(kind="chest radiograph")), SIDE)
    for name in ("photometric_inversion", "mirror"):
        once = corrupt(film, name, 1, "X-ray", 0)
        assert (once != film).any()
        np.testing.assert_array_equal(corrupt(once, name, 1, "X-ray", 0), film)


def test_exposure_moves_grey_by_doublings() -> None:
    grey = np.full((64, 64), 153, np.uint8)
    dark = corrupt(grey, "overexposure", 2, "X-ray", 0).astype(float)
    assert np.abs(dark - (153 - 0.2 * 0.5 * 255)).max() <= 0.51
    light = corrupt(grey, "underexposure", 3, "X-ray", 0).astype(float)
    assert light.mean() == pytest.approx(153 + 0.17 * 255, abs=1)
    thin = corrupt(np.full((64, 64), 20, np.uint8), "underexposure", 3, "X-ray", 0).astype(float)
    assert light.std() > 2 * thin.std(), "mottle is in the white parts, where few quanta arrive"


def test_collimation_covers_no_more_than_stated() -> None:
    black = np.zeros((200, 200), np.float32)
    got = collimated(black, 0.1, np.random.default_rng(0))
    assert (got[23:-23, 23:-23] == 0).all()
    for edge in (got[0], got[-1], got[:, 0], got[:, -1]):
        assert edge.min() == pytest.approx(0.93, abs=0.01)


def test_magnification_moves_points_away_from_the_centre() -> None:
    x = np.zeros((201, 201), np.float32)
    x[100, 140] = 1
    row, column = np.unravel_index(magnified(x, 1.2, np.random.default_rng(0)).argmax(), x.shape)
    assert (row, column) == (100, 148)


@pytest.mark.parametrize("view", ["PA", "lateral"])
def test_markers_go_and_nodules_stay(view: str) -> None:
    removed = 0
    for index in range(12):
        case = draw_case(21, 4 * index, Wish(kind="chest radiograph", view=view, finding="nodule"))
        film = render(case, 224)
        change = np.abs(corrupt(film, "marker_removal", 5, "X-ray", 0).astype(int) - film) > 25
        boxes = record_of(case, 224).meta["boxes"]
        assert isinstance(boxes, list)
        for box in boxes:
            assert isinstance(box, dict)
            x0, y0, x1, y1 = (int(box[key]) for key in ("x0", "y0", "x1", "y1"))
            assert change[y0:y1, x0:x1].mean() < 0.02
        removed += int(change[:70].any())
    assert removed >= 10
