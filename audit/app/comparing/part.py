"""The comparison, and calibration, as a report lists them beside the probes."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.finding import Finding
from probes.calibration.answers import NAME as CALIBRATION
from probes.comparison.metrics import NAME
from reports.schema import ProbePart

TITLE = "Model against base model"
QUESTION = "Is the model better than the one it was made from, on the same questions?"


def comparison_part(notes: Sequence[str]) -> ProbePart:
    """The section, without counts: its answers are those of the probes."""
    return _part(NAME, TITLE, QUESTION, notes)


def calibration_parts(findings: Sequence[Finding]) -> list[ProbePart]:
    """The section about calibration and refusal, where there is anything to say."""
    own = [finding for finding in findings if finding.probe == CALIBRATION]
    if not own:
        return []
    notes = ["Refusals are clean answers that the parser reads as such, strict scoring; for information unless named."]
    if not any(finding.metric != f"{CALIBRATION}.refusal_rate" for finding in own):
        notes.append("Calibration is not assessed: too few answers, or none, came with a probability for every option.")
    return [_part(CALIBRATION, "Calibration and refusal", "Is the model as often right as it is sure?", notes)]


def _part(name: str, title: str, question: str, notes: Sequence[str]) -> ProbePart:
    return {
        "name": name,
        "title": title,
        "question": question,
        "status": "assessed",
        "reason": "",
        "notes": list(notes),
        "skipped": [],
        "controls": [],
        "n_items": 0,
        "n_requests": 0,
        "statuses": {},
        "outcomes": {},
        "n_failed": None,
    }


def is_compared(finding: Finding) -> bool:
    """Whether a finding of an audit belongs to the section."""
    return finding.probe == NAME and "probe" in finding.tags
