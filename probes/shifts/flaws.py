"""Planted flaws: models that are wrong in a known way, and the metrics that must show it."""

from __future__ import annotations

from audit.core.canonical import digest
from audit.core.item import CLEAN, Request
from audit.core.probe import Flaw

VENDOR = "Corvid"


def vendor_fragile(request: Request) -> str:
    """Knows everything but what one vendor's machines show (on phantoms the vendor Corvid)."""
    return _wrong(request) if request.item.tags.get("slice.vendor") == VENDOR else request.item.target


def noise_fragile(request: Request) -> str:
    """Knows every clean image; of corrupted ones it knows a third."""
    knows = int(digest([request.item.id, request.condition])[:2], 16) < 85
    return request.item.target if request.condition == CLEAN or knows else _wrong(request)


def _wrong(request: Request) -> str:
    others = [option.label for option in request.query.options if option.label != request.item.target]
    return others[0] if others else "something else"


FLAWS = (
    Flaw("vendor_fragile", vendor_fragile, ("shifts.delta",)),
    Flaw("noise_fragile", noise_fragile, ("shifts.delta", "shifts.flip_rate")),
)
