"""Architectures whose geometry is declared: a new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from audit.models.hf_vlm.masking.architecture import Architecture, UndeclaredError
from audit.models.hf_vlm.masking.gemma3 import declare_gemma3
from audit.models.hf_vlm.masking.idefics3 import declare_idefics3
from audit.models.hf_vlm.masking.llava import declare_llava
from audit.models.hf_vlm.masking.qwen2_5_vl import declare_qwen2_5_vl

DECLARED: Mapping[str, Callable[[Any, Any], Architecture]] = {
    "llava": declare_llava,
    "qwen2_5_vl": declare_qwen2_5_vl,
    "idefics3": declare_idefics3,
    "smolvlm": declare_idefics3,
    "gemma3": declare_gemma3,
}


def not_declared(kind: str) -> str:
    """Why tokens of an architecture cannot be masked, in words."""
    known = ", ".join(sorted(DECLARED))
    return f"the token geometry of the architecture {kind!r} is not declared; declared: {known}"


def declared(config: Any, images: Any) -> Architecture:
    """The geometry of a checkpoint with this configuration and image processor. Raises `UndeclaredError`."""
    kind = config.model_type
    if kind not in DECLARED:
        raise UndeclaredError(not_declared(kind))
    return DECLARED[kind](config, images)
