"""Stand-ins for images that are not there, where answers exist already and nobody has to look."""

from __future__ import annotations

from audit.core.canonical import digest
from audit.core.errors import InputError
from audit.core.image import Image


def absent_image(name: str) -> Image:
    """An image known by its name alone; its pixels raise `InputError`."""

    def refuse() -> None:
        raise InputError(f"the picture {name!r} is not there")

    image = Image(refuse, source=name)  # type: ignore[arg-type]
    image.sha256 = digest({"absent": name})
    return image
