"""How severe a finding is: a fixed, documented order, so that what matters is read first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reports.grouping import subject
from reports.schema import FindingPart

Level = Literal["failed", "inconclusive", "not_assessed", "flagged", "passed", "other"]


@dataclass(frozen=True)
class Severity:
    """A level of severity: its rank (0 is worst), heading, and its definition as the report prints it."""

    level: Level
    rank: int
    heading: str
    definition: str


SEVERITIES = (
    Severity(
        "failed", 0, "Failed", "A primary endpoint whose adjusted test shows that the policy's threshold is missed."
    ),
    Severity(
        "inconclusive", 1, "Inconclusive", "A primary endpoint that the data show neither to be met nor to be missed."
    ),
    Severity("not_assessed", 2, "Not assessed", "A primary endpoint for which there is no result."),
    Severity(
        "flagged",
        3,
        "Flagged",
        "Exploratory: worse than its reference value at the policy's false discovery rate, or a control that reaches "
        "the score by interval. Flags are pointers to follow; they decide nothing.",
    ),
    Severity("passed", 4, "Passed", "A primary endpoint whose adjusted test shows that the policy's threshold is met."),
    Severity("other", 5, "Other results", "Everything else that was measured."),
)
_BY_LEVEL = {severity.level: severity for severity in SEVERITIES}
_PRIMARY: dict[str, Level] = {
    "fail": "failed",
    "inconclusive": "inconclusive",
    "not_assessed": "not_assessed",
    "pass": "passed",
}


def severity(finding: FindingPart, fdr: float) -> Severity:
    """The severity of one finding; `fdr` is the policy's false discovery rate for exploratory findings. The base model
    is not on trial: its own scores are never flagged."""
    if finding["role"] == "primary":
        return _BY_LEVEL[_PRIMARY.get(finding["verdict"], "other")]
    if finding["model"] == "base":
        return _BY_LEVEL["other"]
    if finding["tags"].get("flag") == "worse":
        return _BY_LEVEL["flagged"]
    flagged = reaches_control(finding) or is_harmful(finding, fdr) or finding["verdict"] == "fail"
    return _BY_LEVEL["flagged" if flagged else "other"]


def reaches_control(finding: FindingPart) -> bool:
    """Whether a control reaches the score: the interval of score minus control does not lie wholly on the better side
    of zero. A finding without an interval reaches nothing and is reached by nothing."""
    if finding["comparison"] != "vs_control":
        return False
    if finding["tags"].get("reached") == "yes":
        return True
    low, high = finding["ci_low"], finding["ci_high"]
    if low is None or high is None or finding["direction"] == "none":
        return False
    return low <= 0 if finding["direction"] == "higher" else high >= 0


def is_harmful(finding: FindingPart, fdr: float) -> bool:
    """Whether the adjusted p-value is below `fdr` and the estimate lies on the worse side of its reference (the
    threshold, else the null value, else zero for a difference)."""
    p, estimate, reference = finding["p_adjusted"], finding["estimate"], _reference(finding)
    if p is None or estimate is None or reference is None or p >= fdr:
        return False
    return _shortfall(finding, estimate, reference) > 0


def ranked(findings: Iterable[FindingPart], fdr: float) -> list[tuple[Severity, FindingPart]]:
    """Findings in order of severity; within a level those furthest on the worse side of their reference first, counted
    in half-widths of their interval, then by probe, metric, scoring, tags and id; other results by these alone."""
    rated = [(severity(finding, fdr), finding) for finding in findings]
    return sorted(rated, key=lambda pair: (pair[0].rank, _urgency(*pair), *_place(pair[1])))


def _urgency(severity: Severity, finding: FindingPart) -> float:
    return 0.0 if severity.level == "other" else -distance(finding)


def distance(finding: FindingPart) -> float:
    """How far the estimate lies on the worse side of its reference, in half-widths of its interval; 0 if unknown."""
    estimate, low, high = finding["estimate"], finding["ci_low"], finding["ci_high"]
    reference = _reference(finding)
    if estimate is None or low is None or high is None or reference is None or high <= low:
        return 0.0
    return _shortfall(finding, estimate, reference) / ((high - low) / 2)


def _reference(finding: FindingPart) -> float | None:
    if finding["threshold"] is not None:
        return finding["threshold"]
    if finding["null"] is not None:
        return finding["null"]
    return None if finding["comparison"] == "absolute" else 0.0


def _shortfall(finding: FindingPart, estimate: float, reference: float) -> float:
    sign = {"higher": 1.0, "lower": -1.0, "none": 0.0}[finding["direction"]]
    return sign * (reference - estimate)


def _place(finding: FindingPart) -> tuple[str, str, str, str, str, bool, str]:
    tags = " ".join(f"{tag}={value}" for tag, value in subject(finding).items())
    who = finding["model"] == "base"
    return finding["probe"], finding["metric"], finding["scoring"], tags, finding["comparison"], who, finding["id"]
