"""What is concluded from judged answers: the published averages, and sensitivity paired with false alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from audit.core.item import CLEAN
from audit.core.measure import Direction, Measure, Row, share
from audit.core.observation import Observation, Scoring
from probes.medobvious.averages import average_of_seven, mean_of_tiers, parts_of
from probes.medobvious.formats import FORMATS, chance, grid_side
from probes.medobvious.position_bias import bias_row
from probes.medobvious.rates import (
    accuracy_row,
    alarm_row,
    invalid_row,
    narrowed,
    sensitivity_row,
    youden,
    youden_row,
)
from probes.medobvious.rows import MULTI_IMAGE, UNIFORM

if TYPE_CHECKING:
    from audit.core.measure import Statistic

# Tags that mark findings of a condition; those of the published prompts on grids carry none.
CONDITIONS: Mapping[str, Mapping[str, str]] = {
    CLEAN: {},
    UNIFORM: {"prompt": "uniform"},
    MULTI_IMAGE: {"prompt": "uniform", "variant": "multi_image"},
}
_AS_ASKED = {
    CLEAN: "",
    UNIFORM: ", asked in uniform words",
    MULTI_IMAGE: ", panels as separate images",
}
_CONTROLS = ("blind", "neutral", "shuffled", "constant")
_SPOKEN = {
    "detection_mcq": "detection, multiple choice",
    "detection_open": "detection, open answer",
    "referring_mcq": "referring, multiple choice",
    "referring_open": "referring, open answer",
    "visual_referring": "red box, yes or no",
    "positive": "pictures with an outlier",
    "negative": "pictures without an outlier",
}


@dataclass(frozen=True)
class View:
    """Observations of one condition and scoring, with what their findings are tagged and compared with."""

    observations: tuple[Observation, ...]
    condition: str
    scoring: Scoring
    tags: Mapping[str, str]
    against: tuple[str, ...]

    def values(self, tag: str) -> list[str]:
        """The values of a tag, sorted; formats in their usual order."""
        found = {row.tags[tag] for row in self.observations if tag in row.tags}
        return [name for name in FORMATS if name in found] if tag == "format" else sorted(found)

    def some(self, **tags: str) -> list[Observation]:
        """The observations with these tags."""
        return [row for row in self.observations if all(row.tags.get(k) == v for k, v in tags.items())]


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations allow, for each condition asked and each scoring that makes sense of it.

    The published scoring is applied to the published prompts alone.
    """
    asked = {row.condition for row in observations}
    made: list[Measure] = []
    for condition, tags in CONDITIONS.items():
        prefix = "" if condition == CLEAN else f"{condition}+"
        against = tuple(prefix + name for name in _CONTROLS if prefix + name in asked)
        for scoring in ("published", "strict") if condition == CLEAN else ("strict",):
            rows = tuple(row for row in observations if (row.condition, row.scoring) == (condition, scoring))
            if rows:
                view = View(rows, condition, scoring, tags, against)
                made += _of_view(view)
    return tuple(made)


def _of_view(view: View) -> Iterator[Measure]:
    yield from _accuracies(view)
    yield from _leaderboard(view)
    if view.scoring == "strict":
        yield from _detection(view)
        yield from _bias(view)
        yield _measure(
            view, "invalid_rate", "Answers that cannot be used",
            "Answers that were refused, cut off, or named nothing or several things: {value}.",
            row=invalid_row, direction="lower",
        )  # fmt: skip


def _accuracies(view: View) -> Iterator[Measure]:
    how = "by the published rules" if view.scoring == "published" else "strictly read"
    yield replace(
        _measure(
            view, "accuracy", "Accuracy over all questions",
            f"Of all questions, with and without an outlier, those answered correctly ({how}) are {{value}}.",
            row=accuracy_row, null=_chance(view.observations),
        ),
        against=view.against,
    )  # fmt: skip
    for tag in ("format", "polarity", "tier", "grid"):
        for value in view.values(tag):
            spoken = _SPOKEN.get(value, f"{tag} {value}")
            yield _measure(
                view, "accuracy", f"Accuracy: {spoken}",
                f"Of the questions of one kind ({spoken}), those answered correctly ({how}) are {{value}}.",
                row=narrowed(accuracy_row, {tag: value}), null=_chance(view.some(**{tag: value})), tags={tag: value},
            )  # fmt: skip


def _leaderboard(view: View) -> Iterator[Measure]:
    seven = all(view.some(format=name) for name in FORMATS) and len(view.values("polarity")) == 2
    if seven:
        row, statistic = average_of_seven()
        yield _measure(
            view, "average_of_seven", "Leaderboard average",
            "The unweighted mean of the seven columns of the published leaderboard (five formats, pictures with and "
            f"without an outlier) is {{value}}. Answering \"none\" to everything reaches {_always_none(view)}.",
            row=row, statistic=statistic, kind="statistic", parts=parts_of(7),
        )  # fmt: skip
    tiers = view.values("tier")
    if tiers:
        row, statistic = mean_of_tiers(tiers)
        yield _measure(
            view, "mean_of_tiers", "Mean of the tiers",
            f"The unweighted mean accuracy of the tiers ({', '.join(tiers)}) is {{value}}.",
            row=row, statistic=statistic, kind="statistic", parts=parts_of(len(tiers)),
        )  # fmt: skip


def _detection(view: View) -> Iterator[Measure]:
    """Sensitivity, false alarms and Youden's J: overall (the headline), by tier, grid size and kind of violation."""
    yield from _triple(view, {}, "", headline=view.condition == CLEAN)
    for tag in ("tier", "grid"):
        for value in view.values(tag):
            yield from _triple(view, {tag: value}, f" ({tag} {value})")
    faults = sorted({row.tags["violation"] for row in view.some(tier="integrity") if "violation" in row.tags})
    for fault in faults:
        tags = {"violation": fault}
        yield from (made for made in _triple(view, tags, f" ({fault})") if made.metric.endswith("sensitivity"))


def _triple(view: View, tags: Mapping[str, str], where: str, headline: bool = False) -> Iterator[Measure]:
    rows = view.some(**tags)
    positive = [row for row in rows if row.tags["polarity"] == "positive"]
    negative = [row for row in rows if row.tags["polarity"] == "negative"]
    made = []
    if positive:
        made.append(_measure(
            view, "sensitivity", f"Outliers found and located{where}",
            f"Where a scan does not belong{where}, the right one was named in {{value}}.",
            row=narrowed(sensitivity_row, tags), null=_chance(positive), tags=tags,
        ))  # fmt: skip
    if negative:
        made.append(_measure(
            view, "false_alarm_rate", f"False alarms{where}",
            f"Where all scans belong together{where}, a false alarm was raised in {{value}}.",
            row=narrowed(alarm_row, tags), null=1 - _chance(negative), direction="lower", tags=tags,
        ))  # fmt: skip
    if positive and negative:
        made.append(_measure(
            view, "youden_j", f"Outliers found less false alarms (Youden's J){where}",
            "Share of outliers found less share of false alarms: {value}. 1 is a perfect check; 0 is no better than "
            f"giving the same answer whatever is shown{where}.",
            row=narrowed(youden_row, tags), statistic=youden, kind="statistic", null=0.0, tags=tags,
            parts=((0, 1, 1.0), (2, 3, -1.0)),
        ))  # fmt: skip
    for measure in made:
        # False alarms alone are told from no control: whoever says "none" to everything raises none.
        compared = () if tags or measure.metric.endswith("false_alarm_rate") else view.against
        yield replace(measure, headline=headline, against=compared)


def _bias(view: View) -> Iterator[Measure]:
    row = bias_row(view.observations)
    if all(row(observation) is None for observation in view.observations):
        return
    yield _measure(
        view,
        "position_bias",
        "Preference for a place in the grid",
        "How much more often the model names its favourite place, where the outlier is elsewhere, than if its wrong "
        "answers were spread evenly over all places: {value}. 0 is no favourite, 1 always the same wrong place. The "
        "favourite is sought on one half of the grids and measured on the other.",
        row=row,
        kind="statistic",
        direction="lower",
        null=0.0,
    )


def _measure(
    view: View,
    name: str,
    title: str,
    words: str,
    *,
    row: Row,
    statistic: Statistic = share,
    kind: Literal["proportion", "statistic"] = "proportion",
    direction: Direction = "higher",
    null: float | None = None,
    tags: Mapping[str, str] | None = None,
    parts: tuple[tuple[int, int, float], ...] = (),
) -> Measure:
    return Measure(
        metric=f"medobvious.{name}",
        title=f"{title}{_AS_ASKED[view.condition]}",
        words=words,
        row=row,
        statistic=statistic,
        scoring=view.scoring,
        condition=view.condition,
        kind=kind,
        direction=direction,
        null=null,
        tags={**view.tags, **(tags or {})},
        parts=parts,
    )


def _always_none(view: View) -> str:
    """The leaderboard average of a model that sees an outlier nowhere: right on every picture without one, up to what
    the published rules fail to read."""
    columns = [view.some(format=name) for name in FORMATS]
    shares = [sum(row.tags["polarity"] == "negative" for row in rows) / len(rows) for rows in columns]
    return f"{'at most ' if view.scoring == 'published' else ''}{(sum(shares) + 1) / 7:.2f}"


def _chance(observations: Sequence[Observation]) -> float:
    """The share that random choice among the offered answers gets right, over the distinct questions."""
    asked = {row.item: chance(row.tags["format"], grid_side(row.tags["grid"])) for row in observations}
    return sum(asked.values()) / len(asked)
