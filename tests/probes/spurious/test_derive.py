from __future__ import annotations

import pytest

from audit.core.observation import ModelRole, Observation, Outcome
from probes.spurious.conditions import ANYWHERE, WORST, WORST_CONTROL, edited, flip
from probes.spurious.derive import FEWEST, WORST_TAG, derive, worst_cluster


def row(
    item: str,
    given: str | None,
    condition: str = "clean",
    half: str = "estimation",
    role: ModelRole = "model",
    outcome: Outcome = "wrong",
) -> Observation:
    value = None if outcome == "error" else 0.0
    return Observation(
        "spurious", item, item, role, "strict", outcome, value, given, condition=condition, tags={"half": half}
    )


def flips(rows: list[Observation], condition: str) -> dict[str, float | None]:
    return {one.item: one.value for one in derive(rows) if one.condition == condition}


def test_a_flip_is_another_answer_right_or_wrong() -> None:
    removed = edited("removed", "mark-1")
    rows = [row("a", "A"), row("b", "A"), row("c", None), row("d", "A"), row("e", "A")]
    rows += [row("a", "A", removed), row("b", "B", removed), row("c", None, removed), row("d", None, removed)]
    rows += [row("e", None, removed, outcome="error")]
    assert flips(rows, flip(removed)) == {"a": 0.0, "b": 1.0, "c": 0.0, "d": 1.0, "e": None}


def test_nothing_flips_without_a_clean_answer_or_by_a_region_alone() -> None:
    assert derive([row("a", "A", edited("removed", "mark-1")), row("b", "A"), row("b", "B", "crop:0")]) == ()


def planted(names: dict[str, int], half: str, role: ModelRole = "model", n: int = 8) -> list[Observation]:
    """For each region cluster `n` images of a half, of which so many flip."""
    rows = []
    for name, count in names.items():
        for i in range(n):
            item = f"{half}-{name}-{i}"
            rows += [row(item, "A", half=half, role=role)]
            rows += [row(item, "B" if i < count else "A", edited("removed", name), half, role)]
            if half == "estimation":
                rows += [row(item, "A", edited("removed", name, control=True), half, role)]
    return rows


def test_the_worst_is_chosen_on_one_half_and_judged_on_the_other() -> None:
    rows = planted({"mark-1": 1, "text-1": 5, "grid-1": 8}, "discovery")
    rows += planted({"mark-1": 8, "text-1": 2, "grid-1": 8}, "estimation")
    made = derive(rows)
    worst = [one for one in made if one.condition == WORST]
    assert {one.tags[WORST_TAG] for one in worst} == {"text-1"}  # the grid may have a meaning
    assert {one.tags["half"] for one in worst} == {"estimation"}
    assert sum(one.value or 0 for one in worst) == 2
    control = [one for one in made if one.condition == WORST_CONTROL]
    assert [one.item for one in control] == [one.item for one in worst]
    assert not any(one.value for one in control)


def test_the_audited_model_chooses_and_the_base_is_judged_on_the_same() -> None:
    rows = planted({"mark-1": 0, "mark-2": 6}, "discovery") + planted({"mark-1": 0, "mark-2": 6}, "estimation")
    base = planted({"mark-1": 7, "mark-2": 0}, "discovery", "base")
    base += planted({"mark-1": 7, "mark-2": 1}, "estimation", "base")
    worst = [one for one in derive([*rows, *base]) if one.condition == WORST]
    assert {one.tags[WORST_TAG] for one in worst} == {"mark-2"}
    assert sum(one.value or 0 for one in worst if one.model == "base") == 1


@pytest.mark.parametrize("n", [FEWEST - 1, FEWEST])
def test_a_cluster_of_few_images_is_not_chosen(n: int) -> None:
    made = derive(planted({"mark-1": n}, "discovery", n=n))
    assert worst_cluster(made) == ("mark-1" if n == FEWEST else None)
    assert worst_cluster([]) is None


def test_removals_by_chance_are_averaged_per_image() -> None:
    first, second = (edited("removed", name, control=True) for name in ("mark-1", "grid-2"))
    rows = [row("a", "A"), row("a", "B", first), row("a", "A", second), row("b", "A"), row("b", "A", first)]
    rows += [row("b", "B", edited("removed", "mark-1")), row("b", "B", edited("pasted", "mark-1", control=True))]
    assert flips(rows, ANYWHERE) == {"a": 0.5, "b": 0.0}
