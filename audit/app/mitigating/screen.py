"""Before and after on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def told(record: Mapping[str, Any], out: Path) -> str:
    """What was found and what fine-tuning changed, for people."""
    return "\n".join(_lines(record, out))


def _lines(record: Mapping[str, Any], out: Path) -> Iterator[str]:
    found = record["region_cluster"]
    if found is None:
        yield "No region cluster looks spurious on these images: nothing was fine-tuned, nothing is written."
        return
    yield (
        f"Region cluster: {found['regions']} regions, gap {found['performance_gap']:.2f}, influence"
        f" {found['influence']:.2f}; where it is, {found['attribute']!r} is said more often."
    )
    patients, images = record["patients"]["judge"], record["images"]["judge"]
    yield f"Judged on {images} images of {patients} patients that took no part (95% intervals):"
    before, after, change = record["before"], record["after"], record["difference"]
    yield f"  accuracy       {share(before['accuracy'])} -> {share(after['accuracy'])}, {signed(change['accuracy'])}"
    for name, group in (("worst before", before["worst_group"]), ("worst after", after["worst_group"])):
        if group is not None:
            yield f"  {name:<14} {share(_same(before, group))} -> {share(_same(after, group))}  ({titled(group)})"
    if "group_worst_before" in change:
        yield f"  worst before, paired difference {signed(change['group_worst_before'])}"
    yield f"  gap {before['performance_gap']:.2f} -> {after['performance_gap']:.2f}"
    yield f"  influence {number(before['influence'])} -> {number(after['influence'])}"
    still = after["region_cluster"]
    again = "still found" if still["found"] else "no longer found"
    yield f"  the region cluster is {again} (Jaccard {still['jaccard']:.2f}; {still['kept_clusters']} kept)"
    yield f"Checkpoint: {out}; audit it with: medaudit run --model clip:{out} --base {record['model']}"


def share(told: Mapping[str, Any]) -> str:
    """ "81% (74 to 87)"."""
    if told["low"] is None:
        return f"{told['estimate']:.0%}"
    return f"{told['estimate']:.0%} ({100 * told['low']:.0f} to {100 * told['high']:.0f})"


def signed(told: Mapping[str, Any]) -> str:
    """ "+.10 (.02 to .18)" in points of a hundred."""
    if told["low"] is None:
        return f"{100 * told['estimate']:+.0f} points"
    return f"{100 * told['estimate']:+.0f} points ({100 * told['low']:+.0f} to {100 * told['high']:+.0f})"


def titled(group: Mapping[str, Any]) -> str:
    """A group in words."""
    return f"{group['class']}, {'with' if group['has_region_cluster'] else 'without'} it, n={group['images']}"


def number(value: float | None) -> str:
    """A number, or that there is none."""
    return "none" if value is None else f"{value:.2f}"


def _same(standing: Mapping[str, Any], group: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same group in another standing."""
    key = (group["class"], group["has_region_cluster"])
    found: Mapping[str, Any] = next(
        one for one in standing["groups"] if (one["class"], one["has_region_cluster"]) == key
    )
    return found
