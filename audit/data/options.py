"""How data are read: the options of `load`, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from audit.core.errors import InputError

Key = Literal["AccessionNumber", "StudyInstanceUID", "SOPInstanceUID", "path"]
KEYS: tuple[Key, ...] = get_args(Key)

# (width, level) in Hounsfield units, as radiology departments commonly set them
CT_WINDOWS: dict[str, tuple[float, float]] = {
    "abdomen": (400.0, 50.0),
    "bone": (1800.0, 400.0),
    "brain": (80.0, 40.0),
    "liver": (150.0, 30.0),
    "lung": (1500.0, -600.0),
    "mediastinum": (350.0, 50.0),
    "soft-tissue": (400.0, 40.0),
    "stroke": (40.0, 40.0),
    "subdural": (200.0, 80.0),
}


@dataclass(frozen=True)
class LoadOptions:
    """What a user can decide about reading data.

    `labels` is a CSV joined to DICOM files by `key`. `pick` chooses among the slices of a series and the frames of a
    file: "middle", "all", or a number of slices at equal distances. `window` is a CT window: a name of `CT_WINDOWS`
    or "WIDTH,LEVEL" in Hounsfield units; None keeps what the header declares. An image of more than `max_pixels`
    pixels is refused before it is decoded. `name` is what the data set is called in the report. Without `need_images`
    (answers exist already) benchmark rows whose image is not there are kept. `image_root` is where the images of a file
    of questions lie. Raises `InputError` for values outside
    these.
    """

    labels: Path | None = None
    key: Key | None = None
    pick: str = "middle"
    window: str | None = None
    max_pixels: int = 64_000_000
    name: str | None = None
    need_images: bool = True
    image_root: Path | None = None

    def __post_init__(self) -> None:
        if (self.labels is None) != (self.key is None):
            raise InputError(
                "Labels and the key that joins them come together", remedy=f"--labels CSV --key {'|'.join(KEYS)}"
            )
        if self.key is not None and self.key not in KEYS:
            raise InputError(f"Unknown key {self.key!r}", remedy=f"known: {', '.join(KEYS)}")
        if self.max_pixels < 1:
            raise InputError(f"Expected max_pixels to be at least 1 but got {self.max_pixels}")
        self.count  # noqa: B018  a bad pick is refused here, not at the first series
        self.window_width_level  # noqa: B018

    @property
    def count(self) -> int | None:
        """How many slices of a series: 1 for "middle", None for all. Raises `InputError` for any other text."""
        if self.pick in {"middle", "all"}:
            return 1 if self.pick == "middle" else None
        if self.pick.isascii() and self.pick.isdigit() and 1 <= int(self.pick[:9]) <= 100_000 and len(self.pick) < 7:
            return int(self.pick)
        raise InputError(f"Expected pick to be middle, all or a number of slices but got {self.pick!r}")

    @property
    def window_width_level(self) -> tuple[float, float] | None:
        """(width, level) in Hounsfield units, or None. Raises `InputError` for an unknown name or a bad width."""
        if self.window is None:
            return None
        if self.window in CT_WINDOWS:
            return CT_WINDOWS[self.window]
        width, _, level = self.window.partition(",")
        try:
            pair = (float(width), float(level))
        except ValueError:
            pair = (0.0, 0.0)
        if not (1 <= pair[0] <= 100_000 and abs(pair[1]) <= 100_000):
            known = ", ".join(CT_WINDOWS)
            raise InputError(f"Unknown CT window {self.window!r}", remedy=f"known: {known}, or WIDTH,LEVEL as 400,40")
        return pair
