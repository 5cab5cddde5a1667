"""The Basic Application Level Confidentiality Profile: what to do with which attribute (DICOM PS3.15, Table E.1-1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

EDITION: Final = "PS3.15 2026c, Table E.1-1"
PRIVATE, CURVE, OVERLAY = "private", "curve", "overlay"
_CURVES = range(0x5000, 0x5100, 2)
_OVERLAYS = range(0x6000, 0x6100, 2)
_OVERLAY_ELEMENTS = (0x3000, 0x4000)


@lru_cache(maxsize=1)
def table() -> Mapping[int, tuple[str, str]]:
    """Tag -> (action, keyword) for all attributes that the table lists one by one."""
    text = files("probes.phi.header").joinpath("profile.txt").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {int(tag, 16): (action, keyword) for tag, action, keyword in rows}


def action(tag: int) -> str:
    """What the Basic Profile does with an attribute: D, Z, X, U or a combination; "" where it stays as it is."""
    if group_kind(tag):
        return "X"
    return table().get(tag, ("", ""))[0]


def group_kind(tag: int) -> str:
    """`private`, `curve` or `overlay` where the attribute is listed by its group; "" for all others."""
    group, element = tag >> 16, tag & 0xFFFF
    if group % 2:
        return PRIVATE
    if group in _CURVES:
        return CURVE
    return OVERLAY if group in _OVERLAYS and element in _OVERLAY_ELEMENTS else ""
