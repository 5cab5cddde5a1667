"""The shifts probe: does the score hold under real and synthetic shifts, and does it need the images at all?"""

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
from probes.shifts.config import Options, read_options
from probes.shifts.constant import constant_answers
from probes.shifts.derive import derive
from probes.shifts.flaws import FLAWS
from probes.shifts.judging import judge_published, judge_strict
from probes.shifts.measures import measures_of
from probes.shifts.opinions import is_open, opinion_query, settled
from probes.shifts.prompts import bare
from probes.shifts.questions import Question, brought, built
from probes.shifts.rows import requests_of
from probes.shifts.sample import balanced, sampled
from probes.shifts.slices import slices_of
from probes.shifts.suite import chosen, modality_of

if TYPE_CHECKING:
    import numpy as np

_READING = (
    "Closed answers name one option, by letter or by whole words; none or several cannot be read and count as not "
    "right. Open answers are right word for word, or as the judge model (--judge) says; published scoring is token F1."
)
_SLICES = (
    "Slices are compared on clean images, patients drawn once for both sides: raw, and at equal case mix (kind of "
    "question and right answer). A slice worth fewer independent groups than the policy's least number is reported and "
    "not tested."
)


class Shifts:
    """Distribution shifts, real and synthetic (SURE-VQA, arXiv 2411.19688; MedMNIST-C, arXiv 2406.17536)."""

    name = "shifts"
    title = "Distribution shifts, real and synthetic"
    question = "Does the score hold where images come from elsewhere, or come worse?"
    version = 1
    needs: frozenset[Capability] = frozenset({"generate"})
    data = ("vqa", "images")
    controls = (
        Control("blind", "What is reached without any image says nothing about images, shifted or not.", True),
        Control("shuffled", "Images of other questions: what is left is language and the mix of answers.", True),
        Control("constant", "The most frequent answer, of all and per kind of question, needs no model.", True),
    )
    flaws = FLAWS

    def options(self, given: Mapping[str, object]) -> Options:
        """Validated options; raises `InputError`."""
        return read_options(given)

    def plan(self, dataset: Dataset, options: Options, rng: np.random.Generator) -> Plan:
        """The questions of the data, or questions built from labels; a part of them about corrupted images as well."""
        questions, how = _questions(dataset, options, rng)
        if not questions:
            return Plan((), ("The data brings no question, and its labels allow none: a label needs two values.",))
        corrupted = sampled(questions, options.budget, lambda q: (modality_of(q), q.question_type), rng)
        slices = slices_of(questions, options.slices)
        requests = tuple(requests_of(questions, corrupted, options, slices.tags))
        notes = (how, *_corruption_notes(corrupted, options), *slices.notes, _SLICES, _READING)
        return Plan(requests, slices.skipped, notes)

    def judge(self, request: Request, answer: Answer) -> Sequence[Judgement]:
        """The strict and the published judgement."""
        return judge_strict(request, answer), judge_published(request, answer)

    def derive(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """Means over severities and corruptions, flips, and the global constant control."""
        return derive(observations)

    def measures(self, observations: Sequence[Observation]) -> Sequence[Measure]:
        """Accuracy clean and shifted, changes from clean, flips, balanced error; slices against the rest."""
        return measures_of(observations)

    def constant_answers(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """The most frequent answer of each kind of question."""
        return constant_answers(requests)

    def bare_question(self, request: Request) -> str | None:
        """The question of a closed request."""
        return bare(request)

    def needs_opinion(self, request: Request) -> bool:
        """Open answers may be read by a judge model."""
        return is_open(request)

    def settled(self, request: Request, answer: Answer) -> bool:
        """Right word for word, or nothing said: no judge is asked."""
        return settled(request, answer)

    def opinion_query(self, request: Request, answer: Answer) -> Query:
        """How close the answer is to the right one."""
        return opinion_query(request, answer)


def _questions(dataset: Dataset, options: Options, rng: np.random.Generator) -> tuple[tuple[Question, ...], str]:
    given = tuple(brought(dataset.records))
    if dataset.kind == "vqa" or given:
        n = options.items or len(given)
        picked = sampled(given, n, lambda q: (q.answer_type, q.question_type), rng)
        return picked, f"{len(picked)} of the {len(given)} questions of the data are asked (shifts.items), by kind."
    made = tuple(built(dataset.records, options.ask, rng))
    picked = balanced(made, options.items or len(made), rng)
    kinds = ", ".join(sorted({question.question_type for question in picked}))
    return picked, (
        f"{len(picked)} closed questions were built from labels ({kinds}), balanced over kinds and right answers, with "
        "options in an order drawn by chance."
    )


def _corruption_notes(corrupted: Sequence[Question], options: Options) -> tuple[str, ...]:
    names = chosen(corrupted, options)
    listed = [f"{modality or 'unknown modality'}: {', '.join(each)}" for modality, each in names.items() if each]
    if not listed:
        return ("No corruption was asked for.",)
    severities = ", ".join(map(str, options.severities))
    return (
        f"{len(corrupted)} questions are asked about corrupted images as well (shifts.budget), at severities "
        f"{severities}: {'; '.join(listed)}.",
    )


PROBE = Shifts()
