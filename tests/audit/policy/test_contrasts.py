"""Contrasts with the clean image and between slices: equal to direct calculations, and honest where data is thin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from audit.core.contrast import AgainstCondition, BetweenSlices
from audit.core.finding import Finding
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from audit.policy.conclude import conclude
from audit.policy.policy import Policy, load_policy

POLICY = replace(load_policy(), resamples=2000)


def right(seen: Observation) -> tuple[float, float]:
    return float(seen.value or 0.0), 1.0


def told(
    values: Sequence[float],
    *,
    role: ModelRole = "model",
    condition: str = "clean",
    clusters: Sequence[str] | None = None,
    sites: Sequence[str] | None = None,
) -> list[Observation]:
    return [
        Observation(
            "toy", f"q{i}", clusters[i] if clusters else f"c{i}", role, "control" if condition == "blind" else "strict",
            "correct" if value else "wrong", float(value), condition=condition,
            tags={"site": sites[i] if sites else "a", "kind": f"k{i % 2}"},
        )
        for i, value in enumerate(values)
    ]  # fmt: skip


def clean_measure() -> Measure:
    return AgainstCondition("toy.delta", "Change", "", right, share, condition="noisy")


def slice_measure(**change: object) -> Measure:
    measure = BetweenSlices(
        "toy.gap", "Gap", "", right, share, within=lambda seen: seen.tags["site"] == "a", tags={"slice": "site=a"}
    )
    return replace(measure, **change)  # type: ignore[arg-type]


def concluded(measures: Sequence[Measure], rows: Sequence[Observation], policy: Policy = POLICY) -> list[Finding]:
    return [draft.finding for draft in conclude("toy", measures, rows, policy, 0)]


def draws(n: int, share_right: float, seed: int) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).random(n) < share_right]


def test_vs_clean_is_the_paired_difference() -> None:
    clean, noisy = draws(200, 0.8, 0), draws(200, 0.6, 1)
    (found,) = concluded([clean_measure()], told(clean) + told(noisy, condition="noisy"))
    difference = np.array(noisy) - np.array(clean)
    assert (found.comparison, found.null, found.n_items) == ("vs_clean", 0.0, 200)
    assert found.estimate == pytest.approx(difference.mean())
    se = difference.std(ddof=1) / np.sqrt(200)
    assert found.ci_low == pytest.approx(difference.mean() - 1.97 * se, abs=0.012)
    assert found.ci_high == pytest.approx(difference.mean() + 1.97 * se, abs=0.012)


def test_clean_answers_that_were_never_asked_again_are_no_loss() -> None:
    rows = told(draws(40, 0.8, 0)) + told(draws(25, 0.5, 1), condition="noisy")
    (found,) = concluded([clean_measure()], rows)
    assert found.n_items == 25
    assert "items_unpaired" not in found.tags
    lost = [
        replace(row, outcome="error", value=None) if (row.item, row.condition) == ("q3", "noisy") else row
        for row in rows
    ]
    (found,) = concluded([clean_measure()], lost)
    assert (found.n_items, found.tags["items_unpaired"]) == (24, "1")


def test_did_of_conditions_is_the_difference_of_the_differences() -> None:
    values = {(role, condition): draws(120, p, i) for i, (role, condition, p) in enumerate(
        [("model", "clean", 0.9), ("model", "noisy", 0.4), ("base", "clean", 0.7), ("base", "noisy", 0.65)]
    )}  # fmt: skip
    rows = [row for (role, condition), v in values.items() for row in told(v, role=role, condition=condition)]  # type: ignore[arg-type]
    found = {(f.comparison, f.model): f for f in concluded([clean_measure()], rows)}
    assert set(found) == {("vs_clean", "model"), ("vs_clean", "base"), ("did", "model")}
    did = found["did", "model"]
    each = (np.array(values["model", "noisy"]) - values["model", "clean"]) - (
        np.array(values["base", "noisy"]) - values["base", "clean"]
    )
    assert did.estimate == pytest.approx(each.mean())
    se = each.std(ddof=1) / np.sqrt(120)
    assert did.ci_low is not None
    assert did.ci_high is not None
    assert did.ci_high - did.ci_low == pytest.approx(2 * 1.98 * se, rel=0.08)
    assert did.ci_high < 0


def test_everything_lost_is_shown_with_an_interval() -> None:
    (found,) = concluded([clean_measure()], told([1.0] * 40) + told([0.0] * 40, condition="noisy"))
    assert found.estimate == -1
    assert found.ci_high is not None
    assert found.ci_high < -0.5


def sites(n: int, first: int) -> list[str]:
    return ["a" if i < first else "b" for i in range(n)]


def test_between_slices_agrees_with_two_independent_samples() -> None:
    values = draws(90, 0.5, 1) + draws(150, 0.8, 2)
    (found,) = concluded([slice_measure()], told(values, sites=sites(240, 90)))
    one, two = np.array(values[:90]), np.array(values[90:])
    assert found.estimate == pytest.approx(one.mean() - two.mean())
    se = np.sqrt(one.var(ddof=1) / 90 + two.var(ddof=1) / 150)
    assert found.ci_low == pytest.approx(found.estimate - 1.98 * se, abs=0.02)
    assert found.ci_high == pytest.approx(found.estimate + 1.98 * se, abs=0.02)


def test_ratio_is_kept_back_where_the_rest_reaches_chance() -> None:
    known = concluded([slice_measure(how="ratio", chance=0.25)], told(draws(200, 0.7, 3), sites=sites(200, 80)))[0]
    values = np.array(draws(200, 0.7, 3))
    assert known.estimate == pytest.approx(values[:80].mean() / values[80:].mean())
    assert known.null == 1.0
    assert known.ci_low is not None
    guessed = concluded([slice_measure(how="ratio", chance=0.5)], told(draws(200, 0.5, 4), sites=sites(200, 80)))[0]
    assert guessed.estimate is None
    assert "few_clusters" not in guessed.tags
    assert "chance" in guessed.plain_words


def test_standardising_takes_case_mix_out() -> None:
    """Kind k1 is hard everywhere and common at site a: raw there is a gap, at equal case mix there is none."""
    rng = np.random.default_rng(5)
    rows = []
    for i in range(600):
        site = "a" if i < 300 else "b"
        kind = "k1" if rng.random() < (0.8 if site == "a" else 0.2) else "k0"
        value = float(rng.random() < (0.3 if kind == "k1" else 0.9))
        rows += [
            replace(row, item=f"q{i}", cluster=f"c{i}", tags={"site": site, "kind": kind}) for row in told([value])
        ]
    raw, even = (
        concluded([slice_measure(stratum=stratum)], rows)[0] for stratum in (None, lambda seen: seen.tags["kind"])
    )
    assert raw.ci_high is not None
    assert raw.ci_high < -0.2
    assert even.ci_low is not None
    assert even.ci_high is not None
    assert even.ci_low < 0 < even.ci_high
    ratio = concluded([slice_measure(how="ratio", stratum=lambda seen: seen.tags["kind"])], rows)[0]
    assert ratio.ci_low is not None
    assert ratio.ci_high is not None
    assert ratio.ci_low < 1 < ratio.ci_high


def test_small_slices_are_reported_and_not_tested() -> None:
    drafts = conclude("toy", [slice_measure()], told(draws(100, 0.6, 6), sites=sites(100, 12)), POLICY, 0)
    assert drafts[0].evidence is None
    assert drafts[0].finding.estimate is not None
    assert drafts[0].finding.tags["few_clusters"] == "yes"
    assert "not tested" in drafts[0].finding.plain_words


@pytest.mark.parametrize("straddles", [False, True])
def test_did_between_slices(straddles: bool) -> None:
    model, base = draws(100, 0.4, 7) + draws(100, 0.9, 8), draws(100, 0.7, 9) + draws(100, 0.8, 10)
    clusters = [f"c{i % 100 if straddles else i}" for i in range(200)]
    rows = told(model, clusters=clusters, sites=sites(200, 100))
    rows += told(base, role="base", clusters=clusters, sites=sites(200, 100))
    (did,) = (found for found in concluded([slice_measure()], rows) if found.comparison == "did")
    gap = np.array(model) - np.array(base)
    assert did.estimate == pytest.approx(gap[:100].mean() - gap[100:].mean())
    assert did.ci_high is not None
    assert did.ci_high < 0
    assert did.n_clusters == (100 if straddles else 200)


@pytest.mark.parametrize(
    ("blind", "said"),
    [(lambda v: v, "does not test vision"), (lambda v: [0.0] * len(v), "test vision: the images are worth more")],
)
def test_a_set_that_does_not_test_vision_is_called_so(blind: Callable[[list[float]], list[float]], said: str) -> None:
    values = draws(100, 0.8, 11)
    measure = Measure("toy.accuracy", "Right", "{value}", right, share, against=("blind",), needs_vision=True)
    found = concluded([measure], told(values) + told(blind(values), condition="blind"))
    (versus,) = (f for f in found if f.comparison == "vs_control")
    assert said in versus.plain_words
    plain = concluded([replace(measure, needs_vision=False)], told(values) + told(blind(values), condition="blind"))
    assert not any("test vision" in finding.plain_words for finding in plain)


def test_a_measure_of_a_part_finds_its_own_as_if_it_had_looked_at_all() -> None:
    rng = np.random.default_rng(4)
    roles: tuple[ModelRole, ...] = ("model", "base")
    rows = [
        row for role in roles for row in told(rng.integers(0, 2, 90), role=role, sites=["north", "south", "east"] * 30)
    ]
    rows += [replace(row, item=f"{row.item}x", tags={}) for row in rows[:20]]  # an observation without the tag

    def part(seen: Observation) -> tuple[float, float] | None:
        return right(seen) if seen.tags.get("site") == "north" else None

    whole = Measure("toy.part", "Part", "{value}", part, share, tags={"site": "north"})
    parts = [replace(whole, among=("site", "north")), replace(whole, among=("site", "west"))]
    found = [conclude("toy", [measure], rows, POLICY, 1) for measure in (whole, *parts)]
    assert [draft.finding for draft in found[1]] == [draft.finding for draft in found[0]]
    assert found[0][0].finding.n_items == 30
    assert found[2] == ()
