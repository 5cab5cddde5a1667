"""The comparison as a report lists it beside the probes."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.finding import Finding
from probes.comparison.metrics import NAME
from reports.schema import ProbePart

TITLE = "Model against base model"
QUESTION = "Is the model better than the one it was made from, on the same questions?"


def comparison_part(notes: Sequence[str]) -> ProbePart:
    """The section, without counts: its answers are those of the probes."""
    return {
        "name": NAME,
        "title": TITLE,
        "question": QUESTION,
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
