"""Pictures of regions: an image made small with boxes drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from audit.core.canonical import digest
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Box

SIDE = 240
RED, WHITE = (200, 30, 30), (255, 255, 255)


def framed(image: Image, boxes: Sequence[Box], pictures: dict[str, bytes] | None) -> str:
    """The key of the image with frames round its boxes, put into `pictures` once; "" where pictures are kept out or the
    image cannot be read."""
    if pictures is None:
        return ""
    key = digest([image.sha256, [list(box) for box in boxes]])[:16]
    try:
        if key not in pictures:
            pictures[key] = _drawn(image, boxes)
    except InputError:
        return ""
    return key


def _drawn(image: Image, boxes: Sequence[Box]) -> bytes:
    """JPEG bytes, the longer side `SIDE` pixels: frames are drawn outside the box, white under red, so that they show
    on any ground."""
    import PIL.Image
    import PIL.ImageDraw

    picture = PIL.Image.fromarray(image.rgb())
    scale = SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture.resize(size, PIL.Image.Resampling.LANCZOS)
    pen = PIL.ImageDraw.Draw(picture)
    for box in boxes:
        left, top, right, bottom = (side * scale for side in box)
        for grown, colour in ((3, WHITE), (2, RED), (1, RED)):
            corners = (
                max(left - grown, 0), max(top - grown, 0),
                min(right + grown, size[0]) - 1, min(bottom + grown, size[1]) - 1,
            )  # fmt: skip
            pen.rectangle(corners, outline=colour)
    stream = BytesIO()
    picture.save(stream, format="JPEG", quality=85, optimize=True)
    return stream.getvalue()
