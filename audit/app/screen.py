"""What is printed on the screen after a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from audit.app.pipeline import Outcome
from audit.core.finding import Finding
from audit.core.redact import redact


def show(text: str) -> None:
    """Print text as it is: what models or files say is never taken for markup."""
    try:
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:  # the reader has seen enough: what the command found out stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def summary(outcome: Outcome, report: Path) -> str:
    """The verdict, the endpoints, what was not assessed, and where the report lies."""
    lines = [f"Verdict: {outcome.overall.verdict}. {outcome.overall.sentence}"]
    lines += [_line(finding) for finding in outcome.findings if finding.role == "primary"]
    lines += [f"  not assessed  {name}: {why}" for name, why in outcome.not_assessed.items()]
    n_calls = sum(reply.n_calls for reply in outcome.replies)
    n_stored = sum(reply.n_stored for reply in outcome.replies)
    n_errors = sum(reply.n_errors for reply in outcome.replies)
    lines.append(f"{n_calls} calls made, {n_stored} answers that existed already, {n_errors} errors")
    for reply in outcome.replies:
        if reply.unmatched:
            lines.append(f"{_ids(reply.unmatched)} of the {reply.role}'s file match no item: {_few(reply.unmatched)}")
        if reply.missing:
            lines.append(f"{_ids(reply.missing)} without an answer of the {reply.role}: {_few(reply.missing)}")
    lines.append(f"Report: {report}")
    return redact("\n".join(lines))


def _line(finding: Finding) -> str:
    if finding.estimate is None:
        return f"  {finding.verdict:<13} {finding.metric}: {finding.plain_words}"
    interval = "" if finding.ci_low is None else f" [{finding.ci_low:.3f}, {finding.ci_high:.3f}]"
    against = "" if finding.threshold is None else f", threshold {finding.threshold:g}"
    return f"  {finding.verdict:<13} {finding.metric} {finding.comparison} {finding.estimate:.3f}{interval}{against}"


def _ids(ids: tuple[str, ...]) -> str:
    return f"{len(ids)} id" if len(ids) == 1 else f"{len(ids)} ids"


def _few(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
