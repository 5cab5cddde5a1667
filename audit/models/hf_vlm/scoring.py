"""Scoring: log-probabilities of option labels (`choose`) and of full option texts (`likelihood`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from audit.core.answer import Answer
from audit.core.query import Query
from audit.models.hf_vlm.engine import Engine
from audit.models.hf_vlm.labels import Continuations, continuations, label_continuations
from audit.models.hf_vlm.prompts import Prompt, close_reasoning, content_free
from audit.models.hf_vlm.sequences import SequenceScorer
from audit.models.reasoning import Pattern


def choose(scorer: SequenceScorer, queries: Sequence[Query], pattern: Pattern | None) -> list[Answer]:
    """Log-probabilities of the labels as the next text, normalised over the options; the text is the likeliest label.

    Labels of one token are read off one forward pass over all queries; others are scored as sequences, one query
    after the other, and flagged "label_split". Raises `ValueError` for a query without two different labels.
    """
    engine = scorer.engine
    prompts = [_scored_prompt(engine, query, pattern) for query in queries]
    asked = [(prompt.text, tuple(_labels(query))) for prompt, query in zip(prompts, queries, strict=True)]
    # images differ from query to query, words seldom
    known = {one: label_continuations(engine.encode, *one) for one in dict.fromkeys(asked)}
    labels = [known[one] for one in asked]
    if not all(found.single for found in labels):
        pairs = zip(prompts, labels, strict=True)
        return [_choose_split(scorer, prompt, found) for prompt, found in pairs]
    rows, lengths = engine.next_logprobs(prompts, [found.drop for found in labels])
    return [
        _chosen(
            {name: logsumexp(float(row[ids[0]]) for ids in several) for name, several in found.sequences.items()},
            (*prompt.notes,),
            length,
        )
        for row, prompt, found, length in zip(rows, prompts, labels, lengths, strict=True)
    ]


def _choose_split(scorer: SequenceScorer, prompt: Prompt, found: Continuations) -> Answer:
    flat = [(name, ids) for name, several in found.sequences.items() for ids in several]
    totals, count = scorer.logprobs(prompt, found.drop, [ids for _, ids in flat])
    scores = {
        name: logsumexp(total for (owner, _), total in zip(flat, totals, strict=True) if owner == name)
        for name in found.sequences
    }
    split = () if found.single else ("label_split",)
    overlap = ("label_overlap",) if found.overlapping else ()
    return _chosen(scores, (*prompt.notes, *split, *overlap), count)


def _chosen(scores: dict[str, float], notes: tuple[str, ...], prompt_tokens: int) -> Answer:
    whole = logsumexp(scores.values())
    answer = Answer(option_logprobs={name: score - whole for name, score in scores.items()})
    return Answer(
        text=answer.chosen or "",
        option_logprobs=answer.option_logprobs,
        notes=notes,
        prompt_tokens=prompt_tokens,
        new_tokens=0,
    )


def likelihood(scorer: SequenceScorer, query: Query, pattern: Pattern | None) -> Answer:
    """Summed log-probability of each option's full text after the prompt, its token count, and the same sum after the
    content-free prompt (not normalised). The text is the text of the option with the largest sum."""
    _labels(query)
    texts = {option.label: option.text for option in query.options}
    prompt = _scored_prompt(scorer.engine, query, pattern)
    sums, tokens, count = _text_scores(scorer, prompt, texts)
    priors, _, _ = _text_scores(scorer, _scored_prompt(scorer.engine, content_free(query), pattern), texts)
    answer = Answer(option_logprobs=sums)
    return Answer(
        text=texts[answer.chosen or ""],
        option_logprobs=sums,
        option_tokens=tokens,
        option_priors=priors,
        notes=prompt.notes,
        prompt_tokens=count,
        new_tokens=0,
    )


def _text_scores(
    scorer: SequenceScorer, prompt: Prompt, texts: dict[str, str]
) -> tuple[dict[str, float], dict[str, int], int]:
    # A text follows its prompt as a writer would set it: after a space, unless white space is there already.
    space = "" if prompt.text[-1:].isspace() else " "
    found = continuations(scorer.engine.encode, prompt.text, {name: [space + text] for name, text in texts.items()})
    ids = {name: several[0] for name, several in found.sequences.items()}
    totals, count = scorer.logprobs(prompt, found.drop, list(ids.values()))
    return dict(zip(ids, totals, strict=True)), {name: len(one) for name, one in ids.items()}, count


def _scored_prompt(engine: Engine, query: Query, pattern: Pattern | None) -> Prompt:
    prompt = engine.template.of(query)
    return close_reasoning(prompt, pattern, query.prefix)


def _labels(query: Query) -> list[str]:
    labels = [option.label for option in query.options]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError(f"expected at least two options with different labels but got {labels}")
    return labels


def logsumexp(values: Iterable[float]) -> float:
    """log(sum(exp(values))), without overflow; minus infinity for none."""
    values = list(values)
    top = max(values, default=-math.inf)
    return top if math.isinf(top) else top + math.log(math.fsum(math.exp(value - top) for value in values))
