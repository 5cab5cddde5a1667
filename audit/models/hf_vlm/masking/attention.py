"""Hiding from attention: no other token looks at a hidden one; a hidden one still sees itself, so that no row of the
softmax is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audit.models.hf_vlm.masking.architecture import Place
from audit.models.hf_vlm.masking.plan import Plan

if TYPE_CHECKING:
    from torch import Tensor


def check_attention(config: Any) -> None:
    """Raise `ValueError` where attention is computed in a way that takes no mask of ours."""
    kind = getattr(config, "_attn_implementation", None)
    if kind not in ("sdpa", "eager"):
        raise ValueError(f"cannot mask tokens from attention that is computed by {kind!r}")


def tower_mask(hidden_states: Tensor, place: Place, plans: Sequence[Plan]) -> Tensor:
    """Additive, shape (views, 1, tokens, tokens): 0 where a token may look, the lowest number where it may not."""
    import torch

    views, count = hidden_states.shape[:2]
    own = count - place.extra
    if views * own != plans[0].total:
        raise ValueError(f"expected {plans[0].total} tokens to mask from but the tower has {views * own}")
    shut = torch.zeros(views, count, dtype=torch.bool, device=hidden_states.device)
    for image, part in (pair for plan in plans for pair in enumerate(plan.parts)):
        if part.selection is None or part.fill != "attention":
            continue
        numbers = torch.from_numpy(part.selection.numbers()).to(shut.device) + part.start
        shut[numbers // own, place.extra + numbers % own] = True
        if part.selection.whole:
            shut[image, : place.extra] = True
    open_to = ~shut[:, None, None, :] | torch.eye(count, dtype=torch.bool, device=shut.device)
    return additive(open_to, hidden_states.dtype)


def columns(ids: Tensor, image_token: int, extra: int, plans: Sequence[Plan]) -> tuple[Tensor, ...]:
    """For each prompt the places whose tokens any of the plans hides: the placeholders in `ids`, shape (prompts,
    length), that stand for hidden tokens; an image has `extra` that stand for no cell before the others. Raises
    `ValueError` where a prompt has other placeholders than the geometry says."""
    import torch

    several = [_columns(ids, image_token, extra, plan) for plan in plans]
    return tuple(torch.cat(of_one) for of_one in zip(*several, strict=True))


def _columns(ids: Tensor, image_token: int, extra: int, plan: Plan) -> list[Tensor]:
    import torch

    found = []
    for row, parts in zip(ids, plan.prompts, strict=True):
        places = torch.nonzero(row == image_token).flatten()
        wanted = sum(part.tokens + extra for part in parts)
        if len(places) != wanted:
            raise ValueError(f"expected {wanted} image tokens to mask from in the prompt but it has {len(places)}")
        hidden, start = [], 0
        for part in parts:
            if part.selection is not None and part.fill == "attention":
                hidden.append(torch.from_numpy(part.selection.numbers()).to(ids.device) + start + extra)
                hidden.append(torch.arange(start, start + extra * part.selection.whole, device=ids.device))
            start += part.tokens + extra
        found.append(places[torch.cat(hidden)] if hidden else places[:0])
    return found


def language_mask(embeddings: Tensor, mask: Tensor | None, past: int, hidden: Sequence[Tensor]) -> Tensor:
    """Additive and causal, shape (rows, 1, length, past + length), for `embeddings` of shape (rows, length, channels)
    after `past` tokens in the cache. `mask` says which tokens are no padding, shape (rows, past + length), None for
    all. `hidden`: places that no other token looks at, one tensor a row, or one for all rows."""
    import torch

    rows, length = embeddings.shape[:2]
    device = embeddings.device
    total = past + length
    if mask is not None and (mask.ndim != 2 or mask.shape[1] != total):
        raise ValueError("cannot mask tokens from attention that comes with a mask of another shape")
    keys = torch.arange(total, device=device)
    queries = torch.arange(past, total, device=device)
    causal = keys[None, :] <= queries[:, None]
    seen = torch.ones(rows, total, dtype=torch.bool, device=device) if mask is None else mask.to(torch.bool)
    shut = torch.zeros(rows, total, dtype=torch.bool, device=device)
    for row in range(rows):
        shut[row, hidden[row if len(hidden) > 1 else 0]] = True
    itself = keys[None, :] == queries[:, None]
    open_to = causal & seen[:, None, :] & (~shut[:, None, :] | itself)
    return additive(open_to[:, None], embeddings.dtype)


def additive(open_to: Tensor, dtype: Any) -> Tensor:
    """0 where true, the lowest number of `dtype` where not."""
    import torch

    closed = torch.zeros(open_to.shape, dtype=dtype, device=open_to.device)
    return closed.masked_fill(~open_to, torch.finfo(dtype).min)
