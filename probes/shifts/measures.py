"""What is concluded: accuracy clean and shifted, changes, flips, and balanced error per corruption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from audit.core.contrast import AgainstCondition, FlipRate
from audit.core.item import CLEAN
from audit.core.measure import Measure, Row, share
from audit.core.observation import Observation, Scoring
from probes.shifts.constant import GLOBAL
from probes.shifts.derive import FLIP, SHIFTED, mean_condition, parted, shifts_among
from probes.shifts.rates import balanced_error, case_mix, class_rows, loss_rows, right_row, tagged, worst
from probes.shifts.slicing import slice_measures

CONTROLS = ("blind", "shuffled", "constant", GLOBAL)
NONE = {"corruption": "none"}
FEWEST = 5


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations (with the derived ones) allow; one model tells what is common enough."""
    conditions = shifts_among(observations)
    observations = [row for row in observations if row.model == "model"] or observations
    clean = [row for row in observations if row.scoring == "strict" and row.condition == CLEAN]
    made: list[Measure] = []
    if clean:
        made += _of_clean(clean, frozenset(row.condition for row in observations))
    if conditions:
        made += _of_all(observations, conditions)
        for name in dict.fromkeys(parted(condition)[0] for condition in conditions):
            made += _of_corruption(observations, name, conditions)
    return (*made, *slice_measures(clean))


def _of_clean(clean: Sequence[Observation], asked: frozenset[str]) -> Iterator[Measure]:
    """Scores on the images as they are, beside what needs no image."""
    against = tuple(name for name in CONTROLS if name in asked)
    yield _accuracy(
        "Questions right on clean images", "on clean images", clean, NONE, against=against, headline=True, vision=True
    )
    types = sorted({row.tags["answer_type"] for row in clean})
    for kind in types:
        rows, where = [row for row in clean if row.tags["answer_type"] == kind], {"answer_type": kind}
        tags = {**NONE, **where}
        if len(types) > 1:
            yield _accuracy(f"Questions right on clean images ({kind})", f"of the {kind} kind", rows, tags, where)
        if kind == "closed":
            yield _accuracy(
                "Questions right on clean images (closed)", "of the closed kind", rows, tags, where, scoring="published"
            )
        else:
            yield Measure(
                "shifts.token_f1", "Words shared with the right answer (open)",
                "Open answers and right answers share words with a mean token F1 of {value}.",
                tagged(right_row, where), share, scoring="published", kind="statistic", tags=tags,
            )  # fmt: skip
    for modality in _common(row.tags["modality"] for row in clean):
        rows, where = [row for row in clean if row.tags["modality"] == modality], {"modality": modality}
        yield _accuracy(f"Questions right on clean images ({modality})", f"about {modality}", rows, {**NONE, **where},
                        where)  # fmt: skip
    yield from _balanced(clean, CLEAN, NONE, "on clean images")


def _of_all(observations: Sequence[Observation], conditions: Sequence[str]) -> Iterator[Measure]:
    """Over all corruptions together."""
    rows = _at(observations, SHIFTED)
    names = tuple(dict.fromkeys(parted(condition)[0] for condition in conditions))
    yield _accuracy(
        "Questions right on shifted images", "on shifted images", rows, {}, condition=SHIFTED, headline=True
    )
    yield _delta("Change under corruption", SHIFTED, {}, headline=True)
    if len(names) > 1:
        yield Measure(
            "shifts.worst_delta", "Change under the worst corruption",
            f"Under the corruption that costs most, picked from {len(names)} after the fact, the share of right "
            "answers changes by {value}.",
            loss_rows(names), worst, condition=SHIFTED, kind="statistic",
        )  # fmt: skip
    if _at(observations, FLIP):
        yield _flip("Answers that flip under corruption", FLIP, {}, conditions)


def _of_corruption(observations: Sequence[Observation], name: str, conditions: Sequence[str]) -> Iterator[Measure]:
    """One corruption: the mean over its severities, and each of them."""
    own = [condition for condition in conditions if parted(condition)[0] == name]
    mean, spoken = mean_condition(name, conditions), name.replace("_", " ")
    steps = [(mean, {"corruption": name}, spoken)]
    if mean not in own and len(_at(observations, mean)) >= FEWEST:
        doses = {condition: parted(condition)[1] for condition in sorted(own)}
        steps += [
            (condition, {"corruption": name, "severity": dose}, f"{spoken}, severity {dose}")
            for condition, dose in doses.items()
        ]
    for condition, tags, what in steps:
        rows = _at(observations, condition)
        yield _accuracy(f"Questions right: {what}", f"under {what}", rows, tags, condition=condition)
        yield _delta(f"Change under {what}", condition, tags)
        if _at(observations, f"{FLIP}:{condition}"):
            single = (condition,) if condition in own else own
            yield _flip(f"Answers that flip under {what}", f"{FLIP}:{condition}", tags, single)
        yield from _balanced(rows, condition, tags, f"under {what}")


def _accuracy(
    title: str,
    where: str,
    rows: Sequence[Observation],
    tags: Mapping[str, str],
    only: Mapping[str, str] | None = None,
    *,
    condition: str = CLEAN,
    scoring: Scoring = "strict",
    against: tuple[str, ...] = (),
    headline: bool = False,
    vision: bool = False,
) -> Measure:
    chance = sum(float(row.tags["chance"]) for row in rows) / max(1, len(rows))
    return Measure(
        metric="shifts.accuracy",
        title=title,
        words=f"{{value}} questions {where} were answered correctly.",
        row=tagged(right_row, only or {}),
        statistic=share,
        scoring=scoring,
        condition=condition,
        null=round(chance, 4) or None,
        tags=dict(tags),
        against=against,
        headline=headline,
        needs_vision=vision,
    )


def _delta(title: str, condition: str, tags: Mapping[str, str], *, headline: bool = False) -> Measure:
    return AgainstCondition(
        metric="shifts.delta",
        title=title,
        words="",
        row=right_row,
        statistic=share,
        condition=condition,
        null=0.0,
        tags=dict(tags),
        headline=headline,
    )


def _flip(title: str, condition: str, tags: Mapping[str, str], shifts: Sequence[str]) -> Measure:
    return FlipRate(
        metric="shifts.flip_rate",
        title=title,
        words="{value} closed questions got another answer than about the clean image, right or wrong.",
        row=right_row,
        statistic=share,
        condition=condition,
        direction="lower",
        tags=dict(tags),
        flips=tuple(f"{FLIP}:{shift}" for shift in shifts),
    )


def _balanced(rows: Sequence[Observation], condition: str, tags: Mapping[str, str], where: str) -> Iterator[Measure]:
    """Balanced error over the right answers of closed questions, where at least two are common enough."""
    classes = _common(case_mix(row) for row in rows if row.tags["answer_type"] == "closed")
    if len(classes) > 1:
        row: Row = class_rows(classes)
        yield Measure(
            "shifts.balanced_error", f"Balanced error {where}",
            f"One less the mean recall over the {len(classes)} commonest right answers {where}: {{value}}.",
            row, balanced_error, condition=condition, kind="statistic", direction="lower", tags=dict(tags),
        )  # fmt: skip


def _at(observations: Sequence[Observation], condition: str) -> list[Observation]:
    return [row for row in observations if row.scoring == "strict" and row.condition == condition]


def _common(names: Iterator[str]) -> list[str]:
    """Names that occur often enough for a figure of their own, where there are at least two of them."""
    found = sorted(name for name, count in Counter(names).items() if count >= FEWEST)
    return found if len(found) > 1 else []
