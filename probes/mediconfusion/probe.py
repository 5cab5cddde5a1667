"""The MediConfusion probe: does the model tell images apart that no radiologist confuses?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import Request
from audit.core.measure import Measure
from audit.core.model import Capability
from audit.core.observation import Judgement, Observation
from audit.core.probe import Control, Plan
from audit.core.query import Query
from probes.mediconfusion.config import Options, read_options
from probes.mediconfusion.constant import constant_answers
from probes.mediconfusion.flaws import FLAWS
from probes.mediconfusion.generate import generate
from probes.mediconfusion.measures import measures_of
from probes.mediconfusion.official import pairs_of
from probes.mediconfusion.opinions import is_free_form, opinion_query
from probes.mediconfusion.pairs import derive
from probes.mediconfusion.prompts import bare
from probes.mediconfusion.published import judge_published
from probes.mediconfusion.rows import Pair, requests_of
from probes.mediconfusion.strict import judge_strict

if TYPE_CHECKING:
    import numpy as np

_ASKING = (
    "Each image is asked on its own, with options in stored and in swapped order: a model that is bound to a place "
    "gives both images of a pair the same letter without having confused them."
)
_READING = (
    "Strict reading: an answer names one option in any usual form, and what cannot be read stays in every denominator. "
    "Published reading: as in the paper, where unreadable answers leave the confusion score."
)
_MADE = (
    "Pairs were built from labelled images: same coarse layout, different detail, and different answers to one "
    "question. Easy pairs are random ones that answer it differently. The similarity is computed without any trained "
    "model; pairs mined by two encoders (medaudit mine-pairs) are harder."
)


class MediConfusion:
    """Pairs of images that encoders confuse and people do not (arXiv 2409.15477), official, mined, or built."""

    name = "mediconfusion"
    title = "MediConfusion: pairs that no radiologist confuses"
    question = "Does the model tell apart images that no radiologist confuses?"
    version = 1
    needs: frozenset[Capability] = frozenset()
    data = ("mediconfusion", "images")
    controls = (
        Control("blind", "Without images both questions of a pair are the same: whatever is beyond this was seen."),
        Control(
            "constant", "One answer to everything has 0% of the pairs right, 50% of the questions, 100% confusion."
        ),
    )
    flaws = FLAWS

    def options(self, given: Mapping[str, object]) -> Options:
        """Validated options; raises `InputError`."""
        return read_options(given)

    def plan(self, dataset: Dataset, options: Options, rng: np.random.Generator) -> Plan:
        """The pairs of the data, or pairs built from labelled images (whose pixels are read for it)."""
        if dataset.kind == "mediconfusion":
            pairs = tuple(pairs_of(dataset.records))
            return Plan(_requests(pairs, options), (), (_ASKING, _READING))
        made = generate(dataset.records, options, rng)
        return Plan(_requests(made.pairs, options), made.skipped, (_MADE, _ASKING, _READING))

    def judge(self, request: Request, answer: Answer) -> Sequence[Judgement]:
        """The published and the strict judgement."""
        return judge_published(request, answer), judge_strict(request, answer)

    def derive(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """Pairs, and questions in both orders."""
        return derive(observations)

    def measures(self, observations: Sequence[Observation]) -> Sequence[Measure]:
        """Set and individual accuracy, confusion, invalid answers, position bias; by category and similarity."""
        return measures_of(observations)

    def constant_answers(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """The first option, always: what the `constant` control says."""
        return constant_answers(requests)

    def bare_question(self, request: Request) -> str | None:
        """The question of a request by multiple choice."""
        return bare(request.query)

    def needs_opinion(self, request: Request) -> bool:
        """Free-form answers are read by a judge model."""
        return is_free_form(request)

    def opinion_query(self, request: Request, answer: Answer) -> Query:
        """How close the answer is to each option, whatever is right."""
        return opinion_query(request, answer)


def _requests(pairs: Sequence[Pair], options: Options) -> tuple[Request, ...]:
    return tuple(request for pair in pairs for request in requests_of(pair, options))


PROBE = MediConfusion()
