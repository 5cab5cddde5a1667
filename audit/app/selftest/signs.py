"""What gives a model away: the findings of an audit that say that something is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from audit.core.finding import Finding


def accuses(finding: Finding) -> bool:
    """Whether a finding says something against the model: an endpoint that it fails, a figure flagged as worse (or
    other) than what it is tested against, a score that a control reaches."""
    if finding.model != "model":
        return False
    return (
        finding.verdict == "fail"
        or finding.tags.get("flag") in ("worse", "differs")
        or finding.tags.get("reached") == "yes"
    )


def named_by(finding: Finding, names: Iterable[str]) -> bool:
    """Whether a flaw's `finds` or `spares` names the finding: by its metric, or by "metric:comparison"."""
    return any(name in (finding.metric, f"{finding.metric}:{finding.comparison}") for name in names)


def fires(findings: Sequence[Finding], names: Sequence[str]) -> bool:
    """Whether a finding of these names says something against the model."""
    return any(accuses(finding) and named_by(finding, names) for finding in findings)
