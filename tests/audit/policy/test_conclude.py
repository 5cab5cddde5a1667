from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audit.core.finding import stream_seed
from audit.core.observation import Observation
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.draft import Draft
from audit.stats.bootstrap import bca, bootstrap
from audit.stats.paired import paired
from audit.stats.proportion import korn_graubard

SEED = 7


def pick(
    drafts: tuple[Draft, ...], metric: str, comparison: str = "absolute", model: str = "model", **tags: str
) -> Draft:
    found = [
        draft
        for draft in drafts
        if (draft.finding.metric, draft.finding.comparison, draft.finding.model) == (metric, comparison, model)
        and tags.items() <= draft.finding.tags.items()
        and ("control" in draft.finding.tags) == ("control" in tags)
    ]
    assert len(found) == 1
    return found[0]


def values(share: float, size: int = 200, seed: int = 0) -> list[float | None]:
    return [float(x) for x in np.random.default_rng(seed).random(size) < share]


def totals(rows: list[Observation], measure: Any) -> np.ndarray:
    """Cluster totals by a plain loop, clusters sorted by name."""
    names = sorted({row.cluster for row in rows})
    return np.array([np.sum([measure.row(r) for r in rows if r.cluster == name], axis=0) for name in names])


def test_share_is_korn_graubard_of_the_totals(toy: Any) -> None:
    rows = toy.rows(values(0.7), per_cluster=4)
    (draft,) = conclude("toy", [toy.accuracy], rows, toy.policy(), SEED)
    expected = korn_graubard(totals(rows, toy.accuracy), 0.95)
    finding = draft.finding
    assert finding.estimate == pytest.approx(np.mean([row.value for row in rows]))
    assert (finding.ci_low, finding.ci_high) == pytest.approx((expected.interval.low, expected.interval.high))
    assert finding.ci_method == expected.interval.method
    assert (finding.n_items, finding.n_clusters, finding.n_unjudged) == (200, 50, 0)
    assert (finding.model, finding.base, finding.comparison, finding.null) == ("model", None, "absolute", 0.25)
    assert finding.verdict == "info"


def test_closed_form_of_independent_items(toy: Any) -> None:
    """One item per cluster, equal variance in all: Korn-Graubard is close to Clopper-Pearson over n - 1."""
    from scipy.stats import beta

    rows = toy.rows([1.0] * 150 + [0.0] * 50, per_cluster=1)
    finding = conclude("toy", [toy.accuracy], rows, toy.policy(), SEED)[0].finding
    low, high = beta.ppf(0.025, 150, 51), beta.ppf(0.975, 151, 50)
    assert (finding.ci_low, finding.ci_high) == pytest.approx((low, high), abs=0.002)


@pytest.mark.parametrize("name", ["youden_j", "mean"])
def test_other_statistics_are_bca_with_the_findings_own_generator(toy: Any, name: str) -> None:
    measure = getattr(toy, name)
    rows = toy.rows(values(0.7), per_cluster=4)
    (draft,) = conclude("toy", [measure], rows, toy.policy(), SEED)
    rng = np.random.default_rng(stream_seed(SEED, draft.finding.id))
    boot = bootstrap(totals(rows, measure), measure.statistic, rng, 1000, sizes=np.full(50, 4.0))
    interval = bca(boot, 0.95)
    assert interval is not None
    outlier = np.mean([row.value for row in rows if row.tags["polarity"] == "outlier"])
    none = np.mean([row.value for row in rows if row.tags["polarity"] == "none"])
    by_hand = outlier - (1 - none) if name == "youden_j" else (outlier + none) / 2
    assert draft.finding.estimate == pytest.approx(by_hand)
    assert (draft.finding.ci_low, draft.finding.ci_high) == (interval.low, interval.high)


def test_against_base_is_paired_by_item(toy: Any) -> None:
    mine, theirs = values(0.6, seed=1), values(0.8, seed=2)
    rows, other = toy.rows(mine, 4), toy.rows(theirs, 4, model="base")
    drafts = conclude("toy", [toy.accuracy], rows + other, toy.policy(), SEED)
    finding = pick(drafts, "toy.accuracy", "vs_base").finding
    rng = np.random.default_rng(stream_seed(SEED, finding.id))
    expected = paired(
        totals(rows, toy.accuracy),
        totals(other, toy.accuracy),
        toy.accuracy.statistic,
        rng,
        1000,
        sizes=np.full(50, 4.0),
    )
    assert finding.estimate == pytest.approx(np.mean(mine) - np.mean(theirs))
    assert (finding.ci_low, finding.ci_high) == (expected.interval.low, expected.interval.high)
    assert (finding.model, finding.base, finding.null) == ("model", "base", 0.0)
    lost = [row.item for row, b in zip(rows, other, strict=True) if b.value == 1 and row.value == 0]
    assert finding.item_ids == tuple(sorted(lost))[:50]
    assert pick(drafts, "toy.accuracy", model="base").finding.title == "Right answers (base model)"


def test_a_missing_answer_leaves_both_arms_and_is_counted(toy: Any) -> None:
    mine, theirs = values(0.6, seed=1), values(0.8, seed=2)
    mine[3] = theirs[10] = theirs[11] = None
    drafts = conclude("toy", [toy.accuracy], toy.rows(mine) + toy.rows(theirs, model="base"), toy.policy(), SEED)
    finding = pick(drafts, "toy.accuracy", "vs_base").finding
    both = [(a, b) for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None]
    assert finding.n_items == len(both) == 197
    assert finding.estimate == pytest.approx(np.mean([a - b for a, b in both]))
    assert finding.tags["items_unpaired"] == "3"
    assert "3 items were answered on one side only" in finding.plain_words
    assert pick(drafts, "toy.accuracy").finding.n_items == 199


def test_left_out_by_the_scoring_is_not_missing(toy: Any) -> None:
    """A row that is None for one model only: each arm keeps its own denominator, the place stays paired."""
    measure = replace(toy.accuracy, row=lambda row: None if row.outcome == "unparsed" else (row.value, 1.0))
    mine: list[float | None] = [1.0, 1.0, 0.0, -1] * 20
    theirs: list[float | None] = [1.0, 0.0, 0.0, 0.0] * 20
    drafts = conclude("toy", [measure], toy.rows(mine) + toy.rows(theirs, model="base"), toy.policy(), SEED)
    finding = pick(drafts, "toy.accuracy", "vs_base").finding
    assert finding.estimate == pytest.approx(2 / 3 - 1 / 4)
    assert finding.n_items == 80
    assert finding.n_unjudged == 20
    assert "items_unpaired" not in finding.tags


def test_no_base_no_comparison(toy: Any) -> None:
    drafts = conclude("toy", [toy.accuracy, toy.youden_j], toy.rows(values(0.6)), toy.policy(), SEED)
    assert {draft.finding.comparison for draft in drafts} == {"absolute"}
    assert len(drafts) == 2


@pytest.mark.parametrize(("blind", "nothing"), [(0.70, True), (0.30, False)])
def test_control_is_compared_by_interval(toy: Any, blind: float, nothing: bool) -> None:
    measure = replace(toy.accuracy, against=("blind", "constant"))
    rows = toy.rows(values(0.75, 200, 1)) + toy.rows(values(blind, 200, 2), condition="blind", scoring="control")
    drafts = conclude("toy", [measure], rows, toy.policy(), SEED)
    assert len(drafts) == 3
    own = pick(drafts, "toy.accuracy", control="blind")
    assert (own.finding.scoring, own.finding.verdict, own.evidence) == ("control", "info", None)
    assert own.finding.estimate == np.mean(values(blind, 200, 2))
    difference = pick(drafts, "toy.accuracy", "vs_control", control="blind").finding
    assert difference.estimate == pytest.approx(np.mean(values(0.75, 200, 1)) - own.finding.estimate)
    assert ("reached without seeing the images" in difference.plain_words) is nothing
    assert (difference.tags.get("reached") == "yes") is nothing


def test_control_ahead_by_point_only_counts_by_interval(toy: Any) -> None:
    """The blind point lies below the model's score, its interval reaches it: that shows nothing."""
    measure = replace(toy.accuracy, against=("blind",))
    rows = toy.rows([1.0] * 24 + [0.0] * 16) + toy.rows([1.0] * 20 + [0.0] * 20, condition="blind", scoring="control")
    drafts = conclude("toy", [measure], rows, toy.policy(), SEED)
    own = pick(drafts, "toy.accuracy", control="blind").finding
    assert own.estimate < 0.6 < own.ci_high
    assert pick(drafts, "toy.accuracy", "vs_control", control="blind").finding.tags["reached"] == "yes"


def test_controls_of_lower_is_better(toy: Any) -> None:
    measure = replace(toy.errors, against=("blind",))
    rows = toy.rows(values(0.9, 200, 1)) + toy.rows(values(0.4, 200, 2), condition="blind", scoring="control")
    drafts = conclude("toy", [measure], rows, toy.policy(), SEED)
    finding = pick(drafts, "toy.errors", "vs_control", control="blind").finding
    assert finding.estimate < 0
    assert "does not reach" in finding.plain_words


def test_published_and_strict_measures_of_one_metric_make_different_claims(toy: Any) -> None:
    strict = replace(toy.accuracy, against=("blind",))
    rows = toy.rows(values(0.7)) + toy.rows(values(0.8), scoring="published")
    rows += toy.rows(values(0.4), condition="blind", scoring="control")
    drafts = conclude("toy", [strict, replace(strict, scoring="published")], rows, toy.policy(), SEED)
    assert len({draft.finding.id for draft in drafts}) == len(drafts) == 6


def test_one_cluster_has_no_interval_and_says_so(toy: Any) -> None:
    rows = toy.rows([1.0, 0.0, 1.0, 1.0], per_cluster=4)
    for draft in conclude("toy", [toy.accuracy, toy.youden_j], rows, toy.policy(), SEED):
        finding = draft.finding
        assert (finding.ci_low, finding.ci_high, finding.ci_level, finding.ci_method) == (None,) * 4
        assert "no interval: all items belong together" in finding.plain_words
        assert finding.tags["few_clusters"] == "yes"


@pytest.mark.parametrize(("clusters", "few"), [(19, True), (20, False)])
def test_few_clusters_are_marked_and_the_id_is_the_same(toy: Any, clusters: int, few: bool) -> None:
    size = clusters * 2
    (draft,) = conclude("toy", [toy.accuracy], toy.rows(values(0.6, size)), toy.policy(), SEED)
    (many,) = conclude("toy", [toy.accuracy], toy.rows(values(0.6, 400)), toy.policy(), SEED)
    assert (draft.finding.tags.get("few_clusters") == "yes") is few
    assert draft.finding.id == many.finding.id


def test_nothing_wrong_is_zero_of_n_with_an_upper_bound(toy: Any) -> None:
    (draft,) = conclude("toy", [toy.errors], toy.rows([1.0] * 100, per_cluster=1), toy.policy(), SEED)
    assert draft.finding.estimate == 0
    assert "0 of 100 (upper bound 4 of 100; 100 independent groups)" in draft.finding.plain_words
    assert draft.finding.ci_high == pytest.approx(1 - 0.025 ** (1 / 100))


def test_unread_answers_have_a_worst_and_a_best_case(toy: Any) -> None:
    answers: list[float | None] = [1.0] * 60 + [0.0] * 30 + [-1] * 10
    drafts = conclude("toy", [toy.accuracy, toy.errors], toy.rows(answers), toy.policy(), SEED)
    right = pick(drafts, "toy.accuracy").finding
    assert (right.n_unjudged, right.estimate) == (10, pytest.approx(0.6))
    assert (right.tags["bound_worst"], right.tags["bound_best"]) == ("0.6000", "0.7000")
    assert "10 answers could not be read: the figure would be 60 of 100 if all of them were wrong" in right.plain_words
    wrong = pick(drafts, "toy.errors").finding
    assert (wrong.tags["bound_worst"], wrong.tags["bound_best"]) == ("0.4000", "0.3000")


def test_no_worst_case_for_a_measure_that_is_not_about_right_and_wrong(toy: Any) -> None:
    unread = replace(toy.errors, row=lambda row: (float(not row.judged), 1.0))
    (draft,) = conclude("toy", [unread], toy.rows([1.0] * 60 + [-1] * 40), toy.policy(), SEED)
    assert draft.finding.estimate == 0.4
    assert "bound_worst" not in draft.finding.tags
    assert "40 answers could not be read." in draft.finding.plain_words


def test_items_that_show_it_are_wrong_ones_first_and_at_most_fifty(toy: Any) -> None:
    answers: list[float | None] = [-1] * 10 + [0.0] * 30 + [1.0] * 60
    (draft,) = conclude("toy", [toy.accuracy], toy.rows(answers), toy.policy(), SEED)
    expected = [f"item{k:05d}" for k in (*range(10, 40), *range(10))]
    assert list(draft.finding.item_ids) == expected
    (many,) = conclude("toy", [toy.accuracy], toy.rows([0.0] * 99), toy.policy(), SEED)
    assert len(many.finding.item_ids) == 50


def test_order_of_observations_and_other_measures_change_nothing(toy: Any) -> None:
    rows = toy.rows(values(0.7), 4) + toy.rows(values(0.6, seed=3), 4, model="base")
    shuffled = [rows[k] for k in np.random.default_rng(1).permutation(len(rows))]
    alone = conclude("toy", [toy.youden_j], rows, toy.policy(), SEED)
    beside = conclude("toy", [toy.mean, toy.accuracy, toy.youden_j], shuffled, toy.policy(), SEED)
    assert [d.finding for d in alone] == [d.finding for d in beside if d.finding.metric == "toy.youden_j"]
    other = conclude("toy", [toy.youden_j], rows, toy.policy(), SEED + 1)
    assert [d.finding.id for d in other] == [d.finding.id for d in alone]
    assert [d.finding.ci_low for d in other] != [d.finding.ci_low for d in alone]


def test_observations_of_other_probes_do_not_enter(toy: Any) -> None:
    rows = toy.rows(values(0.7))
    both = rows + toy.rows(values(0.1, seed=5), probe="other")
    assert conclude("toy", [toy.accuracy], both, toy.policy(), SEED)[0].finding == (
        conclude("toy", [toy.accuracy], rows, toy.policy(), SEED)[0].finding
    )


def test_nothing_observed_no_draft(toy: Any) -> None:
    assert conclude("toy", [toy.accuracy], [], toy.policy(), SEED) == ()
    assert conclude("toy", [toy.accuracy], toy.rows([None] * 5), toy.policy(), SEED) == ()
    never = replace(toy.accuracy, row=lambda row: None)
    assert conclude("toy", [never], toy.rows(values(0.5)), toy.policy(), SEED) == ()


def test_undefined_figure_is_no_number(toy: Any) -> None:
    only_outliers = [row for row in toy.rows(values(0.5)) if row.tags["polarity"] == "outlier"]
    (draft,) = conclude("toy", [toy.youden_j], only_outliers, toy.policy(), SEED)
    assert draft.finding.estimate is None
    assert draft.finding.ci_low is None
    assert "undefined" in draft.finding.plain_words


def test_counting_double_is_refused(toy: Any) -> None:
    rows = toy.rows(values(0.5))
    with pytest.raises(ValueError, match="one observation per place"):
        conclude("toy", [toy.accuracy], [*rows, rows[0]], toy.policy(), SEED)
    with pytest.raises(ValueError, match="one measure per claim"):
        conclude("toy", [toy.accuracy, toy.accuracy], rows, toy.policy(), SEED)


def test_samples_of_one_item_are_one_item(toy: Any) -> None:
    rows = toy.rows(values(0.5, 100, 1)) + toy.rows(values(0.5, 100, 2), sample=1)
    (draft,) = conclude("toy", [toy.accuracy], rows, toy.policy(), SEED)
    assert draft.finding.n_items == 100
    assert draft.finding.estimate == np.mean(values(0.5, 100, 1) + values(0.5, 100, 2))  # type: ignore[operator]


def test_a_perfect_model_has_an_interval_for_a_sum_of_shares(toy: Any) -> None:
    """Resampling sees no error; what 100 clusters without one can still hide bounds each share, and those add."""
    measure = replace(toy.youden_j, parts=((0, 1, 1.0), (2, 3, -1.0)))
    finding = conclude("toy", [measure], toy.rows([1.0] * 200), toy.policy(), SEED)[0].finding
    assert (finding.estimate, finding.ci_high) == (1.0, pytest.approx(1.0))
    assert finding.ci_low == pytest.approx(1 - 2 * (1 - 0.025 ** (1 / 100)))


@pytest.mark.parametrize(
    "given",
    [
        [0.0] * 60,
        [-1.0] * 60,
        [1.0],
        [1.0, 0.0],
        [1.0, 0.0, 1.0, 1.0],
        [None] * 60,
        [1.0, 0.0] * 30,
    ],
    ids=["all wrong", "all unread", "one item", "one cluster", "two clusters", "all missing", "clusters alike"],
)
def test_degenerate_answers_never_give_an_interval_without_width(toy: Any, given: list[float | None]) -> None:
    """Model, base with half of the items missing, and a control that equals the model."""
    measures = [
        replace(measure, against=("blind",), parts=parts)
        for measure, parts in ((toy.accuracy, ()), (toy.youden_j, ((0, 1, 1.0), (2, 3, -1.0))))
    ]
    rows = toy.rows(given)
    base = [replace(row, model="base") for row in rows[: max(1, len(rows) // 2)]]
    control = [replace(row, scoring="control", condition="blind") for row in rows]
    drafts = conclude("toy", measures, [*rows, *base, *control], toy.policy(), SEED)
    for finding in decide(drafts, toy.policy(), []):
        assert (finding.ci_low is None) == (finding.ci_high is None)
        if finding.ci_low is not None and finding.ci_high is not None:
            assert finding.ci_low < finding.ci_high
            assert finding.ci_low - 1e-9 <= (finding.estimate or 0.0) <= finding.ci_high + 1e-9
        if finding.comparison == "vs_control" and finding.estimate is not None:
            assert finding.estimate == 0
            assert "something that the control does not reach" not in finding.plain_words
        if finding.n_clusters < 2:
            assert finding.ci_low is None


def test_silence_does_not_pass_for_caution(toy: Any) -> None:
    """A model that answers nothing legible raises no false alarm, and is not passed for it."""
    alarms = replace(toy.errors, row=lambda o: (float(o.outcome == "wrong"), 1.0))
    endpoint = toy.endpoint("toy.errors", 0.1, "at_most")
    for given, verdict in (([-1.0] * 200, "inconclusive"), ([1.0] * 200, "pass"), ([1.0] * 199 + [-1.0], "pass")):
        drafts = conclude("toy", [alarms], toy.rows(given, per_cluster=1), toy.policy(endpoint), SEED)
        (finding,) = decide(drafts, toy.policy(endpoint), ["toy"])
        assert finding.verdict == verdict
        assert finding.estimate == 0
    assert (
        "could not be read"
        in conclude("toy", [alarms], toy.rows([-1.0] * 9), toy.policy(), SEED)[0].finding.plain_words
    )
