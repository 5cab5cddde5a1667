"""Planted flaws: models that are wrong in a known way, and the metrics that must show it."""

from __future__ import annotations

from audit.core.item import CLEAN, Request
from audit.core.probe import Flaw

VENDOR, SEX = "Corvid", "F"


def vendor_fragile(request: Request) -> str:
    """Knows everything but what one vendor's machines show (on phantoms the vendor Corvid)."""
    return _wrong(request) if request.item.tags.get("slice.vendor") == VENDOR else request.item.target


def noise_fragile(request: Request) -> str:
    """Knows every clean image, and no corrupted one."""
    return request.item.target if request.condition == CLEAN else _wrong(request)


def forgetter(request: Request) -> str:
    """Has forgotten what images of women show, which the model that it was made from knows."""
    return _wrong(request) if request.item.tags.get("slice.sex") == SEX else request.item.target


def _wrong(request: Request) -> str:
    others = [option.label for option in request.query.options if option.label != request.item.target]
    return others[0] if others else "something else"


_STEADY = ("shifts.delta:vs_clean",)
FLAWS = (
    Flaw("vendor_fragile", vendor_fragile, ("shifts.delta:between_slices",), 0.7, spares=_STEADY),
    Flaw("noise_fragile", noise_fragile, ("shifts.delta:vs_clean",), 0.8, spares=("shifts.delta:between_slices",)),
    Flaw("forgetter", forgetter, ("shifts.delta:did",), 0.7, spares=_STEADY),
)
