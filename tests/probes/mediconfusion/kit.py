"""Pairs of known structure, and what the application does with answers; the fixture `kit` gives this module."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from audit.app.judging import observe, with_derived
from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.item import Request
from audit.core.observation import Observation
from probes.mediconfusion.config import Options
from probes.mediconfusion.probe import PROBE
from probes.mediconfusion.rows import Pair, requests_of

Say = Callable[[Request], str | Answer]


def image(seed: int) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 255, (24, 24), dtype=np.uint8))


def made_pairs(n: int = 24, easy: int = 0) -> list[Pair]:
    """Pairs of two categories, each a cluster of its own; the first image is A in every other pair."""
    return [
        Pair(
            id=f"{place}",
            cluster=f"c{place}",
            question="What is shown?",
            options=("a calcified nodule", "a pleural effusion"),
            images=(image(2 * place), image(2 * place + 1)),
            correct=("A", "B") if place % 2 else ("B", "A"),
            categories=(("Cardiac",), ("Cardiac", "Vascular")) if place % 3 else (("Vascular",), ("Vascular",)),
            alike=0.9 + 0.08 * place / (n + easy),
            different=0.5,
            easy=place >= n,
        )
        for place in range(n + easy)
    ]


def requests(pairs: Sequence[Pair], **given: object) -> list[Request]:
    options: Options = PROBE.options(given)
    return [request for pair in pairs for request in requests_of(pair, options)]


def seen(asked: Sequence[Request], say: Say) -> tuple[Observation, ...]:
    said = [say(request) for request in asked]
    answers = [one if isinstance(one, Answer) else Answer(one) for one in said]
    return with_derived(PROBE, observe(PROBE, "model", asked, answers, frozenset()))


def totals_of(rows: Sequence[Observation], metric: str, scoring: str = "strict", **tags: str) -> np.ndarray:
    """The summed rows of one measure."""
    for measure in PROBE.measures(rows):
        if (measure.metric, measure.scoring, dict(measure.tags)) == (f"mediconfusion.{metric}", scoring, tags):
            own = [r for r in rows if (r.scoring, r.condition) == (measure.scoring, measure.condition)]
            numbers = [line for row in own if (line := measure.row(row)) is not None]
            return np.array(numbers, dtype=float).reshape(-1, 2 if measure.kind == "proportion" else 4).sum(axis=0)
    raise AssertionError(f"no measure {metric} with {tags} under {scoring} scoring")


def share_of(rows: Sequence[Observation], metric: str, scoring: str = "strict", **tags: str) -> float:
    numerator, denominator = totals_of(rows, metric, scoring, **tags)
    return float(numerator / denominator)
