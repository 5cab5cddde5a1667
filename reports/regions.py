"""The section about spurious regions: each region cluster with its evidence, its pictures and one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import numbers
from reports.gallery import checked
from reports.schema import (
    ClassSidesPart,
    Digest,
    FlipsPart,
    PairPart,
    QuietClusterPart,
    RegionClusterPart,
    RegionsPart,
    SidePart,
)
from reports.text import label

LOW = 0.5
"""Accuracy below which a reader is told that most answers are wrong to begin with."""
_EVIDENCE = {
    ("counterfactual",): "Counterfactual evidence: the region moves the answer",
    ("association",): "Association only: errors and the region occur together",
    ("counterfactual", "association"): "Counterfactual evidence and association",
    (): "No evidence against the model",
}
_DONE = {"removed": "taken out", "pasted": "put into images of other classes"}
_BESIDE = {"removed": "as much is taken out elsewhere", "pasted": "a random patch is put there"}


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
        _warning(part["accuracy"]),
        tuple(_cluster(one, digest["images"], part["worst"]) for one in part["shown"]),
        tuple((one["name"], _quiet(one)) for one in part["quiet"]),
    )


def summary(part: RegionsPart) -> str:
    """What was looked at, and whether anything was found, in plain words."""
    found = [one for one in part["shown"] if one["evidence"]]
    causes = sum("counterfactual" in one["evidence"] for one in found)
    n_clusters = len(part["shown"]) + len(part["quiet"])
    looked = (
        f"{numbers.counted(part['n_regions'], 'region')} of {numbers.counted(part['n_images'], 'image')} fall into "
        f"{numbers.counted(n_clusters, 'region cluster')}."
    )
    if not found:
        return f"{looked} None found: nothing shows that the model relies on one of them. That does not show that it relies on none."
    told = [f"{numbers.counted(causes, 'region cluster moves', 'region clusters move')} the model's answers"] if causes else []
    only = len(found) - causes
    told += [f"{numbers.counted(only, 'hangs', 'hang')} together with errors without being shown to cause them"] if only else []
    return f"{looked} Of these, {' and '.join(told)}."


def _warning(accuracy: float | None) -> str:
    if accuracy is None or accuracy >= LOW:
        return ""
    return (
        f"The model classifies {numbers.percent(accuracy)} of the images right as they are: most answers are wrong to "
        "begin with, so errors say little about a region. Changed answers count all the same."
    )


def sentence(part: RegionClusterPart) -> str:
    """What a clinician needs to know of a region cluster."""
    told = [_moved(flips) for flips in part["flips"] if flips["shown"] or "counterfactual" in part["evidence"]]
    where = part["title"].partition(",")[0]
    lead = f"{where[:1].upper()}{where[1:]}"
    if "counterfactual" in part["evidence"]:
        meaning = "They have no clinical meaning: the model relies on them." if part["nuisance"] else (
            "They may have a clinical meaning: whether the model may rely on them is for people to judge."
        )  # fmt: skip
        return f"{lead}: {'; '.join(told)}. {meaning}"
    if "association" in part["evidence"]:
        return (
            f"{lead}: the model errs differently on images that have them. Whether they are the reason, or such images "
            "are harder, is not shown."
        )
    rest = "; ".join(_moved(flips) for flips in part["flips"])
    return f"{lead}: {rest or 'nothing was changed'}. That is no more than chance and the control explain."


def _moved(flips: FlipsPart) -> str:
    became = next(iter(flips["became"].items()), None)
    mostly = f", mostly to {label(became[0], 60)}" if became and flips["flips"] > 1 and became[1] > flips["flips"] / 2 else ""
    return (
        f"where they are {_DONE[flips['edit']]}, the answer changes in {flips['flips']} of {flips['n']} images{mostly}; "
        f"where {_BESIDE[flips['edit']]}, in {flips['control']}"
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
        label(part["title"], 300),
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
        _DONE[part["edit"]],
        f"{part['flips']} of {part['n']}{bounds}",
        f"{part['control']} of {part['n']} where {_BESIDE[part['edit']]}",
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
