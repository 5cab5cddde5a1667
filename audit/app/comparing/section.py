"""The comparison as drafts: what both models said to the same questions, from a file or from a probe of an audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from audit.core.finding import ANNOTATIONS
from audit.core.item import CLEAN
from audit.core.measure import Measure
from audit.core.observation import Observation
from audit.policy.across import Pair, across
from audit.policy.arm import Arms
from audit.policy.conclude import conclude
from audit.policy.draft import Draft
from audit.policy.policy import Policy
from audit.policy.showing import MOST
from probes.comparison.measures import OPEN, Wanted, measures_of
from probes.comparison.metrics import METRICS, NAME, Metric
from probes.comparison.pairing import CELL, Table, together


@dataclass(frozen=True)
class Questions:
    """The observations of one set of questions (`probe` of each is "comparison"), and what is wanted of them. `again`
    are answers to the same questions asked a second time, in the places of the first."""

    name: str
    observations: tuple[Observation, ...]
    wanted: Wanted
    again: tuple[Observation, ...] = ()

    @cached_property
    def seen(self) -> tuple[Observation, ...]:
        """With those that pair both models."""
        return (*self.observations, *together(self.observations))

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What can be concluded."""
        return measures_of(self.seen, self.wanted)

    @cached_property
    def table(self) -> Table:
        """The item-level 2 x 2 table."""
        return Table.of(together(self.observations))

    @cached_property
    def arms(self) -> Arms:
        """The observations by model, scoring and condition."""
        return Arms.of(self.seen)


def drafts_of(questions: Questions, policy: Policy, seed: int) -> tuple[Draft, ...]:
    """Draft findings of one set of questions."""
    drafts = conclude(NAME, questions.measures, questions.seen, policy, seed, questions.again)
    return tuple(_with_table(draft, questions) for draft in drafts)


def drafts_across(sets: Sequence[Questions], policy: Policy, seed: int) -> Iterator[Draft]:
    """For every two sets of questions: the difference between the models' differences, per metric."""
    for first, second in combinations(sets, 2):
        mine = {_claim(measure): measure for measure in first.measures if _whole(measure, first)}
        theirs = {_claim(measure): measure for measure in second.measures if _whole(measure, second)}
        for claim in [claim for claim in mine if claim in theirs]:
            measure = replace(mine[claim], title=mine[claim].title.removesuffix(first.wanted.where))
            one = Pair.of(first.name, mine[claim], first.arms)
            two = Pair.of(second.name, theirs[claim], second.arms)
            tags = {**measure.tags, "data": first.name, "less": second.name}
            draft = across(NAME, measure, one, two, policy, seed, tags)
            if draft is not None:
                yield draft


def section(
    probe: str,
    observations: Sequence[Observation],
    metrics: tuple[Metric, ...] = METRICS,
    again: Sequence[Observation] = (),
) -> Questions | None:
    """The comparison within an audit: the clean, strict answers of one probe to closed questions, `again` those to
    questions asked a second time. None where they are not of both models."""
    rows = tuple(_compared(probe, observations))
    if {row.model for row in rows} != {"model", "base"}:
        return None
    return Questions(probe, rows, Wanted(metrics, {"probe": probe}, slices=False), tuple(_compared(probe, again)))


def _compared(probe: str, observations: Sequence[Observation]) -> Iterator[Observation]:
    for row in observations:
        asked = (row.probe, row.scoring, row.condition) == (probe, "strict", CLEAN)
        if asked and row.tags.get("answer_type") != OPEN:
            yield replace(row, probe=NAME)


def _whole(measure: Measure, questions: Questions) -> bool:
    """Whether a measure is about all questions and a score of its own: data sets are compared by these."""
    named = {*questions.wanted.tags, "way"}
    scores = ("accuracy", "balanced_accuracy", "macro_f1")
    return measure.metric.removeprefix(f"{NAME}.") in scores and set(measure.tags) <= named


def _claim(measure: Measure) -> tuple[str, str, str]:
    return measure.metric, measure.scoring, measure.tags.get("way", "")


def _with_table(draft: Draft, questions: Questions) -> Draft:
    """The 2 x 2 table in the words of the difference that it is tested by, and its cells with the items they hold."""
    finding, table = draft.finding, questions.table
    plain = {name: value for name, value in finding.tags.items() if name not in ANNOTATIONS} == questions.wanted.tags
    if finding.metric == f"{NAME}.agreement":
        cell = next(items for name, items in table.items.items() if name == finding.tags[CELL])
        return replace(draft, finding=replace(finding, item_ids=cell[:MOST]))
    if plain and (finding.metric, finding.comparison, finding.scoring) == (f"{NAME}.accuracy", "vs_base", "strict"):
        return replace(draft, finding=replace(finding, plain_words=f"{finding.plain_words} {table.words}"))
    return draft
