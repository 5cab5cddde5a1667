from __future__ import annotations

from io import BytesIO

import numpy as np
import PIL.Image

from audit.app.regional.pictures import SIDE, framed
from audit.core.image import Image
from audit.data.absent import absent_image

GREY = Image.of(np.full((120, 60), 90, np.uint8))


def drawn(picture: bytes) -> np.ndarray:
    return np.asarray(PIL.Image.open(BytesIO(picture)).convert("RGB")).astype(int)


def test_the_longer_side_is_small_and_the_shape_stays() -> None:
    pictures: dict[str, bytes] = {}
    pixels = drawn(pictures[framed(GREY, (), pictures)])
    assert pixels.shape[:2] == (SIDE, SIDE // 2)
    assert np.ptp(pixels) < 8


def test_the_frame_lies_round_the_box_and_not_in_it() -> None:
    pictures: dict[str, bytes] = {}
    pixels = drawn(pictures[framed(GREY, [(20, 30, 40, 50)], pictures)])
    red = pixels[..., 0] - pixels[..., 2] > 60
    rows, columns = np.nonzero(red)
    assert (columns.min(), rows.min()) >= (36, 56)
    assert (columns.max(), rows.max()) <= (83, 103)
    assert not red[64:96, 44:76].any()


def test_a_box_at_the_border_stays_in_the_picture() -> None:
    pictures: dict[str, bytes] = {}
    assert framed(GREY, [(0, 0, 60, 120)], pictures)


def test_each_picture_is_kept_once_and_told_by_its_boxes() -> None:
    pictures: dict[str, bytes] = {}
    keys = [framed(GREY, boxes, pictures) for boxes in ((), (), [(1, 1, 9, 9)])]
    assert keys[0] == keys[1] != keys[2]
    assert len(pictures) == 2


def test_no_picture_where_there_is_none() -> None:
    assert framed(GREY, (), None) == ""
    pictures: dict[str, bytes] = {}
    assert framed(absent_image("gone"), (), pictures) == ""
    assert pictures == {}
