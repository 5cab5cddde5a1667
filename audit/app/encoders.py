"""Encoders: opened for whoever embeds images, lent to probes with a memory, and closed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from audit.app.privacy import check_host
from audit.core.ahead import hash_images, read_unhashed
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Encoder, Lookup, Model, RegionEncoder, is_contrastive, is_lookup
from audit.core.reading import Box
from audit.models.table import open_model
from audit.store.embeddings import Embeddings, embedding_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURES = "features:skimage?side=48"
"""What embeds where no model of the run does; in squares of 48 pixels, for regions are small and many."""

TOGETHER = 64
"""Images that are held in memory while they are hashed and embedded."""


def open_encoder(spec: str, allowed: tuple[str, ...], *, user_images: bool) -> Model:
    """The model of a spec, which is an `Encoder`. Raises `InputError` where it cannot embed images, or where it would
    send the user's images to a host that was not allowed."""
    model = open_model(spec)
    check_host(model, allowed, user_images=user_images)
    if is_lookup(model) or not _embeds(model):
        raise InputError(f"The model {spec!r} cannot embed images", remedy="for example clip:PATH or features:skimage")
    return model


def _embeds(model: Model) -> bool:
    return "embed" in model.capabilities and isinstance(model, Encoder)


class Encoders:
    """What a run lends to probes that embed images. `audited` is the model that is audited, where there is one.

    `embeddings` remember what was embedded; `close` frees every encoder, which loads again when it is used again.
    """

    def __init__(
        self,
        audited: Model | Lookup | None,
        embeddings: Embeddings,
        allowed: tuple[str, ...] = (),
        *,
        user_images: bool = True,
    ) -> None:
        self.embeddings = embeddings
        self._audited, self._allowed, self._user_images = audited, allowed, user_images
        self._opened: dict[str, Model] = {}

    def lend(self, spec: str) -> Lent:
        """The encoder of a spec; for "" the audited model where it is contrastive, else image features. The same spec
        gives the same encoder. Raises `InputError`."""
        if spec not in self._opened:
            self._opened[spec] = self._own() if spec == "" else self._open(spec)
        model = self._opened[spec]
        regions = isinstance(model, RegionEncoder) and not model.no_regions
        return (LentRegions if regions else Lent)(model, self.embeddings)

    def _own(self) -> Model:
        model = self._audited
        if model is not None and not is_lookup(model) and is_contrastive(model) and _embeds(model):
            return model
        return self._open(FEATURES)

    def _open(self, spec: str) -> Model:
        return open_encoder(spec, self._allowed, user_images=self._user_images)

    def close(self) -> None:
        """Free the memory of all that was lent."""
        for model in self._opened.values():
            model.close()


class Lent:
    """An `Encoder` that computes nothing twice. `spec` and `fingerprint` are those of the model behind it."""

    def __init__(self, model: Model, embeddings: Embeddings) -> None:
        self._model, self._embeddings = model, embeddings

    @property
    def spec(self) -> str:
        """The spec of the model, without secrets."""
        return self._model.spec

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """What can change an embedding."""
        return self._model.fingerprint

    @cached_property
    def _name(self) -> str:
        return digest(dict(self.fingerprint))

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """L2-normalised embeddings, shape (n, d), float32. Raises `ValueError` for no image."""
        if not images:
            raise ValueError("Expected something to embed but got nothing")
        import numpy as np

        parts = (images[start : start + TOGETHER] for start in range(0, len(images), TOGETHER))
        return np.concatenate([self._images(read_unhashed(some)) for some in parts])

    def _images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        keys = [embedding_key(self._name, image) for image in images]
        first = dict(reversed([*zip(keys, images, strict=True)]))  # of equal images the first is in memory

        def embed(lacking: Sequence[str]) -> NDArray[np.float32]:
            return self._encoder.embed_images([first[key] for key in lacking])

        return self._remembered(keys, embed)

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the model embeds them; they are few, and not kept."""
        return self._encoder.embed_texts(texts)

    @property
    def _encoder(self) -> Encoder:
        assert isinstance(self._model, Encoder)
        return self._model

    def _remembered(
        self, keys: Sequence[str], embed: Callable[[Sequence[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """The embeddings of all keys; `embed` makes those that are not known yet."""
        import numpy as np

        found = self._embeddings.get(keys)
        lacking = [key for key in dict.fromkeys(keys) if key not in found]
        if lacking:
            made = dict(zip(lacking, embed(lacking), strict=True))
            self._embeddings.put(made)
            found |= made
        return np.stack([found[key] for key in keys])


class LentRegions(Lent):
    """A `RegionEncoder` that computes nothing twice."""

    no_regions = ""

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        """See `RegionEncoder`. An image is looked at again only for regions that are not known yet."""
        if len(images) != len(boxes) or not any(boxes):
            raise ValueError("Expected a list of boxes for each image, and a box in one of them")
        hash_images(images)
        keys: list[str] = []
        places: dict[str, tuple[int, Box]] = {}
        for number, (image, several) in enumerate(zip(images, boxes, strict=True)):
            for box in several:
                keys.append(embedding_key(self._name, image, box))
                places[keys[-1]] = (number, box)

        def embed(lacking: Sequence[str]) -> NDArray[np.float32]:
            import numpy as np

            assert isinstance(self._model, RegionEncoder)
            order = sorted(lacking, key=lambda key: places[key][0])
            wanted: list[list[Box]] = [[] for _ in images]
            for key in order:
                number, box = places[key]
                wanted[number].append(box)
            made = dict(zip(order, self._model.embed_regions(images, wanted), strict=True))
            return np.stack([made[key] for key in lacking])

        return self._remembered(keys, embed)
