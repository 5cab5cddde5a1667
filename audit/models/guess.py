"""Controls that look at nothing: a random option, one answer for all, the right answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

import numpy as np

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.item import Request
from audit.core.model import Capability
from audit.core.query import Option, Query
from audit.models.spec import Spec

VERSION = 1
ALL: frozenset[Capability] = frozenset({"generate", "choose", "likelihood"})
CONSTANTS = ("random", "oracle", "constant", "none")
SURE = 0.99


def open_guess(spec: Spec, name: str, text: str) -> Random | Constant | Oracle:
    """The control `name`; `text` is what `constant` says."""
    if name == "random":
        return Random(spec.only("seed").text, spec.number("seed", 0, low=0, high=2**31 - 1))
    spec.only()
    return Oracle(spec.text) if name == "oracle" else Constant(spec.text, unquote(text) or "none")


class Random:
    """A uniformly random option, drawn anew for each query (by its digest) and the same whenever it is asked again."""

    capabilities = ALL

    def __init__(self, spec: str, seed: int) -> None:
        self.spec, self._seed = spec, seed

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The control and its seed."""
        return {"adapter": "control", "version": VERSION, "control": "random", "seed": self._seed}

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """One answer each. A query without options has no answer that could be drawn: unparsed."""
        for index, query in enumerate(queries):
            yield index, self._answer(query)

    def close(self) -> None:
        """Nothing to close."""

    def _answer(self, query: Query) -> Answer:
        if not query.options:
            return Answer(status="unparsed", notes=("no_options",))
        words = [int(query.digest[place : place + 8], 16) for place in range(0, 64, 8)]
        shares = np.random.default_rng([self._seed, *words]).dirichlet(np.ones(len(query.options)))
        weights = np.maximum(shares, np.finfo(float).tiny)
        return _scored(query, query.options[int(np.argmax(weights))], [math.log(weight) for weight in weights])


class Constant:
    """The same text for every query; where an option says that, the option's label."""

    capabilities = ALL

    def __init__(self, spec: str, text: str) -> None:
        self.spec, self._text = spec, text

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The control and its text."""
        return {"adapter": "control", "version": VERSION, "control": "constant", "text": self._text}

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """One answer each."""
        return ((index, told(query, self._text)) for index, query in enumerate(queries))

    def close(self) -> None:
        """Nothing to close."""


class Oracle:
    """A lookup that knows each item's target, whatever the condition: a probe that gives it less than full marks
    judges wrongly."""

    capabilities = ALL

    def __init__(self, spec: str) -> None:
        self.spec = spec

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The control alone: what it says depends on the items."""
        return {"adapter": "control", "version": VERSION, "control": "oracle"}

    def conditions(self) -> None:
        """Any."""
        return

    def look_up(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The target of each request's item."""
        return tuple(told(request.query, request.item.target) for request in requests)


def told(query: Query, text: str) -> Answer:
    """`text` as the answer to `query`: the label of the option that it names, with log-probabilities that favour it.

    An option is named by its label, else by its text, else by the only text that starts so ("none" for "None of
    these"). If none is, the text is all there is.
    """
    chosen = named(query.options, text)
    if chosen is None:
        return Answer(text=text)
    n = len(query.options)
    rest = math.log((1 - SURE) / (n - 1)) if n > 1 else 0.0
    sure = math.log(SURE) if n > 1 else 0.0
    return _scored(query, chosen, [sure if option is chosen else rest for option in query.options])


def named(options: Sequence[Option], text: str) -> Option | None:
    """The option that `text` names, or None."""
    word = text.strip().casefold()
    for option in options:
        if option.label.strip() == text.strip():
            return option
    exact = [option for option in options if word in (option.label.strip().casefold(), option.text.strip().casefold())]
    starts = [option for option in options if word and option.text.strip().casefold().startswith(word)]
    return next((some[0] for some in (exact, starts) if len(some) == 1), None)


def _scored(query: Query, chosen: Option, logprobs: Sequence[float]) -> Answer:
    """An answer in the form that the query asks for. For `likelihood` each text counts as one token with the prior
    1 / n, so that sum, mean and prior-corrected scores agree."""
    if query.how == "generate":
        return Answer(text=chosen.label)
    labels = [option.label for option in query.options]
    scores = dict(zip(labels, logprobs, strict=True))
    if query.how == "choose":
        return Answer(text=chosen.label, option_logprobs=scores)
    prior = -math.log(len(labels))
    return Answer(chosen.text, "ok", scores, dict.fromkeys(labels, 1), dict.fromkeys(labels, prior))
