"""Answers with a probability for every option, as observations that carry them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from audit.core.answer import Answer
from audit.core.item import CLEAN
from audit.core.observation import Observation
from audit.core.query import Option

NAME = "calibration"
CONFIDENCE, BRIER = "confidence", "brier"


def condition_of(condition: str) -> str:
    """The condition under which probabilities of another condition are observed."""
    return "probabilities" if condition == CLEAN else f"probabilities:{condition}"


def probabilities(options: Sequence[Option], answer: Answer) -> dict[str, float] | None:
    """The probability of each label, summing to 1 over the options; None where there are fewer than two options or one
    has none. For `likelihood` the options' summed log-probabilities are normalised: what the model holds for likelier,
    given that one of these texts is the answer."""
    labels = [option.label for option in options]
    if len(labels) < 2 or answer.status == "error" or any(label not in answer.option_logprobs for label in labels):
        return None
    top = max(answer.option_logprobs[label] for label in labels)
    weights = {label: math.exp(answer.option_logprobs[label] - top) for label in labels}
    total = math.fsum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


def labels_named(target: str, options: Sequence[Option]) -> tuple[str, ...]:
    """The labels that a target names: by label, else by text."""
    by_label = tuple(option.label for option in options if option.label == target)
    return by_label or tuple(option.label for option in options if option.text == target)


def with_probabilities(row: Observation, chances: Mapping[str, float], right: Collection[str]) -> Observation:
    """The observation of how sure a model was: 1 where the likeliest option (the first on ties) is right, with its
    probability and the Brier score (Brier 1950: the squared distance to certainty of what is right, 0 to 2) as tags."""
    chosen = max(chances, key=chances.__getitem__)
    correct = chosen in right
    brier = math.fsum((chance - (label in right)) ** 2 for label, chance in chances.items())
    return replace(
        row,
        probe=NAME,
        scoring="strict",
        condition=condition_of(row.condition),
        outcome="correct" if correct else "wrong",
        value=float(correct),
        given=chosen,
        tags={**row.tags, CONFIDENCE: repr(float(chances[chosen])), BRIER: repr(brier)},
    )
