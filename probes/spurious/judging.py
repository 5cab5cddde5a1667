"""What an answer is worth, and of a region by itself what it speaks for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement
from audit.core.query import Option
from probes.parsing.options import read_option
from probes.spurious.conditions import crop_place

SCORES = "scores"


def judge(request: Request, answer: Answer) -> tuple[Judgement]:
    """One strict judgement: 1 where the option chosen is the class. Of a region by itself the tag `scores` holds how
    far it speaks for each class, in the order of the options: probabilities, or 1 for what was said."""
    options = request.query.options
    given = chosen(answer, options)
    tags = {SCORES: " ".join(f"{score:.6f}" for score in scores(answer, options, given))} if (
        crop_place(request.condition) is not None
    ) else {}  # fmt: skip
    if answer.status == "refused":
        return (Judgement("strict", "refused", 0.0, tags=tags),)
    if given is None:
        problem = read_option(answer.text, options).problem
        outcome = answer.status if answer.status == "truncated" else "refused" if problem == "refused" else "unparsed"
        return (Judgement("strict", outcome, 0.0, tags=tags),)
    right = given == request.item.target
    return (Judgement("strict", "correct" if right else "wrong", float(right), given, tags),)


def chosen(answer: Answer, options: Sequence[Option]) -> str | None:
    """The label of the likeliest option, or of the one that the text names; None where none can be read."""
    if answer.status == "refused":
        return None
    best = answer.chosen
    return best if best is not None else read_option(answer.text, options).given


def scores(answer: Answer, options: Sequence[Option], given: str | None) -> list[float]:
    """How far an answer speaks for each option: probabilities that sum to 1, an option without one 0; without
    probabilities 1 for what was said, and nothing where that cannot be read."""
    known = answer.option_logprobs
    if not known or given is None:
        return [float(option.label == given) for option in options]
    top = max(known.values())
    weights = [math.exp(known[option.label] - top) if option.label in known else 0.0 for option in options]
    total = math.fsum(weights)
    return [weight / total for weight in weights]
