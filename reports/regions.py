"""The section about spurious regions: each region cluster with its evidence, its pictures and one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import numbers
from reports.gallery import checked
from reports.region_words import BESIDE, DONE, sentence, summary, warning
from reports.schema import (
    ClassSidesPart,
    Digest,
    FlipsPart,
    PairPart,
    QuietClusterPart,
    RegionClusterPart,
    SidePart,
)
from reports.text import label

_EVIDENCE = {
    ("counterfactual",): "Counterfactual evidence: the region moves the answer",
    ("association",): "Association only: errors and the region occur together",
    ("counterfactual", "association"): "Counterfactual evidence and association",
    (): "No evidence against the model",
}


@dataclass(frozen=True)
class Picture:
    """A checked picture and what it shows."""

    uri: str
    alt: str


@dataclass(frozen=True)
class Pair:
    """An image as it is and changed, with both answers."""

    before: Picture | None
    after: Picture | None
    what: str
    said_before: str
    said_after: str
    gold: str
    changed: bool
    item: str


@dataclass(frozen=True)
class SideRow:
    """Accuracy with and without the region in one class."""

    label: str
    inside: str
    outside: str


@dataclass(frozen=True)
class FlipRow:
    """What an intervention did, beside its control."""

    what: str
    flips: str
    control: str
    verdict: str
    became: str


@dataclass(frozen=True)
class Cluster:
    """One region cluster, ready to be shown."""

    name: str
    title: str
    kind: str
    evidence: str
    against: bool
    sentence: str
    images: str
    gap: str
    influence: str
    regions: tuple[Picture, ...]
    sides: tuple[SideRow, ...]
    flips: tuple[FlipRow, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Regions:
    """Everything that the template needs."""

    summary: str
    warning: str
    shown: tuple[Cluster, ...]
    quiet: tuple[tuple[str, str], ...]


def regions(digest: Digest) -> Regions | None:
    """The section, None where no region was asked about."""
    part = digest.get("regions")
    if part is None:
        return None
    return Regions(
        summary(part),
        warning(part["accuracy"]),
        tuple(_cluster(one, digest["images"], part["worst"]) for one in part["shown"]),
        tuple((one["name"], _quiet(one)) for one in part["quiet"]),
    )


def _cluster(part: RegionClusterPart, images: Mapping[str, str], worst: str) -> Cluster:
    regions = [
        Picture(uri, f"Image {one['item']} with a frame round a region of {part['name']}")
        for one in part["regions"]
        for uri in checked([one["image"]] if one["image"] else [], images)
    ]
    kind = "without clinical meaning by what they are" if part["nuisance"] else "may have a clinical meaning"
    chosen = "; the endpoint rests on this one" if part["name"] == worst else ""
    return Cluster(
        part["name"],
        label(f"{part['title'][:1].upper()}{part['title'][1:]}", 300),
        f"{kind}{chosen}",
        _EVIDENCE[tuple(part["evidence"])],
        bool(part["evidence"]),
        sentence(part),
        numbers.counted(part["n_images"], "image"),
        _gap(part),
        _figure(part["influence"]),
        tuple(regions),
        tuple(_side_row(one) for one in part["sides"]),
        tuple(_flip_row(one) for one in part["flips"]),
        tuple(_pair(one, images) for one in part["pairs"]),
    )


def _gap(part: RegionClusterPart) -> str:
    told = _figure(part["gap"])
    return f"{told}, adjusted p {numbers.p_value(part['gap_p'])}" if told and part["gap_p"] is not None else told


def _figure(values: Sequence[float | None]) -> str:
    if not values or values[0] is None:
        return ""
    _, low, high = values
    bounds = "" if low is None or high is None else f" ({numbers.plain(low)} to {numbers.plain(high)})"
    return f"{numbers.plain(values[0])}{bounds}"


def _side_row(part: ClassSidesPart) -> SideRow:
    return SideRow(label(part["label"], 80), _side(part["inside"]), _side(part["outside"]))


def _side(part: SidePart) -> str:
    if part["right"] is None:
        return "no image"
    low, high = part["low"], part["high"]
    bounds = "" if low is None or high is None else f" ({numbers.percent(low)} to {numbers.percent(high)})"
    return f"{numbers.percent(part['right'])}{bounds}, n = {numbers.count(part['n'])}"


def _flip_row(part: FlipsPart) -> FlipRow:
    low, high = part["low"], part["high"]
    bounds = "" if low is None or high is None else f" ({numbers.percent(low)} to {numbers.percent(high)})"
    p = "" if part["p_adjusted"] is None else f" (adjusted p {numbers.p_value(part['p_adjusted'])})"
    became = ", ".join(f"{label(name, 60)} {count}" for name, count in part["became"].items())
    return FlipRow(
        DONE[part["edit"]],
        f"{part['flips']} of {part['n']}{bounds}",
        f"{part['control']} of {part['n']} where {BESIDE[part['edit']]}",
        f"{'more than the control' if part['shown'] else 'not shown to exceed the control'}{p}",
        became,
    )


def _pair(part: PairPart, images: Mapping[str, str]) -> Pair:
    what = "region taken out" if part["edit"] == "removed" else "region put in"
    return Pair(
        _picture(part["before"], images, f"Image {part['item']} as it is"),
        _picture(part["after"], images, f"Image {part['item']}, {what}"),
        what,
        label(part["said_before"], 60),
        label(part["said_after"], 60),
        label(part["gold"], 60),
        part["said_before"] != part["said_after"],
        part["item"],
    )


def _picture(key: str, images: Mapping[str, str], alt: str) -> Picture | None:
    found = checked([key] if key else [], images)
    return Picture(found[0], alt) if found else None


def _quiet(part: QuietClusterPart) -> str:
    return f"{label(part['title'], 300)} ({numbers.counted(part['n_images'], 'image')})"
