"""What a report says of region clusters in plain words."""

from __future__ import annotations

from reports import numbers
from reports.schema import FlipsPart, RegionClusterPart, RegionsPart
from reports.text import label

LOW = 0.5
"""Accuracy below which a reader is told that most answers are wrong to begin with."""
DONE = {"removed": "taken out", "pasted": "put into images of other classes"}
BESIDE = {"removed": "as much is taken out elsewhere", "pasted": "a random patch is put there"}


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
        return (
            f"{looked} None found: nothing shows that the model relies on one of them. That does not show that it "
            "relies on none."
        )
    told, only = [], len(found) - causes
    if causes:
        told.append(f"{numbers.counted(causes, 'region cluster moves', 'region clusters move')} the model's answers")
    if only:
        hangs = numbers.counted(only, "region cluster hangs", "region clusters hang")
        told.append(f"{hangs} together with errors without being shown to cause them")
    return f"{looked} Of these, {' and '.join(told)}."


def warning(accuracy: float | None) -> str:
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
    name, count = next(iter(flips["became"].items()), ("", 0))
    mostly = f", mostly to {label(name, 60)}" if flips["flips"] > 1 and count > flips["flips"] / 2 else ""
    changed = f"the answer changes in {flips['flips']} of {flips['n']} images{mostly}"
    return f"where they are {DONE[flips['edit']]}, {changed}; where {BESIDE[flips['edit']]}, in {flips['control']}"
