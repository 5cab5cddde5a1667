"""NIfTI: the same body gives the same picture, however its array is stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.data.load import load
from audit.data.nifti import open_nifti

nibabel = pytest.importorskip("nibabel")
# axes: left-right, back-front, feet-head, all values different
BODY = np.arange(5 * 6 * 7, dtype=np.int16).reshape(5, 6, 7)


def save(path: Path, codes: str, body: np.ndarray = BODY) -> Path:
    image = nibabel.Nifti1Image(body, np.eye(4))
    wanted = nibabel.orientations.axcodes2ornt(tuple(codes))
    image.as_reoriented(nibabel.orientations.ornt_transform(nibabel.io_orientation(image.affine), wanted)).to_filename(
        path
    )
    return path


@pytest.mark.parametrize("codes", ["RAS", "LPS", "LAS", "SRA", "ASR", "PIR"])
@pytest.mark.parametrize("suffix", ["nii", "nii.gz"])
def test_the_axial_slice_is_seen_from_the_feet(tmp_path: Path, codes: str, suffix: str) -> None:
    found = open_nifti(save(tmp_path / f"x.{suffix}", codes), 1000, window=(256, 128)).pixels
    up = 3 if codes in {"RAS", "LPS", "LAS", "SRA", "ASR"} else 7 - 1 - 3
    # row 0 is the front of the body (last index), column 0 its right side (last index, as R is positive)
    np.testing.assert_array_equal(found, np.clip(BODY[::-1, ::-1, up].T, 0, 255))


def test_without_a_window_the_slice_fills_the_range(tmp_path: Path) -> None:
    found = open_nifti(save(tmp_path / "x.nii", "RAS"), 1000).pixels
    assert (found.min(), found.max()) == (0, 255)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.nii").write_text("no volume")
    whole = save(tmp_path / "x.nii.gz", "RAS", np.random.default_rng(1).normal(size=(40, 40, 40)))
    (tmp_path / "cut.nii.gz").write_bytes(whole.read_bytes()[:5000])
    holes = save(tmp_path / "holes.nii", "RAS", np.full((4, 4, 4), np.nan))
    for path, limit in ((tmp_path / "text.nii", 99), (whole, 99), (tmp_path / "none.nii", 99)):
        with pytest.raises(InputError):
            open_nifti(path, limit)
    for path in (tmp_path / "cut.nii.gz", holes):
        with pytest.raises(InputError):
            _ = open_nifti(path, 10_000).pixels


def test_a_manifest_may_name_volumes(tmp_path: Path) -> None:
    save(tmp_path / "x.nii.gz", "RAS")
    (tmp_path / "manifest.csv").write_text("path,modality,anatomy,view,finding\nx.nii.gz,CT,head,axial,\n")
    dataset = load(tmp_path)
    assert dataset.records[0].image.pixels.shape == (6, 5)
    assert any("NIfTI" in rule for rule in dataset.rules)
