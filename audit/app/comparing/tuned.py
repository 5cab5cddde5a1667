"""Both models with the prompt that suits each best, with the same prompt, and with every prompt that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from audit.app.comparing.section import Questions, drafts_of
from audit.app.config import RunConfig
from audit.app.planning import Planned
from audit.app.prompting import Prompted, by_prompt
from audit.core.finding import ANNOTATIONS, Finding
from audit.core.observation import ModelRole, Observation
from audit.policy.conclude import conclude
from audit.policy.draft import Draft
from audit.policy.policy import Policy
from audit.stats.proportion import korn_graubard
from probes.comparison.measures import Wanted
from probes.comparison.metrics import NAME, Metric
from probes.comparison.tuning import DEFAULT, Parts, best, shared

TAG = "prompt"
TUNED, SAME = "tuned for each", "the model's for both"
ROLES: tuple[ModelRole, ...] = ("model", "base")


@dataclass(frozen=True)
class Tuned:
    """The answers to the questions of one probe under every prompt, and which part of them chooses."""

    probe: str
    prompts: Prompted
    rows: Mapping[ModelRole, Mapping[int, Sequence[Observation]]]
    parts: Parts
    metrics: tuple[Metric, ...]

    @property
    def answered(self) -> bool:
        """Whether both models answered, under every prompt, something of either part."""
        return all(
            shared(own, clusters)
            for clusters in (self.parts.validation, self.parts.test)
            for own in (self.rows.get(role, {}) for role in ROLES)
        )

    @cached_property
    def chosen(self) -> Mapping[ModelRole, tuple[int, Mapping[int, float]]]:
        """The best prompt of each model on the validation part, and the share of right answers under each."""
        return {role: best(self.rows[role], self.parts.validation) for role in ROLES}

    def drafts(self, policy: Policy, seed: int) -> Iterator[Draft]:
        """On the test part: each with its own prompt (all metrics), the base with the model's, and every prompt for
        both (accuracy)."""
        model, base = (self.chosen[role][0] for role in ROLES)
        yield from drafts_of(self._asked(TUNED, model, base, self.metrics), policy, seed)
        both = [number for number in self.rows["model"] if number in self.rows["base"]]
        pairs = {SAME: model, **{self.prompts.name(number): number for number in both}}
        for name, number in pairs.items():
            if number not in both:
                continue
            questions = self._asked(name, number, number, ("accuracy",))
            measures = [measure for measure in questions.measures if measure.metric == f"{NAME}.accuracy"]
            yield from conclude(NAME, measures, questions.seen, policy, seed)

    def _asked(self, name: str, model: int, base: int, metrics: tuple[Metric, ...]) -> Questions:
        rows = (
            replace(row, probe=NAME)
            for role, number in zip(ROLES, (model, base), strict=True)
            for row in self.rows[role][number]
            if row.cluster in self.parts.test
        )
        return Questions(self.probe, tuple(rows), Wanted(metrics, {"probe": self.probe, TAG: name}, slices=False))

    @property
    def notes(self) -> Iterator[str]:
        """Which prompts were chosen, for the report, and what could not be tried."""
        prompts, parts = self.prompts, self.parts
        also = f", each after {prompts.shots} examples of patients that choose, too" if prompts.shots else ""
        yield (
            f"Prompts ({self.probe}): the default and {len(prompts.formats)} formats{also}, chosen for each model by"
            f" accuracy on {len(parts.validation):,} clusters and tested on the other {len(parts.test):,}."
        )
        for role in ROLES:
            number, shares = self.chosen[role]
            how = "" if number == DEFAULT else f", {prompts.format_of(number).words}"
            low, high = min(shares.values()), max(shares.values())
            yield f"The {role} does best with {prompts.name(number)}{how}: {high:.3f} right; with the worst {low:.3f}."
        yield from self._not_tried()

    def _not_tried(self) -> Iterator[str]:
        if self.prompts.lacking:
            yield f"Examples are not assessed ({self.probe}): {self.prompts.lacking}."
        for role in ROLES:
            if any(number not in self.rows[role] for number in self.prompts.numbers):
                yield (
                    f"Examples are not assessed for the {role} ({self.probe}): with {self.prompts.shots} of them a"
                    " question holds more images than it takes."
                )
        if self.chosen["model"][0] not in self.rows["base"]:
            yield f"The base cannot be asked with the model's best prompt ({self.probe})."


def tuned_of(
    entry: Planned, config: RunConfig, first: Sequence[Observation], prompted: Sequence[Observation]
) -> Iterator[Tuned]:
    """Of one probe of an audit, where its questions were asked in other formats and both models answered."""
    parts = entry.prompted.parts
    if parts is not None:
        rows = by_prompt(entry.prompted.requests, first, prompted)
        made = Tuned(entry.name, entry.prompted, rows, parts, config.metrics)
        yield from (made,) if made.answered else ()


def sensitivity(findings: Sequence[Finding], level: float) -> Iterator[Finding]:
    """`comparison.prompt_agreement` per probe: under which share of the drawn formats, given to both models, win, tie
    or loss by accuracy is the same as with the prompt that suits each best; formats after examples by themselves (tag
    `shots`), for each of them repeats a format.

    The formats (and examples) are drawn at random, so the share has an interval over formats (Clopper-Pearson), on
    these questions.
    """
    outcomes: dict[str, dict[str, Finding]] = {}
    for found in findings:
        named = {name for name in found.tags if name not in ANNOTATIONS}
        claim = (found.metric, found.comparison, found.scoring)
        if claim == (f"{NAME}.accuracy", "vs_base", "strict") and named == {"probe", TAG} and "outcome" in found.tags:
            outcomes.setdefault(found.tags["probe"], {})[found.tags[TAG]] = found
    for probe, by_name in outcomes.items():
        drawn: dict[str, list[Finding]] = {}
        for name, found in by_name.items():
            if name.startswith("format "):
                drawn.setdefault(name.partition(", ")[2].partition(" ")[0], []).append(found)
        for shots, formats in drawn.items() if TUNED in by_name else ():
            yield _agreement(probe, by_name[TUNED], by_name.get(SAME), formats, shots, level)


def _agreement(
    probe: str, tuned: Finding, same: Finding | None, formats: Sequence[Finding], shots: str, level: float
) -> Finding:
    verdict = tuned.tags["outcome"]
    alike = [float(found.tags["outcome"] == verdict) for found in formats]
    share = korn_graubard(np.array([(one, 1.0) for one in alike]), level)
    seen = [found.estimate for found in formats if found.estimate is not None]
    after = f" after {shots} examples" if shots else ""
    words = (
        f"With the prompt that suits each model best the comparison is a {verdict} by accuracy; given one format each"
        f"{after}, it is the same under {sum(alike):.0f} of {len(formats)} formats (differences from {min(seen):+.3f}"
        f" to {max(seen):+.3f})."
    )
    if same is not None:
        words += f" With the model's best prompt for both it is a {same.tags['outcome']}."
    return Finding(
        probe=NAME,
        title=f"Formats{after} under which the verdict is the same, {probe}",
        plain_words=words,
        metric=f"{NAME}.prompt_agreement",
        scoring="strict",
        model="model",
        base="base",
        estimate=share.estimate,
        ci_level=None if share.interval is None else level,
        ci_low=None if share.interval is None else share.interval.low,
        ci_high=None if share.interval is None else share.interval.high,
        ci_method=None if share.interval is None else share.interval.method,
        direction="higher",
        n_items=len(formats),
        n_clusters=len(formats),
        tags={"probe": probe, **({"shots": shots} if shots else {})},
    )
