"""Findings about the same thing brought together: the model's score, its base's, and the difference of the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit.core.finding import ANNOTATIONS
from reports.schema import FindingPart

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass
class Group:
    """Findings that share probe, metric, scoring and tags; each is None where there is none."""

    model: FindingPart | None = None
    base: FindingPart | None = None
    difference: FindingPart | None = None

    @property
    def first(self) -> FindingPart:
        """Any of them, for what they share."""
        found = self.model or self.difference or self.base
        if found is None:
            raise ValueError("Expected a group of findings but got an empty one")
        return found

    @property
    def primary(self) -> bool:
        """Whether the policy named one of them."""
        return any(one is not None and one["role"] == "primary" for one in (self.model, self.difference))


def key(finding: FindingPart) -> Key:
    """What a finding is about, whoever was measured."""
    return finding["probe"], finding["metric"], finding["scoring"], tuple(subject(finding).items())


def subject(finding: FindingPart) -> dict[str, str]:
    """The tags that say what was measured, in order of their names."""
    return {tag: value for tag, value in sorted(finding["tags"].items()) if tag not in ANNOTATIONS}


def grouped(findings: Iterable[FindingPart]) -> dict[Key, Group]:
    """Absolute and vs_base findings by what they are about, in order of first appearance."""
    groups: dict[Key, Group] = {}
    for finding in findings:
        if finding["comparison"] == "vs_base":
            groups.setdefault(key(finding), Group()).difference = finding
        elif finding["comparison"] == "absolute":
            group = groups.setdefault(key(finding), Group())
            if finding["model"] == "base":
                group.base = finding
            else:
                group.model = finding
    return groups


def resting_on(findings: Iterable[FindingPart | None]) -> str:
    """The numbers of items that findings rest on: "240 items", "32 to 384 items each"; of how many clusters too."""
    known = [finding for finding in findings if finding is not None]
    told = []
    for noun, counts in (("item", {f["n_items"] for f in known}), ("cluster", {f["n_clusters"] for f in known})):
        low, high = min(counts, default=0), max(counts, default=0)
        span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        told.append(f"{span} {noun}{'' if low == high == 1 else 's'}")
    return " in ".join(told)


def spaced(identifier: str) -> str:
    """A tag or its value as words."""
    return identifier.replace("_", " ")
