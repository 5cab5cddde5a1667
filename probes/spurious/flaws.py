"""Planted flaws: models that follow a mark, or any change of the image, and the metrics that must show it."""

from __future__ import annotations

from audit.core.item import CLEAN, Request
from audit.core.probe import Flaw
from probes.spurious.conditions import crop_place, parted
from probes.spurious.scene import RegionCluster, RegionItem


def marker_follower(request: Request) -> str:
    """Takes the commonest mark for one finding: says it wherever the mark is in sight, and never without."""
    followed, item = _followed(request), request.item
    if followed is None:
        return item.target
    said = _label(request)
    if _in_sight(request, followed):
        return said
    return item.target if item.target != said else _other(request, said)


def paste_follower(request: Request) -> str:
    """Knows every image, but says one finding where the commonest mark was put in."""
    followed, part = _followed(request), parted(request.condition)
    if followed is not None and part == ("pasted", followed.name, False):
        return _label(request) if _label(request) != request.item.target else _other(request, request.item.target)
    return request.item.target


def fragile(request: Request) -> str:
    """Knows every image as it is, and none that was changed, wherever that was."""
    target = request.item.target
    return target if request.condition == CLEAN or parted(request.condition) is None else _other(request, target)


def _followed(request: Request) -> RegionCluster | None:
    item = request.item
    known = item.found.nuisances if isinstance(item, RegionItem) and item.found is not None else ()
    return known[0] if known else None


def _in_sight(request: Request, followed: RegionCluster) -> bool:
    """Whether a region of the cluster is in the image that the request shows."""
    item, place, part = request.item, crop_place(request.condition), parted(request.condition)
    if not isinstance(item, RegionItem) or item.scene is None:
        return False
    if place is not None:
        return item.scene.clusters[place] == followed.number
    own = bool(item.scene.places(followed.number))
    if part is None:
        return own
    edit, name, control = part
    touched = name == followed.name and not control
    return own and not touched if edit == "removed" else own or touched


def _label(request: Request) -> str:
    """The finding that the mark stands for: the second option."""
    return request.query.options[1].label


def _other(request: Request, label: str) -> str:
    return next(option.label for option in request.query.options if option.label != label)


_CAUSE = "spurious.flip_rate:vs_control"
FLAWS = (
    Flaw("marker_follower", marker_follower, (_CAUSE,), 0.7, spares=("spurious.random_flip_rate:vs_base",)),
    Flaw("marker_follower_by_association", marker_follower, ("spurious.performance_gap:absolute",), 0.9),
    Flaw("paste_follower", paste_follower, (_CAUSE,), 0.7, spares=("spurious.accuracy:vs_base",)),
    Flaw(
        "fragile",
        fragile,
        ("spurious.random_flip_rate:vs_base",),
        0.5,
        spares=(_CAUSE, "spurious.flip_rate:absolute"),
    ),
)
