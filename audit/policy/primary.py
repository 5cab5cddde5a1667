"""Primary endpoints: one-sided tests both ways, adjusted by Holm, and the verdict that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.core.errors import InputError
from audit.core.finding import ANNOTATIONS, Finding, Verdict
from audit.policy.draft import Draft
from audit.policy.effect import Effect, effect_of
from audit.policy.policy import Endpoint, Policy
from audit.policy.words import amount
from audit.stats.multiple import holm

FAMILY = "primary"


@dataclass(frozen=True)
class Tested:
    """An endpoint with its draft (None: not assessed) and the value it is tested against.

    `p_pass` is the one-sided p of "the model is not on the good side of the limit", `p_fail` of "not on the bad side";
    NaN where there is no interval; for `p_pass` unread answers count as wrong, and `unread` says that it failed on them
    alone. `passes` and `fails` are the same adjusted over all endpoints.
    """

    endpoint: Endpoint
    draft: Draft | None
    limit: float
    few: bool = False
    p_pass: float = math.nan
    p_fail: float = math.nan
    passes: float = 1.0
    fails: float = 1.0
    unread: bool = False

    @property
    def up(self) -> bool:
        """Whether higher values pass."""
        return self.endpoint.direction == "at_least"

    def verdict(self, alpha: float) -> Verdict:
        """Pass or fail by the adjusted test, inconclusive by neither, not_assessed where there is nothing to test."""
        if self.draft is None:
            return "not_assessed"
        if self.passes <= alpha:
            return "pass"
        return "fail" if self.fails <= alpha else "inconclusive"


def tested_endpoints(endpoints: Sequence[Endpoint], drafts: Sequence[Draft], policy: Policy) -> tuple[Tested, ...]:
    """Match endpoints with drafts, test both ways, and adjust by Holm within "false pass" and within "false fail".

    An endpoint without a test enters both families with p = 1, so that their size is fixed by the policy and not by
    what came out; one on few clusters enters "false pass" so: it can never pass. Raises `InputError` where an
    endpoint's direction contradicts the metric's.
    """
    tested = [_tested(endpoint, drafts, policy) for endpoint in endpoints]
    passes = holm([1.0 if t.few or math.isnan(t.p_pass) else t.p_pass for t in tested])
    fails = holm([1.0 if math.isnan(t.p_fail) else t.p_fail for t in tested])
    return tuple(
        replace(t, passes=_sure(good), fails=_sure(bad)) for t, good, bad in zip(tested, passes, fails, strict=True)
    )


def _tested(endpoint: Endpoint, drafts: Sequence[Draft], policy: Policy) -> Tested:
    limit = endpoint.limit(policy.margin(endpoint.metric))
    draft = next((draft for draft in drafts if _matches(endpoint, draft.finding)), None)
    if draft is None or draft.evidence is None:
        return Tested(endpoint, None, limit)
    good = {"higher": "at_least", "lower": "at_most"}.get(draft.finding.direction, endpoint.direction)
    if endpoint.direction != good:
        problem = f"The policy asks for {endpoint.metric} {endpoint.direction!r} but its better side is the other one"
        raise InputError(problem, remedy=f"set the direction of this endpoint to {good!r}")
    above, below = draft.evidence.p(limit)
    p_pass, p_fail = (above, below) if endpoint.direction == "at_least" else (below, above)
    few = draft.evidence.kish_clusters < policy.min_clusters
    if draft.worst is None:
        return Tested(endpoint, draft, limit, few, p_pass, p_fail)
    # A model that answers nothing legible raises no alarm: what passes has to pass without that credit.
    above, below = draft.worst.p(limit)
    at_worst = above if endpoint.direction == "at_least" else below
    unread = p_pass <= policy.alpha < at_worst
    return Tested(endpoint, draft, limit, few, max(p_pass, at_worst), p_fail, unread=unread)


def _matches(endpoint: Endpoint, finding: Finding) -> bool:
    named = {key: value for key, value in finding.tags.items() if key not in ANNOTATIONS}
    wanted = (endpoint.metric, endpoint.scoring, endpoint.comparison, "model", dict(endpoint.tags))
    return wanted == (finding.metric, finding.scoring, finding.comparison, finding.model, named)


def _sure(p: float | None) -> float:
    return 1.0 if p is None else p


def primary_findings(family: Sequence[Tested], policy: Policy) -> tuple[Finding, ...]:
    """The findings of all endpoints, in the policy's order, with adjusted tests, intervals and verdicts."""
    good = _Family.of([t.passes for t in family], policy.alpha)
    bad = _Family.of([t.fails for t in family], policy.alpha)
    return tuple(_finding(t, good, bad, policy) for t in family)


@dataclass(frozen=True)
class _Family:
    """One Holm family and the one-sided level of its adjusted bounds.

    Simultaneous bounds that agree with Holm (Strassburger and Bretz 2008; Guilbaud 2008): those not rejected share
    alpha; one that was rejected has the limit itself as its bound or, once all were, the Bonferroni bound where that
    says more.
    """

    size: int
    left: int
    alpha: float

    @classmethod
    def of(cls, adjusted: Sequence[float], alpha: float) -> _Family:
        return cls(len(adjusted), sum(p > alpha for p in adjusted), alpha)

    def bound(self, t: Tested, adjusted: float, *, lower: bool) -> float | None:
        """The adjusted bound that this family's test corresponds to: below the estimate, or above it."""
        if t.draft is None or t.draft.evidence is None:
            return None
        interval = t.draft.evidence.interval(1 - 2 * self.alpha / (self.left or self.size))
        if interval is None:
            return None
        bound, weaker, stronger = (interval.low, min, max) if lower else (interval.high, max, min)
        if adjusted > self.alpha:
            return weaker(bound, t.limit)
        return t.limit if self.left else stronger(bound, t.limit)


def _finding(t: Tested, good: _Family, bad: _Family, policy: Policy) -> Finding:
    if t.draft is None:
        return not_assessed(t.endpoint, policy)
    verdict = t.verdict(policy.alpha)
    safe, harm = good.bound(t, t.passes, lower=t.up), bad.bound(t, t.fails, lower=not t.up)
    raw, adjusted = (t.p_fail, t.fails) if verdict == "fail" else (t.p_pass, t.passes)
    effect = effect_of(t.draft, policy.alpha / good.size, policy)
    finding = t.draft.finding
    return replace(
        finding,
        plain_words=f"{finding.plain_words} {_words(t, verdict, effect, policy)}",
        role="primary",
        family=FAMILY,
        verdict=verdict,
        threshold=t.limit,
        p=None if math.isnan(raw) else raw,
        p_adjusted=None if math.isnan(raw) else adjusted,
        ci_low_adjusted=safe if t.up else harm,
        ci_high_adjusted=harm if t.up else safe,
        mde=effect.mde,
        tags={**finding.tags, **effect.tags},
    )


def not_assessed(endpoint: Endpoint, policy: Policy) -> Finding:
    """The finding of an endpoint for which nothing was measured."""
    versus = endpoint.comparison == "vs_base"
    why = "no comparison with a base model was possible" if versus else "the run has no such figure"
    return Finding(
        probe=endpoint.probe,
        title=f"{endpoint.title}{': against the base model' if versus else ''}",
        plain_words=f"Not assessed: the policy asks for {endpoint.words}, but {why}.",
        metric=endpoint.metric,
        scoring=endpoint.scoring,
        model="model",
        base="base" if versus else None,
        comparison=endpoint.comparison,
        family=FAMILY,
        role="primary",
        direction="higher" if endpoint.direction == "at_least" else "lower",
        margin=policy.margin(endpoint.metric) if versus else None,
        threshold=endpoint.limit(policy.margin(endpoint.metric)),
        verdict="not_assessed",
        tags=dict(endpoint.tags),
    )


def _words(t: Tested, verdict: Verdict, effect: Effect, policy: Policy) -> str:
    """The verdict in a sentence: what was asked, what was shown, and what it would take where nothing was."""
    share = t.draft is not None and t.draft.share
    if t.endpoint.comparison == "vs_base":
        worse = f"worse than the base model by more than {amount(policy.margin(t.endpoint.metric), share=share)}"
        good, bad, question = f"not to be {worse}", f"to be {worse}", f"it is {worse}"
    else:
        limit = amount(t.limit, share=share)
        enough, beyond = ("at least", "below") if t.up else ("at most", "above")
        good, bad, question = f"to be {enough} {limit}", f"to be {beyond} {limit}", f"it is {enough} {limit}"
    if verdict == "pass":
        return f"Pass: shown {good}."
    if verdict == "fail":
        return f"Fail: shown {bad}."
    if math.isnan(t.p_pass):
        return f"Inconclusive: whether {question} cannot be tested on these data."
    if t.few:
        why = f"these data are worth fewer than {policy.min_clusters} independent groups, too few to pass on"
        return f"Inconclusive: whether {question} is not settled; {why}.{effect.words}"
    if t.unread:
        return f"Inconclusive: {question} only if the answers that could not be read are not counted as wrong."
    return f"Inconclusive: whether {question} is not settled.{effect.words}"
