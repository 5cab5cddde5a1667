"""The typefaces: DejaVu, from matplotlib's own data, so that no font of the machine plays a part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FACES = {"sans": "DejaVuSans", "serif": "DejaVuSerif", "mono": "DejaVuSansMono"}


@dataclass(frozen=True)
class Font:
    """A typeface at `size` pixels per em."""

    face: str
    size: float
    bold: bool = False

    def load(self) -> FreeTypeFont:
        """The font, as Pillow draws with it."""
        return _load(self.face, self.size, self.bold)

    def length(self, text: str) -> float:
        """The advance of `text`, in pixels."""
        return self.load().getlength(text)

    def ink(self, text: str, x: int, y: int) -> tuple[int, int, int, int]:
        """The box of the ink of `text` with its baseline at (x, y): x0, y0, x1, y1, the last two exclusive."""
        x0, y0, x1, y1 = self.load().getbbox(text, anchor="ls")
        return (int(x0) + x, int(y0) + y, int(x1) + x, int(y1) + y)


@dataclass(frozen=True)
class Typeface:
    """One of `FACES`. Raises `ValueError` for another name."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in FACES:
            raise ValueError(f"Expected a typeface to be one of {', '.join(FACES)} but got {self.name!r}.")

    def font(self, size: float, bold: bool = False) -> Font:
        """The typeface at `size` pixels per em."""
        return Font(self.name, round(size, 3), bold)


@lru_cache(maxsize=256)
def _load(face: str, size: float, bold: bool) -> FreeTypeFont:
    import matplotlib
    from PIL import ImageFont

    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{FACES[face]}{'-Bold' if bold else ''}.ttf")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
