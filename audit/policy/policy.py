"""The policy: every number that a verdict rests on, fixed before the first answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from audit.core.canonical import Json, digest
from audit.core.measure import metric_words
from audit.core.observation import Scoring

POLICY_SCHEMA = "medaudit.policy/1"

EndpointComparison = Literal["absolute", "vs_base"]
EndpointDirection = Literal["at_least", "at_most"]


@dataclass(frozen=True)
class Endpoint:
    """A primary endpoint: one finding, named before it exists, that decides the verdict.

    `tags` must equal the finding's tags exactly (none: the overall figure). `threshold` is in the metric's unit and
    None for `vs_base`, where the margin of the metric stands for it: `at_least` says that higher is better and passes
    when model minus base is shown to lie above minus the margin.
    """

    metric: str
    scoring: Scoring
    comparison: EndpointComparison
    direction: EndpointDirection
    threshold: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def probe(self) -> str:
        """The probe that owns the metric."""
        return self.metric.partition(".")[0]

    def limit(self, margin: float) -> float:
        """The value to test against: the threshold, or for `vs_base` minus or plus the margin."""
        if self.threshold is not None:
            return self.threshold
        return -margin if self.direction == "at_least" else margin

    @property
    def title(self) -> str:
        """What is measured, by name: "Leak rate (phi)"."""
        name = metric_words(self.metric)
        return f"{name[:1].upper()}{name[1:]} ({self.probe})"

    @property
    def words(self) -> str:
        """The endpoint in a phrase for a person: "leak rate at most 0.01"."""
        parts = [] if self.scoring == "strict" else [f"{self.scoring} scoring"]
        parts += [f"{key} {value}" for key, value in sorted(self.tags.items())]
        of = f" ({', '.join(parts)})" if parts else ""
        name = metric_words(self.metric)
        if self.comparison == "vs_base":
            return f"{name}{of} not worse than the base model's"
        bound = "at least" if self.direction == "at_least" else "at most"
        return f"{name}{of} {bound} {self.threshold:g}"


@dataclass(frozen=True)
class Policy:
    """Levels, margins, primary endpoints and limits; see `default.yaml` for what each number is for.

    `alpha` is one-sided and over all primary endpoints together; `equivalence_alpha` one-sided for each TOST test;
    `fdr` the false discovery rate among exploratory findings; `margins` holds "default" and single metrics, in the
    metric's unit.
    """

    name: str
    alpha: float
    equivalence_alpha: float
    fdr: float
    power: float
    ci_level: float
    resamples: int
    min_clusters: int
    max_unusable_share: float
    margins: Mapping[str, float]
    required_probes: tuple[str, ...]
    primary: tuple[Endpoint, ...]

    def margin(self, metric: str) -> float:
        """The margin of equivalence and non-inferiority for a metric, in its own unit."""
        return self.margins.get(metric, self.margins["default"])

    def endpoints(self, probes: frozenset[str]) -> tuple[Endpoint, ...]:
        """The primary endpoints of these probes, in the policy's order."""
        return tuple(endpoint for endpoint in self.primary if endpoint.probe in probes)

    def plain(self) -> dict[str, Json]:
        """The policy as plain data; keys of `margins` and `tags` sorted."""
        data: dict[str, Json] = {"schema": POLICY_SCHEMA, **asdict(self)}
        data["margins"] = dict(sorted(self.margins.items()))
        data["required_probes"] = list(self.required_probes)
        data["primary"] = [{**asdict(end), "tags": dict(sorted(end.tags.items()))} for end in self.primary]
        return data

    @property
    def sha256(self) -> str:
        """64 hex digits over what the policy says, not over how the file is laid out."""
        return digest(self.plain())


def load_policy(path: Path | None = None) -> Policy:
    """The policy of a YAML file, missing keys filled from `default.yaml`; that default itself for None.

    Raises `InputError` naming file, line, key and what is allowed.
    """
    from audit.policy.load import read_policy

    return read_policy(path)
