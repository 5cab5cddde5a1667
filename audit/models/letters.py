"""Option labels among the likeliest next tokens that a server reports."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audit.core.query import Option

MISSING = "logprobs_missing"
TRUNCATED = "truncated_logprobs"
_AROUND = " \t\r\n▁Ġ\"'`()[].,:;*"
_NEVER = -9000.0  # servers write -9999 for a token that they did not score


def option_logprobs(
    tokens: Sequence[Mapping[str, Any]], options: Sequence[Option], *, after: str = ""
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Log-probabilities of the option labels as the answer's first token, normalised over those present, and notes.

    `tokens` are the entries of `logprobs.content`: each has `token`, `logprob` and `top_logprobs`. All variants of a
    label ("A", " A", "(A") at that place are joined by log-sum-exp. An option that the server did not return
    is missing (note "truncated_logprobs"), never minus infinity; where none was returned the result is empty
    (note "logprobs_missing"). `after` is the answer's text where reasoning stands before it.
    """
    place = _answer_place(tokens, after)
    variants: dict[str, dict[str, float]] = {}
    for token, logprob in _alternatives(tokens[place]) if place is not None else ():
        variants.setdefault(_bare(token), {})[token] = logprob
    found = {o.label: _log_sum(list(variants[key].values())) for o in options if (key := _bare(o.label)) in variants}
    if not found:
        return {}, (MISSING,)
    total = _log_sum(list(found.values()))
    notes = () if len(found) == len(options) else (TRUNCATED,)
    return {label: value - total for label, value in found.items()}, notes


def _answer_place(tokens: Sequence[Mapping[str, Any]], after: str) -> int | None:
    """The index of the first token of the answer that is more than white space or brackets."""
    texts = [str(entry.get("token", "")) for entry in tokens]
    start = "".join(texts).rfind(after) if after else 0
    end = 0
    for place, text in enumerate(texts):
        end += len(text)
        if end > start and _bare(text):
            return place
    return None


def _alternatives(entry: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """(token, log-probability) of what could have stood at this place; the emitted token once."""
    listed = entry.get("top_logprobs")
    others = [other for other in listed if isinstance(other, Mapping)] if isinstance(listed, list) else []
    for candidate in (entry, *others):
        token, logprob = candidate.get("token"), candidate.get("logprob")
        if not isinstance(token, str) or not isinstance(logprob, int | float) or isinstance(logprob, bool):
            continue
        if _NEVER < logprob <= 1e-3:
            yield token, float(logprob)


def _bare(token: str) -> str:
    """A token without what may stand around a label; only a lone letter keeps its case ("a" is a word)."""
    bare = token.strip(_AROUND)
    return bare if len(bare) == 1 else bare.casefold()


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(math.fsum(math.exp(value - top) for value in values))
