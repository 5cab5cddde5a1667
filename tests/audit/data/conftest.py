"""Makers of small files for the readers: DICOM files with any header, pictures, the official MedObvious layout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

WriteDicom = Callable[..., Path]


@pytest.fixture
def write_dicom(tmp_path: Path) -> WriteDicom:
    """write(name, pixels, **elements): an uncompressed secondary capture, grey or RGB, with any further elements."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    def write(name: str, pixels: np.ndarray | None, frames: int | None = None, **elements: Any) -> Path:
        header = Dataset()
        header.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
        header.SOPInstanceUID = generate_uid(entropy_srcs=[name])
        header.Modality = "OT"
        if pixels is not None:
            shape = pixels.shape if frames is None else pixels.shape[1:]
            header.Rows, header.Columns = shape[:2]
            header.SamplesPerPixel = 3 if len(shape) == 3 else 1
            header.PhotometricInterpretation = "RGB" if len(shape) == 3 else "MONOCHROME2"
            if len(shape) == 3:
                header.PlanarConfiguration = 0
            bits = 8 * pixels.dtype.itemsize
            header.BitsAllocated = header.BitsStored = bits
            header.HighBit = bits - 1
            header.PixelRepresentation = int(pixels.dtype.kind == "i")
            if frames is not None:
                header.NumberOfFrames = frames
            header.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
            header["PixelData"].VR = "OB" if bits == 8 else "OW"
        for keyword, value in elements.items():
            setattr(header, keyword, value)
        header.file_meta = FileMetaDataset()
        header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        header.file_meta.MediaStorageSOPClassUID = header.SOPClassUID
        header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        header.save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def write_picture(tmp_path: Path) -> Callable[[str, int], Path]:
    """write(name, seed): a small grey PNG of seeded noise."""

    def write(name: str, seed: int) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 256, (9, 12), dtype=np.uint8)
        PIL.Image.fromarray(pixels).save(path)
        return path

    return write


OPTIONS = {"A": "top-left", "B": "top-right", "C": "bottom-left", "D": "bottom-right", "E": "None"}


def _panel(seed: int, side: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 200, (side, side, 3), dtype=np.uint8)


def _grid(seeds: list[int], side: int) -> np.ndarray:
    n = int(len(seeds) ** 0.5)
    rows = [np.concatenate([_panel(s, side) for s in seeds[i * n : (i + 1) * n]], axis=1) for i in range(n)]
    return np.concatenate(rows, axis=0)


@pytest.fixture
def official(tmp_path: Path) -> Callable[..., Path]:
    """official({base: (tier, panel seeds of the outlier grid, of the negative grid)}): the folder as it is published,
    with smaller panels."""

    def write(bases: Mapping[str, tuple[int, list[int], list[int]]], side: int = 24, **changes: Any) -> Path:
        root = tmp_path / "official"
        folder = root / "benchmark_refined"
        rows = []
        for base, (tier, positive, negative) in bases.items():
            images = folder / f"v{tier}" / "images"
            images.mkdir(parents=True, exist_ok=True)
            boxed = _grid(positive, side)
            boxed[: side + 1, :2] = boxed[:2, : side + 1] = (255, 0, 0)
            shown = {"grid": _grid(positive, side), "neg_grid": _grid(negative, side), "vis_pos": boxed}
            shown["vis_neg"] = shown["neg_grid"].copy()
            for what, pixels in shown.items():
                PIL.Image.fromarray(pixels).save(images / f"v{tier}_{base}_{what}.png")
            rows += _rows(tier, base, len(positive))
        (folder / "all_tasks.jsonl").write_text("".join(json.dumps({**row, **changes}) + "\n" for row in rows))
        return root

    return write


def _rows(tier: int, base: str, panels: int) -> list[dict[str, Any]]:
    letters = "ABCDEFGHIJ"[: panels + 1]
    options = OPTIONS if panels == 4 else {letter: f"place {letter}" for letter in letters}
    kinds = {
        "det_mcq": ("detection_mcq", "grid"),
        "det_open": ("detection_open", "grid"),
        "ref_mcq": ("referring_mcq", "grid"),
        "ref_open": ("referring_open", "grid"),
        "vis_pos": ("visual_referring", "vis_pos"),
        "det_mcq_neg": ("detection_mcq", "neg_grid"),
        "det_open_neg": ("detection_open", "neg_grid"),
        "vis_neg": ("visual_referring", "vis_neg"),
    }
    return [
        {
            "id": f"v{tier}_{base}_{suffix}",
            "image_path": f"/home/author/x/benchmark_refined/v{tier}/images/v{tier}_{base}_{what}.png",
            "task_type": task,
            "question": "Which scan is the outlier?",
            "options": options if task.endswith("mcq") else {},
            "answer": letters[-1] if suffix.endswith("neg") else "A",
            "answer_position": "top-left" if task.endswith("mcq") else None,
            "answer_keywords": ["top-left"],
            "is_negative": suffix.endswith("neg"),
            "explanation": "not kept",
        }
        for suffix, (task, what) in kinds.items()
    ]
