"""Marks: recall on phantoms of every marker style, on drawn words, and on real radiographs."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from audit.core.reading import Box
from audit.data.phantoms import phantoms
from probes.spurious.regions.marks import marks
from probes.spurious.regions.overlap import iou, shared


@pytest.fixture(scope="module", params=[112, 256])
def found(request: pytest.FixtureRequest) -> list[tuple[str, Box, tuple[Box, ...]]]:
    """Of 60 chest phantoms: the marker's style, its box and what was found."""
    rows = []
    for record in phantoms(60, 11, request.param, "chest radiograph").records:
        told = record.meta["marks"]
        assert isinstance(told, list)
        first = told[0]
        assert isinstance(first, dict)
        left, top, right, bottom = (round(float(str(first[side]))) for side in ("x0", "y0", "x1", "y1"))
        rows.append((str(record.meta["marker"]), (left, top, right, bottom), marks(record.image.rgb())))
    return rows


def test_the_marker_of_every_style_is_found(found: list[tuple[str, Box, tuple[Box, ...]]]) -> None:
    """Where a plate or ring runs into the bright shoulder and the word below, only its letter is found."""
    hits = defaultdict(list)
    for style, box, boxes in found:
        hits[style].append(max((iou(box, other) for other in boxes), default=0.0) >= 0.5)
    assert set(hits) == {"plain", "boxed", "ringed", "plate"}
    least = {"plain": 0.95, "boxed": 0.9, "ringed": 0.8, "plate": 0.7}
    assert all(np.mean(hits[style]) >= least[style] for style in least), {k: np.mean(v) for k, v in hits.items()}
    assert np.mean([hit for style in hits.values() for hit in style]) >= 0.9


def test_what_strikes_most_is_the_marker_or_a_part_of_it(found: list[tuple[str, Box, tuple[Box, ...]]]) -> None:
    first = [shared(box, boxes[0]) > 0 for _, box, boxes in found if boxes]
    assert len(first) >= 0.97 * len(found)
    assert np.mean(first) >= 0.95


def test_there_are_few(found: list[tuple[str, Box, tuple[Box, ...]]]) -> None:
    assert max(len(boxes) for _, _, boxes in found) <= 6
    assert np.mean([len(boxes) for _, _, boxes in found]) <= 4


def test_a_word_is_one_mark_whatever_its_colour_and_place() -> None:
    """On a smooth dark ground, in white and in black, at four places."""
    for ink, ground in ((255, 60), (0, 160)):
        for at in ((12, 14), (180, 14), (12, 220), (180, 220)):
            shade = np.add.outer(np.arange(256), np.arange(256)) / 16
            picture = Picture.fromarray((ground + shade).astype(np.uint8))
            pen = ImageDraw.Draw(picture)
            pen.text(at, "PORTABLE", fill=ink, font=ImageFont.load_default(13))
            drawn = pen.textbbox(at, "PORTABLE", font=ImageFont.load_default(13))
            boxes = marks(np.repeat(np.asarray(picture)[:, :, None], 3, axis=2))
            box = (int(drawn[0]), int(drawn[1]), int(drawn[2]), int(drawn[3]))
            assert max(iou(box, other) for other in boxes) > 0.6, (ink, at, boxes)


def test_colour_on_a_grey_image_is_a_mark_even_where_it_is_no_lighter() -> None:
    rgb = np.full((200, 200, 3), 90, np.uint8)
    rgb[100:108, 100:108] = (255, 0, 15)  # of the same mean
    (found,) = marks(rgb)
    assert iou(found, (100, 100, 108, 108)) > 0.6


@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(16, 90),
    width=st.integers(16, 90),
    most=st.integers(1, 6),
)
def test_boxes_lie_inside_and_are_the_same_on_every_call(seed: int, height: int, width: int, most: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    boxes = marks(rgb, most)
    assert len(boxes) <= most
    assert all(0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height for box in boxes)
    assert boxes == marks(rgb.copy(), most)


def test_a_larger_copy_gives_the_same_places() -> None:
    small = phantoms(1, 3, 256, "chest radiograph").records[0].image.rgb()
    large = small.repeat(3, axis=0).repeat(3, axis=1)
    assert marks(large) == tuple((3 * a, 3 * b, 3 * c, 3 * d) for a, b, c, d in marks(small))


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_image_has_none(value: int) -> None:
    assert marks(np.full((64, 80, 3), value, np.uint8)) == ()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("covid_chestxray_ccby/3a81faf3.jpg", (460, 52, 470, 68)),
        ("covid_chestxray_ccby/34d999a9.jpg", (488, 242, 504, 266)),
        ("covid_chestxray_ccby/2cd63b76.jpg", (486, 440, 498, 456)),
        ("nih_chestxray14/00001684_000.jpg", (40, 18, 62, 50)),
        ("nih_chestxray14/00003779_005.jpg", (466, 64, 488, 88)),
        ("nih_chestxray14/00002572_000.jpg", (40, 22, 58, 60)),
    ],
)
def test_markers_of_real_radiographs(shared_data: Path, name: str, place: Box) -> None:
    """Places read off the images by eye."""
    with Picture.open(shared_data / "real" / "xray_chest" / name) as picture:
        boxes = marks(np.asarray(picture.convert("RGB")))
    assert max(iou(place, box) for box in boxes) >= 0.5
