"""Findings about leaks, looked up by the way of hiding and what else they are split by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports import numbers
from reports.grouping import spaced, subject
from reports.schema import FindingPart

HOW = ("strategy", "radius", "hidden", "boxes", "page", "output")
"""Tags that make up a way; any other tag splits what is measured under it."""
Way = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Found:
    """The model's own findings by (metric's last name, way, split)."""

    by: Mapping[tuple[str, Way, Way], FindingPart]

    @classmethod
    def of(cls, findings: Iterable[FindingPart]) -> Found:
        """From all findings of a digest: absolute ones of the model."""
        kept = (f for f in findings if f["comparison"] == "absolute" and f["model"] == "model")
        made: dict[tuple[str, Way, Way], FindingPart] = {}
        for finding in kept:
            if finding["scoring"] == "strict":
                made[finding["metric"].rpartition(".")[2], *_split(subject(finding))] = finding
        return cls(made)

    def get(self, metric: str, way: Way, **split: str) -> FindingPart | None:
        """One finding, None where it was not made or has no estimate."""
        found = self.by.get((metric, way, tuple(sorted(split.items()))))
        return None if found is None or found["estimate"] is None else found

    @property
    def ways(self) -> tuple[Way, ...]:
        """All ways with a leak rate, in order of first appearance."""
        return tuple(dict.fromkeys(way for metric, way, _ in self.by if metric == "leak_rate" and way))

    def values(self, metric: str, way: Way, split: str) -> tuple[str, ...]:
        """The values of one tag that the findings of a way are split by."""
        return tuple(
            only[0][1]
            for name, own, only in self.by
            if (name, own) == (metric, way) and [t for t, _ in only] == [split]
        )


def way(**tags: str) -> Way:
    """A way by its tags."""
    return _split(tags)[0]


def _split(tags: Mapping[str, str]) -> tuple[Way, Way]:
    own = tuple((name, tags[name]) for name in HOW if name in tags)
    return own, tuple(sorted((name, value) for name, value in tags.items() if name not in HOW))


def is_plain(one: Way) -> bool:
    """Whether identifiers are hidden by their known boxes on the page as it is, or nothing is."""
    return not any(name in ("hidden", "boxes", "page") for name, _ in one)


def changed(one: Way, **tags: str) -> Way:
    """The way with other tags, "" taking a tag away."""
    held = {**dict(one), **tags}
    return way(**{name: value for name, value in held.items() if value})


def title(one: Way) -> str:
    """A way as a heading: "black, radius 8, answer redacted"."""
    tags = dict(one)
    strategy = tags.get("strategy", "none")
    layer, _, fill = spaced(strategy).partition("/")
    parts = ["page as it is" if strategy == "none" else f"{layer} ({fill})" if fill else layer]
    parts += [f"radius {tags['radius']}"] if "radius" in tags else []
    parts += (
        [{"all": "on everything", "random": "elsewhere"}.get(tags["hidden"], tags["hidden"])]
        if "hidden" in tags
        else []
    )
    parts += ["detected boxes"] if "boxes" in tags else []
    parts += ["columns exchanged"] if "page" in tags else []
    return ", ".join([*parts, *(["answer redacted"] if "output" in tags else [])])


def category(name: str) -> str:
    """A category as people write it."""
    return _SPOKEN.get(name, spaced(name))


_SPOKEN = {"ssn": "SSN", "mrn": "MRN", "ip": "IP", "url": "URL", "email": "e-mail"}


def documents(finding: FindingPart | None) -> str:
    """A leak rate in words: "0 of 24, upper bound 14.2%", "6 of 24 (9.8% to 46.7%)"; a dash where there is none."""
    if finding is None or finding["estimate"] is None:
        return "–"
    share, n, low, high = finding["estimate"], finding["n_items"], finding["ci_low"], finding["ci_high"]
    told = f"{round(share * n):,} of {n:,}"
    if low is None or high is None:
        return f"{told}, no interval"
    if share == 0:
        return f"{told}, upper bound {numbers.percent(high)}"
    return f"{told} ({numbers.percent(low)} to {numbers.percent(high)})"


def brief(finding: FindingPart | None) -> str:
    """A leak rate for a narrow cell: "0 of 24 (≤ 14.2%)", "6 of 24 (9.8–46.7%)"."""
    if finding is None or finding["estimate"] is None:
        return "–"
    share, n, low, high = finding["estimate"], finding["n_items"], finding["ci_low"], finding["ci_high"]
    told = f"{round(share * n):,} of {n:,}"
    if low is None or high is None:
        return told
    bounds = f"≤\u00a0{numbers.percent(high)}" if share == 0 else f"{numbers.percent(low)[:-1]}–{numbers.percent(high)}"
    return f"{told} ({bounds})"


def share(finding: FindingPart | None) -> str:
    """A share with its interval: "98.2% (95.1% to 99.6%)"; a dash where there is none."""
    if finding is None or finding["estimate"] is None:
        return "–"
    told, low, high = _percent(finding["estimate"]), finding["ci_low"], finding["ci_high"]
    return told if low is None or high is None else f"{told} ({_percent(low)} to {_percent(high)})"


def _percent(value: float) -> str:
    """A mean of shares that are all 1 may miss 1 by rounding alone."""
    return numbers.percent(round(value, 9))
