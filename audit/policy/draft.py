"""Drafts: findings before the policy has been applied, with the evidence that it will be applied to."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.finding import Finding
from audit.policy.evidence import Evidence


@dataclass(frozen=True)
class Draft:
    """A finding whose verdict, adjusted values and equivalence are still open.

    `evidence` is None where there is nothing to test (a control's own score). `share` says that the figure is a share
    of items, so that people read it as a frequency. `worst` is the evidence with every unread answer counted as wrong:
    what passes has to pass so, too.
    """

    finding: Finding
    evidence: Evidence | None
    share: bool = False
    worst: Evidence | None = None
