"""All kinds of regions of an image together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Printed
from audit.data.phantoms import phantoms
from probes.spurious.regions.overlap import SAME, iou
from probes.spurious.regions.propose import KINDS, Settings, propose

if TYPE_CHECKING:
    from audit.core.image import Pixels

pytest.importorskip("skimage")


class Fixed:
    """A reader that finds what it is told."""

    def __init__(self, *boxes: tuple[int, int, int, int]) -> None:
        self.boxes = boxes

    def read(self, pixels: Pixels) -> Sequence[Printed]:
        return [Printed("AP", box) for box in self.boxes]


@settings(max_examples=25)
@given(
    height=st.integers(16, 70), width=st.integers(16, 70), colour=st.booleans(),
    dtype=st.sampled_from(["uint8", "uint16"]), seed=st.integers(0, 99),
)  # fmt: skip
def test_every_kind_of_every_image(height: int, width: int, colour: bool, dtype: str, seed: int) -> None:
    shape = (height, width, 3) if colour else (height, width)
    pixels = np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape).astype(dtype)
    before = pixels.copy()
    regions = propose(Image.of(pixels), list(KINDS), Fixed((2, 2, 900, 9), (-9, -9, -2, -2)), [(-4, -4, 8, 8)])
    assert np.array_equal(pixels, before)
    assert all(region.box[2] <= width and region.box[3] <= height for region in regions)
    assert all(iou(a.box, b.box) < SAME for place, a in enumerate(regions) for b in regions[:place])
    order = list(KINDS)
    assert [order.index(region.kind) for region in regions] == sorted(order.index(region.kind) for region in regions)
    assert [region.box for region in regions if region.kind == "user"] == [(0, 0, 8, 8)]
    assert {region.kind for region in regions} >= {"user", "text", "quadrant", "grid"}
    assert regions == propose(Image.of(before), list(KINDS)[::-1], Fixed((2, 2, 900, 9)), [(-4, -4, 8, 8)])


def test_the_more_specific_kind_keeps_a_shared_place() -> None:
    image = Image.of(np.zeros((64, 64), np.uint8))
    kinds = [region.kind for region in propose(image, ["grid", "quadrant", "user"], boxes=[(0, 0, 32, 32)])]
    assert kinds == ["user"] + 3 * ["quadrant"] + 25 * ["grid"]
    text = propose(image, ["text", "user"], Fixed((1, 1, 21, 11)), [(1, 1, 21, 12)])
    assert [region.kind for region in text] == ["user"]


def test_settings_say_how_many() -> None:
    image = phantoms(1, 3, 128, "chest radiograph").records[0].image
    few = propose(image, ["mark", "grid", "superpixel"], settings=Settings(((2, 3),), 0.0, 5, 1))
    assert [region.kind for region in few] == ["mark"] + 6 * ["grid"] + 5 * ["superpixel"]


def test_without_anything_to_find_there_is_nothing() -> None:
    image = Image.of(np.zeros((64, 64), np.uint8))
    assert propose(image, ["mark", "user", "text"], Fixed()) == ()
    assert propose(image, []) == ()


def test_unknown_kinds_and_text_without_a_reader_are_refused() -> None:
    image = Image.of(np.zeros((64, 64), np.uint8))
    with pytest.raises(InputError, match="known: user, text, mark, quadrant, grid, superpixel"):
        propose(image, ["patch"])
    with pytest.raises(InputError, match="ocr:rapidocr"):
        propose(image, ["text"])
