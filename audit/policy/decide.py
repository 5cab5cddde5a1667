"""From drafts to findings: the policy applied to all probes of a run at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from audit.core.finding import Finding
from audit.policy.draft import Draft
from audit.policy.equivalence import equivalence_words, equivalences
from audit.policy.exploratory import exploratory_findings
from audit.policy.policy import Policy
from audit.policy.primary import primary_findings, tested_endpoints
from audit.policy.words import amount


def decide(drafts: Sequence[Draft], policy: Policy, probes: Collection[str] | None = None) -> tuple[Finding, ...]:
    """The findings of a run: drafts in the order given, then endpoints for which nothing was measured.

    `probes` are those that were asked for; the policy's endpoints for them are the primary family. Where it is None,
    they are the probes of the drafts and those that the policy requires. Raises `InputError` where the policy
    contradicts a metric's direction, `ValueError` where two drafts claim the same.
    """
    if len({draft.finding.id for draft in drafts}) < len(drafts):
        raise ValueError("Expected every draft to claim something else but two have the same id.")
    asked = {draft.finding.probe for draft in drafts} | set(policy.required_probes) if probes is None else probes
    family = tested_endpoints(policy.endpoints(frozenset(asked)), drafts, policy)
    primary = {finding.id: finding for finding in primary_findings(family, policy)}
    rest = [draft for draft in drafts if draft.finding.id not in primary]
    found = {**primary, **{finding.id: finding for finding in exploratory_findings(rest, policy)}}
    found = _with_equivalence(drafts, found, policy)
    order = [draft.finding.id for draft in drafts]
    return tuple(found[name] for name in dict.fromkeys((*order, *primary)))


def _with_equivalence(drafts: Sequence[Draft], found: dict[str, Finding], policy: Policy) -> dict[str, Finding]:
    """Add what each difference from the base is shown to be. The primary ones are a family, and each probe's
    exploratory ones are."""
    families: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.finding.comparison == "vs_base":
            role = found[draft.finding.id].role
            families.setdefault(role if role == "primary" else draft.finding.probe, []).append(draft)
    concluded = dict(found)
    for family in families.values():
        for draft, what in zip(family, equivalences(family, policy), strict=True):
            finding, margin = found[draft.finding.id], policy.margin(draft.finding.metric)
            words = finding.plain_words
            if finding.role == "exploratory" or what in ("equivalent", "superior"):
                # A primary finding's verdict has said the rest.
                said = equivalence_words(what, amount(margin, share=draft.share))
                words = f"{words} {said}" if finding.verdict != "inconclusive" else f"{words} {_weaker(said)}"
            tags = {**finding.tags, **_outcome(finding)}
            concluded[finding.id] = replace(finding, equivalence=what, margin=margin, plain_words=words, tags=tags)
    return concluded


def _weaker(said: str) -> str:
    """A claim beside a verdict that is open: no reader may take it for a pass."""
    return f"A test of its own, less strict than the one that the verdict rests on, says: {said[0].lower()}{said[1:]}"


def _outcome(finding: Finding) -> dict[str, str]:
    """Win, tie or loss of the model: on which side of 0, and beyond the noise floor, its interval lies."""
    if finding.ci_low is None or finding.ci_high is None or finding.direction == "none":
        return {}
    floor = float(finding.tags.get("noise", 0))
    if finding.ci_low <= floor and -floor <= finding.ci_high:
        return {"outcome": "tie"}
    return {"outcome": "win" if (finding.ci_low > 0) == (finding.direction == "higher") else "loss"}
