"""An image: pixels that load when they are needed, known by the sha256 of those pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8] | NDArray[np.uint16]


class Image:
    """Lazily loaded pixels and their hash.

    `load` returns an array of shape (height, width) for grey or (height, width, 3) for RGB, dtype uint8
    or uint16; it is called each time `pixels` is read, so that thousands of images fit in memory, and must
    return equal pixels each time. `source` is where the pixels came from, for messages on the user's own
    screen: it never enters a key and is never sent anywhere.
    """

    __slots__ = ("_load", "_sha256", "source")

    def __init__(self, load: Callable[[], Pixels], source: str = "") -> None:
        self._load = load
        self._sha256: str | None = None
        self.source = source

    @classmethod
    def of(cls, pixels: Pixels, source: str = "") -> Image:
        """An image of pixels that are in memory already; they are kept as they are, so do not write to them."""
        return cls(lambda: pixels, source)

    @property
    def pixels(self) -> Pixels:
        """The pixels, read anew. Raises what the reader raises (`InputError` for a file)."""
        return self._load()

    @property
    def sha256(self) -> str:
        """64 hex digits over mode, dtype, shape and pixels, computed once; file format and metadata play no part."""
        if self._sha256 is None:  # no lock: two threads that meet here compute the same
            self._sha256 = self._hashed()
        return self._sha256

    @sha256.setter
    def sha256(self, known: str) -> None:
        self._sha256 = known

    @property
    def is_hashed(self) -> bool:
        """Whether the hash is known without reading pixels."""
        return self._sha256 is not None

    def read_by(self, load: Callable[[], Pixels]) -> Image:
        """The same image, known by the same hash where that is known, with its pixels read in another way."""
        other = Image(load, self.source)
        other._sha256 = self._sha256
        return other

    def _hashed(self) -> str:
        import numpy as np

        pixels = self.pixels
        mode = "RGB" if pixels.ndim == 3 else "L"
        head = f"{mode}|{pixels.dtype.name}|{'x'.join(map(str, pixels.shape))}|"
        body = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("<"), copy=False))
        return hashlib.sha256(head.encode() + body.tobytes()).hexdigest()

    def rgb(self) -> NDArray[np.uint8]:
        """The pixels as (height, width, 3) uint8: 16-bit values keep their upper byte, grey is repeated."""
        import numpy as np

        pixels = self.pixels
        eight = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.astype(np.uint8, copy=False)
        return eight if eight.ndim == 3 else np.repeat(eight[:, :, None], 3, axis=2)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Image) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"Image({self.source!r})"
