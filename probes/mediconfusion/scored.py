"""Letters from scores: the larger next-token score (greedy), the larger mean probability of an option (prefix)."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.query import Query


def scored_letter(query: Query, answer: Answer) -> str | None:
    """The letter that the scores of an answer come to, None where they do not say (a text is read instead).

    Greedy: the option with the larger score of its letter; a tie is A. Prefix: the option whose text has the larger
    geometric mean of its tokens' probabilities; a tie is B.
    """
    labels = [option.label for option in query.options]
    scores = {label: answer.option_logprobs[label] for label in labels if label in answer.option_logprobs}
    if query.how == "likelihood":
        tokens = answer.option_tokens
        if len(scores) < len(labels) or not all(tokens.get(label) for label in labels):
            return None
        means = {label: score / tokens[label] for label, score in scores.items()}
        return max(reversed(labels), key=means.__getitem__)
    return max(scores, key=scores.__getitem__) if scores else None


def mean_logprobs(answer: Answer) -> dict[str, float]:
    """The logarithm of the geometric mean of each option's token probabilities."""
    return {label: total / answer.option_tokens[label] for label, total in answer.option_logprobs.items()}
