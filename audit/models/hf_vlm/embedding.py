"""Embeddings from the vision side of a generative model: the tokens that its language model is given, pooled."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audit.core.image import Image
from audit.core.reading import Box
from audit.models.hf_vlm.masking.architecture import Architecture, unwrapped
from audit.models.hf_vlm.masking.hooks import module_at
from audit.models.hf_vlm.masking.plan import views_of
from audit.models.hf_vlm.masking.tokens import flat
from audit.models.hf_vlm.masking.view import View
from audit.models.hf_vlm.pictures import picture, picture_size
from audit.models.region_cells import cells_met, size_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

LAYER = "projector"


def token_means(
    model: Any,
    architecture: Architecture,
    images: Sequence[Image],
    boxes: Sequence[Sequence[Box]] | None,
    max_pixels: int | None,
) -> NDArray[np.float32]:
    """Means of projected image tokens, float32, not yet normalised: of all tokens of each image, shape (images, d),
    or, with `boxes`, of those whose cell meets each box, shape (regions, d), NaN where none does.

    Tokens that stand for no cell (a class token) take no part. A picture that is shown in several views (tiles, and
    all of it) gives tokens of each. Raises `ValueError` where the model has other tokens than the geometry says.
    """
    import numpy as np

    shown = [_views(architecture, image, max_pixels) for image in images]
    tokens = _projected(model, architecture, [picture(image, max_pixels) for image in images])
    counts = [sum(len(view.places) for view in views) for views in shown]
    if len(tokens) != sum(counts):
        raise ValueError(f"expected {sum(counts)} image tokens to pool but the model has {len(tokens)}")
    parts = []
    for place, (views, own) in enumerate(zip(shown, tokens.split(counts), strict=True)):
        met = np.ones((1, len(own)), dtype=np.bool_) if boxes is None else cells_met(views, boxes[place])
        parts.append(_means(own, met))
    return np.concatenate(parts)


def _views(architecture: Architecture, image: Image, max_pixels: int | None) -> tuple[View, ...]:
    size = size_of(image)
    return views_of(architecture, LAYER, size, picture_size(*size, max_pixels))


def _projected(model: Any, architecture: Architecture, pictures: Sequence[Any]) -> Tensor:
    """The projector's output for all pictures, in order, shape (tokens, channels); the language model is not run."""
    import torch

    place = architecture.place(LAYER)
    look = unwrapped(model).model.get_image_features
    found = architecture.images(images=list(pictures), return_tensors="pt")
    taken = inspect.signature(look).parameters
    inputs = {name: value for name, value in found.items() if name in taken}
    kept: list[Tensor] = []

    def keep(_module: Any, _inputs: tuple[Any, ...], output: Any) -> None:
        kept.append(flat(output, place))

    handle = module_at(model, place).register_forward_hook(keep)
    try:
        with torch.inference_mode():
            look(**{name: _placed(value, model) for name, value in inputs.items()})
    finally:
        handle.remove()
    return torch.cat(kept)


def _placed(value: Any, model: Any) -> Any:
    """On the model's device; numbers with a fraction in its format."""
    return value.to(model.device, dtype=model.dtype) if value.is_floating_point() else value.to(model.device)


def _means(tokens: Tensor, cells: NDArray[np.bool_]) -> NDArray[np.float32]:
    import torch

    met = torch.from_numpy(cells).to(tokens.device).float()
    found = met @ tokens.float() / met.sum(dim=1, keepdim=True)  # 0 / 0 is NaN: a region without a cell
    means: NDArray[np.float32] = found.cpu().numpy()
    return means
