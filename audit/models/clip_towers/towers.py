"""Two towers, of images and of texts, whichever library loads them."""

from __future__ import annotations

from collections.abc import Sequence
from pickle import PickleError
from typing import TYPE_CHECKING, Any, Protocol

from audit.core.errors import InputError
from audit.core.redact import redact
from audit.models.clip_towers.regions import RegionGeometry, declared_regions, region_features
from audit.models.hf_vlm.masking.architecture import UndeclaredError
from audit.models.torch_checkpoint import Checkpoint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image as Picture
    from torch import Tensor


class Towers(Protocol):
    """Features of images and texts, not yet normalised, shape (n, d)."""

    scale: float

    def images(self, pictures: Sequence[Picture]) -> Tensor: ...

    def texts(self, texts: Sequence[str]) -> Tensor: ...

    def too_long(self, text: str) -> bool:
        """Whether the text tower sees only the beginning of `text`."""


class TransformersTowers:
    """CLIP, SigLIP and their kin as transformers loads them.

    Texts are padded to the length that the text tower was made for, which towers that pool the last place need and
    the others do not mind."""

    def __init__(self, model: Any, processor: Any) -> None:
        self.model, self.processor = model, processor
        self.scale = float(model.logit_scale.detach().exp())
        self._length: int = model.config.text_config.max_position_embeddings

    def images(self, pictures: Sequence[Picture]) -> Tensor:
        found = self.processor.image_processor(images=list(pictures), return_tensors="pt")
        return _features(self.model.get_image_features(**found.to(self.model.device, dtype=self.model.dtype)))

    def texts(self, texts: Sequence[str]) -> Tensor:
        found = self.processor.tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=self._length, return_tensors="pt"
        )
        return _features(self.model.get_text_features(**found.to(self.model.device)))

    def regions(
        self, pictures: Sequence[Picture], geometry: RegionGeometry, cells: Sequence[NDArray[np.bool_]]
    ) -> Tensor:
        """Features of regions, all of the first picture first, shape (regions, d); NaN for one without a cell. `cells`
        hold for each picture which patches its regions meet, shape (its regions, patches)."""
        import torch

        found = self.processor.image_processor(images=list(pictures), return_tensors="pt")
        inputs = found.to(self.model.device, dtype=self.model.dtype)
        met = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(one) for one in cells], batch_first=True)
        pooled = region_features(self.model, inputs, geometry, met.to(self.model.device))
        return torch.cat([rows[: len(one)] for rows, one in zip(pooled, cells, strict=True)])

    def too_long(self, text: str) -> bool:
        return len(self.processor.tokenizer(text)["input_ids"]) > self._length


def _features(output: Any) -> Tensor:
    """The pooled, projected features; older versions of transformers return them bare."""
    found: Tensor = getattr(output, "pooler_output", output)
    return found


def load_region_geometry(checkpoint: Checkpoint, commit: str) -> RegionGeometry | str:
    """The declared geometry of a checkpoint, or in words why there is none; reads no weights. Raises `InputError` where
    it cannot be read."""
    from transformers import AutoConfig, AutoImageProcessor

    source, where = checkpoint.source, _where(checkpoint, commit)
    try:
        config = AutoConfig.from_pretrained(source, **where)
        images = AutoImageProcessor.from_pretrained(source, backend="pil", **where)
        return declared_regions(config, images)
    except UndeclaredError as error:
        return str(error)
    except (OSError, ValueError, KeyError, ImportError) as error:
        line = redact(" ".join(str(error).split()))[:300]
        raise InputError(f"The configuration cannot be read: {line}", path=redact(source)) from error


def _where(checkpoint: Checkpoint, commit: str) -> dict[str, Any]:
    """Arguments that keep a local folder off the hub and a hub id at its commit."""
    return {"local_files_only": True} if checkpoint.folder is not None else {"revision": commit}


def load_towers(checkpoint: Checkpoint, commit: str, *, dtype: str, device: str, pickled: bool) -> TransformersTowers:
    """Load both towers. Raises `InputError` where there are none or weights are missing."""
    import torch
    from transformers import AutoImageProcessor, AutoModel, AutoProcessor

    source = checkpoint.source
    where = _where(checkpoint, commit)
    try:
        model, report = AutoModel.from_pretrained(
            source,
            dtype=getattr(torch, dtype),
            use_safetensors=not pickled,
            weights_only=True,
            output_loading_info=True,
            **where,
        )
        processor = AutoProcessor.from_pretrained(source, **where)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, PickleError) as error:
        line = redact(" ".join(str(error).split()))[:300]
        raise InputError(f"The model cannot be loaded: {line}", path=redact(source)) from error
    if not hasattr(model, "get_image_features") or not hasattr(model, "logit_scale"):
        raise InputError("This checkpoint has no image and text towers", path=redact(source), remedy="perhaps use hf:")
    absent = sorted({*report["missing_keys"], *(key[0] for key in report["mismatched_keys"])})
    if absent:
        raise InputError(f"{len(absent)} weights are missing, for example {absent[0]}", path=redact(source))
    processor.image_processor = AutoImageProcessor.from_pretrained(source, backend="pil", **where)
    return TransformersTowers(model.to(device).eval(), processor)
