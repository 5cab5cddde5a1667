"""Measures: against closed forms, with the flaws that they must find."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from audit.policy.conclude import conclude
from audit.policy.load import read_policy
from probes.medobvious.flaws import FLAWS
from probes.medobvious.probe import PROBE
from probes.medobvious.rates import youden


def test_youden_is_sensitivity_less_false_alarms_and_undefined_without_either() -> None:
    totals = np.array([[8.0, 10.0, 3.0, 12.0], [1.0, 0.0, 1.0, 2.0], [1.0, 2.0, 0.0, 0.0]])
    values = youden(totals)
    assert values[0] == pytest.approx(0.8 - 0.25)
    assert np.isnan(values[1:]).all()


def test_a_favourite_place_is_measured_by_how_much_too_often_it_is_named(kit) -> None:
    requests = [r for r in kit.plan(kit.labelled(60), n_grids=24, variants="grid").requests if r.condition == "clean"]
    first = kit.observe(requests, lambda r: r.query.options[0].label)
    elsewhere = [r for r in requests if _asks_for_a_place(r) and r.item.target != r.query.options[0].label]
    excess = [1 - 1 / {"2x2": 3, "3x3": 8}[r.item.tags["grid"]] for r in elsewhere]
    assert kit.value_of(first, "position_bias") == pytest.approx(sum(excess) / len(excess))
    right = kit.observe(requests, lambda r: r.item.target)
    assert kit.value_of(right, "position_bias") == 0


def _asks_for_a_place(request) -> bool:
    return request.item.tags["polarity"] == "positive" and request.item.tags["format"] != "visual_referring"


@pytest.mark.parametrize("knows", [0.0, 0.5])
@pytest.mark.parametrize("favour", [0.0, 0.6])
def test_even_picking_has_no_favourite_on_average_however_much_is_known(kit, favour: float, knows: float) -> None:
    requests = [r for r in kit.plan(kit.labelled(60), n_grids=24, variants="grid").requests if r.condition == "clean"]
    rng = np.random.default_rng(1)
    values = []
    for _ in range(25):
        luck: dict[str, float] = {}

        def say(request, luck=luck) -> str:
            # all questions on one grid get the same place: the hardest case, since answers are not independent
            labels = request.query.options[:-1]
            drawn = luck.setdefault(request.item.cluster, float(rng.uniform(-favour, 1 - favour)))
            if luck.setdefault("knows " + request.item.cluster, float(rng.uniform())) < knows:
                return request.item.target
            return labels[int(max(drawn, 0.0) / (1 - favour) * len(labels) * 0.9999)].label

        values.append(kit.value_of(kit.observe(requests, say), "position_bias"))
    standard_error = np.std(values, ddof=1) / math.sqrt(len(values))
    if favour:
        assert np.mean(values) > 0.15
    else:
        assert abs(np.mean(values)) < 3 * standard_error


def test_conditions_are_told_apart_by_tags_and_only_the_headline_is_untagged(kit) -> None:
    requests = kit.plan(kit.labelled(60), n_grids=24).requests
    blind = [replace(r, condition="blind" if r.condition == "clean" else f"{r.condition}+blind") for r in requests]
    controls = {r.condition for r in blind}
    observed = kit.observe([*requests, *blind], lambda r: r.item.target, controls)
    measures = PROBE.measures(observed)
    headline = {(m.metric, m.scoring, m.condition, tuple(m.tags)) for m in measures if m.headline}
    assert headline == {
        (f"medobvious.{name}", "strict", "clean", ()) for name in ("sensitivity", "false_alarm_rate", "youden_j")
    }
    keys = Counter((m.metric, m.scoring, tuple(sorted(m.tags.items()))) for m in measures)
    assert max(keys.values()) == 1
    own = {"prompt", "variant"}
    against = {m.condition: m.against for m in measures if m.metric == "medobvious.youden_j" and set(m.tags) <= own}
    assert against["clean"] == ("blind",)
    assert against["uniform"] == ("uniform+blind",)
    assert {m.tags.get("variant") for m in measures if m.condition == "multi_image"} == {"multi_image"}
    assert all(m.tags["prompt"] == "uniform" for m in measures if m.condition != "clean")
    assert all("{value}" in m.words for m in measures)
    for tag, values in (("grid", {"2x2", "3x3"}), ("polarity", {"positive", "negative"})):
        assert {m.tags[tag] for m in measures if m.metric == "medobvious.accuracy" and tag in m.tags} == values


def test_chance_is_the_null_of_the_shares(kit, official_requests) -> None:
    observed = kit.observe(official_requests, lambda r: r.item.target)
    null = {(m.metric, m.scoring, tuple(m.tags.items())): m.null for m in PROBE.measures(observed)}
    two, three = 1 / 5, 1 / 10
    positive = (190 * (4 * two + 0.5) + 45 * (4 * three + 0.5)) / 1175
    assert null["medobvious.sensitivity", "strict", ()] == pytest.approx(positive)
    negative = (190 * (2 * two + 0.5) + 45 * (2 * three + 0.5)) / 705
    assert null["medobvious.false_alarm_rate", "strict", ()] == pytest.approx(1 - negative)
    assert null["medobvious.youden_j", "strict", ()] == 0


ALONE = ("over_caller", "always_none", "position_biased", "lists_everything")  # shown without a base or a control


@pytest.mark.parametrize("flaw", [flaw for flaw in FLAWS if flaw.name in ALONE], ids=lambda flaw: flaw.name)
def test_each_planted_flaw_is_found_and_a_perfect_model_has_none(kit, flaw) -> None:
    requests = kit.plan(kit.labelled(60), n_grids=24, variants="grid", prompts="published").requests
    policy = replace(read_policy(None), resamples=2000)

    def flagged(say) -> set[str]:
        observed = kit.observe(requests, say)
        chosen = [m for m in PROBE.measures(observed) if m.scoring == "strict" and not m.tags]
        found = set()
        for draft in conclude("medobvious", chosen, observed, policy, seed=0):
            finding = draft.finding
            if finding.null is None or finding.ci_low is None or finding.ci_high is None:
                continue
            below = finding.direction == "higher" and finding.ci_high < finding.null
            above = finding.direction == "lower" and finding.ci_low > finding.null
            if below or above:
                found.add(finding.metric)
        return found

    assert set(flaw.finds) <= flagged(flaw.answer)
    assert flagged(lambda request: request.item.target) == set()
