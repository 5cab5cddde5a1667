"""The names of conditions: what was done to an image, and what is derived from the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from audit.core.item import CLEAN
from probes.spurious.scene import NUISANCE

Edit = Literal["removed", "pasted"]
EDITS: tuple[Edit, ...] = ("removed", "pasted")
CROP, RANDOM, FLIP = "crop", "random", "flip"
WORST = f"{FLIP}:worst"
"""Flips under removal of the worst region cluster without clinical meaning, chosen on the discovery half."""
WORST_CONTROL = f"{WORST}:{RANDOM}"
ANYWHERE = f"{FLIP}:anywhere"
"""Flips under removal of regions drawn by chance, the mean over all that an image was asked about."""


def crop_condition(place: int) -> str:
    """A region by itself."""
    return f"{CROP}:{place}"


def crop_place(condition: str) -> int | None:
    """The number of the region that is asked about by itself, None for another condition."""
    head, _, number = condition.partition(":")
    return int(number) if head == CROP and number.isdecimal() else None


def edited(edit: Edit, cluster: str, *, control: bool = False) -> str:
    """An image that was changed for a region cluster: "removed:mark-1", "removed:mark-1:random"."""
    return f"{edit}:{cluster}{f':{RANDOM}' if control else ''}"


def flip(condition: str) -> str:
    """Whether the answer differs from that to the clean image."""
    return f"{FLIP}:{condition}"


def parted(condition: str) -> tuple[Edit, str, bool] | None:
    """(edit, region cluster, whether it is the control) of a condition of a changed image, None for any other."""
    edit, _, rest = condition.partition(":")
    name, _, tail = rest.partition(":")
    if edit not in EDITS or not name or tail not in ("", RANDOM):
        return None
    return ("removed" if edit == "removed" else "pasted"), name, tail == RANDOM


def is_changed(condition: str) -> bool:
    """Whether the image is not shown as it is: right or wrong then says nothing of what the model can."""
    return crop_place(condition) is not None or parted(condition) is not None


def is_nuisance(cluster: str) -> bool:
    """Whether a region cluster, by its name, is one without clinical meaning."""
    return cluster.rpartition("-")[0] in NUISANCE


def edits_among(conditions: Iterable[str]) -> tuple[tuple[Edit, str], ...]:
    """Every (edit, region cluster) among conditions, in order of first appearance."""
    parts = [parted(condition) for condition in conditions if condition != CLEAN]
    return tuple(dict.fromkeys((part[0], part[1]) for part in parts if part is not None))
