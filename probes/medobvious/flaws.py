"""Planted flaws: models that are wrong in a known way, and the metrics that must show it."""

from __future__ import annotations

from audit.core.canonical import digest
from audit.core.item import Request
from audit.core.probe import Flaw
from probes.medobvious.constant import none_answer


def over_caller(request: Request) -> str:
    """Finds every outlier, and names one where there is none."""
    if request.item.tags["polarity"] == "positive":
        return request.item.target
    labels = [option.label for option in request.query.options[:-1]]
    return labels[int(digest(request.item.id)[:8], 16) % len(labels)]


def always_none(request: Request) -> str:
    """Says that nothing differs, whatever is shown."""
    return none_answer(request)


def position_biased(request: Request) -> str:
    """Knows whether there is an outlier, and says that it is in the first place."""
    if request.item.tags["polarity"] == "negative":
        return request.item.target
    return request.query.options[0].label


def lists_everything(request: Request) -> str:
    """Names every position (and both yes and no): the published open scoring is satisfied."""
    labels = [option.label for option in request.query.options]
    return ", ".join(labels if labels[-1] == "no" else labels[:-1])


FLAWS = (
    Flaw("over_caller", over_caller, ("medobvious.false_alarm_rate",)),
    Flaw("always_none", always_none, ("medobvious.sensitivity",)),
    Flaw("position_biased", position_biased, ("medobvious.position_bias",)),
    Flaw("lists_everything", lists_everything, ("medobvious.sensitivity",)),
)
