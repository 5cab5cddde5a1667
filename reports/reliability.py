"""Reliability diagrams of a digest: one for each set of questions whose answers came with probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.figures import NARROW, Figure
from reports.plots.reliability import reliability
from reports.plots.row import Role
from reports.plots.svg import inline, settings
from reports.schema import BinPart, Digest, ReliabilityPart
from reports.text import label

MOST = 8
_WHO: Mapping[Role, str] = {"model": "Model", "base": "Base model"}


def reliability_figures(digest: Digest) -> list[Figure]:
    """At most eight, in the order of the digest."""
    with settings():
        return [_figure(place, part) for place, part in enumerate(digest.get("reliability", [])[:MOST])]


def _figure(place: int, part: ReliabilityPart) -> Figure:
    roles: tuple[Role, ...] = ("model", "base")
    bins: dict[Role, list[BinPart]] = {role: part["bins"][role] for role in roles if role in part["bins"]}
    title = label(f"Reliability{': ' if part['title'] else ''}{part['title']}", 120)
    name = f"reliability-{place}"
    caption = (
        f"Share of right answers in bins of equally many answers, by mean confidence, with intervals; on the dotted "
        f"line both are the same. {part['n_items']:,} items in {part['n_clusters']:,} clusters."
    )
    said = " ".join(f"{_WHO[role]}: {_spoken(bins[role])}." for role in bins)
    svg = inline(reliability(bins, width=NARROW), name=name, title=title, description=said)
    return Figure(name, title, caption, svg)


def _spoken(bins: Sequence[BinPart]) -> str:
    return ", ".join(f"{part['right']:.0%} right of {part['n']:,} at {part['confidence']:.0%}" for part in bins)
