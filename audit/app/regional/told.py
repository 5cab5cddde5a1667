"""What was said of images and of changed images, looked up for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.core.finding import Finding
from audit.core.item import CLEAN
from audit.core.observation import Observation
from audit.stats.clusters import total_by_cluster
from audit.stats.proportion import korn_graubard
from probes.spurious.conditions import EDITS, Edit, edited
from probes.spurious.scene import RegionCluster, RegionItem
from reports.schema import ClassSidesPart, FlipsPart, SidePart

UNREAD = "no readable answer"


@dataclass(frozen=True)
class Told:
    """The model's strict observations by (condition, item), and the findings about the model."""

    items: Mapping[str, RegionItem]
    seen: Mapping[tuple[str, str], Observation]
    findings: Sequence[Finding]

    @classmethod
    def of(cls, items: Mapping[str, RegionItem], rows: Sequence[Observation], findings: Sequence[Finding]) -> Told:
        """Of the audited model."""
        own = [row for row in rows if row.model == "model" and row.scoring == "strict" and row.item in items]
        seen = {(row.condition, row.item): row for row in own if row.sample == 0 and row.outcome != "error"}
        return cls(items, seen, [found for found in findings if found.model == "model" and found.probe == "spurious"])

    def class_of(self, item: str, given: str | None) -> str:
        """The class that an answer named."""
        options = self.items[item].query.options
        return next((option.text for option in options if option.label == given), UNREAD)

    def finding(self, metric: str, comparison: str, cluster: str, **tags: str) -> Finding | None:
        """The finding of a measure about a cluster."""
        wanted = {"cluster": cluster, **tags}
        for found in self.findings:
            named = (found.metric, found.comparison) == (f"spurious.{metric}", comparison)
            if named and all(found.tags.get(name) == value for name, value in wanted.items()):
                return found
        return None

    def sides(self, cluster: str) -> list[ClassSidesPart]:
        """Accuracy with and without a region of the cluster, class by class, on the estimation half."""
        clean = [row for (condition, _), row in self.seen.items() if condition == CLEAN]
        clean = [row for row in clean if row.tags["half"] == "estimation"]
        made: list[ClassSidesPart] = []
        for label in sorted({row.tags["class"] for row in clean}):
            own = [row for row in clean if row.tags["class"] == label]
            inside = [row for row in own if cluster in row.tags["regions"].split()]
            outside = [row for row in own if cluster not in row.tags["regions"].split()]
            made.append({"label": label, "inside": _side(inside), "outside": _side(outside)})
        return made

    @property
    def failed(self) -> Finding | None:
        """The endpoint about the worst region cluster, where the model fails it."""
        ends = (found for found in self.findings if found.metric == "spurious.flip_rate" and found.verdict == "fail")
        return next(ends, None)

    def flips(self, cluster: RegionCluster, *, worst: bool) -> list[FlipsPart]:
        """What removing and pasting did, on the estimation half, where a control stands beside it. For the `worst`
        region cluster a failed endpoint shows the removal, whatever the exploratory contrast says."""
        parts = [part for edit in EDITS if (part := self._flips(edit, cluster.name)) is not None]
        if not worst or self.failed is None:
            return parts
        for part in parts:
            if part["edit"] == "removed":
                part["shown"], part["p_adjusted"] = True, self.failed.p_adjusted
        return parts

    def pairs(self, edit: Edit, cluster: str) -> list[tuple[Observation, Observation]]:
        """(as it is, changed) of every image of the estimation half that was changed and controlled, flips first."""
        condition, control = edited(edit, cluster), edited(edit, cluster, control=True)
        items = [item for (name, item) in self.seen if name == condition]
        both = [
            (self.seen[CLEAN, item], self.seen[condition, item])
            for item in items
            if (CLEAN, item) in self.seen and (control, item) in self.seen
        ]
        return sorted(both, key=lambda pair: (pair[0].given == pair[1].given, pair[0].outcome != "correct"))

    def _flips(self, edit: Edit, cluster: str) -> FlipsPart | None:
        pairs = self.pairs(edit, cluster)
        if not pairs:
            return None
        control = edited(edit, cluster, control=True)
        moved = [after for before, after in pairs if before.given != after.given]
        beside = sum(before.given != self.seen[control, before.item].given for before, _ in pairs)
        rate = self.finding("flip_rate", "absolute", cluster, intervention=edit)
        contrast = self.finding("flip_rate", "vs_control", cluster, intervention=edit)
        became = Counter(self.class_of(after.item, after.given) for after in moved)
        return {
            "edit": edit,
            "n": len(pairs),
            "flips": len(moved),
            "control": beside,
            "low": None if rate is None else rate.ci_low,
            "high": None if rate is None else rate.ci_high,
            "p_adjusted": None if contrast is None else contrast.p_adjusted,
            "shown": contrast is not None and contrast.tags.get("flag") == "worse",
            "became": dict(became.most_common()),
        }


def _side(rows: Sequence[Observation]) -> SidePart:
    if not rows:
        return {"n": 0, "right": None, "low": None, "high": None}
    _, totals = total_by_cluster([row.cluster for row in rows], [(row.value or 0.0, 1.0) for row in rows])
    found = korn_graubard(totals)
    low, high = (None, None) if found.interval is None else (found.interval.low, found.interval.high)
    return {"n": len(rows), "right": found.estimate, "low": low, "high": high}
