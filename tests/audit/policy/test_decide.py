from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from audit.core.errors import InputError
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.evidence import Share

Z = norm.isf(0.025)


@pytest.mark.parametrize(
    ("estimate", "direction", "kish", "verdict"),
    [
        (0.90, "at_least", 60, "pass"),
        (0.80 + 1.97 * 0.02, "at_least", 60, "pass"),
        (0.80 + 1.95 * 0.02, "at_least", 60, "inconclusive"),
        (0.80, "at_least", 60, "inconclusive"),
        (0.80 - 1.95 * 0.02, "at_least", 60, "inconclusive"),
        (0.80 - 1.97 * 0.02, "at_least", 60, "fail"),
        (0.99, "at_least", 19.9, "inconclusive"),
        (0.50, "at_least", 19.9, "fail"),
        (0.70, "at_most", 60, "pass"),
        (0.90, "at_most", 60, "fail"),
        (0.70, "at_most", 5, "inconclusive"),
    ],
)
def test_verdict_of_one_endpoint(toy: Any, estimate: float, direction: str, kish: float, verdict: str) -> None:
    better = "higher" if direction == "at_least" else "lower"
    draft = toy.draft(toy.Normal(estimate, 0.02, kish), direction=better)
    (finding,) = decide([draft], toy.policy(toy.endpoint(direction=direction)))
    assert finding.verdict == verdict
    assert (finding.role, finding.family, finding.threshold) == ("primary", "primary", 0.8)
    sign = 1 if direction == "at_least" else -1
    z = sign * (estimate - 0.8) / 0.02
    assert finding.p == pytest.approx(norm.cdf(z) if verdict == "fail" else norm.sf(z))
    assert finding.plain_words.startswith("It is what it is. " + verdict.capitalize())


def test_no_interval_is_inconclusive_without_p(toy: Any) -> None:
    (finding,) = decide([toy.draft(toy.Normal(1.0, math.nan, 1.0))], toy.policy(toy.endpoint()))
    assert (finding.verdict, finding.p, finding.p_adjusted, finding.mde) == ("inconclusive", None, None, None)
    assert (finding.ci_low_adjusted, finding.ci_high_adjusted) == (None, None)
    assert "cannot be tested" in finding.plain_words


def three(toy: Any, *zs: float) -> tuple[Any, Any]:
    """Three endpoints at 0.8 with estimates z standard errors away."""
    names = ("toy.a", "toy.b", "toy.c")
    drafts = [toy.draft(toy.Normal(0.8 + z * 0.02, 0.02), name) for name, z in zip(names, zs, strict=True)]
    return drafts, toy.policy(*(toy.endpoint(name) for name in names))


def test_holm_steps_down(toy: Any) -> None:
    """z of .025/3, .025/2 and .025 are 2.394, 2.241 and 1.960."""
    drafts, policy = three(toy, 2.40, 2.25, 1.97)
    assert [finding.verdict for finding in decide(drafts, policy)] == ["pass"] * 3
    drafts, policy = three(toy, 2.40, 2.23, 1.97)
    assert [finding.verdict for finding in decide(drafts, policy)] == ["pass", "inconclusive", "inconclusive"]
    drafts, policy = three(toy, 2.39, 2.38, 2.37)
    assert [finding.verdict for finding in decide(drafts, policy)] == ["inconclusive"] * 3


def test_false_fail_is_a_family_of_its_own(toy: Any) -> None:
    drafts, policy = three(toy, -2.40, 2.40, 0.0)
    found = decide(drafts, policy)
    assert [finding.verdict for finding in found] == ["fail", "pass", "inconclusive"]
    assert found[0].p_adjusted == pytest.approx(3 * norm.sf(2.40))


def test_adjusted_bounds_agree_with_holm(toy: Any) -> None:
    drafts, policy = three(toy, 3.0, 1.0, 0.0)
    passed, second, third = decide(drafts, policy)
    assert passed.ci_low_adjusted == 0.8
    assert second.ci_low_adjusted == pytest.approx(0.82 - 0.02 * norm.isf(0.025 / 2))
    assert third.ci_high_adjusted == pytest.approx(0.80 + 0.02 * norm.isf(0.025 / 3))
    drafts, policy = three(toy, 5.0, 4.0, 2.0)
    found = decide(drafts, policy)
    assert found[0].ci_low_adjusted == pytest.approx(0.9 - 0.02 * norm.isf(0.025 / 3))
    assert found[2].ci_low_adjusted == 0.8


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=5), st.sampled_from(["at_least", "at_most"]))
def test_verdict_and_adjusted_interval_never_contradict(toy: Any, zs: list[float], direction: str) -> None:
    names = [f"toy.m{k}" for k in range(len(zs))]
    better = "higher" if direction == "at_least" else "lower"
    drafts = [toy.draft(toy.Normal(0.5 + z * 0.02), name, direction=better) for name, z in zip(names, zs, strict=True)]
    policy = toy.policy(*(toy.endpoint(name, 0.5, direction) for name in names))
    for finding in decide(drafts, policy):
        low, high = finding.ci_low_adjusted, finding.ci_high_adjusted
        assert low is not None
        assert high is not None
        assert low <= finding.estimate <= high
        above, below = low >= 0.5, high <= 0.5
        good, bad = (above, below) if direction == "at_least" else (below, above)
        assert finding.verdict == ("pass" if good else "fail" if bad else "inconclusive")
        assert (finding.p_adjusted <= policy.alpha) is (finding.verdict in ("pass", "fail"))


def test_few_clusters_do_not_help_the_others(toy: Any) -> None:
    drafts, policy = three(toy, 2.30, 9.0, 9.0)
    thin = [drafts[0], *(toy.draft(toy.Normal(0.98, 0.02, 8.0), d.finding.metric) for d in drafts[1:])]
    assert [finding.verdict for finding in decide(drafts, policy)] == ["pass", "pass", "pass"]
    assert [finding.verdict for finding in decide(thin, policy)] == ["inconclusive"] * 3
    assert "fewer than 20 independent groups" in decide(thin, policy)[1].plain_words


def test_endpoint_without_a_draft_is_not_assessed_and_counts(toy: Any) -> None:
    policy = toy.policy(toy.endpoint("toy.a"), toy.endpoint("toy.b"), toy.endpoint("toy.a", None))
    found = decide([toy.draft(toy.Normal(0.8 + 2.30 * 0.02), "toy.a")], policy)
    assert [finding.verdict for finding in found] == ["inconclusive", "not_assessed", "not_assessed"]
    assert found[1].metric == "toy.b"
    assert (found[2].comparison, found[2].base, found[2].threshold) == ("vs_base", "base", -0.05)
    assert "no comparison with a base model was possible" in found[2].plain_words
    (alone,) = decide([toy.draft(toy.Normal(0.8 + 2.30 * 0.02), "toy.a")], toy.policy(toy.endpoint("toy.a")))
    assert alone.verdict == "pass"


def test_only_endpoints_of_probes_that_were_asked_for_count(toy: Any) -> None:
    policy = toy.policy(toy.endpoint("toy.a"), toy.endpoint("other.b"))
    draft = toy.draft(toy.Normal(0.9), "toy.a")
    assert [f.metric for f in decide([draft], policy)] == ["toy.a"]
    assert [f.metric for f in decide([draft], policy, probes=["toy", "other"])] == ["toy.a", "other.b"]
    assert [f.verdict for f in decide([], policy, probes=["other"])] == ["not_assessed"]
    required = toy.policy(*policy.primary, required_probes=("other",))
    assert [f.metric for f in decide([draft], required)] == ["toy.a", "other.b"]


def test_endpoint_matches_scoring_tags_and_role_exactly(toy: Any) -> None:
    policy = toy.policy(toy.endpoint("toy.a", tags={"tier": "v1"}))
    good = toy.Normal(0.95)
    drafts = [
        toy.draft(good, "toy.a"),
        toy.draft(good, "toy.a", tags={"tier": "v1", "few_clusters": "yes"}),
        toy.draft(good, "toy.a", tags={"tier": "v1", "format": "open"}),
        toy.draft(good, "toy.a", tags={"tier": "v1"}, scoring="published"),
        toy.draft(good, "toy.a", tags={"tier": "v1"}, model="base"),
    ]
    assert [f.role for f in decide(drafts, policy)] == ["exploratory", "primary", *["exploratory"] * 3]


def test_contradicting_direction_is_an_input_error(toy: Any) -> None:
    with pytest.raises(InputError, match=r"toy\.accuracy 'at_most'.*'at_least'"):
        decide([toy.draft(toy.Normal(0.9))], toy.policy(toy.endpoint(direction="at_most")))


def test_two_drafts_of_one_claim_are_refused(toy: Any) -> None:
    draft = toy.draft(toy.Normal(0.9))
    with pytest.raises(ValueError, match="same id"):
        decide([draft, draft], toy.policy())


def test_exploratory_findings_are_flagged_by_bh_and_never_decide(toy: Any) -> None:
    ps = [0.001, 0.02, 0.03, 0.2]
    drafts = [
        toy.draft(toy.Normal(0.5 + sign * norm.isf(p / 2) * 0.02), f"toy.m{k}", null=0.5)
        for k, (p, sign) in enumerate(zip(ps, (-1, 1, 1, 1), strict=True))
    ]
    found = decide(drafts, toy.policy(fdr=0.05))
    assert [f.p for f in found] == pytest.approx(ps)
    assert [f.p_adjusted for f in found] == pytest.approx([0.004, 0.04, 0.04, 0.2])
    assert [f.tags.get("flag") for f in found] == ["worse", "better", "better", None]
    assert {f.verdict for f in found} == {"info"}
    assert {f.family for f in found} == {"toy.absolute"}


def test_another_probe_moves_no_exploratory_p_and_no_interval(toy: Any) -> None:
    drafts = [toy.draft(toy.Normal(0.55), f"toy.m{k}", null=0.5) for k in range(3)]
    more = [toy.draft(toy.Normal(0.5), f"other.m{k}", null=0.5) for k in range(9)]
    alone, beside = decide(drafts, toy.policy()), decide([*more, *drafts], toy.policy())
    assert alone == beside[9:]


def test_a_whole_probe_more_moves_no_interval(toy: Any) -> None:
    rng = np.random.default_rng(3)
    rows = toy.rows(list((rng.random(120) < 0.7).astype(float))) + toy.rows(
        list((rng.random(120) < 0.6).astype(float)), model="base"
    )
    other = toy.rows(list((rng.random(120) < 0.7).astype(float)), probe="other")
    policy = toy.policy(toy.endpoint("toy.youden_j", 0.1))
    mine = conclude("toy", [toy.accuracy, toy.youden_j], rows, policy, 1)
    theirs = conclude("other", [toy.accuracy], other, policy, 1)
    alone, beside = decide(mine, policy), decide([*theirs, *mine], policy)
    assert [(f.id, f.ci_low, f.ci_high, f.p, f.p_adjusted) for f in alone] == [
        (f.id, f.ci_low, f.ci_high, f.p, f.p_adjusted) for f in beside if f.probe == "toy"
    ]


@pytest.mark.parametrize(
    ("difference", "se", "kish", "direction", "expected", "outcome"),
    [
        (0.00, 0.01, 60, "higher", "equivalent", "tie"),
        (0.00, 0.04, 60, "higher", "inconclusive", "tie"),
        (0.03, 0.01, 60, "higher", "equivalent", "win"),
        (0.10, 0.02, 60, "higher", "superior", "win"),
        (0.04, 0.03, 60, "higher", "noninferior", "tie"),
        (-0.20, 0.02, 60, "higher", "inferior", "loss"),
        (-0.07, 0.02, 60, "higher", "inconclusive", "loss"),
        (0.20, 0.02, 60, "lower", "inferior", "loss"),
        (-0.10, 0.02, 60, "lower", "superior", "win"),
        (-0.04, 0.03, 60, "lower", "noninferior", "tie"),
        (0.00, 0.01, 10, "higher", "inconclusive", "tie"),
        (-0.20, 0.02, 10, "higher", "inferior", "loss"),
    ],
)
def test_against_the_base(
    toy: Any, difference: float, se: float, kish: float, direction: str, expected: str, outcome: str
) -> None:
    draft = toy.draft(toy.Normal(difference, se, kish), comparison="vs_base", null=0.0, direction=direction)
    (finding,) = decide([draft], toy.policy())
    assert (finding.equivalence, finding.margin, finding.tags["outcome"]) == (expected, 0.05, outcome)
    assert finding.verdict == "info"


def test_equivalence_is_adjusted_over_its_own_family(toy: Any) -> None:
    """TOST at the very margin of .05 passes alone and not among three."""
    se = 0.05 / (norm.isf(0.05) * 1.01)
    drafts = [toy.draft(toy.Normal(0.0, se), f"toy.m{k}", "vs_base", null=0.0) for k in range(3)]
    assert [f.equivalence for f in decide(drafts[:1], toy.policy())] == ["equivalent"]
    assert {f.equivalence for f in decide(drafts, toy.policy())} == {"inconclusive"}


@pytest.mark.parametrize(("z", "verdict"), [(1.97, "pass"), (1.0, "inconclusive"), (-1.97, "fail")])
def test_non_inferiority_endpoint_is_tested_at_the_margin(toy: Any, z: float, verdict: str) -> None:
    draft = toy.draft(toy.Normal(-0.05 + z * 0.05, 0.05), "toy.a", "vs_base", null=0.0)
    (finding,) = decide([draft], toy.policy(toy.endpoint("toy.a", None)))
    assert (finding.verdict, finding.threshold, finding.margin) == (verdict, -0.05, 0.05)
    assert finding.equivalence == {"pass": "noninferior", "fail": "inferior"}.get(verdict, "inconclusive")


def test_mde_is_from_the_adjusted_alpha_and_never_from_the_effect(toy: Any) -> None:
    drafts, policy = three(toy, 0.0, 0.5, 9.0)
    expected = (norm.isf(0.025 / 3) + norm.isf(0.2)) * 0.02
    found = decide(drafts, policy)
    assert [f.mde for f in found] == pytest.approx([expected] * 3)
    assert found[0].tags["clusters_needed"] == str(math.ceil(60 * (expected / 0.05) ** 2))
    assert "to resolve the margin of 0.05" in found[0].plain_words


def test_control_scores_stay_out_of_every_family(toy: Any) -> None:
    draft = toy.draft(toy.Normal(0.9), null=0.5)
    control = type(draft)(draft.finding.__class__(**{**vars(draft.finding), "scoring": "control"}), None)
    found = decide([draft, control], toy.policy())
    assert (found[1].p, found[1].family, found[1].verdict) == (None, None, "info")
    assert found[0].p_adjusted == found[0].p


def test_a_model_at_the_threshold_rarely_passes(toy: Any) -> None:
    """Three endpoints at their thresholds, clustered answers: any false pass, and any false fail, within alpha."""
    rng, runs, clusters = np.random.default_rng(11), 1500, 40
    policy = toy.policy(*(toy.endpoint(f"toy.m{k}", 0.8) for k in range(3)))
    passed = failed = 0
    for _ in range(runs):
        shares = rng.beta(0.8 * 4, 0.2 * 4, size=(3, clusters))
        right = rng.binomial(5, shares)
        drafts = [
            toy.draft(Share(np.stack([row, np.full(clusters, 5)], axis=1).astype(float)), f"toy.m{k}")
            for k, row in enumerate(right)
        ]
        verdicts = {finding.verdict for finding in decide(drafts, policy)}
        passed += "pass" in verdicts
        failed += "fail" in verdicts
    allowed = 0.025 + 3 * math.sqrt(0.025 * 0.975 / runs)
    assert passed / runs <= allowed
    assert failed / runs <= allowed
    assert passed + failed > 0
