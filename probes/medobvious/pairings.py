"""Pairings: which group an outlier may come from, and among what it stands out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from probes.medobvious.pools import PLAIN_VIEWS, Group
from probes.medobvious.violations import WORDS, applicable


@dataclass(frozen=True)
class Pairing:
    """Panels of `host` with one of `outlier` among them (None: a panel of the host with a fault).

    `violation` names what is violated, and pairings of one violation are drawn equally often; `anomaly` is what a
    referring question calls the outlier.
    """

    tier: str
    host: Group
    outlier: Group | None
    violation: str
    anomaly: str


def pairings(tier: str, groups: Sequence[Group]) -> tuple[Pairing, ...]:
    """All pairings of a tier that the groups allow.

    Outliers by anatomy, view and finding share all other labels that matter with the hosts; by finding, hosts are
    labelled normal. Hosts of an unknown body region serve outliers by modality and integrity only, and are to be used
    only where there are no others: a grid of them is of one modality, but may show several regions.
    """
    hosts = groups if tier in ("modality", "integrity") else tuple(group for group in groups if group.region)
    return tuple(_PAIRERS[tier](hosts, groups))


def _by_modality(hosts: Sequence[Group], groups: Sequence[Group]) -> Iterator[Pairing]:
    for host in hosts:
        for other in groups:
            if other.modality != host.modality:
                noun = "scan" if other.modality in {"CT", "MRI", "PET", "ultrasound"} else "image"
                anomaly = f"{other.modality} {noun}"
                yield Pairing("modality", host, other, f"{other.modality} among {host.modality}", anomaly)


def _by_anatomy(hosts: Sequence[Group], groups: Sequence[Group]) -> Iterator[Pairing]:  # noqa: ARG001
    for host in hosts:
        for other in hosts:
            if other.modality == host.modality and other.region != host.region:
                yield Pairing("anatomy", host, other, f"{other.region} among {host.region}", other.words)


def _by_view(hosts: Sequence[Group], groups: Sequence[Group]) -> Iterator[Pairing]:  # noqa: ARG001
    for host in hosts:
        for other in hosts:
            same = (other.modality, other.region) == (host.modality, host.region)
            if same and {host.view, other.view} <= PLAIN_VIEWS and other.view != host.view:
                yield Pairing("view", host, other, f"{other.view} among {host.view}", f"{other.view} view")


def _by_finding(hosts: Sequence[Group], groups: Sequence[Group]) -> Iterator[Pairing]:  # noqa: ARG001
    for host in hosts:
        for other in hosts:
            same = (other.modality, other.region, other.view) == (host.modality, host.region, host.view)
            if same and host.normal and other.finding and not other.normal:
                yield Pairing("finding", host, other, other.finding, other.finding)


def _by_integrity(hosts: Sequence[Group], groups: Sequence[Group]) -> Iterator[Pairing]:  # noqa: ARG001
    for host in hosts:
        for fault in applicable(host.modality, host.region, host.view):
            yield Pairing("integrity", host, None, fault, WORDS[fault])


_PAIRERS = {
    "modality": _by_modality,
    "anatomy": _by_anatomy,
    "view": _by_view,
    "finding": _by_finding,
    "integrity": _by_integrity,
}
