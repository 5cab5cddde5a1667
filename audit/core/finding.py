"""Findings: what the audit claims, with everything a statistician asks about the claim."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from audit.core.canonical import Json, digest
from audit.core.observation import Scoring

Comparison = Literal["absolute", "vs_base", "vs_control", "vs_clean", "between_slices", "did"]
Verdict = Literal["pass", "fail", "inconclusive", "not_assessed", "info"]
FindingRole = Literal["primary", "exploratory"]

FINDINGS_SCHEMA = "medaudit.findings/1"

ANNOTATIONS = frozenset(
    (
        "bound_best",
        "bound_worst",
        "clusters_needed",
        "few_clusters",
        "flag",
        "items_unpaired",
        "noise",
        "noise_high",
        "noise_items",
        "noise_low",
        "outcome",
        "reached",
        "within_noise",
    )
)
"""Tags that describe the result and not the claim: the id does not depend on them."""


@dataclass(frozen=True)
class Finding:
    """One claim. Fields that are undefined for it are None.

    `estimate`, `ci_low`, `ci_high`, `ci_low_adjusted`, `ci_high_adjusted`, `null`, `margin`, `mde` and `threshold` are
    in the metric's own unit (a share in [0, 1] unless its title says otherwise); for a comparison they are
    differences (model minus base, model minus control, ...). `model` and `base` are roles ("model", "base") or
    None: `model="base", base=None` is the base's own absolute score. `n_items` counts items that enter, `n_clusters`
    the clusters
    they fall into, `n_unjudged` the entering items whose answer could not be read. `equivalence` says what TOST and the
    non-inferiority test concluded. `item_ids` are items that show the finding, worst first.
    """

    probe: str
    title: str
    plain_words: str
    metric: str
    scoring: Scoring
    model: str | None
    base: str | None = None
    comparison: Comparison = "absolute"
    estimate: float | None = None
    ci_level: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None
    ci_low_adjusted: float | None = None
    ci_high_adjusted: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    family: str | None = None
    role: FindingRole = "exploratory"
    direction: Literal["higher", "lower", "none"] = "none"
    null: float | None = None
    margin: float | None = None
    equivalence: str | None = None
    mde: float | None = None
    n_items: int = 0
    n_clusters: int = 0
    n_unjudged: int = 0
    threshold: float | None = None
    verdict: Verdict = "info"
    item_ids: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """12 hex digits: the same claim has the same id in every run, whatever came out."""
        return finding_id(self.probe, self.metric, self.scoring, self.model, self.comparison, self.tags)

    def plain(self) -> dict[str, Json]:
        """The finding as plain data, as `findings.json` holds it."""
        data: dict[str, Json] = {"id": self.id, **asdict(self)}
        data["item_ids"] = list(self.item_ids)
        data["tags"] = dict(sorted(self.tags.items()))
        return data


def finding_id(
    probe: str, metric: str, scoring: str, model: str | None, comparison: str, tags: Mapping[str, str]
) -> str:
    """The id of a finding: a function of what it measures, never of the result (`ANNOTATIONS` do not enter)."""
    named = sorted(f"{key}={value}" for key, value in tags.items() if key not in ANNOTATIONS)
    return _digest(probe, metric, scoring, model, comparison, tuple(named))


@lru_cache(maxsize=16_384)
def _digest(*named: str | tuple[str, ...] | None) -> str:
    """Kept: one claim is looked up many times while it is made."""
    return digest(named)[:12]


def stream_seed(seed: int, name: str) -> list[int]:
    """Entropy for `numpy.random.default_rng`: a run's seed and a contrast's name, so that adding one contrast
    moves no draw of another."""
    words = hashlib.sha256(name.encode()).digest()[:16]
    return [seed, *(int.from_bytes(words[i : i + 4], "little") for i in range(0, 16, 4))]
