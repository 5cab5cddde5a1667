"""The constant control: one answer to everything is right for one image of every pair, and for no pair."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.answer import Answer
from audit.core.item import Request
from probes.mediconfusion.opinions import is_free_form


def constant_answers(requests: Sequence[Request]) -> tuple[Answer, ...]:
    """The first option for each request: 0% set accuracy, 50% of the questions, 100% confusion. No unvarying answer
    does better, since the right options of a pair differ."""
    return tuple(_first_option(request) for request in requests)


def _first_option(request: Request) -> Answer:
    if is_free_form(request):
        return Answer(text=request.query.options[0].text, opinion="A: 10\nB: 1\nIt is answer A.")
    return Answer(text=request.query.options[0].label)
