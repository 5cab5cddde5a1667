"""Towers in the layout of open_clip (open_clip_config.json), such as BiomedCLIP and UniMed-CLIP: an extra."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from pickle import PickleError
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.core.redact import redact
from audit.models.torch_checkpoint import Checkpoint

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from torch import Tensor

CONFIG = "open_clip_config.json"
_SAFE, _PICKLED = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"


def open_clip_weights(folder: Path, *, pickled: bool) -> Path:
    """The weight file that open_clip reads: safetensors first. Raises `InputError` where there is none, or only a
    pickle that was not asked for."""
    if (folder / _SAFE).is_file():
        return folder / _SAFE
    if not (folder / _PICKLED).is_file():
        raise InputError(f"Neither {_SAFE} nor {_PICKLED} in this folder", path=redact(str(folder)))
    if not pickled:
        raise InputError(
            f"Only pickled weights ({_PICKLED}) in this folder",
            path=redact(str(folder)),
            remedy="add ?weights=pickle to load them (weights_only), which is less safe",
        )
    return folder / _PICKLED


class OpenClipTowers:
    """A model, its preprocessing and its tokenizer as open_clip makes them."""

    def __init__(self, model: Any, prepare: Any, tokenize: Any, dtype: Any, device: str) -> None:
        self.model, self._prepare, self._tokenize = model, prepare, tokenize
        self._dtype, self._device = dtype, device
        self.scale = float(model.logit_scale.detach().exp())

    def images(self, pictures: Sequence[Picture]) -> Tensor:
        import torch

        stacked = torch.stack([self._prepare(picture) for picture in pictures])
        found: Tensor = self.model.encode_image(stacked.to(self._device, self._dtype))
        return found

    def texts(self, texts: Sequence[str]) -> Tensor:
        found: Tensor = self.model.encode_text(self._tokenize(list(texts)).to(self._device))
        return found

    def too_long(self, text: str) -> bool:
        """A text fills its whole context only where it was cut: the last token is not padding."""
        ids = self._tokenize([text])[0]
        blank = self._tokenize([""])[0]
        return bool(ids[-1] != blank[-1])


def load_open_clip(checkpoint: Checkpoint, commit: str, *, dtype: str, device: str, pickled: bool) -> OpenClipTowers:
    """Load both towers. Raises `InputError` where the extra is missing or the checkpoint cannot be loaded."""
    import torch

    try:
        import open_clip
    except ImportError as error:
        raise InputError(
            "A checkpoint in the layout of open_clip needs the package open_clip_torch",
            remedy="pip install 'medaudit[open-clip]'",
        ) from error
    folder = checkpoint.folder or _downloaded(checkpoint, commit, pickled=pickled)
    open_clip_weights(folder, pickled=pickled)
    name = f"local-dir:{folder.resolve()}"
    try:
        model, prepare = open_clip.create_model_from_pretrained(name, weights_only=True)
        tokenize = open_clip.get_tokenizer(name)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, PickleError) as error:
        line = redact(" ".join(str(error).split()))[:300]
        raise InputError(f"The model cannot be loaded: {line}", path=redact(checkpoint.source)) from error
    number = getattr(torch, dtype)
    return OpenClipTowers(model.to(device=device, dtype=number).eval(), prepare, tokenize, number, device)


def _downloaded(checkpoint: Checkpoint, commit: str, *, pickled: bool) -> Path:
    """The hub's files at the commit, in the local cache."""
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", _SAFE, *([_PICKLED] if pickled else [])]
    try:
        return Path(snapshot_download(checkpoint.hub_id, revision=commit, allow_patterns=wanted))
    except OSError as error:
        raise InputError(f"The model {checkpoint.hub_id!r} cannot be downloaded: {redact(str(error))[:300]}") from error
