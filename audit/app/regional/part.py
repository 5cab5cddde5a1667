"""The part of the digest about spurious regions: the region clusters that speak against the model, with pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from audit.app.planning import Planned
from audit.app.regional.pictures import framed
from audit.app.regional.told import Told
from audit.core.finding import Finding
from audit.core.item import CLEAN, Request
from audit.core.observation import Observation
from probes.spurious.conditions import EDITS, edited
from probes.spurious.derive import derive, worst_cluster
from probes.spurious.scene import Found, RegionCluster, RegionItem, Scene
from reports.schema import PairPart, QuietClusterPart, RegionClusterPart, RegionPart, RegionsPart

MOST, GALLERY, PAIRS = 6, 6, 3
Evidence = Literal["counterfactual", "association"]


def regions_part(
    planned: Sequence[Planned],
    rows: Sequence[Observation],
    findings: Sequence[Finding],
    pictures: dict[str, bytes] | None,
) -> RegionsPart | None:
    """The part, None where no image was asked about region by region. `pictures` takes the pictures, None keeps them
    out."""
    requests = [request for entry in planned for request in entry.requests if isinstance(request.item, RegionItem)]
    items = {r.item.id: r.item for r in requests if isinstance(r.item, RegionItem) and r.condition == CLEAN}
    found = next((item.found for item in items.values() if item.found is not None), None)
    if found is None:
        return None
    own = [row for row in rows if row.probe == "spurious"]
    told = Told.of(items, own, findings)
    worst = worst_cluster(derive(own)) or ""
    changed = {(request.condition, request.item.id): request for request in requests if request.condition != CLEAN}
    evidence = {cluster.name: _evidence(told, cluster.name, worst) for cluster in found.clusters}
    shown = sorted(found.clusters, key=lambda cluster: (-len(evidence[cluster.name]), cluster.name != worst))
    shown = [cluster for cluster in shown if evidence[cluster.name] or cluster.name == worst][:MOST]
    names = {cluster.name for cluster in shown}
    return {
        "encoder": found.encoder,
        "n_images": len(found.scenes),
        "n_regions": sum(len(scene.regions) for scene in found.scenes),
        "accuracy": _accuracy(told),
        "worst": worst,
        "shown": [_cluster(found, told, one, (evidence[one.name], worst), changed, pictures) for one in shown],
        "quiet": [_quiet(cluster) for cluster in found.clusters if cluster.name not in names],
    }


def _evidence(told: Told, cluster: str, worst: str) -> list[Evidence]:
    """Which kinds of evidence speak against the model."""
    made: list[Evidence] = []
    contrasts = [told.finding("flip_rate", "vs_control", cluster, intervention=edit) for edit in EDITS]
    if any(_worse(found) for found in contrasts) or (told.failed is not None and cluster == worst):
        made.append("counterfactual")
    if _worse(told.finding("performance_gap", "absolute", cluster)):
        made.append("association")
    return made


def _worse(found: Finding | None) -> bool:
    return found is not None and found.tags.get("flag") == "worse"


def _accuracy(told: Told) -> float | None:
    return next(
        (f.estimate for f in told.findings if f.metric == "spurious.accuracy" and f.comparison == "absolute"), None
    )


def _quiet(cluster: RegionCluster) -> QuietClusterPart:
    return {
        "name": cluster.name,
        "title": cluster.title,
        "nuisance": cluster.nuisance,
        "n_images": sum(cluster.images.values()),
    }


def _cluster(
    found: Found,
    told: Told,
    cluster: RegionCluster,
    known: tuple[list[Evidence], str],
    changed: Mapping[tuple[str, str], Request],
    pictures: dict[str, bytes] | None,
) -> RegionClusterPart:
    gap = told.finding("performance_gap", "absolute", cluster.name)
    pull = told.finding("influence", "absolute", cluster.name)
    return {
        "name": cluster.name,
        "title": cluster.title,
        "nuisance": cluster.nuisance,
        "evidence": known[0],
        "n_images": sum(cluster.images.values()),
        "gap": _figure(gap),
        "gap_p": None if gap is None else gap.p_adjusted,
        "influence": _figure(pull),
        "regions": list(_regions(found, cluster, pictures)),
        "sides": told.sides(cluster.name),
        "flips": told.flips(cluster, worst=cluster.name == known[1]),
        "pairs": list(_pairs(told, cluster, changed, pictures)),
    }


def _figure(found: Finding | None) -> list[float | None]:
    return [] if found is None else [found.estimate, found.ci_low, found.ci_high]


def _regions(found: Found, cluster: RegionCluster, pictures: dict[str, bytes] | None) -> Iterator[RegionPart]:
    """The regions nearest to the medoid, one of an image, on their images."""
    near = [(scene, _best(scene, cluster.number)) for scene in found.scenes if scene.places(cluster.number)]
    near.sort(key=lambda pair: (-pair[0].closeness[pair[1]], pair[0].record.id))
    for scene, place in near[:GALLERY]:
        image = framed(scene.record.image, [scene.regions[place].box], pictures)
        yield {"item": scene.record.id, "image": image}


def _best(scene: Scene, number: int) -> int:
    return max(scene.places(number), key=lambda place: scene.closeness[place])


def _pairs(
    told: Told, cluster: RegionCluster, changed: Mapping[tuple[str, str], Request], pictures: dict[str, bytes] | None
) -> Iterator[PairPart]:
    """A few images as they are and changed, those whose answer flipped first."""
    for edit in EDITS:
        for before, after in told.pairs(edit, cluster.name)[:PAIRS]:
            item = told.items[before.item]
            request = changed.get((edited(edit, cluster.name), before.item))
            if request is None or item.scene is None:
                continue
            boxes = item.scene.boxes(cluster.number) if edit == "removed" else ()
            yield {
                "item": before.item,
                "edit": edit,
                "before": framed(item.query.images[0], boxes, pictures),
                "after": framed(request.query.images[0], (), pictures),
                "said_before": told.class_of(before.item, before.given),
                "said_after": told.class_of(before.item, after.given),
                "gold": told.class_of(before.item, item.target),
            }
