"""The shifts probe on phantoms: questions, conditions, slices, and what its planted flaws do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.finding import Finding
from audit.core.item import CLEAN, Request
from audit.core.probe import Plan
from audit.data.phantoms import phantoms
from medaudit.testing import findings_of
from probes.shifts.derive import parted
from probes.shifts.flaws import noise_fragile, vendor_fragile
from probes.shifts.probe import PROBE


@pytest.fixture(scope="module")
def images() -> Dataset:
    return phantoms(240, seed=3, size=48)


def planned(images: Dataset, **options: object) -> Plan:
    return PROBE.plan(images, PROBE.options(options), np.random.default_rng(0))


@pytest.fixture(scope="module")
def plan(images: Dataset) -> Plan:
    return planned(images)


def test_questions_are_balanced_over_kinds_and_right_answers(plan: Plan) -> None:
    items = plan.items
    kinds = Counter(item.tags["question_type"] for item in items)
    assert set(kinds.values()) == {30}
    presence = Counter(item.tags["answer"] for item in items if item.tags["question_type"] == "presence")
    assert presence == {"yes": 15, "no": 15}
    letters = Counter(item.target for item in items)
    assert all(letters[letter] > 10 for letter in "ABCD"), letters
    assert len({item.cluster for item in items}) > 100


def test_the_right_option_says_what_the_label_says(plan: Plan, images: Dataset) -> None:
    labels = {record.id: record.labels for record in images.records}
    for item in plan.items:
        name, _, kind = item.id.partition("/")
        (right,) = [option.text for option in item.query.options if option.label == item.target]
        if kind == "presence":
            asked = item.query.text.partition(": ")[2].partition("?")[0]
            assert (right == "yes") == (labels[name]["finding"] == asked)
        else:
            assert right == labels[name][kind]


def test_the_default_costs_a_few_hundred_questions(plan: Plan) -> None:
    corrupted = [request for request in plan.requests if request.condition != CLEAN]
    assert len({request.item.id for request in corrupted}) == 24
    assert {parted(request.condition)[1] for request in corrupted} == {"1", "3", "5"}
    assert len({request.query.digest for request in plan.requests}) == len(plan.requests) == 336


def test_corrupted_images_differ_from_clean_ones_and_keep_the_question(plan: Plan) -> None:
    for request in plan.requests[:80]:
        assert request.query.text == request.item.query.text
        same = request.query.images[0].sha256 == request.item.query.images[0].sha256
        assert same == (request.condition == CLEAN)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"corruptions": "fog"}, "fog"),
        ({"severities": "6"}, "severities"),
        ({"budget": "-1"}, "budget"),
        ({"ask": "age"}, "ask"),
        ({"slices": "view="}, "COLUMN=VALUE"),
    ],
)
def test_options_that_make_no_sense(given: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        PROBE.options(given)


def test_named_corruptions_go_where_they_occur(images: Dataset) -> None:
    plan = planned(images, corruptions="ct_rings,jpeg", severities="2", budget="0")
    assert {request.condition for request in plan.requests} == {CLEAN}
    plan = planned(images, corruptions="ct_rings,jpeg", severities="2", budget="60")
    rings = [request for request in plan.requests if request.condition == "corruption:ct_rings:2"]
    assert rings
    assert {request.item.tags["modality"] for request in rings} == {"CT"}
    assert not [r for r in planned(images, corruptions="none").requests if r.condition != CLEAN]


def test_slices_are_named_values_or_bands(images: Dataset) -> None:
    items = planned(images, slices="view=pa,age,nothing").items
    assert {item.tags["slice.view"] for item in items if "slice.view" in item.tags} == {"PA", "not PA"}
    assert {item.tags["slice.age"] for item in items} == {"<40", "40-59", ">=60"}
    with pytest.raises(InputError, match="view=sideways"):
        planned(images, slices="view=sideways")


def test_copies_that_disagree_are_on_neither_side(images: Dataset) -> None:
    first, second, *rest = images.records
    site = "south" if first.labels["site"] != "south" else "north"
    twin = replace(second, image=first.image, labels={**second.labels, "site": site})
    data = replace(images, records=(first, twin, *rest))
    plan = planned(data, items="0", slices="site", corruptions="none")
    tagged = {item.id.partition("/")[0] for item in plan.items if "slice.site" in item.tags}
    assert first.id not in tagged
    assert twin.id not in tagged
    assert rest[0].id in tagged
    assert any("disagree" in note for note in plan.notes)


def shown(plan: Plan, says: Callable[[Request], str]) -> Sequence[Finding]:
    return findings_of(PROBE, plan.requests, [Answer(says(request)) for request in plan.requests], 0)


def flagged(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.tags.get("flag") == "worse"]


def only(found: Sequence[Finding], metric: str, comparison: str, **tags: str) -> Finding:
    keys = ("corruption", "severity", "slice", "mix", "modality", "answer_type", "chance", "control")
    (match,) = [
        f for f in found
        if (f.metric, f.comparison, f.scoring) == (metric, comparison, "strict")
        and {k: v for k, v in f.tags.items() if k in keys} == tags
    ]  # fmt: skip
    return match


def test_a_clean_model_flags_nothing(plan: Plan) -> None:
    found = shown(plan, lambda request: request.item.target)
    assert not flagged(found)
    assert only(found, "shifts.accuracy", "absolute").estimate == 1
    assert only(found, "shifts.flip_rate", "absolute").estimate == 0


def test_a_vendor_that_fails_is_found_and_no_other(plan: Plan) -> None:
    found = shown(plan, vendor_fragile)
    slices = [f for f in flagged(found) if f.comparison == "between_slices" and f.tags.get("mix") == "raw"]
    assert {f.tags["slice"] for f in slices} == {"vendor=Corvid"}
    delta = only(found, "shifts.delta", "between_slices", slice="vendor=Corvid", mix="raw")
    assert delta.estimate == -1
    assert only(found, "shifts.delta", "vs_clean").estimate == 0


def test_a_model_that_fails_on_corrupted_images_is_found(plan: Plan) -> None:
    found = shown(plan, noise_fragile)
    delta = only(found, "shifts.delta", "vs_clean")
    assert delta.tags["flag"] == "worse"
    assert delta.ci_high is not None
    assert delta.ci_high < -0.3
    flips = only(found, "shifts.flip_rate", "absolute")
    assert flips.estimate == pytest.approx(-delta.estimate)  # type: ignore[operator]
    assert only(found, "shifts.accuracy", "absolute", corruption="none").estimate == 1
    assert not [f for f in flagged(found) if f.comparison == "between_slices"]


def test_figures_equal_a_direct_calculation(plan: Plan) -> None:
    """Accuracy, mean over severities, worst corruption and balanced error, counted by hand from the answers."""
    answers = {request.place: noise_fragile(request) for request in plan.requests}
    found = shown(plan, noise_fragile)
    right: dict[str, dict[str, dict[str, float]]] = {}
    for request in plan.requests:
        name, severity = parted(request.condition)
        if request.condition != CLEAN:
            cell = right.setdefault(name, {}).setdefault(request.item.id, {})
            cell[severity] = float(answers[request.place] == request.item.target)
    losses = {}
    for name, items in right.items():
        means = [np.mean(list(cell.values())) for cell in items.values()]
        losses[name] = float(np.mean(means)) - 1
        assert only(found, "shifts.delta", "vs_clean", corruption=name).estimate == pytest.approx(losses[name])
        if len(items) >= 5:
            one = only(found, "shifts.accuracy", "absolute", corruption=name, severity="3")
            assert one.estimate == pytest.approx(np.mean([cell["3"] for cell in items.values()]))
    worst = only(found, "shifts.worst_delta", "absolute")
    assert worst.estimate == pytest.approx(min(losses.values()), abs=1e-5)


def test_errors_leave_the_mean_and_are_counted(plan: Plan) -> None:
    answers: list[Any] = [Answer(request.item.target) for request in plan.requests]
    lost = next(i for i, request in enumerate(plan.requests) if request.condition != CLEAN)
    answers[lost] = Answer.failed("server gone")
    found = findings_of(PROBE, plan.requests, answers, 0)
    assert only(found, "shifts.accuracy", "absolute").n_items == 23
    assert only(found, "shifts.delta", "vs_clean").tags["items_unpaired"] == "1"
