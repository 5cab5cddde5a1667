"""Planted flaws: models that are wrong in a known way, and the metrics that must show it."""

from __future__ import annotations

from audit.core.canonical import digest
from audit.core.item import Request
from audit.core.probe import Flaw
from probes.medobvious.constant import none_answer
from probes.medobvious.rows import MULTI_IMAGE, UNIFORM
from probes.medobvious.violations import DUPLICATE


def over_caller(request: Request) -> str:
    """Finds every outlier, and names one where there is none."""
    return request.item.target if _has_outlier(request) else _some_place(request)


def always_none(request: Request) -> str:
    """Says that nothing differs, whatever is shown."""
    return none_answer(request)


def position_biased(request: Request) -> str:
    """Knows whether there is an outlier, and says that it is in the first place."""
    return request.query.options[0].label if _has_outlier(request) else request.item.target


def lists_everything(request: Request) -> str:
    """Names every position (and both yes and no): the published open scoring is satisfied."""
    labels = [option.label for option in request.query.options]
    return ", ".join(labels if labels[-1] == "no" else labels[:-1])


def reads_wording(request: Request) -> str:
    """Looks at nothing: names some place where the words of the question say that there is an outlier."""
    return _some_place(request) if _has_outlier(request) and _gives_away(request) else none_answer(request)


def wording_exploiter(request: Request) -> str:
    """Sees where the outlier is, and lets the words of the question decide whether there is one."""
    return request.item.target if _gives_away(request) else none_answer(request)


def duplicate_finder(request: Request) -> str:
    """Compares panels pixel by pixel: finds exact copies, and sees nothing else."""
    return request.item.target if request.item.tags["violation"] == DUPLICATE else none_answer(request)


def _has_outlier(request: Request) -> bool:
    return request.item.tags["polarity"] == "positive"


def _gives_away(request: Request) -> bool:
    """Whether the question is in published words, which tell pictures with an outlier from those without."""
    return not request.condition.startswith((UNIFORM, MULTI_IMAGE))


def _some_place(request: Request) -> str:
    labels = [option.label for option in request.query.options[:-1]]
    return labels[int(digest(request.item.id)[:8], 16) % len(labels)]


_QUIET = ("medobvious.false_alarm_rate",)
FLAWS = (
    Flaw("over_caller", over_caller, ("medobvious.false_alarm_rate",), 0.5, spares=("medobvious.sensitivity",)),
    Flaw("always_none", always_none, ("medobvious.sensitivity",), 0.5, spares=_QUIET, looks=False),
    Flaw("position_biased", position_biased, ("medobvious.position_bias",), 0.5, spares=_QUIET),
    Flaw("lists_everything", lists_everything, ("medobvious.sensitivity",), 0.5, spares=_QUIET, looks=False),
    Flaw("reads_wording", reads_wording, ("medobvious.accuracy:vs_control",), looks=False),
    Flaw("wording_exploiter", wording_exploiter, ("medobvious.youden_j:vs_base",), 0.5, spares=_QUIET),
    Flaw("duplicate_finder", duplicate_finder, ("medobvious.sensitivity",), 0.5, spares=_QUIET),
)
