"""What every draft of one measure shares, and how its finding is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from audit.core.finding import Comparison, Finding, stream_seed
from audit.core.measure import Measure
from audit.core.observation import ModelRole, Scoring
from audit.policy.arm import Place
from audit.policy.evidence import Evidence
from audit.policy.policy import Policy
from audit.policy.words import Sample


@dataclass(frozen=True)
class Context:
    """A measure of a probe, under a policy, with the run's seed."""

    probe: str
    measure: Measure
    policy: Policy
    seed: int

    def claim(
        self,
        title: str,
        role: ModelRole,
        comparison: Comparison = "absolute",
        *,
        scoring: Scoring | None = None,
        base: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Finding:
        """A finding that says what is measured and holds no result."""
        return Finding(
            probe=self.probe,
            title=title,
            plain_words="",
            metric=self.measure.metric,
            scoring=scoring or self.measure.scoring,
            model=role,
            base=base,
            comparison=comparison,
            direction=self.measure.direction,
            tags={**self.measure.tags, **(tags or {})},
        )

    def generator(self, claim: Finding) -> np.random.Generator:
        """The claim's own generator: no other claim moves its draws."""
        return np.random.default_rng(stream_seed(self.seed, claim.id))

    def measured(self, claim: Finding, evidence: Evidence, sample: Sample) -> Finding:
        """The claim with estimate, interval, counts, and the tag `few_clusters` where it applies."""
        interval = evidence.interval(self.policy.ci_level)
        few = {"few_clusters": "yes"} if evidence.kish_clusters < self.policy.min_clusters else {}
        estimate = evidence.estimate
        return replace(
            claim,
            estimate=estimate if np.isfinite(estimate) else None,
            ci_level=None if interval is None else self.policy.ci_level,
            ci_low=None if interval is None else interval.low,
            ci_high=None if interval is None else interval.high,
            ci_method=None if interval is None else interval.method,
            n_items=sample.n_items,
            n_clusters=sample.n_clusters,
            tags={**claim.tags, **few},
        )


def sample_of(places: Sequence[Place], clusters: Sequence[str]) -> Sample:
    """How many items and clusters these places are."""
    return Sample(len({item for item, _ in places}), len(set(clusters)))
