"""Pictures as a report holds them: small, each once, known by its pixels."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.png import thumbnail

SIDE = 320


def keys_of(images: Sequence[Image], pictures: dict[str, bytes]) -> list[str]:
    """Keys of the pictures, each made small once and put into `pictures`; those that are not there are left out (a
    replay needs no images)."""
    keys = []
    for image in images:
        key = image.sha256[:16]
        try:
            if key not in pictures:
                pictures[key] = thumbnail(image, SIDE)
        except InputError:
            continue
        keys.append(key)
    return keys
