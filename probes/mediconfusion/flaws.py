"""Planted flaws: models that are wrong in a known way, and the metrics that must show it."""

from __future__ import annotations

from audit.core.item import Request
from audit.core.probe import Flaw
from probes.mediconfusion.rows import OTHER, SIDES


def first_option(request: Request) -> str:
    """Names the first option, whatever is shown."""
    return request.query.options[0].label


def looks_alike(request: Request) -> str:
    """Sees the second image of a pair as if it were the first: the same content in any order of the options."""
    target = request.item.target
    return target if request.item.tags["side"] == SIDES[0] else OTHER[target]


FLAWS = (
    Flaw("first_option", first_option, ("mediconfusion.set_accuracy",), 0.7, looks=False),
    Flaw("position_biased", first_option, ("mediconfusion.position_bias",), 0.7, looks=False),
    Flaw("looks_alike", looks_alike, ("mediconfusion.confusion",), 0.7, spares=("mediconfusion.position_bias",)),
)
