"""The spurious probe: does the model rely on regions of an image that have no business in its answer?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.item import Request
from audit.core.measure import Measure
from audit.core.model import Capability, Encoder
from audit.core.observation import Judgement, Observation
from audit.core.probe import Control, Flaw, Plan
from audit.core.reading import Reader
from probes.spurious.conditions import is_changed
from probes.spurious.config import Options, read_options
from probes.spurious.constant import constant_answers
from probes.spurious.counterfactuals import too_rare
from probes.spurious.derive import derive
from probes.spurious.finding import find
from probes.spurious.flaws import FLAWS
from probes.spurious.judging import judge
from probes.spurious.measures import measures_of
from probes.spurious.rows import requests_of
from probes.spurious.scene import Found
from probes.spurious.task import Task, task_of
from probes.spurious.untold import untold

if TYPE_CHECKING:
    import numpy as np

_HALVES = (
    "Region clusters are found in the pixels of one half of the patients (discovery), before any model is asked, and "
    "the regions of the other half (estimation) are put to the nearest medoid. What is compared is chosen by the "
    "model's answers on the first half; figures are those of the other, so that choosing does not flatter them."
)
_EVIDENCE = (
    "Two kinds of evidence: association says that errors and a region occur together; counterfactual evidence (a "
    "region removed or pasted in, beside a control that changes as much elsewhere) says that the region moves the "
    "answer."
)


@dataclass(frozen=True)
class Spurious:
    """Discovery of spurious regions (RaVL, arXiv 2411.04097), for contrastive and generative models. `open_encoder` and
    `open_reader` open what was lent."""

    open_encoder: Callable[[str], Encoder] | None = None
    open_reader: Callable[[], Reader] | None = None

    name: ClassVar[str] = "spurious"
    title: ClassVar[str] = "Spurious regions"
    question: ClassVar[str] = "Does the model rely on regions of the image that have no business in its answer?"
    version: ClassVar[int] = 1
    needs: ClassVar[frozenset[Capability]] = frozenset()
    data: ClassVar[tuple[str, ...]] = ("images",)
    controls: ClassVar[tuple[Control, ...]] = (
        Control("neutral", "A grey image: what is reached there is the mix of classes.", True),
        Control("shuffled", "Images of others: what is left is the mix of answers.", True),
        Control("constant", "The commonest class needs no model.", True),
    )
    flaws: ClassVar[tuple[Flaw, ...]] = FLAWS

    def with_encoder(self, open_encoder: Callable[[str], Encoder]) -> Spurious:
        """The probe with encoders that it may use."""
        return replace(self, open_encoder=open_encoder)

    def with_reader(self, reader: Callable[[], Reader]) -> Spurious:
        """The probe with an OCR that it may use."""
        return replace(self, open_reader=reader)

    def options(self, given: Mapping[str, object]) -> Options:
        """Validated options; raises `InputError`."""
        return read_options(given)

    def plan(self, dataset: Dataset, options: Options, rng: np.random.Generator) -> Plan:
        """One question for every image, its regions by themselves, and changed images."""
        task = task_of(dataset.records, options.label, options.group, options.items, options.how, rng)
        if isinstance(task, str):
            return Plan((), (task,))
        try:
            found = self._found(task, options, rng)
        except InputError as error:
            return Plan((), (f"{error}",))
        if isinstance(found, str):
            return Plan((), (found,))
        requests = tuple(requests_of(found, options, rng))
        return Plan(requests, tuple(_rare(found)), (_asked(found), *_clusters(found), _HALVES, _EVIDENCE, *found.notes))

    def _found(self, task: Task, options: Options, rng: np.random.Generator) -> Found | str:
        if self.open_encoder is None:
            return "regions are compared by an encoder, and none was lent to the probe"
        encoder = self.open_encoder(options.encoder)
        reader = self.open_reader() if self.open_reader is not None and "text" in options.regions else None
        return find(task, options, encoder, str(getattr(encoder, "spec", options.encoder)), reader, rng)

    def judge(self, request: Request, answer: Answer) -> Sequence[Judgement]:
        """The class that was chosen."""
        return judge(request, answer)

    def derive(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """Flips of changed images."""
        return derive(observations)

    def measures(self, observations: Sequence[Observation]) -> Sequence[Measure]:
        """Accuracy, gaps, influence and flips."""
        return measures_of(observations)

    def intervenes(self, request: Request) -> bool:
        """Whether the image was changed, or a part of it stands alone."""
        return is_changed(request.condition)

    def untold(self, observations: Sequence[Observation]) -> str:
        """A model that says one thing of all images cannot be moved by any region."""
        return untold(observations)

    def constant_answers(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """The commonest class."""
        return constant_answers(requests)


def _asked(found: Found) -> str:
    task = found.task
    group = " ".join(part for part in task.group if part) or "one kind"
    left = f"; {task.left_out:,} images without such a label are left out" if task.left_out else ""
    return (
        f"{len(found.scenes):,} images ({group}) are classified by {task.label} ({', '.join(task.classes)}), with one "
        f"question and one order of options, drawn by chance{left}."
    )


def _clusters(found: Found) -> Iterator[str]:
    n_regions = sum(len(scene.regions) for scene in found.scenes)
    yield (
        f"{n_regions:,} regions fall into {len(found.clusters)} region clusters by k-medoids over the cosine distance "
        f"of embeddings ({found.encoder}), as many as the silhouette favours in the published range, regions without "
        "clinical meaning by what they are (marks, text, user boxes) apart from others."
    )
    met = [cluster for cluster in found.nuisances if cluster.meets]
    if met:
        told = ", ".join(f"{cluster.name} {100 * (cluster.meets or 0):.0f}%" for cluster in met[:6])
        yield f"Regions that share pixels with a box of the image's finding, as the data bring it: {told}."


def _rare(found: Found) -> Iterator[str]:
    rare = too_rare(found)
    if rare:
        names = ", ".join(cluster.name for cluster in rare)
        yield f"No counterfactuals for {names}: too few patients of a half have such a region."
    if not found.nuisances:
        yield (
            "The endpoint (flips under removal of the worst region without clinical meaning) is not assessed: no mark, "
            "text or user box was found in these images."
        )


PROBE = Spurious()
