"""A two-tower model that can be trained further: embeddings with gradients, and a complete checkpoint of what came."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Box
from audit.models.clip_towers.regions import RegionGeometry
from audit.models.clip_towers.towers import TransformersTowers
from audit.models.region_cells import cells_met, size_of

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class Trainable:
    """Towers as transformers loads them, the declared geometry of regions, and the templates of texts. Everything that
    is embedded has rows of length 1 and gradients; dropout is off."""

    towers: TransformersTowers
    geometry: RegionGeometry
    templates: tuple[str, ...]

    @property
    def weights(self) -> list[Any]:
        """All parameters."""
        return list(self.towers.model.parameters())

    def images(self, images: Sequence[Image]) -> Tensor:
        """(N, d)."""
        return _unit(self.towers.images(_pictures(images)))

    def regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> Tensor:
        """(R, d), all regions of the first image first, from one look at each image; NaN for a region that the
        preprocessing cuts away."""
        cells = [
            cells_met((self.geometry.view(*size_of(image)),), several)
            for image, several in zip(images, boxes, strict=True)
        ]
        return _unit(self.towers.regions(_pictures(images), self.geometry, cells))

    def seen(self, image: Image, boxes: Sequence[Box]) -> tuple[Box, ...]:
        """The boxes of which the tower sees anything: the preprocessing may cut the border away."""
        if not boxes:
            return ()
        met = cells_met((self.geometry.view(*size_of(image)),), boxes)
        return tuple(box for box, cells in zip(boxes, met, strict=True) if cells.any())

    def texts(self, texts: Sequence[str]) -> Tensor:
        """(Y, d): the renormalised mean over the templates of normalised embeddings (Radford et al. 2021, section
        3.1.4)."""
        forms = [template.replace("{}", text) for text in texts for template in self.templates]
        each = _unit(self.towers.texts(forms))
        return _unit(each.reshape(len(texts), len(self.templates), -1).mean(dim=1))

    def save(self, folder: Path) -> None:
        """Write weights, configuration, tokenizer and image processor: what `clip:FOLDER` loads. Raises `InputError`
        where the folder is there already or cannot be written; it is there whole or not at all."""
        if folder.exists():
            raise InputError("There is something here already", path=folder, remedy="name a new folder")
        neighbour = folder.with_name(f".{folder.name}.new")
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(neighbour, ignore_errors=True)
            neighbour.mkdir(mode=0o700)
            self.towers.model.save_pretrained(neighbour)
            self.towers.processor.save_pretrained(neighbour)
            neighbour.rename(folder)
        except OSError as error:
            raise InputError(f"The checkpoint cannot be written: {error.strerror}", path=folder) from error
        finally:
            shutil.rmtree(neighbour, ignore_errors=True)


def _pictures(images: Sequence[Image]) -> list[Any]:
    import PIL.Image

    return [PIL.Image.fromarray(image.rgb()) for image in images]


def _unit(rows: Tensor) -> Tensor:
    import torch

    return torch.nn.functional.normalize(rows, dim=-1)
