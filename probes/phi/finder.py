"""Boxes of identifiers as a detector finds them: each page is read once, when its boxes are first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Reader
from probes.phi.detect import detect
from probes.phi.documents.paint import Box
from probes.phi.pictures import Boxes

Finder = Callable[[Image], Boxes]


class Detector:
    """Finds identifiers in images with a reader (OCR) and the recognisers of identifiers, one image at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[Box, ...]] = {}
        self._lock = threading.Lock()

    def boxes(self, image: Image) -> tuple[Box, ...]:
        """The boxes in an image, in pixels; found once for equal pixels."""
        key = image.sha256
        with self._lock:
            if key not in self._known:
                self._known[key] = tuple(one.box for one in detect(self._reader, image.pixels))
            return self._known[key]


def finder(reader: Callable[[], Reader] | None) -> tuple[Finder | None, str]:
    """What finds boxes, and why there is none ("" where there is)."""
    if reader is None:
        return None, "no reader was lent"
    try:
        detector = Detector(reader())
    except InputError as error:
        return None, error.problem + (f" ({error.remedy})" if error.remedy else "")
    return (lambda image: lambda: detector.boxes(image)), ""
