"""Tokens in tensors: reading and replacing those of a layer, whatever shape the layer gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.models.hf_vlm.masking.architecture import Place
from audit.models.hf_vlm.masking.plan import Part, Plan

if TYPE_CHECKING:
    from torch import Tensor


def flat(tensor: Tensor, place: Place) -> Tensor:
    """The tokens that stand for a cell, in order, shape (tokens, channels)."""
    if place.layout == "map":
        return tensor.permute(0, 2, 3, 1).flatten(0, 2)
    return tensor if place.layout == "packed" else tensor[:, place.extra :].flatten(0, 1)


def replaced(tensor: Tensor, place: Place, plan: Plan) -> Tensor:
    """A copy in which the plan's tokens are filled. Raises `ValueError` where the layer does not have the tokens that
    the geometry says."""
    import torch

    tokens = flat(tensor, place)
    if len(tokens) != plan.total:
        raise ValueError(f"expected {plan.total} tokens to mask from at {plan.layer} but the model has {len(tokens)}")
    new = tensor.clone()
    for image, part in enumerate(plan.parts):
        if part.selection is None or part.fill == "attention":
            continue
        numbers = torch.from_numpy(part.selection.numbers()).to(tensor.device) + part.start
        _put(new, place, numbers, _filling(tokens, part, numbers))
        if part.selection.whole and place.extra:
            # tokens without a cell exist only where an image is one view
            new[image, : place.extra] = 0
    return new


def _filling(tokens: Tensor, part: Part, numbers: Tensor) -> Tensor:
    """What stands in place of a hidden token: zeros, or the mean of the image's tokens that stay (zeros where none
    does), shape (channels,)."""
    import torch

    own = tokens[part.start : part.start + part.tokens]
    stay = torch.ones(len(own), dtype=torch.bool, device=own.device)
    stay[numbers - part.start] = False
    if part.fill == "zero" or not stay.any():
        return torch.zeros_like(own[0])
    return own[stay].float().mean(dim=0).to(own.dtype)


def _put(tensor: Tensor, place: Place, numbers: Tensor, value: Tensor) -> None:
    if place.layout == "packed":
        tensor[numbers] = value
    elif place.layout == "map":
        rows, columns = tensor.shape[2:]
        view, cell = numbers // (rows * columns), numbers % (rows * columns)
        tensor[view, :, cell // columns, cell % columns] = value
    else:
        count = tensor.shape[1] - place.extra
        tensor[numbers // count, place.extra + numbers % count] = value
