"""`clip:` specs: two-tower models (CLIP, SigLIP, open_clip layouts) that compare an image with texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Capability
from audit.core.query import Query
from audit.core.reading import Box
from audit.models.clip_towers.open_clip import CONFIG, load_open_clip, open_clip_weights
from audit.models.clip_towers.regions import RegionGeometry
from audit.models.clip_towers.templates import text_templates
from audit.models.clip_towers.towers import Towers, TransformersTowers, load_region_geometry, load_towers
from audit.models.clip_towers.trainable import Trainable
from audit.models.hf_vlm.load import quiet_transformers
from audit.models.region_cells import cells_met, in_region_batches, size_of, unit_rows
from audit.models.spec import Spec
from audit.models.torch_batches import in_batches
from audit.models.torch_checkpoint import hashes, locate, one_of, text_files, weight_files
from audit.models.torch_device import DEFAULT_BATCH, device_of, dtype_of, free_memory, require, versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

_T = TypeVar("_T")

ADAPTER_VERSION = 1
KNOWN = ("revision", "dtype", "device", "batch_size", "templates", "weights", "layout")


class ClipModel:
    """An image and a text tower. `choose` is a softmax over the options of the similarity between the one image of a
    query and each option's text, set in the declared templates, times the model's logit scale."""

    def __init__(self, spec: Spec) -> None:
        spec.only(*KNOWN)
        require("torch", "hf")
        require("transformers", "hf")
        values = spec.settings
        self._spec = spec
        self._checkpoint = locate(spec.target, values.get("revision", ""), marks=("config.json", CONFIG))
        self._templates = text_templates(values.get("templates", "plain"))
        self._pickled = one_of(spec, "weights", "safetensors", "pickle") == "pickle"
        folder = self._checkpoint.folder
        layout = one_of(spec, "layout", "transformers", "open_clip")
        self._open_clip = layout == "open_clip" or (folder is not None and (folder / CONFIG).is_file())
        dtype_of(values.get("dtype", ""), "cpu")
        spec.number("batch_size", 1, high=4096)
        if folder is not None:
            self._weights(folder)
        self._towers: Towers | None = None

    def _weights(self, folder: Path) -> list[Path]:
        if self._open_clip:
            return [open_clip_weights(folder, pickled=self._pickled)]
        return weight_files(folder, "model", pickled=self._pickled)

    @property
    def spec(self) -> str:
        """The spec as typed, without secrets."""
        return self._spec.text

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It compares, it does not speak."""
        return frozenset(("choose", "embed"))

    @property
    def most_images(self) -> int:
        """It compares one image with texts."""
        return 1

    @cached_property
    def _device(self) -> str:
        return device_of(self._spec.settings.get("device", ""))

    @cached_property
    def _dtype(self) -> str:
        return dtype_of(self._spec.settings.get("dtype", ""), self._device)

    @cached_property
    def _commit(self) -> str:
        return "" if self._checkpoint.folder is not None else self._checkpoint.commit()

    @cached_property
    def fingerprint(self) -> Mapping[str, Json]:
        """What can change an answer; hashes the files of a local checkpoint, once."""
        folder = self._checkpoint.folder
        packages = ("torch", "transformers", "tokenizers", "pillow", *(["open_clip_torch"] if self._open_clip else []))
        return {
            "adapter": f"clip/{ADAPTER_VERSION}",
            "checkpoint": {"hub": self._checkpoint.hub_id, "commit": self._commit}
            if folder is None
            else {"files": hashes([*self._weights(folder), *text_files(folder)], folder)},
            "layout": "open_clip" if self._open_clip else "transformers",
            "templates": list(self._templates),
            "dtype": self._dtype,
            "device": self._device.partition(":")[0],
            "weights": "pickle" if self._pickled else "safetensors",
            "versions": versions(*packages),
        }

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Answer all queries, in batches. Raises `InputError` where the checkpoint cannot be loaded."""
        if not queries:
            return
        self._loaded()
        yield from in_batches(self._ask, queries, self._batch_size, free_memory)

    def _ask(self, queries: Sequence[Query]) -> list[Answer]:
        for query in queries:
            _check(query)
        towers = self._loaded()
        images = self.embed_images([query.images[0] for query in queries])
        texts = sorted({option.text for query in queries for option in query.options})
        places = {text: place for place, text in enumerate(texts)}
        embedded = self.embed_texts([template.replace("{}", text) for text in texts for template in self._templates])
        options = unit_rows(embedded.reshape(len(texts), len(self._templates), -1).mean(axis=1))
        cut = {text for text in texts if any(towers.too_long(form.replace("{}", text)) for form in self._templates)}
        return [
            _chosen(query, towers.scale * options[[places[option.text] for option in query.options]] @ image, cut)
            for query, image in zip(queries, images, strict=True)
        ]

    @property
    def _batch_size(self) -> int:
        return self._spec.number("batch_size", 4 * DEFAULT_BATCH[self._device.partition(":")[0]], high=4096)

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """L2-normalised embeddings, shape (n, d), float32."""
        import PIL.Image

        towers = self._loaded()
        return self._embedded(lambda some: towers.images([PIL.Image.fromarray(one.rgb()) for one in some]), images)

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """L2-normalised embeddings, shape (n, d), float32; the texts are taken as they are, in no template."""
        return self._embedded(self._loaded().texts, texts)

    @property
    def no_regions(self) -> str:
        """Why regions cannot be embedded, "" where they can. Reads the configuration and the image processor, not the
        weights."""
        return self._geometry if isinstance(self._geometry, str) else ""

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        """L2-normalised embeddings of regions, shape (regions, d), float32, one forward an image; see `RegionEncoder`.
        How tokens are pooled is what the family declares (`clip_towers.regions`)."""
        if self.no_regions:
            raise ValueError(f"this model cannot embed regions: {self.no_regions}")
        return in_region_batches(self._pooled, images, boxes, self._batch_size)

    def _pooled(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        import PIL.Image
        import torch

        geometry, towers = self._geometry, self._loaded()
        assert isinstance(geometry, RegionGeometry)
        assert isinstance(towers, TransformersTowers)
        cells = [cells_met((geometry.view(*size_of(one)),), some) for one, some in zip(images, boxes, strict=True)]
        with torch.inference_mode():
            found = towers.regions([PIL.Image.fromarray(one.rgb()) for one in images], geometry, cells)
        pooled: NDArray[np.float32] = found.float().cpu().numpy()
        return pooled

    @cached_property
    def _geometry(self) -> RegionGeometry | str:
        """The declared geometry, or why there is none."""
        if self._open_clip:
            return "the preprocessing of checkpoints in the layout of open_clip is not declared"
        quiet_transformers()
        return load_region_geometry(self._checkpoint, self._commit)

    def _embedded(self, features: Callable[[Sequence[_T]], Tensor], inputs: Sequence[_T]) -> NDArray[np.float32]:
        import numpy as np
        import torch

        if not inputs:
            raise ValueError("Expected something to embed but got nothing")
        size = self._batch_size
        with torch.inference_mode():
            parts = [features(inputs[start : start + size]).float().cpu() for start in range(0, len(inputs), size)]
        return unit_rows(np.concatenate([part.numpy() for part in parts]))

    def _loaded(self) -> Towers:
        if self._towers is None:
            quiet_transformers()
            load = load_open_clip if self._open_clip else load_towers
            self._towers = load(
                self._checkpoint, self._commit, dtype=self._dtype, device=self._device, pickled=self._pickled
            )
        return self._towers

    def trainable(self) -> Trainable:
        """The towers, loaded, to be trained further. Raises `InputError` for another number format than float32 and
        where the geometry of regions is not declared."""
        if self._dtype != "float32":
            raise InputError(f"A model in {self._dtype} is not trained", remedy="add ?dtype=float32 to its spec")
        geometry = self._geometry
        if isinstance(geometry, str):
            raise InputError(f"This model cannot embed regions: {geometry}")
        towers = self._loaded()
        assert isinstance(towers, TransformersTowers)
        return Trainable(towers, geometry, self._templates)

    def close(self) -> None:
        """Free the model; the next call loads it again."""
        self._towers = None
        free_memory()


def _check(query: Query) -> None:
    """Raise `ValueError` for what two towers cannot be asked."""
    if query.how != "choose":
        raise ValueError(f"a two-tower model compares an image with texts; it cannot {query.how}")
    if query.intervention is not None:
        raise ValueError("this adapter cannot mask tokens inside the model")
    if len(query.images) != 1:
        raise ValueError(f"a two-tower model compares exactly one image with texts but got {len(query.images)} images")
    labels = [option.label for option in query.options]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError(f"expected at least two options with different labels but got {labels}")


def _chosen(query: Query, logits: NDArray[np.float32], cut: set[str]) -> Answer:
    import numpy as np

    scores = logits.astype(np.float64)
    scores = scores - scores.max()
    scores = scores - np.log(np.exp(scores).sum())
    found = {option.label: float(score) for option, score in zip(query.options, scores, strict=True)}
    notes = ("text_truncated",) if any(option.text in cut for option in query.options) else ()
    return Answer(text=max(found, key=found.__getitem__), option_logprobs=found, notes=notes, new_tokens=0)


def open_clip(spec: Spec) -> ClipModel:
    """The model of a `clip:` spec, without loading it. Raises `InputError` for whatever can be known to be wrong."""
    return ClipModel(spec)
