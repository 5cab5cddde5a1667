"""Where pixels may go: to no host beyond loopback and private ranges unless the user allows it by name."""

from __future__ import annotations

from audit.core.errors import InputError
from audit.core.model import Lookup, Model, Remote
from audit.models.network import is_local


def check_host(model: Model | Lookup, allowed: tuple[str, ...], *, user_images: bool) -> None:
    """Raise `InputError` if `model` would send the user's pixels to a host that was not allowed."""
    if user_images and isinstance(model, Remote) and not is_local(model.host) and model.host not in allowed:
        raise InputError(
            f"The images would leave this machine for {model.host}",
            remedy=f"if that is permitted, add --allow-host {model.host}",
        )
