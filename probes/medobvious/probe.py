"""The MedObvious probe: does the model notice that an input is not fit to be read at all?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import Request
from audit.core.measure import Measure
from audit.core.model import Capability
from audit.core.observation import Judgement, Observation
from audit.core.probe import Control, Plan
from probes.medobvious.config import Options, read_options
from probes.medobvious.constant import constant_answers
from probes.medobvious.flaws import FLAWS
from probes.medobvious.generate import generate
from probes.medobvious.grids import Painter
from probes.medobvious.measures import measures_of
from probes.medobvious.official import official_requests
from probes.medobvious.published import judge_published
from probes.medobvious.rows import requests_of
from probes.medobvious.strict import judge_strict

if TYPE_CHECKING:
    import numpy as np

_PROMPTS = (
    "Published-style prompts say whether there is an outlier; uniform prompts are the same with and without one. The "
    "gap between a model and its blind control is the part of a score that comes from the pictures."
)
_READING = (
    "Strict reading: exactly one position may be named; an answer cut off at its token limit counts if it names one. "
    "Published reading: as in the paper, with its known flaws."
)


class MedObvious:
    """Grids of scans, one of which may not belong (arXiv 2603.23501), from the official data or from any labelled
    images."""

    name = "medobvious"
    title = "MedObvious: scans that do not belong"
    question = "Does the model notice that an image is not fit to be read at all?"
    version = 1
    needs: frozenset[Capability] = frozenset({"generate"})
    data = ("medobvious", "images")
    controls = (
        Control(
            "blind", "The wording of the published prompts alone reaches 61.2% of the questions without any image."
        ),
        Control("neutral", "A grey picture shows what a model answers when an image is there but shows nothing."),
        Control(
            "constant", 'Answering "none" to everything scores 35.7 on the published average, above several models.'
        ),
    )
    flaws = FLAWS

    def options(self, given: Mapping[str, object]) -> Options:
        """Validated options; raises `InputError`."""
        return read_options(given)

    def plan(self, dataset: Dataset, options: Options, rng: np.random.Generator) -> Plan:
        """Official rows as they are, or generated base grids; no pixel is read."""
        system = f"System prompt: {options.system}. Multiple choice by: {options.how}."
        if dataset.kind == "medobvious":
            requests = tuple(official_requests(dataset, options))
            return Plan(requests, (), (_PROMPTS, _READING, system))
        made = generate(dataset.records, options, rng)
        plain = _published_only(options)
        painter = Painter(dataset.records, options.panel)
        varied = _spread(len(made.grids), options.n_variant_grids)
        requests = tuple(
            request
            for index, grid in enumerate(made.grids)
            for request in requests_of(grid, painter, options if index in varied else plain)
        )
        who = "patient" if dataset.has_patients else "image"
        how = (
            f"{len(made.grids)} base grids were generated with seeded random choices; each {who} is in at most "
            f"{options.grids_per_patient} of them; panels are scaled to {options.panel} pixels, padded with black."
        )
        faults = sorted({grid.violation for grid in made.grids if grid.tier == "integrity"})
        damaged = f"Faults put into panels: {', '.join(faults)}." if faults else "No fault was put into any panel."
        return Plan(requests, made.skipped, (how, damaged, _PROMPTS, _READING, system))

    def judge(self, request: Request, answer: Answer) -> Sequence[Judgement]:
        """The published and the strict judgement."""
        return judge_published(request, answer), judge_strict(request, answer)

    def measures(self, observations: Sequence[Observation]) -> Sequence[Measure]:
        """Accuracy and averages as published; sensitivity, false alarms and Youden's J; position bias."""
        return measures_of(observations)

    def constant_answers(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """The best unvarying answer to each request: what the `constant` control says."""
        return constant_answers(requests)


def _published_only(options: Options) -> Options:
    """The options for grids that are not varied; all that was asked for, where the published prompts were not."""
    if "published" not in options.prompts or "grid" not in options.variants:
        return options
    return replace(options, prompts=("published",), variants=("grid",))


def _spread(total: int, wanted: int) -> frozenset[int]:
    """`wanted` of `total` places, evenly spread, so that all tiers and sizes are among them."""
    return frozenset(index * total // min(wanted, total) for index in range(min(wanted, total)))


PROBE = MedObvious()
