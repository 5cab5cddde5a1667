"""Slices and frames: which of a series, and of a file with several frames, are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.data.dicom_header import numbers, text
from audit.data.dicom_labels import plane_normal
from audit.data.options import LoadOptions

if TYPE_CHECKING:
    from pydicom import Dataset as Header

# Series of other modalities (radiographs, ultrasound) are sets of views, not stacks of slices.
_STACKED = frozenset({"CT", "MR", "PT", "NM"})


@dataclass(frozen=True)
class SliceOrder:
    """Where one file stands in its series: the stack that it belongs to, and its place along it."""

    stack: tuple[str, ...] = ()
    position: float | None = None
    instance: float | None = None


def slice_order(header: Header) -> SliceOrder:
    """The order of a file: by its position along the normal of its plane, or by its instance number. An empty `stack`
    means that it stands for itself."""
    series = text(header, "SeriesInstanceUID")
    if text(header, "Modality") not in _STACKED or not series:
        return SliceOrder()
    cosines = numbers(header, "ImageOrientationPatient")
    origin = numbers(header, "ImagePositionPatient")
    normal = plane_normal(cosines)
    along = sum(x * n for x, n in zip(origin, normal, strict=True)) if len(origin) == 3 and any(normal) else None
    turned = ",".join(f"{cosine:.2f}" for cosine in cosines)
    instance = numbers(header, "InstanceNumber")
    return SliceOrder((series, turned), along, instance[0] if instance else None)


def evenly(total: int, count: int | None) -> tuple[int, ...]:
    """Indices of `count` of `total` at equal distances, the middle one for 1; all for None."""
    if count is None or count >= total:
        return tuple(range(total))
    return tuple((2 * place + 1) * total // (2 * count) for place in range(count))


def picked(orders: Sequence[SliceOrder], options: LoadOptions) -> list[int]:
    """Indices of the files that are looked at, in the given order.

    Files of one stack are ordered by position, else by instance number; where neither tells all of them apart they
    are no stack and each is kept.
    """
    stacks: dict[tuple[str, ...], list[int]] = {}
    kept = []
    for place, order in enumerate(orders):
        if order.stack:
            stacks.setdefault(order.stack, []).append(place)
        else:
            kept.append(place)
    for members in stacks.values():
        ranked = _ranked(members, orders)
        kept += members if ranked is None else [ranked[i] for i in evenly(len(ranked), options.count)]
    return sorted(kept)


def _ranked(members: list[int], orders: Sequence[SliceOrder]) -> list[int] | None:
    for keys in ([orders[i].position for i in members], [orders[i].instance for i in members]):
        known = {i: key for i, key in zip(members, keys, strict=True) if key is not None}
        if len(known) == len(members) and len(set(known.values())) == len(members):
            return sorted(members, key=known.__getitem__)
    return None


def pick_rule(options: LoadOptions) -> str:
    """A sentence for the report: which slices and frames were looked at."""
    if options.pick == "all":
        return "All slices of a series and all frames of a file are looked at."
    if options.pick == "middle":
        return "Of a CT, MRI or PET series, and of a file with several frames, the one in the middle is looked at."
    return (
        f"Of a CT, MRI or PET series, and of a file with several frames, {options.pick} at equal distances "
        "are looked at (all, where there are fewer)."
    )
