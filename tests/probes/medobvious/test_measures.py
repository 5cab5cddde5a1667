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
from probes.medobvious.position_bias import bias_null, total_variation
from probes.medobvious.probe import PROBE
from probes.medobvious.rates import youden


def test_youden_is_sensitivity_less_false_alarms_and_undefined_without_either() -> None:
    totals = np.array([[8.0, 10.0, 3.0, 12.0], [1.0, 0.0, 1.0, 2.0], [1.0, 2.0, 0.0, 0.0]])
    values = youden(totals)
    assert values[0] == pytest.approx(0.8 - 0.25)
    assert np.isnan(values[1:]).all()


def test_total_variation_against_its_definition() -> None:
    rng = np.random.default_rng(0)
    given, true = rng.multinomial(50, [0.1, 0.2, 0.3, 0.4], 7), rng.multinomial(50, [0.25] * 4, 7)
    value = total_variation(4)(np.concatenate([given, true], axis=1).astype(float))
    assert value == pytest.approx(np.abs(given / 50 - true / 50).sum(axis=1) / 2)
    assert np.isnan(total_variation(4)(np.zeros(8)))


def test_blind_even_picking_comes_to_the_null_of_position_bias(kit) -> None:
    requests = [r for r in kit.plan(kit.labelled(60), variants="grid").requests if r.condition == "clean"]
    rng = np.random.default_rng(1)
    values, nulls = [], []
    for _ in range(60):
        places = {}

        def say(request, places=places) -> str:
            labels = request.query.options[:-1]
            # the same place for all questions on one grid: the case for which the null is meant
            pick = places.setdefault(request.item.cluster, int(rng.integers(len(labels))))
            return labels[min(pick, len(labels) - 1)].label if len(labels) > 1 else "yes"

        # the first question met on a grid must be one about places
        observed = kit.observe(requests, say)
        values.append(kit.value_of(observed, "position_bias"))
        nulls.append(bias_null([row for row in observed if row.scoring == "strict"]))
    assert np.mean(values) == pytest.approx(np.mean(nulls), rel=0.12)
    assert nulls[0] == pytest.approx(0.5 * _share(12, 4) + 0.5 * _share(12, 9), abs=1e-9)


def _share(clusters: int, places: int) -> float:
    share = 1 / places
    return 0.5 * places * math.sqrt(2 / math.pi) * math.sqrt(share * (1 - share) / clusters)


def test_conditions_are_told_apart_by_tags_and_only_the_headline_is_untagged(kit) -> None:
    requests = kit.plan(kit.labelled(60)).requests
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


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_each_planted_flaw_is_found_and_a_perfect_model_has_none(kit, flaw) -> None:
    requests = kit.plan(kit.labelled(60), variants="grid", prompts="published").requests
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
