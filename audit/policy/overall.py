"""The overall verdict of a run, and the exit code that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audit.core.finding import Finding
from audit.policy.words import counted

OverallVerdict = Literal["pass", "fail", "inconclusive", "incomplete"]
FailOn = Literal["fail", "inconclusive", "never"]


@dataclass(frozen=True)
class Overall:
    """One verdict for the run: `exit_code` 0, 1 (a gate failed) or 3 (incomplete), a sentence, and the reasons."""

    verdict: OverallVerdict
    exit_code: int
    sentence: str
    reasons: tuple[str, ...]


def overall(
    findings: Sequence[Finding], not_assessed: Mapping[str, str], n_errors: int, fail_on: FailOn = "fail"
) -> Overall:
    """The verdict over all findings.

    Incomplete while a required probe was not assessed (`not_assessed`: its title, and the reason) or `n_errors` items
    have no answer; else fail where a primary endpoint fails; else inconclusive where one is not settled or not
    assessed, or where there is none; else pass. `fail_on="inconclusive"` makes that exit 1 too, "never" makes every
    verdict exit 0.
    """
    primary = [finding for finding in findings if finding.role == "primary"]
    reasons = (*_gaps(not_assessed, n_errors), *_open(primary))
    verdict = _verdict(primary, bool(not_assessed) or n_errors > 0)
    return Overall(verdict, _exit_code(verdict, fail_on), _sentence(verdict, primary), reasons)


def _verdict(primary: Sequence[Finding], incomplete: bool) -> OverallVerdict:
    verdicts = {finding.verdict for finding in primary}
    if incomplete:
        return "incomplete"
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts == {"pass"} else "inconclusive"


def _exit_code(verdict: OverallVerdict, fail_on: FailOn) -> int:
    if fail_on == "never":
        return 0
    if verdict == "incomplete":
        return 3
    return int(verdict == "fail" or (verdict == "inconclusive" and fail_on == "inconclusive"))


def _gaps(not_assessed: Mapping[str, str], n_errors: int) -> Iterator[str]:
    for probe, reason in sorted(not_assessed.items()):
        yield f"{probe} was not assessed: {reason.rstrip('.')}."
    if n_errors:
        yield f"{counted(n_errors, 'question')} got no answer; the same command again asks only {_them(n_errors)}."


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _open(primary: Sequence[Finding]) -> Iterator[str]:
    """Why the primary endpoints do not pass: failed ones first, then open ones."""
    if not primary:
        yield "The policy names no primary endpoint for the probes of this run, so nothing can pass or fail."
    for verdict in ("fail", "inconclusive", "not_assessed"):
        for finding in primary:
            if finding.verdict == verdict:
                yield f"{finding.title}: {finding.plain_words}"


def _sentence(verdict: OverallVerdict, primary: Sequence[Finding]) -> str:
    failed = sum(finding.verdict == "fail" for finding in primary)
    passed = sum(finding.verdict == "pass" for finding in primary)
    so_far = f"{passed} of {counted(len(primary), 'primary endpoint')} passed, {failed} failed"
    if verdict == "incomplete":
        return f"Incomplete: the audit could not be finished, so the model has not passed it ({so_far})."
    if verdict == "fail":
        return f"Fail: the model was shown to miss what the policy asks for ({so_far})."
    if verdict == "pass":
        return f"Pass: the model was shown to meet everything that the policy asks for ({so_far})."
    return f"Inconclusive: the audit neither shows that the model is good enough nor that it is not ({so_far})."
