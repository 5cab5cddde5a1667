"""What is concluded: accuracy, what hangs together with errors, and what flips answers (counterfactual)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from audit.core.contrast import AgainstCondition, FlipRate
from audit.core.item import CLEAN
from audit.core.measure import Measure, share
from audit.core.observation import Observation
from probes.spurious.association import ESTIMATION, Halves, associations, compared
from probes.spurious.conditions import ANYWHERE, WORST, WORST_CONTROL, Edit, edited, edits_among, flip
from probes.spurious.derive import WORST_TAG
from probes.spurious.rates import of_half, right_row

CONTROLS = ("neutral", "shuffled", "constant")
COUNTERFACTUAL = {"evidence": "counterfactual"}
_DONE: Mapping[Edit, tuple[str, str, str]] = {
    "removed": ("is removed", "a region as large is removed at random", "removing as much at random"),
    "pasted": ("is pasted in", "a random patch as large is pasted there", "pasting a random patch at the same place"),
}


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations (with the derived ones) allow. What is compared is chosen by the answers of
    the audited model on the discovery half, and estimated on the other."""
    mine = [row for row in observations if row.model == "model"] or list(observations)
    strict = [row for row in mine if row.scoring == "strict"]
    clean = [row for row in strict if row.condition == CLEAN]
    if not clean:
        return ()
    asked = frozenset(row.condition for row in mine)
    made: list[Measure] = [_accuracy(clean, asked)]
    halves = Halves.of(observations)
    for name in compared(observations, halves):
        made += associations(halves, clean, name)
    conditions = dict.fromkeys(row.condition for row in strict)
    for edit, name in edits_among(conditions):
        if flip(edited(edit, name, control=True)) in conditions:
            made += _flips(edit, name)
    return (*made, *_of_all(strict))


def _accuracy(clean: Sequence[Observation], asked: frozenset[str]) -> Measure:
    return Measure(
        "spurious.accuracy", "Images classified right",
        "{value} images were classified correctly, as they are.",
        right_row, share, null=round(1 / len(clean[0].tags["classes"].split("|")), 4),
        against=tuple(name for name in CONTROLS if name in asked), headline=True, needs_vision=True,
    )  # fmt: skip


def _flips(edit: Edit, name: str) -> Iterator[Measure]:
    """The flip rate under one intervention on one cluster, and less that of its control."""
    own, control = flip(edited(edit, name)), flip(edited(edit, name, control=True))
    done, instead, than = _DONE[edit]
    tags = {"cluster": name, "intervention": edit, **COUNTERFACTUAL}
    what = f"Answers that flip where {name} {done}"
    yield FlipRate(
        "spurious.flip_rate", what,
        f"Another answer came for {{value}} images where {name} {done}.",
        of_half(right_row, ESTIMATION), share, condition=own, direction="lower", tags=tags, control=control,
    )  # fmt: skip
    yield AgainstCondition(
        "spurious.flip_rate", f"{what}, less where {instead}", "",
        of_half(right_row, ESTIMATION), share, condition=own, direction="lower", null=0.0, tags=tags,
        reference=control, comparison="vs_control", than=than,
    )  # fmt: skip


def _of_all(strict: Sequence[Observation]) -> Iterator[Measure]:
    """The endpoint, and how easily answers flip when anything at all is removed."""
    worst = [row for row in strict if row.condition == WORST]
    if worst:
        name = worst[0].tags[WORST_TAG]
        yield FlipRate(
            "spurious.flip_rate", "Answers that flip under removal of the worst region without clinical meaning",
            f"Another answer came for {{value}} images where regions of {name} (under Spurious regions) were removed: "
            "of the regions without clinical meaning the ones whose removal flipped most answers on the other half of "
            "the patients.",
            right_row, share, condition=WORST, direction="lower", headline=True, control=WORST_CONTROL,
        )  # fmt: skip
    conditions = dict.fromkeys(row.condition for row in strict)
    removals = [flip(edited(edit, name, control=True)) for edit, name in edits_among(conditions) if edit == "removed"]
    singles = tuple(name for name in removals if name in conditions)
    if singles and ANYWHERE in conditions:
        yield FlipRate(
            "spurious.random_flip_rate", "Answers that flip under removal of random regions",
            "Of removals of regions drawn by chance {value} changed the answer: what a model does where nothing of "
            "interest was touched.",
            of_half(right_row, ESTIMATION), share, condition=ANYWHERE, direction="lower", flips=singles,
        )  # fmt: skip
